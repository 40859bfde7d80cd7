/* Pages of files: what happens when their picture comes or does not come, the large view, and recordings. */
(() => {
  const byId = (id) => document.getElementById(id);
  const GONE = "This page could not be drawn. Its file may have been deleted; the words that were quoted stand below.";
  const STEPS = [1, 1.5, 2, 3, 4];
  let server = null;
  let shown = null;  // { file, face, box, before, after }
  let zoom = 0;      // index in STEPS
  let turn = 0;      // an answer that a later one has overtaken is dropped
  let opener = null;

  // An image says itself whether it came; these events do not rise, so they are caught on the way down.
  const drawn = (image) => {
    const paper = image.closest(".pp-paper");
    if (paper) image.decode().catch(() => null).then(() => paper.classList.add("drawn"));
  };
  const broken = (image) => {
    const paper = image.closest(".pp-paper");
    if (!paper) return;
    const words = document.createElement("p");
    words.className = "pp-none";
    words.textContent = GONE;
    (paper.closest(".pp") || paper).replaceWith(words);
  };
  document.addEventListener("load", (event) => { if (event.target instanceof HTMLImageElement) drawn(event.target); }, true);
  document.addEventListener("error", (event) => { if (event.target instanceof HTMLImageElement) broken(event.target); }, true);

  const body = () => document.querySelector("#cml-viewer .viewer-b");
  const fit = () => {
    const paper = body().querySelector(".pp-paper");
    if (!paper) return;
    const [w, h] = paper.style.aspectRatio.split("/").map(Number);
    const room = body();
    const whole = Math.min(room.clientWidth - 32, ((room.clientHeight - 32) * w) / h);
    // On a narrow screen a whole page is too small to read: there it is as wide as the screen.
    const wide = innerWidth <= 760 ? room.clientWidth - 16 : whole;
    paper.style.width = `${Math.max(120, wide) * STEPS[zoom]}px`;
    for (const [name, off] of [["view-smaller", zoom === 0], ["view-bigger", zoom === STEPS.length - 1]]) {
      document.querySelector(`#cml-viewer [data-act="${name}"]`).disabled = off;
    }
  };
  const toBox = () => {
    const lit = body().querySelector(".pp-edge rect");
    if (!lit) { body().scrollTo(0, 0); return; }
    const place = lit.getBoundingClientRect();
    const room = body().getBoundingClientRect();
    body().scrollBy(place.left - room.left - (room.width - place.width) / 2, place.top - room.top - (room.height - place.height) / 2);
  };
  const magnify = (by) => {
    const room = body();
    const x = (room.scrollLeft + room.clientWidth / 2) / room.scrollWidth;
    const y = (room.scrollTop + room.clientHeight / 2) / room.scrollHeight;
    zoom = by === 0 ? 0 : Math.max(0, Math.min(STEPS.length - 1, zoom + by));
    fit();
    if (by === 0) { toBox(); return; }
    room.scrollTo(x * room.scrollWidth - room.clientWidth / 2, y * room.scrollHeight - room.clientHeight / 2);
  };
  const label = (words, place = "") => {
    byId("cml-viewer-title").textContent = words;
    byId("cml-viewer-place").textContent = place;
    for (const [name, key] of [["view-before", shown.before], ["view-after", shown.after]]) {
      document.querySelector(`#cml-viewer [data-act="${name}"]`).disabled = !key;
    }
  };

  const open = async ({ file, face, box = "", words = "", paper = null }) => {
    const mine = turn += 1;
    const dialog = byId("cml-viewer");
    shown = { file, face, box, before: "", after: "" };
    if (!dialog.open) { opener = document.activeElement; zoom = 0; dialog.showModal(); byId("cml-viewer-title").focus(); }
    label(words);
    if (paper) {
      body().replaceChildren(paper.cloneNode(true));
      fit();
      toBox();
    }
    const got = await server.face({ file, face, box }).catch(() => null);
    if (mine !== turn) return;
    if (!got || got.trouble) {
      if (paper) return; // what is seen stays
      const said = document.createElement("p");
      said.className = "pp-none";
      said.textContent = (got && got.trouble) || "The connection was lost. Try again when the page answers.";
      body().replaceChildren(said);
      return;
    }
    Object.assign(shown, { before: got.before, after: got.after });
    label(got.words, got.place);
    if (!paper) { body().innerHTML = got.html; fit(); toBox(); }
    window.cmlSay(got.words);
  };
  const to = (key) => { if (key) open({ file: shown.file, face: key }); };

  const acts = {
    view: (b) => {
      const figure = b.closest(".pp");
      if (figure && figure.dataset.diagram) {
        const { file, diagram, lit } = figure.dataset;
        window.cmlDiagram.open({ file, diagram, lit: (lit || "").split("\n").filter(Boolean) });
        return;
      }
      if (figure) open({ file: figure.dataset.file, face: figure.dataset.face, words: figure.dataset.words, paper: figure.querySelector(".pp-paper") });
      else open({ file: b.dataset.file, face: b.dataset.face, box: b.dataset.box || "" });
    },
    "view-before": () => to(shown.before),
    "view-after": () => to(shown.after),
    "view-smaller": () => magnify(-1),
    "view-bigger": () => magnify(1),
    "view-fit": () => magnify(0),
    "view-shut": () => byId("cml-viewer").close(),
    play: (b) => {
      const player = b.closest(".player").querySelector("video, audio");
      player.currentTime = Number(b.dataset.seconds);
      player.play().catch(() => null);
    },
  };
  document.addEventListener("click", (event) => {
    const target = event.target instanceof Element ? event.target : null;
    const act = target && target.closest("[data-act]");
    if (act && acts[act.dataset.act]) { event.preventDefault(); acts[act.dataset.act](act); return; }
    const paper = target && target.closest(".pp .pp-paper");
    if (paper) acts.view(paper);
    if (target === byId("cml-viewer")) target.close();
  });
  document.addEventListener("keydown", (event) => {
    if (!byId("cml-viewer") || !byId("cml-viewer").open) return;
    if (event.key === "Escape") { event.stopPropagation(); return; } // the dialog closes itself, the panel stays
    const wide = body().scrollWidth > body().clientWidth + 1;
    const keys = { PageUp: shown.before, PageDown: shown.after, ...(wide ? {} : { ArrowLeft: shown.before, ArrowRight: shown.after }) };
    if (event.key in keys) { event.preventDefault(); to(keys[event.key]); }
    if (event.key === "+" || event.key === "=") magnify(1);
    if (event.key === "-") magnify(-1);
    if (event.key === "0") magnify(0);
  }, true);
  document.addEventListener("close", (event) => {
    if (event.target !== byId("cml-viewer")) return;
    turn += 1;
    body().replaceChildren();
    // The browser gives the focus back by itself, and this comes later: a focus that has moved on is left.
    if (opener && opener.isConnected && document.activeElement === document.body) opener.focus({ preventScroll: true });
  }, true);
  addEventListener("resize", () => { if (byId("cml-viewer") && byId("cml-viewer").open) fit(); });

  window.cmlView = { open, start: (functions) => { server = functions; } };
})();
