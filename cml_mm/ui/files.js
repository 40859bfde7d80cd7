/* The visitor's files: bringing them, the chips over the question, what is asked, and their sheet.
   Everything is drawn into places that Gradio never draws again; names are only ever text. */
(() => {
  const root = document.documentElement;
  const byId = (id) => document.getElementById(id);
  const SENT_AT_ONCE = 2;
  // As `_RECORDED` in media/sniffing.py: recordings may be larger than other files.
  const RECORDING = /\.(mp3|m4[abv]|aac|wave?|og[agv]|opus|flac|weba|webm|mp4|mov|mk[av]|avi|3g[p2]|ts|mts|m2ts|qt)$/i;
  const HELD_AT_ONCE = 4; // sent, and not read yet: the server takes no more of one visitor
  const PAUSE = 1000; // ms between two looks at files that are being read without us
  const CHIPS = 8;    // shown over the question; the sheet has all
  const KEPT = "cml-scope";
  const PATHS = {
    check: "M4 10.6l4 4 8-9.2", close: "M5 5l10 10M15 5 5 15", file: "M5 3h6.5L15.5 7v10H5zM11.5 3v4h4",
    warn: "M10 3.5l7.6 13H2.4zM10 8.5v4M10 14.5v.1", search: "M9 3.5a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11zM13.1 13.1 17 17",
    bin: "M4 5.5h12M8 5.5V3.8h4v1.7M5.8 5.5l.7 11h7l.7-11M8.7 8.5v5M11.3 8.5v5",
    info: "M10 3a7 7 0 1 0 0 14 7 7 0 0 0 0-14zM10 9.2v4.2M10 6.5v.1",
    play: "M6.5 4.2v11.6l9-5.8z", diagram: "M3 4h6v4.5H3zM11 11.5h6V16h-6zM6 8.5v5.3h5M9 12l2 1.8L9 15.6",
  };

  // What there is. An entry is a file that is sent, waits, is read, is ready, or has failed.
  const files = new Map(); // by key: "up-1" while we send it, else its id
  let counted = 0;
  let limits = null;
  let where = "both";
  let off = new Set();     // ids of files that are left out
  const notes = new Map(); // further things to say, by key
  let server = null;
  let asking = "";         // key of the file whose removal is being asked about

  const load = (name) => { try { return JSON.parse(sessionStorage.getItem(name)) || {}; } catch { return {}; } };
  const keep = () => {
    try { sessionStorage.setItem(KEPT, JSON.stringify({ where, off: [...off] })); } catch { /* this page only */ }
  };
  ({ where = "both", off = [] } = load(KEPT));
  off = new Set(off);

  const plain = (text) => String(text || "").replace(/[\u0000-\u001f\u202a-\u202e\u2066-\u2069]/g, "");
  const ready = () => [...files.values()].filter((entry) => entry.state === "ready");
  const busy = (entry) => ["sending", "waiting", "reading"].includes(entry.state);
  const on = (entry) => where !== "library" && !off.has(entry.id);
  const lecture = (entry) => ["film", "sound", "captions"].includes(entry.format) && entry.state === "ready";
  const clock = (seconds) => {
    const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, Math.floor(seconds) % 60];
    return `${h ? `${h}:${String(m).padStart(2, "0")}` : m}:${String(s).padStart(2, "0")}`;
  };
  const pages = (entry) => {
    if (entry.seconds) return clock(entry.seconds);
    if (!entry.pages) return "";
    const noun = entry.format === "pptx" ? "slide" : "page";
    return `${entry.pages.toLocaleString("en")} ${noun}${entry.pages === 1 ? "" : "s"}`;
  };
  // "7 boxes, 7 arrows, 1 unclear"; nothing of a file without a diagram.
  const several = (count, one, more) => `${count.toLocaleString("en")} ${count === 1 ? one : more}`;
  const drawn = ({ diagrams }) => (diagrams && diagrams.diagrams ? `${several(diagrams.boxes, "box", "boxes")}, ${
    several(diagrams.arrows, "arrow", "arrows")}${diagrams.unclear ? `, ${diagrams.unclear.toLocaleString("en")} unclear` : ""}` : "");
  const read = (entry) => entry.counted || drawn(entry) || "";
  const toDiagram = (entry) => lecture(entry) ? window.cmlLecture.open({ file: entry.id }) : (read(entry) && !entry.pages ? window.cmlDiagram.open({ file: entry.id }) : sheet(entry.id));
  const size = (bytes) => (bytes >= 2 ** 20 ? `${Math.round(bytes / 2 ** 20)} MB` : `${Math.max(1, Math.round(bytes / 1024))} kB`);

  const scope = () => {
    const known = ready();
    const late = [...files.values()].filter(busy).map((entry) => plain(entry.name));
    if (!known.length) return { where: "library", files: [], late };
    const asked = known.filter((entry) => !off.has(entry.id));
    return { where, files: asked.length === known.length ? [] : asked.map((entry) => entry.id), late };
  };

  // Parts

  const make = (tag, look = "", ...inside) => {
    const element = document.createElement(tag);
    if (look) element.className = look;
    element.append(...inside);
    return element;
  };
  const icon = (name) => {
    const space = "http://www.w3.org/2000/svg";
    const svg = document.createElementNS(space, "svg");
    svg.setAttribute("class", "i"); svg.setAttribute("viewBox", "0 0 20 20"); svg.setAttribute("aria-hidden", "true");
    const path = document.createElementNS(space, "path");
    path.setAttribute("d", PATHS[name]);
    svg.append(path);
    return svg;
  };
  const named = (name) => { const element = make("bdi", "fnm"); element.textContent = plain(name); return element; };
  const button = (look, label, act, ...inside) => {
    const element = make("button", look, ...inside);
    element.type = "button";
    if (label) element.setAttribute("aria-label", label);
    element.addEventListener("click", act);
    return element;
  };
  const worded = (look, words, act) => button(`b ${look}`, "", act, make("span", "", words));
  const put = (element, name, value) => { if (element.getAttribute(name) !== value) element.setAttribute(name, value); };
  const write = (element, words) => { if (element && element.textContent !== words) element.textContent = words; };
  const box = () => document.querySelector("#cml-ask textarea");

  // The chips

  const chips = new Map(); // key → { element, state }
  const readyChip = (entry) => {
    const name = plain(entry.name);
    const pick = button("fc-b pick", "", () => tick(entry), icon("check"), named(entry.name), make("span", "pg"));
    return [
      pick,
      button("fc-b", `Open ${name}`, () => toDiagram(entry), icon(lecture(entry) ? "play" : read(entry) ? "diagram" : "file")),
      button("fc-b x", `Remove ${name}`, (event) => ask(entry, event.currentTarget), icon("close")),
    ];
  };
  const busyChip = (entry) => {
    const name = plain(entry.name);
    const bar = make("div", "fc-bar", make("i"));
    bar.setAttribute("role", "progressbar"); bar.setAttribute("aria-label", name);
    bar.setAttribute("aria-valuemin", "0"); bar.setAttribute("aria-valuemax", "100");
    const stop = button("fc-b x", `Cancel ${name}`, () => cancel(entry), icon("close"));
    return [make("span", "fc-w", named(entry.name), make("span", "pg")), stop, bar];
  };
  const chip = (entry) => {
    const state = busy(entry) ? "busy" : entry.state;
    let had = chips.get(entry.key);
    if (!had || had.state !== state) {
      const element = had ? had.element : make("li", "fc");
      const focused = had && element.contains(document.activeElement);
      element.dataset.file = entry.key;
      element.classList.toggle("busy", state === "busy");
      element.replaceChildren(...(state === "busy" ? busyChip(entry) : readyChip(entry)));
      had = { element, state };
      chips.set(entry.key, had);
      if (focused) element.querySelector("button").focus({ preventScroll: true });
    }
    const said = had.element.querySelector(".pg");
    if (state === "busy") {
      write(said, entry.words || "Waiting");
      const share = Math.round(100 * (entry.share || 0));
      const bar = had.element.querySelector(".fc-bar");
      put(bar, "aria-valuenow", String(share));
      put(bar, "aria-valuetext", entry.words || "Waiting");
      bar.firstChild.style.width = `${share}%`;
    } else {
      write(said, [pages(entry), read(entry)].filter(Boolean).join(", "));
      const pick = had.element.querySelector(".pick");
      put(pick, "aria-pressed", String(on(entry)));
      put(pick, "title", on(entry) ? "Asked. Press to leave it out." : "Left out. Press to ask it too.");
    }
    return had.element;
  };

  const arranged = (list, wanted) => {
    for (const child of [...list.children]) if (!wanted.includes(child)) child.remove();
    wanted.forEach((element, at) => { if (list.children[at] !== element) list.insertBefore(element, list.children[at] || null); });
  };

  // What is to be said: failures, a removal that is asked about, where a picture was seen before.
  const said = new Map(); // key → element
  const noteOf = (key, tone, drawing, title, words, ...buttons) => {
    let element = said.get(key);
    if (!element) {
      const mark = make("span", tone, icon(drawing));
      const text = make("div", "", make("h3"), make("p"), make("div", "row", ...buttons));
      element = make("div", "note", mark, text);
      element.setAttribute("role", tone === "rust" ? "alert" : "group");
      said.set(key, element);
    }
    const heading = element.querySelector("h3");
    heading.replaceChildren(...title);
    write(element.querySelector("p"), words);
    return element;
  };
  const sayings = () => {
    const wanted = [];
    for (const entry of files.values()) {
      if (entry.state === "failed") {
        const again = entry.source ? [worded("sm", "Try again", () => again_(entry))] : [];
        wanted.push(noteOf(entry.key, "rust", "warn", [plain(entry.words)], plain(entry.hint), ...again,
          worded("sm qt", "Dismiss", () => dismiss(entry))));
      }
      if (entry.key === asking) {
        wanted.push(noteOf(`ask-${entry.key}`, "sec", "bin", ["Delete ", named(entry.name), "?"],
          "Answers that are kept and quote it go too.",
          worded("sm danger", "Delete", () => remove(entry)), worded("sm qt", "Keep it", () => spare(entry))));
      }
    }
    for (const [key, note] of notes) {
      const extra = note.buttons || (note.act ? [worded("sm", note.label, note.act)] : []);
      wanted.push(noteOf(key, note.tone || "rust", note.drawing || "warn", note.title, note.words, ...extra,
        worded("sm qt", "Dismiss", () => { notes.delete(key); draw(); box().focus(); })));
    }
    const keys = new Set(wanted);
    for (const [key, element] of said) if (!keys.has(element)) said.delete(key);
    return wanted;
  };

  const draw = () => {
    const place = document.querySelector("#cml-shelf .fs");
    if (!place) return;
    const shown = [...files.values()].filter((entry) => entry.state !== "failed");
    shown.sort((a, b) => busy(b) - busy(a));
    if (place.hidden !== !shown.length) place.hidden = !shown.length;
    arranged(place.querySelector(".fs-chips"), shown.slice(0, CHIPS).map(chip));
    for (const key of [...chips.keys()]) if (!files.has(key)) chips.delete(key);
    write(place.querySelector(".fs-all span"), shown.length > CHIPS ? `All ${shown.length} files` : "Files and privacy");
    const talk = document.querySelector("#cml-scope .fs-scope");
    const some = shown.length > 0;
    if (talk.hidden !== !some) talk.hidden = !some;
    for (const radio of talk.querySelectorAll("input")) radio.checked = radio.value === where;
    arranged(document.querySelector("#cml-shelf .fs-notes"), sayings());
    root.toggleAttribute("data-files", some);
    listing();
  };

  // Choosing what is asked

  const settle = () => {
    const known = ready();
    if (where !== "library" && known.length && known.every((entry) => off.has(entry.id))) where = "library";
    keep();
    draw();
  };
  const tick = (entry) => {
    if (where === "library") {
      where = "both";
      off = new Set(ready().filter((other) => other !== entry).map((other) => other.id));
    } else if (off.has(entry.id)) off.delete(entry.id);
    else off.add(entry.id);
    settle();
    window.cmlSay(on(entry) ? `${plain(entry.name)} is asked too` : `${plain(entry.name)} is left out`);
  };
  const choose = (wanted) => {
    if (!["library", "files", "both"].includes(wanted)) return;
    where = wanted;
    if (where !== "library" && ready().every((entry) => off.has(entry.id))) off.clear();
    settle();
  };

  // Bringing

  const bring = (list) => {
    if (!list.length) return;
    const tab = document.querySelector('.tabs [data-lib="to-ask"]');
    if (root.dataset.view === "library" && tab) tab.click();
    for (const source of list) {
      counted += 1;
      const key = `up-${counted}`;
      const entry = { key, id: "", name: source.name, state: "sending", words: "Waits to be sent", share: 0, source };
      const recorded = RECORDING.test(source.name);
      const limit = limits && (recorded ? limits.recording_bytes || limits.file_bytes : limits.file_bytes);
      if (limit && source.size > limit) {
        Object.assign(entry, { state: "failed", source: null, words: `${plain(source.name)} has ${size(source.size)}. The limit is ${size(limit)}.`,
          hint: recorded ? "Shorten it, or save it at a lower resolution or bit rate." : "Bring a part of it, or a version with smaller pictures." });
      }
      files.set(key, entry);
    }
    next();
    draw();
    window.cmlSay(list.length === 1 ? `${plain(list[0].name)} is being sent` : `${list.length} files are being sent`);
  };
  // Captions wait for the recording of the same name, so that they are joined to it as soon as they come.
  const CAPTIONS = /\.(srt|vtt|ass|ssa)$/i;
  const stem = (name) => name.replace(/\.[^.]*$/, "");
  const mate = (entry) => CAPTIONS.test(entry.name) && [...files.values()].some((other) => other !== entry && busy(other)
    && !CAPTIONS.test(other.name) && stem(other.name) === stem(entry.name));
  const next = () => {
    const sending = [...files.values()].filter((entry) => entry.request && !entry.sent);
    const held = [...files.values()].filter((entry) => busy(entry) && (entry.request || entry.id));
    const waiting = [...files.values()].filter((entry) => entry.state === "sending" && !entry.request && !entry.resting && !mate(entry));
    for (const entry of waiting.slice(0, Math.max(0, Math.min(SENT_AT_ONCE - sending.length, HELD_AT_ONCE - held.length)))) send(entry);
  };
  const send = (entry) => {
    const request = new XMLHttpRequest();
    let told = 0;
    entry.request = request;
    entry.sent = false;
    entry.words = "Sending";
    request.open("POST", `files?name=${encodeURIComponent(entry.name.slice(0, 1000))}`);
    request.setRequestHeader("content-type", "application/octet-stream");
    request.upload.addEventListener("progress", (event) => {
      if (!event.lengthComputable || entry.state !== "sending") return;
      entry.share = event.loaded / event.total / 4; // sending is the first quarter
      entry.words = `Sending, ${Math.round((100 * event.loaded) / event.total)} %`;
      draw();
    });
    request.upload.addEventListener("load", () => { entry.sent = true; next(); });
    const lines = (last) => {
      if (request.status !== 200) return;
      const text = request.responseText;
      const end = last ? text.length : text.lastIndexOf("\n") + 1;
      for (const line of text.slice(told, end).split("\n")) {
        if (!line.trim()) continue;
        let word;
        try { word = JSON.parse(line); } catch { continue; /* cut off in the middle: the poll tells the rest */ }
        heard(entry, word);
      }
      told = Math.max(told, end);
      draw();
    };
    request.addEventListener("progress", () => lines(false));
    request.addEventListener("load", () => {
      if (request.status === 200) { lines(true); if (busy(entry)) lose(entry); }
      else refused(entry, request);
      done(entry);
    });
    request.addEventListener("error", () => { lose(entry); done(entry); });
    request.send(entry.source);
  };
  const done = (entry) => { entry.request = null; entry.sent = true; next(); draw(); watch(); };
  const heard = (entry, word) => {
    if (word.job) { entry.id = word.job; entry.state = "waiting"; entry.words = "Waits to be read"; entry.sent = true; }
    if (word.words) {
      entry.state = "reading";
      entry.words = word.words;
      if (word.of) entry.share = 0.25 + 0.75 * (word.done / word.of);
    }
    if (word.file) arrived(entry, word.file);
    if (word.error) fail(entry, word.error);
    if (word.cancelled) files.delete(entry.key);
  };
  const fail = (entry, error) => {
    const reference = error.reference ? ` If it happens again, tell whoever runs this page the reference ${error.reference}.` : "";
    Object.assign(entry, { state: "failed", words: error.message, hint: `${error.hint || ""}${reference}`, source: null });
  };
  const refused = (entry, request) => {
    if (request.status === 429) { // another window of this visitor has files in the line
      Object.assign(entry, { state: "sending", share: 0, words: "Waits for your other files", id: "", resting: true });
      setTimeout(() => { entry.resting = false; next(); draw(); }, 3 * PAUSE);
      return;
    }
    let error = null;
    try { error = JSON.parse(request.responseText).error; } catch { /* no words of ours */ }
    fail(entry, error || { message: `${plain(entry.name)} was not taken.`, hint: request.responseText.length < 300
      && !request.responseText.includes("<") ? request.responseText : "Try it again in a moment." });
  };
  // The connection broke. What had arrived is being read all the same, and the list will tell.
  const lose = (entry) => {
    if (entry.id && busy(entry)) { entry.alone = true; return; }
    if (!busy(entry)) return;
    Object.assign(entry, { state: "failed", words: `The connection was lost while ${plain(entry.name)} was being sent.`,
      hint: "Nothing of it was kept. Try again when the page answers." });
  };
  const again_ = (entry) => { Object.assign(entry, { state: "sending", share: 0, words: "Waits to be sent" }); next(); draw(); };
  const arrived = (entry, card) => {
    const known = files.get(card.id);
    const first = !ready().length;
    files.delete(entry.key);
    files.set(card.id, { ...card, key: card.id });
    if (first && where !== "files") where = "both";
    off.delete(card.id);
    keep();
    const count = pages(card);
    const joined = known && entry.key !== card.id && entry.name !== card.name && CAPTIONS.test(entry.name);
    window.cmlSay(joined ? `${plain(entry.name)} is joined to ${plain(card.name)}` : known ? `${plain(card.name)} was here already` : `${plain(card.name)} is read${count ? `, ${count}` : ""}`);
    if (joined) {
      const shown = window.cmlLecture.dialog().open && window.cmlLecture.file() === card.id;
      if (shown && !window.cmlLecture.find(".lv-form")) window.cmlLecture.refresh();
      notes.set(`joined-${card.id}`, { tone: "sec", drawing: "play", title: [named(entry.name), " is joined to ", named(card.name)],
        words: "Its captions now say what is said in it.", label: "Open the lecture", act: () => toDiagram(files.get(card.id) || card) });
    } else if (known && known.state === "ready") {
      notes.set(`twice-${card.id}`, { tone: "sec", drawing: "info", title: [named(card.name), " was here already"], words: "The same file twice is kept once." });
    }
    if (["pdf", "pptx"].includes(card.format) && !known && ready().some(lecture)) paged(card);
    const alone = ready().some((other) => other.format === "captions" && other.id !== card.id && stem(other.name) === stem(card.name));
    if (lecture(card) && alone) setTimeout(refresh); // what was brought before its recording is a part of that now
    if (lecture(card) && !known) {
      notes.set(`lecture-${card.id}`, { tone: "sec", drawing: "play", title: [named(card.name), " is ready to be asked"],
        words: `Ask what was said or shown, and play the answer from its second.${card.deck && card.deck.file ? ` ${deckWords(card)}` : ""}`, of: card.deck && card.deck.file, label: "Open the lecture", act: () => toDiagram(files.get(card.id) || card) });
    }
    if (drawn(card)) {
      notes.set(`diagram-${card.id}`, { tone: "sec", drawing: "diagram", title: [named(card.name), " is read as a diagram"],
        words: `${drawn(card)}. Look at what was read before you ask, and correct it where it is wrong.`, label: "Open the diagram",
        act: () => toDiagram(files.get(card.id) || card) });
    }
    for (const sight of (card.sights || []).slice(0, 1)) {
      const label = `${sight.label.slice(0, 1).toLowerCase()}${sight.label.slice(1)}`;
      const lit = sight.box ? ["x", "y", "w", "h", "of_w", "of_h"].map((side) => sight.box[side]).join(",") : "";
      notes.set(`sight-${card.id}`, { tone: "sec", drawing: "search", title: ["This looks like ", label, " of ", named(sight.name)],
        words: `${plain(card.name)} was recognised by its picture.`, label: "Open that page",
        act: () => window.cmlView.open({ file: sight.file, face: sight.face, box: lit }) });
    }
  };
  const deckWords = ({ deck }) => `Its slides are the pages of ${plain(deck.name)}: ${deck.found} of ${deck.of} found.`;
  // A document that came after the recording whose slides are its pages.
  const paged = async (card) => {
    await refresh();
    for (const film of ready().filter((other) => other.deck && other.deck.file === card.id)) {
      notes.delete(`lecture-${film.id}`); // this one leads there too
      notes.set(`joined-${film.id}`, { tone: "sec", drawing: "play", title: [named(card.name), " has the slides of ", named(film.name)],
        words: deckWords(film), of: card.id, label: "Open the lecture", act: () => toDiagram(files.get(film.id) || film) });
    }
    draw();
  };
  const cancel = (entry) => {
    files.delete(entry.key);
    if (entry.request && !entry.id) entry.request.abort();
    if (entry.id) gone(entry.id);
    next();
    draw();
    window.cmlSay(`${plain(entry.name)} was cancelled`);
    box().focus({ preventScroll: true });
  };
  const gone = (id) => fetch(`files/${encodeURIComponent(id)}`, { method: "DELETE" }).catch(() => null);
  const dismiss = (entry) => {
    files.delete(entry.key);
    if (entry.id) gone(entry.id);
    draw();
    box().focus({ preventScroll: true });
  };

  // Removing asks once.
  let asker = null;
  const ask = (entry, from) => {
    asking = entry.key;
    asker = from;
    if (byId("cml-files").open) { listing(); byId("cml-files-list").querySelector(".fl-ask .danger").focus(); return; }
    draw();
    said.get(`ask-${entry.key}`).querySelector("button").focus({ preventScroll: true });
  };
  const spare = () => {
    asking = "";
    draw();
    if (asker && asker.isConnected) asker.focus({ preventScroll: true });
  };
  const remove = async (entry) => {
    asking = "";
    const answer = await gone(entry.id);
    if (!answer || !(answer.ok || answer.status === 404)) {
      notes.set(`kept-${entry.id}`, { title: [named(entry.name), " could not be deleted"], words: "Try again when the page answers." });
    } else {
      files.delete(entry.key);
      off.delete(entry.id);
      for (const about of ["sight", "diagram", "offer", "lecture", "joined"]) notes.delete(`${about}-${entry.id}`);
      for (const [key, note] of notes) if (note.of === entry.id) notes.delete(key); // they name it
      window.cmlSend("gone", { file: entry.id }); // answers that quote it leave the page too
      window.cmlSay(`${plain(entry.name)} was deleted`);
    }
    settle();
    if (byId("cml-files").open) byId("cml-files-title").focus();
    else box().focus({ preventScroll: true });
  };

  // Of a diagram: how much is read of it now, and questions that it can answer.
  const counted_ = (id, words) => {
    const entry = files.get(id);
    if (!entry) return;
    entry.counted = words;
    notes.delete(`diagram-${id}`); // it has been looked at
    draw();
  };
  const unoffer = () => {
    const old = [...notes.keys()].filter((key) => /^(offer|diagram|lecture|joined)-/.test(key));
    for (const key of old) notes.delete(key);
    if (old.length) draw();
  };
  const offer = (id, questions) => {
    const entry = files.get(id);
    if (!entry) return;
    where = "files";
    off = new Set(ready().filter((other) => other.id !== id).map((other) => other.id));
    unoffer();
    said.delete(`offer-${id}`);
    notes.set(`offer-${id}`, { tone: "sec", drawing: "diagram", title: ["Ask about ", named(entry.name)], words: "For example:",
      buttons: questions.map((question) => worded("sm fs-try", question, () => {
        window.cmlSend("ask", { question });
        unoffer();
      })) });
    if (byId("cml-files").open) byId("cml-files").close();
    settle();
    box().focus();
  };

  // What the server has: at the start, after a broken connection, and when the page is looked at again.

  let timer = 0;
  const watch = () => {
    clearTimeout(timer);
    const alone = [...files.values()].some((entry) => busy(entry) && !entry.request && entry.id);
    if (alone) { timer = setTimeout(refresh, PAUSE); return; }
    const ends = ready().map((entry) => entry.expires * 1000 - Date.now()).filter((left) => left > 0);
    if (ends.length) timer = setTimeout(refresh, Math.min(2 ** 31 - 1, Math.min(...ends) + 1000));
  };
  const refresh = async () => {
    clearTimeout(timer);
    const got = await fetch("files", { cache: "no-store" }).then((answer) => (answer.ok ? answer.json() : null), () => null);
    if (!got) { timer = setTimeout(refresh, 5 * PAUSE); return; }
    limits = got.limits || limits;
    keeping();
    const held = new Set([...files.values()].filter((entry) => entry.request).map((entry) => entry.id));
    const before = new Map(files);
    for (const [key, entry] of before) if (!entry.request && entry.state !== "failed" && entry.state !== "sending") files.delete(key);
    for (const card of got.files) {
      if (held.has(card.id)) continue;
      const ours = [...before.values()].find((entry) => entry.id === card.id);
      const key = ours ? ours.key : card.id;
      files.set(key, { ...card, key, share: card.state === "ready" ? 1 : card.share, counted: ours && ours.counted });
    }
    const lost = [...before.values()].find((entry) => busy(entry) && !files.has(entry.key) && !entry.request);
    if (lost && !ready().length) where = load(KEPT).where || "both";
    settle();
    watch();
  };
  const keeping = () => {
    const hours = limits && limits.keep_hours;
    if (!hours) return;
    const days = Math.round(hours / 24);
    const words = hours % 24 ? `${hours} hours` : days === 1 ? "a day" : `${days} days`;
    for (const element of document.querySelectorAll(".kept")) write(element, words);
  };
  const begin = async () => {
    const health = await fetch("healthz", { cache: "no-store" }).then((answer) => answer.json(), () => ({}));
    if (health.ready) refresh(); else setTimeout(begin, PAUSE);
  };

  // The sheet

  let opener = null;
  const listing = () => {
    const dialog = byId("cml-files");
    if (!dialog || !dialog.open) return;
    const list = dialog.querySelector(".fl");
    const shown = [...files.values()].filter((entry) => entry.state === "ready");
    const focus = list.contains(document.activeElement) ? document.activeElement.dataset.focus : "";
    list.replaceChildren(...shown.map((entry) => {
      const open = button("fl-open", "", () => one(entry.id), named(entry.name));
      const bits = [pages(entry), read(entry), entry.title && entry.title !== entry.name ? entry.title : ""].filter(Boolean).join(", ");
      const facts = make("span", "small sec", plain(bits));
      const until = make("span", "small mut", entry.expires ? `deleted ${moment(entry.expires * 1000)}` : "");
      const bin = button("ib", `Delete ${plain(entry.name)}`, (event) => ask(entry, event.currentTarget), icon("bin"));
      open.dataset.focus = `open-${entry.key}`; bin.dataset.focus = `bin-${entry.key}`;
      const row = make("li", "", make("div", "fl-what", open, facts, until), bin);
      if (asking === entry.key) {
        const question = make("p", "", "Delete it? Answers that are kept and quote it go too.");
        row.append(make("div", "fl-ask", question, make("div", "row",
          worded("sm danger", "Delete", () => remove(entry)), worded("sm qt", "Keep it", spare))));
      }
      return row;
    }));
    dialog.querySelector(".fl-none").hidden = shown.length > 0;
    const same = focus && list.querySelector(`[data-focus="${CSS.escape(focus)}"]`);
    if (same) same.focus({ preventScroll: true });
  };
  const sheet = (id = "") => {
    const dialog = byId("cml-files");
    if (!dialog.open) { opener = document.activeElement; dialog.showModal(); }
    if (id) one(id); else toList();
  };
  const toList = () => {
    byId("cml-files-one").hidden = true;
    byId("cml-files-list").hidden = false;
    byId("cml-files").querySelector(".back").hidden = true;
    write(byId("cml-files-title"), "Your files");
    listing();
    byId("cml-files-title").focus();
  };
  const one = async (id) => {
    const place = byId("cml-files-one");
    byId("cml-files-list").hidden = true;
    place.hidden = false;
    place.replaceChildren(make("p", "small sec", "Opening the file…"));
    byId("cml-files").querySelector(".back").hidden = false;
    write(byId("cml-files-title"), "Your file");
    const got = await server.look({ file: id }).catch(() => null);
    if (got && got.html) { place.innerHTML = got.html; moments(); place.querySelector("h3").focus(); }
    else {
      place.replaceChildren(make("p", "", (got && got.trouble) || "The connection was lost. Try again when the page answers."));
      byId("cml-files-title").focus();
    }
  };
  const forget = (from) => {
    const place = from.closest(".forget");
    const question = make("p", "", "Delete all your files and conversations? This cannot be undone.");
    const no = worded("sm qt", "Keep everything", () => { place.replaceChildren(from); from.focus(); });
    const yes = worded("sm danger", "Delete everything", async () => {
      const answer = await fetch("me", { method: "DELETE" }).catch(() => null);
      if (!answer || !answer.ok) { write(question, "It could not be deleted. Try again when the page answers."); return; }
      try { sessionStorage.removeItem(KEPT); } catch { /* nothing was kept */ }
      location.href = location.pathname;
    });
    place.replaceChildren(question, make("div", "row", yes, no));
    yes.focus();
  };

  // Moments in the visitor's own time.
  const moment = (at) => {
    const day = new Date(at);
    const time = day.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
    const days = Math.round((new Date(day).setHours(0, 0, 0, 0) - new Date().setHours(0, 0, 0, 0)) / 864e5);
    if (days === 0) return `today at ${time}`;
    if (days === 1) return `tomorrow at ${time}`;
    return `on ${day.toLocaleDateString("en-GB", { day: "numeric", month: "long" })} at ${time}`;
  };
  const moments = () => {
    for (const element of document.querySelectorAll("time.when")) write(element, moment(Date.parse(element.dateTime)));
  };

  // Where files come from: buttons, dropping, pasting.

  // The lecture that ships with the app is brought as if it were the visitor's own.
  const tryLecture = async (button) => {
    button.disabled = true;
    const got = async (place) => { const answer = await fetch(place); if (!answer.ok) throw new Error(place); return answer; };
    try {
      const { names } = await (await got("starter/lectures")).json();
      const list = names.map(async (name) => new File([await (await got(`starter/lectures/${encodeURIComponent(name)}`)).blob()], name));
      bring(await Promise.all(list));
    } catch {
      notes.set("starter", { title: ["The lecture could not be fetched"], words: "Try again when the page answers." });
      draw();
    }
    button.disabled = false;
  };

  const acts = {
    "try-lecture": (b) => tryLecture(b),
    attach: () => { const dialog = byId("cml-files"); if (dialog && dialog.open) dialog.close(); byId("cml-picker").click(); },
    camera: () => byId("cml-camera").click(),
    "files-open": () => sheet(),
    "file-open": (b) => sheet(b.dataset.file),
    "files-shut": () => byId("cml-files").close(),
    "files-list": toList,
    forget: (b) => forget(b),
  };
  document.addEventListener("click", (event) => {
    const act = event.target instanceof Element && event.target.closest("[data-act]");
    if (act && acts[act.dataset.act]) { event.preventDefault(); acts[act.dataset.act](act); }
    if (event.target === byId("cml-files")) event.target.close(); // beside the sheet
  });
  document.addEventListener("change", (event) => {
    const field = event.target;
    if (field.id === "cml-picker" || field.id === "cml-camera") { bring([...field.files]); field.value = ""; }
    if (field.name === "cml-where") { choose(field.value); window.cmlSay(`Asking: ${field.parentElement.textContent}`); }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    if (byId("cml-files") && byId("cml-files").open) event.stopPropagation(); // the dialog closes itself, the panel stays
    else if (asking) { event.stopPropagation(); spare(); }
  }, true);
  document.addEventListener("close", (event) => {
    if (event.target !== byId("cml-files")) return;
    asking = "";
    draw();
    // The browser gives the focus back by itself, and this comes later: a focus that has moved on is left.
    if (opener && opener.isConnected && document.activeElement === document.body) opener.focus({ preventScroll: true });
  }, true);

  // Once something is asked, examples have done their work.
  document.addEventListener("keydown", (event) => { if (event.key === "Enter" && !event.shiftKey && event.target === box() && box().value.trim()) unoffer(); });
  document.addEventListener("click", (event) => { if (event.target instanceof Element && event.target.closest("#cml-send")) unoffer(); });

  let depth = 0; // dragenter and dragleave come for every element on the way
  const carries = (event) => event.dataTransfer && [...event.dataTransfer.types].includes("Files");
  const dropping = (shown) => root.toggleAttribute("data-drop", shown);
  document.addEventListener("dragenter", (event) => { if (carries(event)) { event.preventDefault(); depth += 1; dropping(true); } });
  document.addEventListener("dragover", (event) => { if (carries(event)) { event.preventDefault(); event.dataTransfer.dropEffect = "copy"; } });
  document.addEventListener("dragleave", (event) => { if (carries(event)) { depth = Math.max(0, depth - 1); if (!depth) dropping(false); } });
  document.addEventListener("drop", (event) => {
    if (!carries(event)) return;
    event.preventDefault();
    event.stopPropagation();
    depth = 0;
    dropping(false);
    const items = [...(event.dataTransfer.items || [])].filter((item) => item.kind === "file");
    const folders = items.filter((item) => { const at = item.webkitGetAsEntry && item.webkitGetAsEntry(); return at && at.isDirectory; });
    if (folders.length) notes.set("folder", { title: ["A folder cannot be brought as a whole"], words: "Open it, mark its files, and bring those." });
    const names = new Set(folders.map((item) => item.webkitGetAsEntry().name));
    bring([...event.dataTransfer.files].filter((file) => !names.has(file.name) || file.size));
    draw();
  }, true);
  document.addEventListener("paste", (event) => {
    const given = event.clipboardData;
    if (!given || !given.files.length || given.getData("text/plain")) return; // words stay words
    event.preventDefault();
    event.stopPropagation();
    const time = new Date().toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" }).replace(":", ".");
    bring([...given.files].map((file) => (/^image\.\w+$/.test(file.name)
      ? new File([file], `Pasted at ${time}.${file.name.split(".").pop()}`, { type: file.type }) : file)));
  }, true);
  document.addEventListener("visibilitychange", () => { if (!document.hidden && server) refresh(); });
  new MutationObserver(moments).observe(root, { childList: true, subtree: true });

  window.cmlFiles = {
    scope,
    choose,
    refresh,
    counted: counted_,
    offer,
    start: (_element, functions) => { if (server) return; server = functions; draw(); begin(); },
  };
})();
