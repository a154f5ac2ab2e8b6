// The bars over the hits can be brushed, and further hits come in place. Without
// script each bar is a link, and so is the next page.
"use strict";

const drawing = document.querySelector(".chart svg");
if (drawing) {
  const bars = [...drawing.querySelectorAll("a")];
  const says = document.getElementById("brushed");
  let first = bars.findLastIndex((bar) => !bar.classList.contains("off"));
  first = first < 0 ? bars.length - 1 : first;
  let last = first;
  let brushing = false;

  const span = () => [Math.min(first, last), Math.max(first, last)];

  const mark = () => {
    const [from, to] = span();
    let n = 0;
    bars.forEach((bar, i) => {
      const within = i >= from && i <= to;
      bar.classList.toggle("picked", within);
      bar.setAttribute("tabindex", i === last ? "0" : "-1");
      n += within ? Number(bar.dataset.n) : 0;
    });
    const names = from === to ? bars[from].dataset.name : bars[from].dataset.name + " – " + bars[to].dataset.name;
    says.textContent = names + ": " + n;
  };

  const show = () => {
    const [from, to] = span();
    const address = new URL(bars[from].getAttribute("href"), location.href);
    address.searchParams.set("from", bars[from].dataset.from);
    address.searchParams.set("to", bars[to].dataset.to);
    location.assign(address);
  };

  const at = (event) => {
    const place = drawing.getBoundingClientRect();
    const n = Math.floor((event.clientX - place.left) / place.width * drawing.viewBox.baseVal.width / 10);
    return Math.max(0, Math.min(bars.length - 1, n));
  };

  bars.forEach((bar, i) => bar.setAttribute("tabindex", i === first ? "0" : "-1"));
  drawing.classList.add("brush");
  drawing.addEventListener("dragstart", (event) => event.preventDefault());
  drawing.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey) {
      return;
    }
    brushing = true;
    drawing.setPointerCapture(event.pointerId);
    first = last = at(event);
    mark();
  });
  drawing.addEventListener("pointermove", (event) => {
    if (brushing) {
      last = at(event);
      mark();
    }
  });
  drawing.addEventListener("pointerup", () => {
    if (brushing) {
      brushing = false;
      show();
    }
  });
  drawing.addEventListener("pointercancel", () => { brushing = false; });
  drawing.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) {
      return;
    }
    event.preventDefault();
    if (event.detail === 0) { // the Enter key
      show();
    }
  });
  drawing.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: -1, ArrowRight: 1, Home: -bars.length, End: bars.length }[event.key];
    if (!step || event.ctrlKey || event.metaKey || event.altKey) {
      return;
    }
    event.preventDefault();
    last = Math.max(0, Math.min(bars.length - 1, last + step));
    first = event.shiftKey ? first : last;
    mark();
    bars[last].focus();
  });
}

// What came in place of the link to more gets the focus that the link had.
document.addEventListener("htmx:beforeSwap", (event) => {
  const hits = document.querySelectorAll(".hits > article").length;
  if (event.detail.target.matches(".pager")) {
    document.addEventListener("htmx:afterSettle", () => document.querySelectorAll(".hits > article")[hits]?.querySelector("h2 a").focus(), { once: true });
  }
});
