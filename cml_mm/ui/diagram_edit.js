/* Correcting a diagram: words, new boxes and arrows, which way an arrow leads. Each change is sent at once,
   and the view comes back from the server; what was typed stays until it has been taken. */
(() => {
  const reader = () => window.cmlDiagram;
  const find = (selector) => reader().find(selector);
  const LOST = "The connection was lost. What you wrote still stands here; try again when the page answers.";
  const REFUSED = "This was not taken. What you wrote still stands here; try it again.";
  let form = null;    // the form that is open
  let corner = null;  // the first corner of a box that is being drawn
  let busy = false;   // one change at a time

  const complain = (words) => {
    const place = (form && form.querySelector(".dg-say")) || find(".dg-acts > .dg-say");
    if (place) { place.textContent = words; place.hidden = false; }
  };
  const send = async (path, body, said, then) => {
    if (busy) return;
    busy = true;
    const { file, diagram } = reader().at();
    const answer = await fetch(`files/${encodeURIComponent(file)}/diagrams/${diagram}/${path}`, {
      method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body),
    }).catch(() => null);
    busy = false;
    if (!answer || !answer.ok) {
      const error = answer && await answer.json().then((got) => got.error, () => null);
      complain(!answer ? LOST : error ? `${error.message} ${error.hint}` : REFUSED);
      return;
    }
    window.cmlSay(said);
    forget();
    if (await reader().show()) then();
  };
  const change = (edits, said, then) => send("edits", { edits }, said, then);
  // To the row of the part that was not there before.
  const added = () => {
    const before = new Set(reader().rows().map((one) => one.dataset.part));
    return () => {
      const made = reader().rows().find((one) => !before.has(one.dataset.part));
      reader().focusRow(made ? made.dataset.part : "");
    };
  };

  const undraw = () => {
    corner = null;
    reader().stage().classList.remove("drawing");
    for (const mark of reader().all(".dg-new")) mark.remove();
  };
  const forget = () => { form = null; undraw(); reader().keep([]); };
  // Out of the form that is open, back to where it was opened. Returns whether there was one.
  const leave = (focus = true) => {
    if (!form) return false;
    const one = form.closest(".dg-row");
    const back = one ? one.querySelector(".dg-b") : find(`.dg-acts [data-act="dg-${form.dataset.form}"]`);
    form.reset();
    find(".dg-forms").append(form);
    forget();
    if (one) back.setAttribute("aria-expanded", "false");
    if (focus && back) back.focus();
    return true;
  };
  const put = (name, place, first) => {
    leave(false);
    form = find(`.dg-forms [data-form="${name}"]`);
    form.querySelector(".dg-say").hidden = true;
    place.append(form);
    form.querySelector(first).focus();
    form.scrollIntoView({ block: "nearest" });
  };

  const edit = (one) => {
    const { kind, label, part, heads, tail, tip } = one.dataset;
    const again = form && one.contains(form);
    leave(again);
    if (again) return;
    put(kind === "arrow" ? "arrow" : "box", one, "input");
    form.elements.label.value = label;
    form.classList.toggle("unclear", "unclear" in one.dataset);
    if (kind === "arrow") {
      const ways = { keep: `${tail} → ${tip}`, turn: `${tip} → ${tail}`, both: "Both ways", none: "A line without a head" };
      for (const radio of form.elements.way) {
        radio.nextElementSibling.textContent = ways[radio.value];
        radio.checked = radio.value === (heads === "target" ? "keep" : heads);
        if (radio.checked) radio.focus();
      }
    } else form.elements.label.select();
    one.querySelector(".dg-b").setAttribute("aria-expanded", "true");
    reader().keep([part]);
    reader().toPart(part);
    form.scrollIntoView({ block: "nearest" });
  };
  const saveRow = (one) => {
    const { kind, part, label, heads } = one.dataset;
    const words = form.elements.label.value.trim();
    const edits = words === label ? [] : [{ kind: "rename", part, label: words }];
    if (kind === "arrow") {
      const way = form.elements.way.value;
      const wanted = way === "keep" || way === "turn" ? "target" : way;
      if (way === "turn") edits.push({ kind: "reverse", edge: part });
      if (wanted !== heads) edits.push({ kind: "set-heads", edge: part, heads: wanted });
    }
    if (!edits.length && "unclear" in one.dataset) edits.push({ kind: "confirm", part });
    if (edits.length) change(edits, "Saved", () => reader().focusRow(part)); else leave();
  };
  const saveNew = ({ label, source, target, heads, shape, left, top, wide, high }) => {
    const words = label.value.trim();
    if (source) {
      change([{ kind: "add-edge", source: source.value, target: target.value, label: words, heads: heads.value }], "The arrow was added", added());
      return;
    }
    const [x, y, w, h] = [left, top, wide, high].map((field) => Number(field.value));
    change([{ kind: "add-node", label: words, shape: shape.value, box: { x, y, w, h, of_w: 100, of_h: 100 } }], "The box was added", added());
  };
  const remove = (one) => {
    const rows = reader().rows();
    const next = rows[rows.indexOf(one) + 1] || rows[rows.indexOf(one) - 1];
    change([{ kind: "delete", part: one.dataset.part }], "Deleted. Undo brings it back.", () => reader().focusRow(next ? next.dataset.part : ""));
  };

  // A new box: two corners on the picture, in percent of it, or numbers in its form.
  const share = (event) => {
    const place = reader().paper().getBoundingClientRect();
    const bound = (part) => Math.round(1000 * Math.max(0, Math.min(1, part))) / 10;
    return [bound((event.clientX - place.left) / place.width), bound((event.clientY - place.top) / place.height)];
  };
  const span = (one, other) => [0, 1].map((side) => [Math.min(one[side], other[side]), Math.round(10 * Math.abs(one[side] - other[side])) / 10]);
  const outline = (sides) => {
    const paper = reader().paper();
    const mark = paper.querySelector(".dg-new") || paper.appendChild(Object.assign(document.createElement("div"), { className: "dg-new" }));
    const [[left, width], [top, height]] = sides;
    for (const [name, value] of Object.entries({ left, top, width, height })) mark.style[name] = `${value}%`;
  };
  const typed = () => {
    const [left, top, wide, high] = ["left", "top", "wide", "high"].map((name) => Number(form.elements[name].value) || 0);
    outline([[left, wide], [top, high]]);
  };
  const pin = (event) => {
    const here = share(event);
    if (!corner) { corner = here; outline(span(here, here)); return; }
    const sides = span(corner, here);
    corner = null;
    outline(sides);
    const [[left, wide], [top, high]] = sides;
    for (const [name, value] of Object.entries({ left, top, wide: wide || 1, high: high || 1 })) form.elements[name].value = value;
    form.elements.label.focus();
  };
  const drawing = () => Boolean(form && form.dataset.form === "add-box");

  const acts = {
    "dg-leave": () => leave(),
    "dg-confirm": (b) => { const { part } = b.closest(".dg-row").dataset; change([{ kind: "confirm", part }], "Kept as it was read", () => reader().focusRow(part)); },
    "dg-delete": (b) => remove(b.closest(".dg-row")),
    "dg-add-box": () => { put("add-box", find(".dg-adding"), '[name="label"]'); reader().stage().classList.add("drawing"); typed(); },
    "dg-add-arrow": () => put("add-arrow", find(".dg-adding"), "select"),
    "dg-undo": () => send("undo", {}, "The last change was taken back", () => (find('[data-act="dg-undo"]') || find('[data-act="dg-ask"]')).focus()),
  };
  document.addEventListener("click", (event) => {
    const target = event.target instanceof Element ? event.target : null;
    if (!target || !target.closest("#cml-diagram")) return;
    const act = target.closest("[data-act]");
    if (act && acts[act.dataset.act]) { event.preventDefault(); acts[act.dataset.act](act); return; }
    const pressed = target.closest(".dg-row .dg-b");
    if (pressed) { edit(pressed.closest(".dg-row")); return; }
    if (drawing() && target.closest(".dg-paper")) pin(event);
  });
  document.addEventListener("pointermove", (event) => { if (corner && drawing()) outline(span(corner, share(event))); });
  document.addEventListener("input", (event) => { if (drawing() && form.contains(event.target) && event.target.type === "number") typed(); });
  document.addEventListener("submit", (event) => {
    if (!form || event.target !== form) return;
    event.preventDefault();
    const one = form.closest(".dg-row");
    if (one) saveRow(one); else saveNew(form.elements);
  });

  window.cmlCorrect = { leave, forget, drawing };
})();
