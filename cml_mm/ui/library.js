/* The Library page. The address says what is shown, so every view can be linked and the
   browser's back button works. The list and the page that is read are asked from the server
   separately; an answer that a later question has overtaken is dropped. */
(() => {
  const root = document.documentElement;
  const byId = (id) => document.getElementById(id);
  const phone = () => matchMedia("(max-width: 760px)").matches;
  const GROUPS = ["domain", "persona", "kind", "relation"];
  const STEP = 60;
  const PAUSE = 120; // ms without a key before the library is asked
  const ASK_TITLE = "CML, ask the library";
  const NOTHING = { typed: "", page: "", section: "", about: false, ...Object.fromEntries(GROUPS.map((g) => [g, []])) };

  // The address

  const read = () => {
    const query = new URLSearchParams(location.search);
    return {
      view: query.get("view") === "library" ? "library" : "ask",
      typed: query.get("q") || "",
      page: query.get("read") || "",
      section: query.get("section") || "",
      about: query.get("about") === "1",
      ...Object.fromEntries(GROUPS.map((group) => [group, query.getAll(group)])),
    };
  };
  const address = (want) => {
    const query = new URLSearchParams(location.search);
    for (const name of ["view", "q", "read", "section", "about", ...GROUPS]) query.delete(name);
    if (want.view === "library") {
      query.set("view", "library");
      if (want.typed) query.set("q", want.typed);
      for (const group of GROUPS) for (const value of want[group]) query.append(group, value);
      if (want.page) query.set("read", want.page);
      if (want.page && want.section) query.set("section", want.section);
      if (want.about) query.set("about", "1");
    }
    const words = query.toString();
    return location.pathname + (words ? `?${words}` : "");
  };

  let now = read();
  let last = { ...NOTHING, ...(now.view === "library" ? now : {}), view: "library" };
  let server = null;
  let shown = STEP;      // cards
  let asking = null;     // where the focus was when the Ask page was left
  const heights = { ask: 0, library: 0 }; // how far each view was scrolled when it was left
  let settle = 0;        // timer that remembers how far the page is scrolled
  root.dataset.view = now.view;
  history.scrollRestoration = "manual";

  const remember = () => history.replaceState({ ...history.state, y: scrollY }, "");
  addEventListener("scroll", () => { clearTimeout(settle); settle = setTimeout(remember, 150); }, { passive: true });
  addEventListener("popstate", () => show(read(), { y: (history.state || {}).y || 0 }));

  const go = (want, { replace = false, focus = false, y = null } = {}) => {
    if (y === null && pageKey(want) !== pageKey(now)) y = 0;
    if (!replace) { remember(); history.pushState({ y: y || 0 }, "", address(want)); }
    else history.replaceState({ ...history.state }, "", address(want));
    show(want, { y, focus });
  };

  const listKey = (want) => JSON.stringify([want.typed, ...GROUPS.map((group) => want[group]), shown]);
  const pageKey = (want) => (want.about ? "about:" : want.page ? `page:${want.page}` : "index:");

  const show = (want, { y = null, focus = false } = {}) => {
    clearTimeout(settle);
    const before = now;
    now = want;
    if (before.view !== want.view) heights[before.view] = scrollY;
    if (before.view === "ask" && want.view !== "ask") { asking = document.activeElement; window.cmlPanel.rest(); }
    root.dataset.view = want.view;
    root.dataset.lib = want.page || want.about ? "page" : "list";
    tabs();
    if (want.view === "ask") {
      document.title = ASK_TITLE;
      if (y !== null) scrollTo(0, y);
      if (before.view !== "ask" && asking && asking.isConnected) asking.focus({ preventScroll: true });
      return;
    }
    last = want;
    if (!server) return; // `start` shows it
    const field = byId("lib-search");
    if (field.value !== want.typed && document.activeElement !== field) field.value = want.typed;
    if (listKey(want) !== listed) browse();
    if (pageKey(want) !== opened) open({ y, focus });
    else if (want.section && focus) toSection(want.section, true);
    else { if (y !== null) scrollTo(0, y); if (focus) toTitle(); }
    current();
  };

  const tabs = () => {
    for (const [name, view] of [["to-ask", "ask"], ["to-library", "library"]]) {
      const tab = document.querySelector(`.tabs [data-lib="${name}"]`);
      if (!tab) continue;
      if (now.view === view) { if (!tab.hasAttribute("aria-current")) tab.setAttribute("aria-current", "page"); }
      else if (tab.hasAttribute("aria-current")) tab.removeAttribute("aria-current");
    }
  };
  new MutationObserver(tabs).observe(root, { childList: true, subtree: true });

  // Filling a place keeps its focus and what was unfolded in it.
  const fill = (place, html) => {
    if (place.cmlHtml === html) return;
    const active = place.contains(document.activeElement) ? document.activeElement : null;
    const unfolded = [...place.querySelectorAll("details")].map((details) => details.open);
    place.innerHTML = html;
    place.cmlHtml = html;
    [...place.querySelectorAll("details")].forEach((details, index) => { if (unfolded[index]) details.open = true; });
    if (!active || active.isConnected) return;
    const { group, value } = active.dataset;
    const same = [...place.querySelectorAll("[data-group]")].find((b) => b.dataset.group === group && b.dataset.value === value);
    (same || place.querySelector("button, a") || byId("lib-filter")).focus({ preventScroll: true });
  };
  const lost = () => {
    const box = document.createElement("div");
    box.innerHTML = '<div class="note" role="alert"><span class="rust"><svg class="i" viewBox="0 0 20 20" aria-hidden="true">'
      + '<path d="M10 3a7 7 0 1 0 0 14 7 7 0 0 0 0-14zM5.2 5.2l9.6 9.6"/></svg></span><div><h3>The connection was lost</h3>'
      + "<p>What you see is kept. Try again when the page answers.</p>"
      + '<div class="row"><button type="button" class="b sm" data-lib="retry"><span>Try again</span></button></div></div></div>';
    return box.innerHTML;
  };
  const ask = async (name, data) => {
    const got = await server[name](data).catch(() => null); // Gradio gives nothing where it could not ask
    return got || { ready: true, trouble: lost() };
  };

  // The list

  let listed = "";
  let listTurn = 0;
  const browse = async () => {
    const turn = listTurn += 1;
    const key = listKey(now);
    const cards = byId("lib-cards");
    const before = cards.querySelectorAll("li").length;
    const growing = document.activeElement && document.activeElement.dataset.lib === "more";
    cards.setAttribute("aria-busy", "true");
    const got = await ask("browse", { typed: now.typed, shown, ...Object.fromEntries(GROUPS.map((g) => [g, now[g]])) });
    if (turn !== listTurn) return; // a later question has overtaken this answer
    if (!got.ready) {
      byId("lib-count").textContent = `${got.words}…`;
      setTimeout(() => { if (turn === listTurn) browse(); }, 1000);
      return;
    }
    cards.setAttribute("aria-busy", "false");
    if (got.trouble) { byId("lib-count").textContent = ""; fill(cards, got.trouble); return; }
    listed = key;
    fill(cards, got.cards);
    fill(byId("lib-chosen"), got.chosen);
    fill(byId("lib-choices"), got.choices);
    index = got.index;
    if (pageKey(now) === "index:") place({ page: index, title: "The library" }, {});
    if (byId("lib-count").textContent !== got.count) byId("lib-count").textContent = got.count;
    if (growing) { const next = cards.querySelectorAll("li a")[before]; if (next) next.focus(); }
    current();
  };
  const current = () => {
    for (const link of document.querySelectorAll("#lib-cards a[data-page]")) {
      if (link.dataset.page === now.page) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
  };

  // The page that is read

  let index = "";
  let opened = "";
  let pageTurn = 0;
  const kept = new Map(); // the pages read last, so that going back is immediate
  const open = async (how) => {
    const turn = pageTurn += 1;
    const key = pageKey(now);
    const reader = byId("cml-reader");
    if (key === "index:") { if (index) place({ page: index, title: "The library" }, how); return; }
    if (!kept.has(key)) reader.setAttribute("aria-busy", "true");
    const got = kept.get(key) || await ask(now.about ? "about" : "read", { slug: now.page });
    if (turn !== pageTurn) return;
    if (!got.ready) { setTimeout(() => { if (turn === pageTurn) open(how); }, 1000); return; }
    if (got.page && !now.about) { kept.delete(key); kept.set(key, got); }
    if (kept.size > 20) kept.delete(kept.keys().next().value);
    place(got.page ? got : { page: got.trouble, title: "The library" }, how);
    if (!got.page) opened = "";
  };
  const place = (got, { y = null, focus = false }) => {
    const reader = byId("cml-reader");
    reader.setAttribute("aria-busy", "false");
    opened = pageKey(now);
    fill(reader, got.page);
    document.title = `${got.title}, CML library`;
    watch();
    if (now.section && !y) toSection(now.section, focus);
    else {
      if (y !== null) scrollTo(0, y);
      if (focus) toTitle();
    }
  };
  const toTitle = () => { const title = byId("rd-title"); if (title) title.focus({ preventScroll: true }); };
  const to = (section, focus) => {
    section.scrollIntoView({ block: "start" });
    aimed = section.id;
    mark(aimed);
    if (focus) section.querySelector("h2").focus({ preventScroll: true });
  };
  const toSection = (heading, focus) => {
    const section = [...document.querySelectorAll("#cml-reader .part")].find((part) => part.dataset.heading === heading);
    if (section) to(section, focus); else if (focus) toTitle();
  };
  // The table of contents says where the reader is.
  let spy = null;
  let aimed = ""; // the end of the page cannot be scrolled to the top: there, what was picked is where the reader is
  const mark = (at) => {
    for (const link of document.querySelectorAll("#toc-list a")) {
      if (link.dataset.at === at) link.setAttribute("aria-current", "true"); else link.removeAttribute("aria-current");
    }
  };
  const watch = () => {
    if (spy) spy.disconnect();
    aimed = "";
    const ids = [...document.querySelectorAll("#toc-list a")].map((link) => link.dataset.at);
    if (!ids.length) return;
    const inside = new Set();
    spy = new IntersectionObserver((entries) => {
      for (const entry of entries) inside[entry.isIntersecting ? "add" : "delete"](entry.target.id);
      const ended = scrollY + innerHeight >= root.scrollHeight - 4;
      const first = (ended && aimed) || ids.find((id) => inside.has(id));
      if (first) mark(first);
    }, { rootMargin: "-80px 0px -65% 0px" });
    for (const section of document.querySelectorAll("#cml-reader .part")) spy.observe(section);
  };

  // What can be pressed

  const choose = ({ group, value }) => {
    const values = now[group].includes(value) ? now[group].filter((v) => v !== value) : [...now[group], value];
    shown = STEP;
    go({ ...now, [group]: values });
  };
  const clear = (want) => { shown = STEP; go({ ...now, ...want }); };
  const untype = () => {
    byId("lib-search").value = "";
    typing();
    clear({ typed: "" });
    byId("lib-search").focus();
  };
  const typing = () => { document.querySelector('#cml-library .field [data-lib="untype"]').hidden = !byId("lib-search").value; };
  let prefilled = "";
  const put = (question) => {
    go({ ...NOTHING, view: "ask" }, { y: heights.ask });
    const box = byId("cml-ask").querySelector("textarea");
    const draft = box.value.trim();
    box.value = !draft || draft === prefilled ? question : `${draft}\n${question}`; // a draft is never lost
    prefilled = box.value.trim();
    box.dispatchEvent(new Event("input", { bubbles: true }));
    box.focus();
  };
  const unfold = (button, box) => {
    const opening = button.getAttribute("aria-expanded") !== "true";
    button.setAttribute("aria-expanded", String(opening));
    box.hidden = !opening;
  };
  const toList = () => {
    const page = now.page;
    go({ ...now, view: "library", page: "", section: "", about: false });
    const card = [...document.querySelectorAll("#lib-cards a[data-page]")].find((link) => link.dataset.page === page);
    if (card && phone()) card.scrollIntoView({ block: "center" });
    (card || byId("lib-search")).focus({ preventScroll: true });
  };
  const acts = {
    "to-ask": () => {
      if (now.view === "ask") byId("cml-ask").querySelector("textarea").focus();
      else go({ ...NOTHING, view: "ask" }, { y: heights.ask });
    },
    "to-library": () => {
      if (now.view === "library") { shown = STEP; byId("lib-search").value = ""; typing(); go({ ...NOTHING, view: "library" }, { y: 0 }); }
      else go(last, { y: heights.library });
    },
    about: () => go({ ...last, page: "", section: "", about: true }, { focus: true }),
    list: toList,
    leap: () => byId("lib-search").focus(),
    more: () => { shown += STEP; browse(); },
    filter: (button) => unfold(button, byId("lib-choices")),
    unfilter: () => clear(Object.fromEntries(GROUPS.map((group) => [group, []]))),
    untype,
    "ask-typed": () => put(now.typed),
    ask: (button) => put(button.dataset.question),
    toc: (button) => {
      const opening = button.getAttribute("aria-expanded") !== "true";
      button.setAttribute("aria-expanded", String(opening));
      button.closest(".toc").classList.toggle("open", opening);
    },
    use: async (button) => {
      const name = button.dataset.name;
      for (const other of document.querySelectorAll("[data-lib='use']")) other.disabled = true;
      button.querySelector("span").textContent = "Opening it…";
      const got = await ask("use", { name });
      if (!now.about) return;
      place(got.page ? got : { page: got.trouble, title: "The library" }, {});
      const said = byId("who-said");
      if (said) { said.focus(); window.cmlSay(got.said || ""); }
    },
    retry: () => { listed = ""; opened = ""; show(now, { y: null }); },
    "copy-link": async (button) => {
      const label = button.querySelector("span");
      const said = await window.cmlWrite(location.href).then(() => "Link copied", () => "Could not copy");
      label.textContent = said;
      window.cmlSay(said);
      setTimeout(() => { label.textContent = "Copy the link"; }, 2400);
    },
  };
  document.addEventListener("click", (event) => {
    const target = event.target instanceof Element ? event.target : null;
    if (!target || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return; // a new tab is a new tab
    const pressed = target.closest("[data-lib], [data-page], [data-group], [data-at]");
    if (!pressed || (pressed.tagName !== "A" && pressed.tagName !== "BUTTON")) return;
    const { lib, page, section, group, at } = pressed.dataset;
    event.preventDefault();
    if (lib && acts[lib]) acts[lib](pressed);
    else if (group) choose(pressed.dataset);
    else if (page) go({ ...last, view: "library", page, section: section || "", about: false }, { focus: true });
    else if (at && byId(at)) {
      const heading = byId(at).dataset.heading;
      history.replaceState({ ...history.state }, "", address({ ...now, section: heading }));
      now = last = { ...now, section: heading };
      to(byId(at), true);
    }
  });

  // The keyboard: / goes to the search, arrows through the list, Escape one step back.
  const step = (links, from, key) => {
    const at = links.indexOf(from);
    if (key === "Home") return links[0];
    if (key === "End") return links[links.length - 1];
    return key === "ArrowDown" ? links[at + 1] : at > 0 ? links[at - 1] : byId("lib-search");
  };
  const escape = (active) => {
    const choices = byId("lib-choices");
    if (active === byId("lib-search")) { if (active.value) untype(); return true; }
    if (choices.contains(active)) { acts.filter(byId("lib-filter")); byId("lib-filter").focus(); return true; }
    if (byId("lib-cards").contains(active)) { byId("lib-search").focus(); return true; }
    if (now.page || now.about) { toList(); return true; }
    return false;
  };
  document.addEventListener("keydown", (event) => {
    if (now.view !== "library" || !server || event.isComposing) return;
    const active = document.activeElement;
    const editing = active && (active.matches("input, textarea, select") || active.isContentEditable);
    if (event.key === "/" && !editing && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      if (phone() && root.dataset.lib === "page") toList();
      byId("lib-search").focus();
      byId("lib-search").select();
      return;
    }
    if (event.key === "Escape") { if (escape(active)) event.preventDefault(); return; }
    const links = [...document.querySelectorAll("#lib-cards a[data-page]")];
    const listing = byId("lib-cards").contains(active) || (active === byId("lib-search") && !["Home", "End", "ArrowUp"].includes(event.key));
    if (!listing || !links.length) return;
    if (event.key === "Enter" && active === byId("lib-search")) { if (listed === listKey({ ...now, typed: active.value })) links[0].click(); return; }
    if (!["ArrowDown", "ArrowUp", "Home", "End"].includes(event.key)) return;
    const next = step(links, active, event.key);
    if (next) { event.preventDefault(); next.focus(); }
  });

  let pause = 0;
  window.cmlLibrary = {
    start: (element, functions) => {
      server = functions;
      const field = byId("lib-search");
      field.value = now.typed;
      typing();
      field.addEventListener("input", () => {
        typing();
        clearTimeout(pause);
        listTurn += 1; // whatever is still on its way is for fewer letters
        pause = setTimeout(() => {
          shown = STEP;
          listed = "";
          go({ ...now, typed: field.value.trim() }, { replace: true });
        }, PAUSE);
      });
      if (now.view === "library") show(now, { y: (history.state || {}).y || 0 });
    },
  };
})();
