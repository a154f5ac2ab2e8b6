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
