/* The diagram reader: the picture with its parts lit, the list of them, size, and the way through it by keys.
   Words of a diagram come from the server as escaped HTML or stand here as text, never as markup.
   What corrects it is in diagram_edit.js. */
(() => {
  const byId = (id) => document.getElementById(id);
  const MOST_ZOOM = 8;
  let server = null;
  let at = null;      // { file, diagram } that is shown
  let told = null;    // what the server said of it
  let turn = 0;       // an answer that a later one has overtaken is dropped
  let zoom = 1;
  let kept = [];      // parts that stay lit: a citation's, or the opened row's
  let opener = null;

  const dialog = () => byId("cml-diagram");
  const find = (selector) => dialog().querySelector(selector);
  const all = (selector) => [...dialog().querySelectorAll(selector)];
  const stage = () => find(".dg-stage");
  const paper = () => find(".dg-paper");
  const rows = () => all(".dg-row");
  const row = (part) => rows().find((one) => one.dataset.part === part);
  const write = (element, words) => { if (element) element.textContent = words; };
  const phone = () => matchMedia("(max-width: 760px)").matches;

  // Lighting

  const light = (parts) => {
    for (const element of all("[data-part]")) element.classList.toggle("on", parts.includes(element.dataset.part));
  };
  const keep = (parts) => { kept = parts; light(kept); };
  const toRow = (part) => {
    const one = row(part);
    if (!one) return;
    if (one.closest("details")) one.closest("details").open = true;
    one.scrollIntoView({ block: "nearest" });
  };
  const toPart = (part) => {
    const drawn = [...stage().querySelectorAll("g[data-part]")].find((one) => one.dataset.part === part);
    if (!drawn) return;
    const place = drawn.getBoundingClientRect();
    const room = stage().getBoundingClientRect();
    const out = place.left < room.left || place.right > room.right || place.top < room.top || place.bottom > room.bottom;
    if (out) stage().scrollBy(place.left + place.width / 2 - room.left - room.width / 2, place.top + place.height / 2 - room.top - room.height / 2);
  };

  // Size

  const fit = () => {
    const sheet = paper();
    if (!sheet || !told) return;
    const room = stage();
    const pad = phone() ? 16 : 48;
    const across = room.clientWidth - pad;
    if (phone()) dialog().style.setProperty("--dg-stage", `${Math.round(Math.max(160, Math.min(0.42 * innerHeight, (across * told.height) / told.width + pad)))}px`);
    const whole = Math.min(across, ((room.clientHeight - pad) * told.width) / told.height);
    // A narrow screen shows less than the whole of a tall diagram, so that its words can be read.
    const wide = Math.max(60, phone() ? Math.min(across, 1.6 * whole) : whole);
    sheet.style.width = `${wide * zoom}px`;
    const svg = sheet.querySelector("svg");
    if (svg) { // marks keep their size on the screen, as far as their boxes have room for them
      const wanted = ((phone() ? 0.8 : 1) * told.width) / (wide * zoom) / Number(svg.dataset.unit);
      svg.style.setProperty("--k", Math.max(0.02, Math.min(Number(svg.dataset.cap), wanted)).toFixed(4));
    }
    find('[data-act="dg-smaller"]').disabled = zoom <= 1;
    find('[data-act="dg-bigger"]').disabled = zoom >= MOST_ZOOM;
  };
  // The point that is named stays where it is seen; without one, the middle.
  const magnify = (by, point = null) => {
    const sheet = paper();
    if (!sheet) return;
    const room = stage().getBoundingClientRect();
    const [x, y] = point || [room.left + room.width / 2, room.top + room.height / 2];
    const before = sheet.getBoundingClientRect();
    zoom = by ? Math.max(1, Math.min(MOST_ZOOM, zoom * by)) : 1;
    fit();
    const now = sheet.getBoundingClientRect();
    stage().scrollBy(now.left + ((x - before.left) / before.width) * now.width - x, now.top + ((y - before.top) / before.height) * now.height - y);
  };

  // Showing

  const near = async (mine) => {
    const got = await server.near(at).catch(() => null);
    if (mine !== turn || !got || !got.near || !got.near.length) return;
    for (const link of got.near) {
      const place = row(link.part) && row(link.part).querySelector(".dg-near");
      if (place) { write(place, `${link.title}, ${link.score}`); place.title = link.words; }
    }
    find(".dg-near-h").hidden = false;
  };
  const refused = (words) => {
    const said = document.createElement("p");
    said.className = "pp-none";
    said.textContent = words;
    stage().replaceChildren(said);
    write(byId("cml-diagram-title"), "Diagram");
  };
  // Anew, after each correction too; what was seen and scrolled to stays. Returns whether it came.
  const show = async () => {
    const mine = turn += 1;
    const got = await server.diagram(at).catch(() => null);
    if (mine !== turn) return false;
    if (!got || got.trouble) {
      if (!told) refused((got && got.trouble) || "The connection was lost. Try again when the page answers.");
      return false;
    }
    const scroll = find(".dg-side").scrollTop;
    const place = [stage().scrollLeft, stage().scrollTop];
    told = got;
    write(byId("cml-diagram-title"), got.title);
    stage().innerHTML = got.stage;
    find(".dg-words").innerHTML = got.words;
    find(".dg-take").innerHTML = got.take;
    find(".dg-side").innerHTML = got.side;
    find(".dg-turns").hidden = !got.place;
    write(find(".dg-turns span"), got.place);
    find('[data-act="dg-before"]').disabled = got.before < 0;
    find('[data-act="dg-after"]').disabled = got.after < 0;
    rest(0);
    fit();
    light(kept);
    find(".dg-side").scrollTop = scroll;
    stage().scrollTo(...place);
    window.cmlFiles.counted(at.file, got.count);
    near(mine);
    return true;
  };
  const open = async ({ file, diagram = 0, lit = [] }) => {
    if (!dialog().open) { opener = document.activeElement; dialog().showModal(); }
    at = { file, diagram: Number(diagram) };
    told = null;
    zoom = 1;
    window.cmlCorrect.forget();
    kept = lit;
    write(byId("cml-diagram-title"), "Opening the diagram…");
    for (const place of [stage(), find(".dg-words"), find(".dg-take"), find(".dg-side")]) place.replaceChildren();
    byId("cml-diagram-title").focus();
    if (!await show()) return;
    window.cmlSay(find(".dg-sum").textContent);
    if (lit.length) { toRow(lit[0]); toPart(lit[0]); }
  };

  // The picture says itself whether it came; without it, what was read of it is there all the same.
  const onPaper = (event) => event.target instanceof HTMLImageElement && event.target.closest(".dg-paper");
  document.addEventListener("load", (event) => { const sheet = onPaper(event); if (sheet) sheet.classList.add("came"); }, true);
  document.addEventListener("error", (event) => {
    const sheet = onPaper(event);
    if (!sheet) return;
    const words = sheet.querySelector(".pp-wait");
    words.className = "dg-none";
    words.textContent = "The picture could not be drawn. What was read of it stands here all the same.";
    event.target.remove();
  }, true);

  // The list: one stop for Tab, arrow keys from row to row.

  const buttons = () => all(".dg-row .dg-b").filter((one) => one.checkVisibility());
  const rest = (place) => all(".dg-row .dg-b").forEach((one, number) => { one.tabIndex = number === place ? 0 : -1; });
  const goTo = (button) => {
    if (!button) return;
    if (button.closest("details")) button.closest("details").open = true;
    rest(all(".dg-row .dg-b").indexOf(button));
    button.focus();
    button.scrollIntoView({ block: "nearest" });
  };
  const focusRow = (part) => { const one = row(part) || rows()[0]; if (one) goTo(one.querySelector(".dg-b")); };
  const walk = (event) => {
    const here = document.activeElement;
    const among = here && here.matches(".dg-b") ? buttons() : [];
    const place = among.indexOf(here);
    const to = { ArrowDown: place + 1, ArrowUp: place - 1, Home: 0, End: among.length - 1 }[event.key];
    if (place < 0 || to === undefined) return;
    event.preventDefault();
    goTo(among[Math.max(0, Math.min(among.length - 1, to))]);
  };

  const acts = {
    "dg-open": (b) => open({ file: b.dataset.file, diagram: b.dataset.diagram, lit: (b.dataset.lit || "").split("\n").filter(Boolean) }),
    "dg-shut": () => dialog().close(),
    "dg-bigger": () => magnify(1.4),
    "dg-smaller": () => magnify(1 / 1.4),
    "dg-fit": () => magnify(0),
    "dg-before": () => { if (told) open({ file: at.file, diagram: told.before }); },
    "dg-after": () => { if (told) open({ file: at.file, diagram: told.after }); },
    "dg-ask": () => { opener = null; dialog().close(); window.cmlFiles.offer(at.file, told.ask); },
  };
  document.addEventListener("click", (event) => {
    const target = event.target instanceof Element ? event.target : null;
    const act = target && target.closest("[data-act]");
    if (act && acts[act.dataset.act]) { event.preventDefault(); acts[act.dataset.act](act); return; }
    const part = target && target.closest("#cml-diagram .dg-svg [data-part]");
    if (part && !dragged && !window.cmlCorrect.drawing()) focusRow(part.dataset.part);
  });
  const pointed = (event) => {
    const part = event.target instanceof Element && event.target.closest("#cml-diagram [data-part]");
    if (part) {
      light([...kept, part.dataset.part]);
      if (part.closest(".dg-svg")) toRow(part.dataset.part); else if (event.type === "focusin") toPart(part.dataset.part);
    } else if (dialog() && dialog().open) light(kept);
  };
  document.addEventListener("pointerover", pointed);
  document.addEventListener("focusin", pointed);
  document.addEventListener("keydown", (event) => {
    if (!dialog() || !dialog().open) return;
    if (event.key === "Escape") { // first out of what is open, then out of the reader; the panel behind stays
      event.stopPropagation();
      if (window.cmlCorrect.leave()) event.preventDefault();
      return;
    }
    walk(event);
    if (event.target.matches("input, select") || event.ctrlKey || event.metaKey) return;
    if (event.key === "+" || event.key === "=") magnify(1.4);
    if (event.key === "-") magnify(1 / 1.4);
    if (event.key === "0") magnify(0);
  }, true);
  document.addEventListener("close", (event) => {
    if (event.target !== dialog()) return;
    turn += 1;
    told = null;
    window.cmlCorrect.forget();
    if (opener && opener.isConnected && document.activeElement === document.body) opener.focus({ preventScroll: true });
  }, true);
  addEventListener("resize", () => { if (dialog() && dialog().open) fit(); });

  // Wheel with Ctrl, two fingers, and dragging with the mouse.

  let dragged = false;
  let held = null;
  let apart = 0; // of two fingers
  const onStage = (event) => event.target instanceof Element && event.target.closest(".dg-stage");
  document.addEventListener("wheel", (event) => {
    if (!event.ctrlKey || !onStage(event)) return;
    event.preventDefault();
    magnify(Math.exp(-event.deltaY / 300), [event.clientX, event.clientY]);
  }, { passive: false });
  const between = ([one, other]) => ({
    length: Math.hypot(one.clientX - other.clientX, one.clientY - other.clientY),
    middle: [(one.clientX + other.clientX) / 2, (one.clientY + other.clientY) / 2],
  });
  document.addEventListener("touchstart", (event) => { apart = onStage(event) && event.touches.length === 2 ? between(event.touches).length : 0; }, { passive: true });
  document.addEventListener("touchmove", (event) => {
    if (!apart || event.touches.length !== 2) return;
    event.preventDefault();
    const now = between(event.touches);
    magnify(now.length / apart, now.middle);
    apart = now.length;
  }, { passive: false });
  document.addEventListener("pointerdown", (event) => {
    dragged = false;
    held = event.pointerType === "mouse" && event.button === 0 && onStage(event) && !window.cmlCorrect.drawing() ? [event.clientX, event.clientY] : null;
  });
  document.addEventListener("pointermove", (event) => {
    if (!held || !event.buttons) { held = null; return; }
    const [across, down] = [event.clientX - held[0], event.clientY - held[1]];
    if (!dragged && Math.hypot(across, down) < 5) return;
    dragged = true;
    stage().scrollBy(-across, -down);
    held = [event.clientX, event.clientY];
  });

  window.cmlDiagram = {
    open, show, dialog, find, all, row, rows, keep, toPart, goTo, focusRow, paper, stage,
    at: () => at,
    start: (functions) => { server = functions; },
  };
})();
