/* Who is asking: the panel of choices over the composer, chips, the same question as somebody else.
   Gradio draws the row anew after each change: what was open or had the focus is put back. */
(() => {
  const byId = (id) => document.getElementById(id);
  const row = () => document.querySelector("#cml-lens .as");
  let open = "";      // the kind whose chip opened the panel; empty: shut
  let wanted = null;  // what is to have the focus once the row is drawn anew

  const escaped = (value) => CSS.escape(value);
  const chip = (kind) => document.querySelector(`#cml-lens .what[data-kind="${escaped(kind)}"]`);
  const opener = (kind) => chip(kind) || document.querySelector("#cml-lens .as-more");
  const box = () => document.querySelector("#cml-ask textarea");

  const apply = () => {
    const menu = byId("cml-who");
    if (menu && menu.hidden !== !open) menu.hidden = !open;
    for (const button of document.querySelectorAll('#cml-lens [data-act="lens-open"]')) {
      const mine = String(Boolean(open) && opener(open) === button);
      if (button.getAttribute("aria-expanded") !== mine) button.setAttribute("aria-expanded", mine);
    }
    if (wanted && row()) {
      const target = wanted();
      if (target) { wanted = null; target.focus({ preventScroll: true }); }
    }
  };

  const shut = (focus) => {
    if (!open) return;
    const from = opener(open);
    open = "";
    apply();
    if (focus && from) from.focus();
  };

  const show = (kind) => {
    open = kind;
    apply();
    const menu = byId("cml-who");
    const group = menu.querySelector(`[data-group="${escaped(kind)}"]`) || menu;
    const first = group.querySelector('[aria-pressed="true"]') || group.querySelector(".pick");
    menu.scrollTop = group.offsetTop - 12;
    if (first) first.focus({ preventScroll: true });
  };

  // After a choice the focus stays on what was chosen; the row is another one by then.
  const change = (button, act) => {
    const { kind, value } = button.dataset;
    const label = button.dataset.label || button.getAttribute("aria-label").replace("Remove ", "");
    const before = row();
    const within = Boolean(button.closest("#cml-who"));
    wanted = () => {
      if (row() === before && before.contains(button)) return null;
      if (within && open) return document.querySelector(`#cml-who .pick[data-value="${escaped(value)}"][data-kind="${escaped(kind)}"]`);
      return chip(kind) || document.querySelector("#cml-lens .what") || opener(kind) || box();
    };
    window.cmlSend("lens", { act, kind, value });
    window.cmlSay(act === "drop" ? `${label} taken away` : `Asking as ${label}`);
  };

  const acts = {
    "lens-open": (b) => (open && opener(open) === b ? shut(true) : show(b.dataset.kind)),
    "lens-shut": () => shut(true),
    "lens-choose": (b) => change(b, "choose"),
    "lens-drop": (b) => change(b, "drop"),
    "again-as": (b) => window.cmlSend("ask", { turn: b.dataset.turn, kind: b.dataset.kind, value: b.dataset.value }),
    "again-now": () => window.cmlSend("ask", { last: true }),
    fresh: () => { window.cmlSend("fresh", {}); window.cmlSay("A new conversation"); box().focus(); },
  };
  document.addEventListener("click", (event) => {
    const target = event.target instanceof Element ? event.target : null;
    const act = target && target.closest("[data-act]");
    if (act && acts[act.dataset.act]) { event.preventDefault(); acts[act.dataset.act](act); return; }
    if (open && target && target.isConnected && !target.closest("#cml-who")) shut(false);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && open) { event.stopPropagation(); shut(true); }
  }, true);
  document.addEventListener("focusin", (event) => {
    if (open && event.target instanceof Element && !event.target.closest("#cml-lens")) shut(false);
  });

  new MutationObserver(apply).observe(document.documentElement, { childList: true, subtree: true });
})();
