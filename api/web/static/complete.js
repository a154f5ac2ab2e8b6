// The search box proposes how a query goes on: a combobox with a list. Without
// script it is a plain box.
"use strict";

for (const box of document.querySelectorAll("input[data-complete]")) {
  const list = document.createElement("ul");
  list.id = box.id + "-options";
  list.className = "options";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", box.dataset.list);
  list.hidden = true;
  const status = document.createElement("p");
  status.className = "hidden";
  status.setAttribute("role", "status");
  box.closest("form").append(list, status);
  box.setAttribute("role", "combobox");
  box.setAttribute("aria-autocomplete", "list");
  box.setAttribute("aria-controls", list.id);
  box.setAttribute("aria-expanded", "false");

  let offers = [];
  let chosen = -1;
  let asked = null;
  let soon = 0;

  const choose = (n) => {
    chosen = n;
    for (const [i, option] of [...list.children].entries()) {
      option.setAttribute("aria-selected", String(i === n));
    }
    if (n < 0) {
      box.removeAttribute("aria-activedescendant");
    } else {
      box.setAttribute("aria-activedescendant", list.children[n].id);
      list.children[n].scrollIntoView({ block: "nearest" });
    }
  };

  const close = () => {
    clearTimeout(soon);
    asked?.abort();
    list.hidden = true;
    box.setAttribute("aria-expanded", "false");
    choose(-1);
    status.textContent = "";
  };

  const take = (n) => {
    const offer = offers[n];
    const more = offer.kind !== "field" && box.value.slice(offer.to) === "" ? " " : "";
    box.setRangeText(offer.text + more, offer.from, offer.to, "end");
    box.focus();
    close();
    if (offer.kind === "field") {
      ask();
    }
  };

  const part = (name, text) => {
    const e = document.createElement(name);
    e.dir = "auto";
    e.textContent = text;
    return e;
  };

  const show = (answer) => {
    offers = answer.suggestions;
    list.replaceChildren(...offers.map((offer, i) => {
      const option = document.createElement("li");
      option.id = list.id + "-" + i;
      option.setAttribute("role", "option");
      option.append(part("bdi", offer.label), " ", part("small", offer.hint));
      option.addEventListener("pointerdown", (event) => event.preventDefault());
      option.addEventListener("click", () => take(i));
      return option;
    }));
    list.hidden = offers.length === 0;
    box.setAttribute("aria-expanded", String(offers.length > 0));
    choose(-1);
    status.textContent = answer.says;
  };

  const ask = async () => {
    asked?.abort();
    asked = new AbortController();
    const query = new URLSearchParams({ q: box.value, at: box.selectionStart ?? box.value.length });
    try {
      const answer = await fetch(box.dataset.complete + "?" + query, { signal: asked.signal });
      if (answer.ok) {
        const found = await answer.json();
        if (document.activeElement === box) {
          show(found);
        }
      }
    } catch (error) {
      if (error.name !== "AbortError") {
        close();
      }
    }
  };

  box.addEventListener("input", () => {
    clearTimeout(soon);
    if (box.value === "") {
      close();
      return;
    }
    soon = setTimeout(ask, 80);
  });
  box.addEventListener("blur", close);
  box.addEventListener("keydown", (event) => {
    if (event.isComposing) {
      return;
    }
    const open = !list.hidden;
    const last = offers.length - 1;
    switch (event.key) {
      case "ArrowDown":
        event.preventDefault();
        if (open) {
          choose(chosen === last ? -1 : chosen + 1);
        } else {
          ask();
        }
        break;
      case "ArrowUp":
        if (open) {
          event.preventDefault();
          choose(chosen < 0 ? last : chosen - 1);
        }
        break;
      case "Enter":
        if (open && chosen >= 0) {
          event.preventDefault();
          take(chosen);
        }
        break;
      case "Escape":
        if (open) {
          event.preventDefault();
          close();
        }
        break;
    }
  });
}
