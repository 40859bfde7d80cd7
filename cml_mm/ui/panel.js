/* The evidence panel: a citation opens its source, Escape goes back to the citation.
   On a phone the panel is a sheet with three heights: peek, half, full. */
(() => {
  const root = document.documentElement;
  const byId = (id) => document.getElementById(id);
  const phone = () => matchMedia("(max-width: 760px)").matches;
  const reduced = () => matchMedia("(prefers-reduced-motion: reduce)").matches;
  let open = "";       // "turn-number" of the lit evidence
  let turn = "";       // whose evidence is shown; empty: the newest
  let from = null;     // the citation to return to
  root.dataset.sheet = "peek";

  const set = (element, name, value) => {
    if (value === null) { if (element.hasAttribute(name)) element.removeAttribute(name); }
    else if (element.getAttribute(name) !== value) element.setAttribute(name, value);
  };
  const sections = () => [...document.querySelectorAll("#cml-right .evs")];
  const shown = () => {
    const all = sections();
    return all.find((section) => section.dataset.turn === turn) || all[all.length - 1];
  };

  // Gradio rewrites the panel while an answer streams: what is open is put back afterwards.
  const apply = () => {
    const current = shown();
    for (const section of sections()) set(section, "hidden", section === current ? null : "");
    for (const element of document.querySelectorAll(".e, a[data-cite], a[data-rail]")) {
      const key = element.dataset.ev || element.dataset.cite || element.getAttribute("href").slice(4);
      element.classList.contains("on") !== (key === open) && element.classList.toggle("on", key === open);
      if (element.matches("a")) set(element, "aria-current", key === open ? "true" : null);
    }
  };

  const sheet = (size) => {
    if (root.dataset.sheet === size) return;
    root.dataset.sheet = size;
    const covered = size === "full" && phone();
    for (const id of ["cml-left", "cml-top"]) { const el = byId(id); if (el) el.inert = covered; }
  };

  const show = (key, origin) => {
    open = key;
    turn = key.split("-")[0];
    from = origin;
    apply();
    if (phone() && root.dataset.sheet === "peek") sheet("half");
    const item = byId(`ev-${key}`);
    if (!item) return;
    item.focus({ preventScroll: true });
    const tab = item.closest(".evs").querySelector(`.rail a[href="#ev-${key}"]`);
    if (tab) tab.parentElement.scrollLeft = tab.offsetLeft - tab.parentElement.offsetLeft - 60;
    const box = item.closest(".evb");
    // What is lit is brought into view, on its page or in its passage, where that is longer than the panel.
    const above = (element) => element.getBoundingClientRect().top - box.getBoundingClientRect().top + box.scrollTop;
    const quote = item.querySelector(".pp-edge rect, mark");
    const deep = quote && above(quote) - above(item) > box.clientHeight - 80;
    const player = item.querySelector(".lv"); // a moment begins with its player, the words stand under it
    const goal = player ? (phone() ? above(player) - 8 : above(item)) : deep ? above(quote) - 80 : above(item);
    box.scrollTo({ top: goal, behavior: reduced() || phone() ? "auto" : "smooth" });
  };

  const back = () => {
    const target = (from && from.isConnected && from.checkVisibility() && from)
      || document.querySelector(`a[data-cite="${open}"]`);
    sheet("peek");
    open = "";
    apply();
    if (target) target.focus();
  };

  window.cmlPanel = {
    apply,
    rest: () => sheet("peek"),
    reset: () => { open = ""; turn = ""; from = null; sheet("peek"); apply(); },
  };

  const grown = { peek: "half", half: "full", full: "half" };
  document.addEventListener("click", (event) => {
    const target = event.target instanceof Element ? event.target : null;
    if (!target) return;
    const link = target.closest('a[href^="#ev-"]');
    if (link) {
      event.preventDefault();
      show(link.getAttribute("href").slice(4), link.dataset.cite ? link : from);
      return;
    }
    const act = target.closest("[data-act]");
    if (act && act.dataset.act === "grab") { if (!dragged) sheet(grown[root.dataset.sheet]); return; }
    if (act && act.dataset.act === "shut") { back(); return; }
    if (act && act.dataset.act === "panel") {
      turn = act.dataset.panel;
      apply();
      sheet("half");
      const details = shown() && shown().querySelector("details");
      if (details) { details.open = true; details.querySelector("summary").focus(); }
      return;
    }
    if (phone() && root.dataset.sheet === "full" && !target.closest("#cml-right")) sheet("peek");
    else if (phone() && root.dataset.sheet === "peek" && target.closest(".evh")) sheet("half");
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    if (root.dataset.sheet !== "peek" || (document.activeElement && document.activeElement.closest("#cml-right"))) {
      event.preventDefault();
      back();
    }
  });

  // Opening an earlier answer shows its evidence.
  document.addEventListener("toggle", (event) => {
    const old = event.target instanceof Element && event.target.closest(".turn.old");
    if (!old || event.target.parentElement !== old) return;
    turn = event.target.open ? old.dataset.turn : "";
    apply();
  }, true);

  // Dragging the sheet by its head.
  let dragged = false;
  let start = null;
  document.addEventListener("pointerdown", (event) => {
    dragged = false;
    const head = event.target instanceof Element && event.target.closest("#cml-right .evh");
    if (!head || !phone() || event.target.closest("a")) return;
    start = { y: event.clientY, height: byId("cml-right").offsetHeight };
  });
  document.addEventListener("pointermove", (event) => {
    if (!start || Math.abs(event.clientY - start.y) < 6) return;
    dragged = true;
    const height = Math.min(innerHeight * 0.94, start.height + start.y - event.clientY);
    root.style.setProperty("--sheet", `${height}px`);
  });
  const drop = () => {
    if (!start) return;
    const panel = byId("cml-right");
    const share = panel.offsetHeight / innerHeight;
    start = null;
    if (!dragged) return;
    root.style.removeProperty("--sheet");
    sheet(share < 0.3 ? "peek" : share < 0.72 ? "half" : "full");
  };
  document.addEventListener("pointerup", drop);
  document.addEventListener("pointercancel", drop);
})();
