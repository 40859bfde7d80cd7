/* The page around the conversation: theme, buttons, announcements. Everything is delegated
   from the document, because Gradio draws the components after this script has run. */
(() => {
  const byId = (id) => document.getElementById(id);
  const reduced = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

  // Theme: the system's, until the visitor chooses. Gradio sets the class once more on its own.
  const chosen = () => { try { return localStorage.getItem("cml-theme"); } catch { return null; } };
  const dress = () => {
    const want = chosen();
    if (want && document.body.classList.contains("dark") !== (want === "dark")) {
      document.body.classList.toggle("dark", want === "dark");
    }
  };
  dress();
  new MutationObserver(dress).observe(document.body, { attributes: true, attributeFilter: ["class"] });
  const flip = () => {
    const next = document.body.classList.contains("dark") ? "light" : "dark";
    try { localStorage.setItem("cml-theme", next); } catch { /* private window: for this page only */ }
    document.body.classList.toggle("dark", next === "dark");
  };

  const say = (words) => { const live = byId("cml-live"); if (live) live.textContent = words; };

  const write = async (text) => {
    if (navigator.clipboard && window.isSecureContext) return navigator.clipboard.writeText(text);
    const area = document.createElement("textarea");  // plain http on another machine has no clipboard
    area.value = text; area.style.position = "fixed"; area.style.opacity = "0";
    document.body.append(area); area.select();
    const done = document.execCommand("copy");
    area.remove();
    if (!done) throw new Error("copy refused");
  };
  window.cmlSay = say;
  window.cmlWrite = write;
  const copy = async (button, kind) => {
    const source = button.closest(".turn").querySelector(kind === "copy" ? ".md-all" : ".md-cite");
    const label = button.querySelector("span");
    const words = kind === "copy" ? "Copy" : "Cite";
    let said = kind === "copy" ? "Copied" : "Sources copied";
    try { await write(source.textContent); } catch { said = "Could not copy"; }
    label.textContent = said; say(said);
    setTimeout(() => { label.textContent = words; }, 2400);
  };

  const acts = {
    theme: flip,
    copy: (b) => copy(b, "copy"),
    cite: (b) => copy(b, "cite"),
    again: (b) => window.cmlSend("ask", { turn: b.dataset.turn }),
    plain: (b) => window.cmlSend("ask", { turn: b.dataset.turn, voice: "composer" }),
    skip: () => byId("cml-ask").querySelector("textarea").focus(),
    why: (b) => {
      const box = byId(b.getAttribute("aria-controls"));
      box.hidden = !box.hidden;
      b.setAttribute("aria-expanded", String(!box.hidden));
    },
  };
  document.addEventListener("click", (event) => {
    const target = event.target instanceof Element ? event.target : null;
    const ask = target && target.closest("[data-ask]");
    if (ask) { window.cmlSend("ask", { question: ask.dataset.ask }); return; }
    const act = target && target.closest("[data-act]");
    if (act && acts[act.dataset.act]) { event.preventDefault(); acts[act.dataset.act](act); }
  });

  // Enter that only ends a composed character must not send the question.
  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.isComposing) event.stopPropagation();
  }, true);

  // A new question moves to the top; its end is told once.
  let seen = "";
  let told = "";
  const watch = () => {
    const turn = document.querySelector("#cml-chat .turn");
    if (!turn) { seen = ""; told = ""; return; }
    const number = turn.dataset.turn;
    const key = `${number} ${turn.querySelector(".asked").textContent}`;
    if (told === key && turn.classList.contains("busy")) { seen = ""; told = ""; } // the same question, asked again
    if (key !== seen) {
      seen = key;
      window.cmlPanel.reset();
      turn.scrollIntoView({ block: "start", behavior: reduced() || number === "1" ? "auto" : "smooth" });
      const active = document.activeElement;
      if (!active || active === document.body || !active.checkVisibility()) turn.focus({ preventScroll: true });
    }
    if (turn.classList.contains("over") && told !== key) {
      told = key;
      const title = turn.querySelector("h2, h3");
      const sources = new Set([...turn.querySelectorAll("[data-cite]")].map((a) => a.dataset.cite)).size;
      say(`${title ? title.textContent : "Done"}. ${sources ? `${sources} sources.` : ""}`);
    }
  };
  // An answer that can no longer arrive says so; what was written stays.
  const ended = (title, text) => {
    const turn = document.querySelector("#cml-chat .turn.busy");
    if (!turn) return;
    turn.classList.replace("busy", "over");
    const note = document.createElement("div");
    note.className = "note";
    note.setAttribute("role", "alert");
    note.innerHTML = '<span class="rust"><svg class="i" viewBox="0 0 20 20" aria-hidden="true">'
      + '<path d="M10 3a7 7 0 1 0 0 14 7 7 0 0 0 0-14zM5.2 5.2l9.6 9.6"/></svg></span><div><h3></h3><p></p></div>';
    note.querySelector("h3").textContent = title;
    note.querySelector("p").textContent = text;
    const steps = turn.querySelector(".steps");
    if (steps) steps.replaceWith(note); else turn.append(note);
  };
  window.cmlFailed = () => ended("Something went wrong here, not with you", "Your question is kept. Ask it again in a moment.");
  let missed = 0;
  setInterval(async () => {
    if (!document.querySelector("#cml-chat .turn.busy")) { missed = 0; return; }
    try { await fetch("healthz", { cache: "no-store" }); missed = 0; } catch { missed += 1; }
    if (missed === 2) ended("The connection was lost", "Your question is kept, and so is what was written. Ask again when the page answers.");
  }, 2500);

  new MutationObserver(() => { watch(); window.cmlPanel.apply(); })
    .observe(document.documentElement, { childList: true, subtree: true });
})();
