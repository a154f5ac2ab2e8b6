// Says that a test of a source is under way: it takes some seconds.
"use strict";

for (const form of document.querySelectorAll(".source-fields")) {
  form.addEventListener("submit", (event) => {
    const waits = document.getElementById(event.submitter?.dataset.wait);
    if (waits) {
      waits.hidden = false;
    }
  });
}
// A page that is gone back to waits for nothing.
addEventListener("pageshow", () => document.querySelectorAll(".fetching").forEach((p) => { p.hidden = true; }));
