// Small comforts. Every page works without them.
"use strict";

// "/" puts the cursor into the search box.
document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, textarea, select, [contenteditable]");
  if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
    event.preventDefault();
    document.getElementById("q").select();
    document.getElementById("q").focus();
  }
});

// An open desk says when there is something newer. It never moves what is read.
const fresh = document.getElementById("fresh");
if (fresh) {
  const look = async () => {
    if (document.hidden || fresh.firstChild) {
      return;
    }
    try {
      const response = await fetch("/api/v1/signals?sort=at&limit=1");
      const page = await response.json();
      if (response.ok && page.signals.length > 0 && page.signals[0].id !== fresh.dataset.latest) {
        const link = document.createElement("a");
        link.href = "/";
        link.textContent = "There are new signals";
        fresh.append(link);
      }
    } catch {
      // The server is away: the next look will tell.
    }
  };
  setInterval(look, 20000);
  document.addEventListener("visibilitychange", look);
}
