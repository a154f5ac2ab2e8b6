// The watch desk: keys, what is new, and the parts of the page that change. All
// of it is links and forms without this script.
"use strict";

(() => {
  const board = document.getElementById("board");
  if (!board) {
    return;
  }
  const lang = document.documentElement.lang;
  const queuePane = document.getElementById("queue-scroll");
  const openedPane = document.getElementById("opened");
  const fresh = document.getElementById("fresh");
  const keys = document.getElementById("keys");
  const narrow = matchMedia("(max-width: 48rem)");
  const calm = fresh.firstElementChild;
  const query = fresh.dataset.query;
  const rows = () => [...document.querySelectorAll("#queue > .row")];
  const linkOf = (row) => row.querySelector("h3 a");
  const current = () => rows().find((row) => linkOf(row).hasAttribute("aria-current"));
  const article = () => openedPane.querySelector("article");

  // Time goes on.
  const clock = () => document.getElementById("clock");
  const ahead = Date.parse(clock().dateTime) - Date.now();
  const number = new Intl.RelativeTimeFormat(lang === "ar" ? "ar-u-nu-latn" : lang, { style: "short" });
  const ago = (at) => {
    const minutes = Math.round((Date.now() + ahead - Date.parse(at)) / 60000);
    if (minutes < 60) {
      return number.format(-minutes, "minute");
    }
    return minutes < 48 * 60 ? number.format(-Math.round(minutes / 60), "hour") : number.format(-Math.round(minutes / 1440), "day");
  };
  const tick = () => {
    const now = new Date(Date.now() + ahead).toISOString();
    clock().dateTime = now;
    clock().textContent = now.slice(11, 19);
    if (now.slice(17, 19) === "00") {
      for (const place of document.querySelectorAll("[data-ago]")) {
        place.textContent = ago(place.dataset.ago);
      }
    }
  };
  setInterval(tick, 1000);

  // part fetches a part of the page.
  const part = async (address, options) => {
    const answer = await fetch(address, { headers: { Accept: "text/html" }, ...options });
    if (!answer.ok) {
      throw new Error(answer.status + " " + address);
    }
    return new DOMParser().parseFromString(await answer.text(), "text/html").body;
  };
  const partOf = (id) => "/desk/signals/" + encodeURIComponent(id) + (query ? "?" + query : "");
  const moved = (body) => [...body.childNodes].map((node) => document.importNode(node, true));

  // The signal that is open.
  let asked = null;
  const mark = (id) => {
    for (const row of rows()) {
      const on = row.dataset.signal === id || row.id === "row-" + article()?.dataset.event;
      linkOf(row).toggleAttribute("aria-current", on);
      if (on) {
        linkOf(row).setAttribute("aria-current", "true");
      }
    }
  };
  const open = async (id, address, { keep } = {}) => {
    asked?.abort();
    asked = new AbortController();
    try {
      const body = await part(partOf(id), { signal: asked.signal });
      openedPane.replaceChildren(...moved(body));
      openedPane.scrollTop = 0;
      mark(id);
      const first = !board.classList.contains("chosen");
      board.classList.add("chosen");
      if (!keep) {
        history[narrow.matches && first ? "pushState" : "replaceState"]({ signal: id }, "", address);
      }
      tellCount();
      if (narrow.matches) {
        openedPane.focus({ preventScroll: true });
      }
    } catch (fault) {
      if (fault.name !== "AbortError") {
        location.assign(address);
      }
    }
  };
  const close = () => {
    board.classList.remove("chosen");
    const row = current();
    row && linkOf(row).focus({ preventScroll: true });
  };
  addEventListener("popstate", (event) => {
    const id = event.state?.signal ?? new URLSearchParams(location.search).get("signal");
    if (id) {
      open(id, location.href, { keep: true });
    } else {
      close();
    }
  });
  const plainClick = (event) => event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;
  board.addEventListener("click", (event) => {
    const link = event.target.closest("a");
    if (!link || !plainClick(event)) {
      return;
    }
    const row = link.closest("#queue > .row");
    const id = row?.dataset.signal ?? link.dataset.open;
    if (id) {
      event.preventDefault();
      open(id, link.href);
    } else if (link.classList.contains("close")) {
      event.preventDefault();
      if (history.state?.signal) {
        history.back();
      } else {
        history.replaceState(null, "", link.href);
        close();
      }
    } else if (link.parentElement === fresh) {
      event.preventDefault();
      show();
    }
  });

  // What is done to the open signal changes its part of the page alone. Where
  // that does not work, such as for want of a name, the browser sends the form.
  let button = null;
  openedPane.addEventListener("click", (event) => {
    button = event.target.closest("button");
  });
  openedPane.addEventListener("submit", async (event) => {
    const form = event.target;
    const pressed = event.submitter ?? button;
    const data = new URLSearchParams(new FormData(form, pressed));
    event.preventDefault();
    data.set("back", partOf(article().dataset.signal));
    data.delete("at");
    openedPane.setAttribute("aria-busy", "true");
    try {
      const body = await part(form.getAttribute("action"), { method: "POST", body: data });
      const top = openedPane.scrollTop;
      const old = openedPane.querySelector(".care");
      const done = body.querySelector(".care");
      if (!done) {
        throw new Error("no part came back");
      }
      old.replaceWith(document.importNode(done, true));
      openedPane.scrollTop = top;
      openedPane.querySelector(".flash button, .acts button:enabled")?.focus({ preventScroll: true });
      beat();
    } catch {
      const way = document.createElement("input");
      way.type = "hidden";
      way.name = pressed?.name || "sent";
      way.value = pressed?.value ?? "";
      form.append(way);
      form.submit();
    } finally {
      openedPane.removeAttribute("aria-busy");
    }
  });

  // What is new is announced. Shown, it takes its place: where somebody has gone
  // down the queue, what they see stays where it is.
  const title = document.title;
  const seen = new Set();
  let after = fresh.dataset.after;
  const counted = new Intl.PluralRules(lang);
  const textFor = (n) => {
    const category = n === 0 ? "zero" : counted.select(n);
    const text = document.querySelector('#fresh-texts [data-category="' + category + '"]') ?? document.querySelector('#fresh-texts [data-category="other"]');
    return text.textContent.replace(/\d+/, n);
  };
  const tellCount = () => {
    document.title = seen.size ? "(" + seen.size + ") " + title : title;
    const count = document.getElementById("fresh-count");
    if (count) {
      count.textContent = seen.size ? "(" + seen.size + ")" : "";
    }
  };
  const announce = () => {
    const link = document.createElement("a");
    link.href = fresh.dataset.first;
    link.textContent = textFor(seen.size);
    fresh.replaceChildren(link);
    tellCount();
  };
  const wanted = (signal) => {
    const chosen = new URLSearchParams(query);
    return (!chosen.get("about") || chosen.get("about") === signal.topic) && (!chosen.get("news") || chosen.get("news") === signal.reason) &&
      chosen.get("state") !== "owned" && (chosen.get("state") !== "doubtful" || signal.candidate !== "");
  };
  const ceiling = () => (narrow.matches ? document.querySelector(".queue-head").getBoundingClientRect().bottom : queuePane.getBoundingClientRect().top);
  const scrollQueue = (by) => (narrow.matches ? scrollBy({ top: by, behavior: "instant" }) : queuePane.scrollBy({ top: by, behavior: "instant" }));
  const show = async () => {
    if (fresh.dataset.further) {
      location.assign(fresh.dataset.first);
      return;
    }
    const body = await part("/desk/queue" + (query ? "?" + query : ""));
    const queue = document.getElementById("queue");
    const seenRow = rows().find((row) => row.getBoundingClientRect().bottom > ceiling() + 1);
    const place = seenRow?.getBoundingClientRect().top;
    const down = rows().length > 0 && rows()[0].getBoundingClientRect().top < ceiling() - 4;
    let next = queue.firstElementChild;
    const added = [];
    for (const row of body.querySelectorAll("#queue > .row")) {
      const held = document.getElementById(row.id);
      if (!held) {
        const fresher = document.importNode(row, true);
        fresher.classList.add("fresh-row");
        linkOf(fresher).removeAttribute("aria-current");
        queue.insertBefore(fresher, next);
        added.push(fresher);
      } else if (!next || held === next || held.compareDocumentPosition(next) & Node.DOCUMENT_POSITION_PRECEDING) {
        next = held.nextElementSibling;
      }
    }
    if (added.length) {
      document.getElementById("quiet")?.remove();
    }
    if (down && seenRow) {
      scrollQueue(seenRow.getBoundingClientRect().top - place);
    }
    seen.clear();
    tellCount();
    fresh.replaceChildren(calm);
    if (down && added.length) {
      const up = document.createElement("a");
      up.href = "#" + added[0].id;
      up.textContent = "↑ " + document.querySelector("#fresh-texts [data-above]").textContent;
      up.addEventListener("click", (event) => {
        event.preventDefault();
        event.stopPropagation();
        added[0].scrollIntoView({ block: "start" });
        linkOf(added[0]).focus({ preventScroll: true });
        fresh.replaceChildren(calm);
      });
      fresh.replaceChildren(up);
    }
    if (!article() && added.length) {
      openedPane.querySelector(".empty")?.remove();
      open(added[0].dataset.signal, linkOf(added[0]).href, { keep: true });
      board.classList.toggle("chosen", false);
    }
  };
  const care = (event) => {
    after = event.lastEventId;
    const done = JSON.parse(event.data);
    for (const place of document.querySelectorAll("[data-care]")) {
      if (place.dataset.care === done.signal) {
        place.textContent = done.says;
        place.className = "care-state " + done.state;
        place.closest(".row")?.classList.toggle("seen", done.state === "acknowledged" || done.state === "false");
      }
    }
  };

  // A page that nobody looks at holds no line. It comes back where it left.
  let source = null;
  const listen = () => {
    if (document.hidden) {
      source?.close();
      source = null;
    } else if (!source || source.readyState === EventSource.CLOSED) {
      source = new EventSource("/api/v1/live?lang=" + lang + "&after=" + encodeURIComponent(after));
      source.addEventListener("signal", (event) => {
        after = event.lastEventId;
        const signal = JSON.parse(event.data);
        if (wanted(signal)) {
          seen.add(signal.event);
          announce();
        }
        beat();
      });
      source.addEventListener("care", care);
    }
  };
  document.addEventListener("visibilitychange", listen);
  addEventListener("pagehide", () => source?.close());
  addEventListener("pageshow", listen);

  // beat looks at the watch itself.
  const beat = async () => {
    const body = await part("/desk/strip").catch(() => null);
    const strip = body?.querySelector("#strip");
    if (strip) {
      document.getElementById("strip").replaceWith(document.importNode(strip, true));
    }
  };
  setInterval(() => document.hidden || beat(), 60000);

  // Keys. A key of another script counts as the Latin letter at its place.
  const step = (by) => {
    const list = rows();
    const at = list.findIndex((row) => row.contains(document.activeElement));
    const from = at >= 0 ? at : list.indexOf(current());
    const row = list[from < 0 ? 0 : Math.min(Math.max(from + by, 0), list.length - 1)];
    if (!row) {
      return;
    }
    const sheet = narrow.matches && board.classList.contains("chosen");
    linkOf(row).focus({ preventScroll: true });
    if (!sheet) {
      row.scrollIntoView({ block: "nearest", behavior: "instant" });
    }
    if (sheet || !narrow.matches) {
      open(row.dataset.signal, linkOf(row).href);
    }
  };
  const press = (selector) => openedPane.querySelector(selector)?.click();
  const unfold = (key) => {
    const summary = openedPane.querySelector('summary[aria-keyshortcuts="' + key + '"]');
    if (summary) {
      summary.parentElement.open = true;
      summary.parentElement.querySelector('input[name="note"]').focus();
    }
  };
  const shut = () => {
    const details = [...openedPane.querySelectorAll("details[open]")].pop();
    if (details) {
      details.open = false;
      details.querySelector("summary").focus();
    } else if (narrow.matches && board.classList.contains("chosen")) {
      openedPane.querySelector(".close").click();
    } else {
      const row = current();
      row ? linkOf(row).focus({ preventScroll: true }) : document.activeElement.blur();
    }
  };
  const bound = {
    j: () => step(1),
    k: () => step(-1),
    a: () => press('button[value="acknowledge"]:enabled'),
    o: () => press('button[value="own"]'),
    f: () => unfold("f"),
    m: () => unfold("m"),
    u: () => press('.acts button[aria-keyshortcuts="u"], .flash button'),
    n: () => fresh.querySelector("a")?.click(),
    "?": () => keys.showModal(),
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || keys.open || (HTMLElement.prototype.showPopover && document.querySelector(".means:popover-open"))) {
      return;
    }
    if (event.key === "Escape") {
      if (event.target.closest("main")) {
        event.preventDefault();
        shut();
      }
      return;
    }
    if (event.target.closest("input, textarea, select, [contenteditable]")) {
      return;
    }
    let key = event.key === "؟" ? "?" : event.key.toLowerCase();
    if (!/^[\x20-\x7e]$/.test(key) && /^Key[A-Z]$/.test(event.code)) {
      key = event.code.slice(3).toLowerCase();
    }
    if (bound[key]) {
      event.preventDefault();
      bound[key]();
    }
  });
  const help = document.getElementById("keys-button");
  help.hidden = false;
  help.addEventListener("click", () => keys.showModal());

  const row = current();
  if (row && !narrow.matches) {
    row.scrollIntoView({ block: "nearest", behavior: "instant" });
    scrollTo(0, 0);
  }
  listen();
})();
