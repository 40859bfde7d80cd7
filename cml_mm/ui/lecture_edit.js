/* Correcting a lecture by hand: what is said, who speaks, what a chapter is called. A change is sent at once, and the
   sentences come back from the server; what was typed stays until it has been taken. */
(() => {
  const lecture = () => window.cmlLecture;
  const LOST = "The connection was lost. What you wrote still stands here; try again when the page answers.";
  const REFUSED = "This was not taken. What you wrote still stands here; try it again.";
  let on = false;
  let form = null; // the one that is open
  let back = null; // how to find where it was opened: a selector
  let busy = false;

  const make = (tag, attributes = {}, ...inside) => {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (name === "checked" || name === "value") element[name] = value; else element.setAttribute(name, value);
    }
    element.append(...inside);
    return element;
  };
  const worded = (look, words, act) => {
    const button = make("button", { type: act ? "button" : "submit", class: `b ${look}` }, make("span", {}, words));
    if (act) button.addEventListener("click", act);
    return button;
  };
  const field = (words, input) => make("label", {}, make("span", {}, words), input);

  const show = () => {
    lecture().dialog().classList.toggle("correcting", on);
    const button = lecture().find('[data-act="lv-amend"]');
    if (button) button.setAttribute("aria-pressed", String(on));
  };
  const toggle = () => {
    leave(false);
    on = !on;
    show();
    window.cmlSay(on ? "Choose a sentence to correct it" : "Sentences play again when they are chosen");
  };
  // Out of the form that is open, back to where it was opened. Returns whether there was one.
  const leave = (focus = true) => {
    if (!form) return false;
    form.remove();
    form = null;
    const from = back && lecture().find(back);
    if (focus && from) from.focus();
    return true;
  };
  const forget = () => { form = null; on = false; show(); };

  const complain = (said, words) => { if (said) { said.textContent = words; said.hidden = false; } };
  // One change at a time, until its words are back: what is typed into a page that is about to be filled anew is lost.
  const alone = async (act) => {
    if (busy) return;
    busy = true;
    try { await act(); } finally { busy = false; }
  };
  // Returns "" where it was taken, else why not.
  const post = async (path, body = {}) => {
    const answer = await fetch(`files/${encodeURIComponent(lecture().file())}/lecture/${path}`, {
      method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body),
    }).catch(() => null);
    if (answer && answer.ok) return "";
    const error = answer && await answer.json().then((got) => got.error, () => null);
    return !answer ? LOST : error ? `${error.message} ${error.hint}` : REFUSED;
  };
  const again = async (said) => {
    const taken = await lecture().refresh();
    if (taken) show(); else window.cmlSay(`${said} Open the lecture again to see it.`);
    return taken;
  };
  const send = async (edits) => {
    if (!edits.length) { leave(); return; }
    const [sent, of] = [form, lecture().file()];
    const trouble = await post("edits", { edits });
    if (trouble) { complain(form && form.querySelector(".dg-say"), trouble); return; }
    window.cmlSay("Saved. The next question is answered from these words.");
    if (form !== sent || lecture().file() !== of) return; // another form or lecture is open by now, and is left alone
    const from = back;
    leave(false);
    if (!await again("Saved.")) return;
    const place = lecture().find(from);
    if (place) place.focus({ preventScroll: true });
  };
  const put = (made, after, selector, first, save) => {
    leave(false);
    form = made;
    back = selector;
    made.addEventListener("submit", (event) => { event.preventDefault(); alone(() => send(save())); });
    made.append(make("p", { class: "dg-say", role: "alert", hidden: "" }));
    after.after(made);
    first.focus();
    first.select();
    made.scrollIntoView({ block: "nearest" });
  };

  const edit = (cue) => {
    if (busy) return;
    const { cue: number, speaker: old, at } = cue.dataset;
    const text = cue.querySelector(".lv-said").textContent;
    const place = Number(number);
    const words = make("textarea", { rows: "3", maxlength: "2000", value: text });
    const who = make("input", { type: "text", maxlength: "80", autocomplete: "off", value: old });
    const everywhere = make("input", { type: "checkbox", checked: old !== "" });
    const whom = old ? `Wherever ${old} speaks` : "Wherever nobody is named";
    words.addEventListener("keydown", (event) => { if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); form.requestSubmit(); } });
    const made = make("form", { class: "lv-form" }, field("What is said", words), field("Who speaks", who),
      make("label", { class: "lv-all" }, everywhere, make("span", {}, whom)),
      make("div", { class: "row" }, worded("sm pri", "Save"), worded("sm", "Play it", () => lecture().seek(Number(at))), worded("sm qt", "Cancel", () => leave())));
    put(made, cue.querySelector(".lv-c"), `[data-cue="${number}"] .lv-c`, words, () => {
      const edits = [];
      const name = who.value.trim();
      if (words.value.trim() !== text) edits.push({ kind: "words", cue: place, text: words.value, old: text });
      if (name !== old) edits.push({ kind: "speaker", name, old, ...(everywhere.checked ? {} : { first: place, behind: place + 1 }) });
      return edits;
    });
  };
  const title = (button) => {
    if (busy) return;
    const { number, title: old } = button.dataset;
    const words = make("input", { type: "text", maxlength: "120", autocomplete: "off", value: old });
    const made = make("form", { class: "lv-form" }, field("What the chapter is called", words),
      make("div", { class: "row" }, worded("sm pri", "Save"), worded("sm qt", "Cancel", () => leave())));
    put(made, button.closest("h3"), `[data-act="lv-title"][data-number="${number}"]`, words,
      () => (words.value.trim() === old ? [] : [{ kind: "chapter", number: Number(number), title: words.value }]));
  };

  const takeBack = async (path, words) => {
    if (form) { complain(form.querySelector(".dg-say"), "Save this first, or cancel it."); form.querySelector("textarea, input").focus(); return; }
    const of = lecture().file();
    const trouble = await post(path);
    if (lecture().file() !== of) return;
    if (trouble) { complain(lecture().find(".lv-done .dg-say"), trouble); return; }
    window.cmlSay(words);
    if (!await again(`${words}.`)) return;
    (lecture().find('[data-act="lv-undo"]') || lecture().find('[data-act="lv-amend"]')).focus({ preventScroll: true });
  };
  const ask = (asked) => {
    lecture().find(".lv-sure").hidden = !asked;
    lecture().find('[data-act="lv-restore"]').setAttribute("aria-expanded", String(asked));
    lecture().find(`[data-act="${asked ? "lv-unread" : "lv-restore"}"]`).focus();
  };

  const acts = {
    "lv-amend": toggle,
    "lv-title": title,
    "lv-undo": () => alone(() => takeBack("undo", "The last change was taken back")),
    "lv-restore": () => ask(true),
    "lv-keep": () => ask(false),
    "lv-unread": () => alone(() => takeBack("restore", "Every change was taken back")),
  };
  document.addEventListener("click", (event) => {
    const act = event.target instanceof Element && event.target.closest("[data-act]");
    if (act && acts[act.dataset.act]) { event.preventDefault(); acts[act.dataset.act](act); }
  });

  const unask = () => {
    if (!lecture().find(".lv-sure:not([hidden])")) return false;
    ask(false);
    return true;
  };
  window.cmlAmend = { on: () => on, edit, leave: () => leave() || unask(), forget };
})();
