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

// Where the sections stand in one line that moves sideways, the present one is in
// sight.
const section = document.querySelector("header.site nav [aria-current=page]");
if (section) {
  const line = section.parentElement.getBoundingClientRect();
  const place = section.getBoundingClientRect();
  section.parentElement.scrollBy({ left: place.left + place.width / 2 - line.left - line.width / 2, behavior: "instant" });
}
