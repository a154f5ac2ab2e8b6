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

// An open desk says what is newer and what others have seen to. It never moves
// what is read: a bar below offers to show what is new.
const fresh = document.getElementById("fresh");
if (fresh && window.EventSource) {
  const title = document.title;
  const seen = new Set();
  let after = fresh.dataset.after;
  let source = null;

  const signal = (event) => {
    after = event.lastEventId;
    seen.add(JSON.parse(event.data).id);
    const link = document.createElement("a");
    link.href = "/";
    link.textContent = seen.size === 1 ? "1 new signal – show" : seen.size + " new signals – show";
    fresh.replaceChildren(link);
    fresh.hidden = false;
    document.title = "(" + seen.size + ") " + title;
  };
  const care = (event) => {
    after = event.lastEventId;
    const done = JSON.parse(event.data);
    for (const place of document.querySelectorAll("[data-care]")) {
      if (place.dataset.care === done.signal) {
        place.textContent = done.says;
        place.className = "care-state " + done.state;
      }
    }
  };
  // A page that nobody looks at holds no line. It comes back where it left.
  const listen = () => {
    if (document.hidden) {
      source?.close();
      source = null;
    } else if (!source || source.readyState === EventSource.CLOSED) {
      source = new EventSource("/api/v1/live?after=" + encodeURIComponent(after));
      source.addEventListener("signal", signal);
      source.addEventListener("care", care);
    }
  };
  document.addEventListener("visibilitychange", listen);
  addEventListener("pagehide", () => source?.close());
  addEventListener("pageshow", listen);
  listen();
}
