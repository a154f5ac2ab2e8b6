// Small comforts of the pages of statements and actors. They work without.
"use strict";

for (const button of document.querySelectorAll("button[data-copy]")) {
  const words = document.getElementById(button.dataset.copy);
  const says = button.textContent;
  button.hidden = false;
  button.addEventListener("click", async () => {
    // Isolates are for reading a line, not for what is written elsewhere.
    const text = words.textContent.replace(/[\u2066-\u2069]/g, "");
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      getSelection().selectAllChildren(words);
      document.execCommand("copy");
    }
    button.textContent = button.dataset.done;
    setTimeout(() => { button.textContent = says; }, 2000);
  });
}

// The words that prove a position can be taken from the page.
for (const button of document.querySelectorAll("button[data-take]")) {
  let chosen = "";
  document.addEventListener("selectionchange", () => {
    const selection = getSelection();
    const place = selection.anchorNode?.parentElement?.closest(".text, h1");
    if (place && !selection.isCollapsed) {
      const part = selection.getRangeAt(0).cloneContents();
      part.querySelectorAll("a.ref").forEach((number) => number.remove());
      chosen = part.textContent.trim();
      button.hidden = false;
    }
  });
  button.addEventListener("click", () => {
    document.getElementById(button.dataset.take).value = chosen;
  });
}

// A flag on the time axis opens both quotations.
const turned = () => {
  const both = location.hash.startsWith("#turn-") && document.getElementById(location.hash.slice(1));
  const details = both && both.closest("details");
  if (details) {
    details.open = true;
    both.focus({preventScroll: true});
  }
};
addEventListener("hashchange", turned);
turned();

// The latest years are what one looks for first.
for (const chart of document.querySelectorAll(".scroll.chart")) {
  chart.scrollLeft = chart.scrollWidth;
}

// Where a part of the time axis is seen, what its tracks are called,
// and for how long nothing was said, stays in sight.
for (const chart of document.querySelectorAll(".scroll.chart")) {
  const names = [...chart.querySelectorAll("text.track")];
  const gaps = [...chart.querySelectorAll("text.gap-days")];
  const settle = () => {
    const svg = chart.querySelector("svg");
    const from = Math.max(0, chart.getBoundingClientRect().left - svg.getBoundingClientRect().left);
    const to = from + Math.min(chart.clientWidth, svg.clientWidth);
    for (const name of names) {
      name.setAttribute("x", name.getAttribute("direction") === "rtl" ? to - 6 : from + 6);
    }
    for (const gap of gaps) {
      const start = Number(gap.dataset.from);
      const end = start + Number(gap.dataset.wide);
      const left = Math.max(start, from);
      const right = Math.min(end, to);
      gap.setAttribute("x", right - left > gap.getComputedTextLength() + 8 ? (left + right) / 2 : (start + end) / 2);
    }
  };
  let waits = false;
  const later = () => {
    if (!waits) {
      waits = true;
      requestAnimationFrame(() => { waits = false; settle(); });
    }
  };
  chart.addEventListener("scroll", later, { passive: true });
  addEventListener("resize", later);
  settle();
}
