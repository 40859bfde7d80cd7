/* The lecture: its player with chapters and slides, and the sentences that follow it, can be searched and walked through.
   Words of a lecture come from the server as escaped HTML or stand here as text, never as markup. */
(() => {
  const byId = (id) => document.getElementById(id);
  const SLACK = 0.05; // seconds by which a player may stand before the moment that it was sent to
  let server = null;
  let file = "";
  let player = null;
  let spans = [];      // { at, until, element } of the sentences, in order
  let lit = null;      // the sentence that is said now
  let following = true;
  let turn = 0;        // an answer that a later one has overtaken is dropped
  let home = null;     // the stage beside an answer that the player came from
  let opener = null;

  const dialog = () => byId("cml-lecture");
  const find = (selector) => dialog().querySelector(selector);
  const all = (selector) => [...dialog().querySelectorAll(selector)];
  const reduced = () => matchMedia("(prefers-reduced-motion: reduce)").matches;
  const clock = (seconds) => {
    const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, String(Math.floor(seconds) % 60).padStart(2, "0")];
    return h ? `${h}:${String(m).padStart(2, "0")}:${s}` : `${m}:${s}`;
  };
  const holds = (element, now) => now + SLACK >= Number(element.dataset.at) && now + SLACK < Number(element.dataset.until);
  const current = (element, on) => { if (on) element.setAttribute("aria-current", "true"); else element.removeAttribute("aria-current"); };

  // Following

  const show = (element) => {
    const scroller = matchMedia("(max-width: 760px)").matches ? dialog() : find(".lv-side");
    const stage = scroller === dialog() ? find(".lv-top").offsetHeight : find(".lv-h").offsetHeight;
    const room = scroller.clientHeight - stage;
    const place = element.getBoundingClientRect().top - scroller.getBoundingClientRect().top - stage;
    if (place > 0.15 * room && place < 0.6 * room) return;
    scroller.scrollBy({ top: place - 0.3 * room, behavior: reduced() ? "auto" : "smooth" });
  };
  const follow = (wanted) => {
    following = wanted;
    const foot = find(".lv-foot");
    if (foot) foot.hidden = wanted || !lit;
    if (wanted && lit) show(lit);
  };
  const update = () => {
    if (!player || !dialog().open) return;
    const now = player.currentTime;
    const said = spans.find((span) => now + SLACK >= span.at && now + SLACK < span.until);
    const element = said ? said.element : null;
    if (element !== lit) {
      if (lit) { lit.classList.remove("on"); current(lit.firstElementChild, false); }
      lit = element;
      if (lit) {
        lit.classList.add("on");
        current(lit.firstElementChild, true);
        if (following && !lit.hidden) show(lit);
      }
    }
    const chapters = all(".lv-ch");
    const inside = chapters.findIndex((one) => holds(one, now));
    chapters.forEach((one, at) => current(one, at === inside));
    const words = inside < 0 ? "" : `${inside + 1} of ${chapters.length}, ${chapters[inside].dataset.title}`;
    const line = find(".lv-now");
    if (line && line.textContent !== words) line.textContent = words;
    const last = chapters[chapters.length - 1];
    if (last) find(".lv-head").style.left = `${Math.min(100, (100 * now) / Number(last.dataset.until))}%`;
    for (const frame of all(".lv-frame")) {
      const on = holds(frame, now);
      if (on && !frame.hasAttribute("aria-current")) {
        const row = frame.closest(".lv-frames");
        row.scrollTo({ left: frame.offsetLeft - row.offsetLeft - 40, behavior: reduced() ? "auto" : "smooth" });
      }
      current(frame, on);
    }
  };

  // Markers of what was cited of this file in the answers.
  const mark = () => {
    const place = find(".lv-marks");
    const chapters = all(".lv-ch");
    if (!place || !chapters.length) return;
    const end = Number(chapters[chapters.length - 1].dataset.until);
    place.replaceChildren();
    const section = [...document.querySelectorAll("#cml-right .evs")].find((one) => !one.hidden);
    for (const moment of section ? section.querySelectorAll(".lv") : []) {
      if (moment.dataset.file !== file) continue;
      const number = moment.closest(".e").dataset.ev.split("-")[1];
      const one = document.createElement("button");
      one.type = "button";
      one.className = "lv-mark";
      one.dataset.act = "lv-seek";
      one.dataset.at = moment.dataset.at;
      one.style.left = `${Math.min(100, (100 * Number(moment.dataset.at)) / end)}%`;
      one.setAttribute("aria-label", `Source ${number}, at ${clock(Number(moment.dataset.at))}`);
      one.textContent = number;
      place.append(one);
    }
  };

  // Opening and closing

  const fill = (got, whole = true) => {
    byId("cml-lecture-title").textContent = got.title;
    find(".lv-about").textContent = got.about;
    if (whole) find(".lv-place").innerHTML = got.stage;
    find(".lv-nav").innerHTML = got.strip;
    find(".lv-slides").innerHTML = got.slides;
    find(".dg-take").innerHTML = got.take;
    find(".lv-side").innerHTML = got.side;
    spans = all(".lv-cue").map((element) => ({ at: Number(element.dataset.at), until: Number(element.dataset.until), element }));
    lit = null;
    following = true;
  };
  // Anew after a correction: what is played, scrolled to and searched stays.
  const refresh = async () => {
    const mine = turn;
    const got = await server.lecture({ file }).catch(() => null);
    if (mine !== turn || !got || got.trouble) return false;
    const [side, whole, looked] = [find(".lv-side").scrollTop, dialog().scrollTop, byId("lv-find") && byId("lv-find").value];
    fill(got, false);
    mark();
    following = false;
    update();
    follow(false);
    if (looked) { byId("lv-find").value = looked; search(); }
    find(".lv-side").scrollTop = side;
    dialog().scrollTop = whole;
    const captions = player && player.querySelector("track");
    if (captions) captions.src = `files/${encodeURIComponent(file)}/captions.vtt?at=${Date.now()}`;
    touch(mine);
    return true;
  };
  // What it has to do with the library, asked apart: it takes longer than the lecture itself.
  const touch = async (mine) => {
    const place = find(".lv-touch");
    const before = place.querySelector("details");
    if (!before) {
      const said = document.createElement("p");
      said.className = "small mut";
      said.textContent = "Comparing it with the library…";
      place.replaceChildren(said);
    }
    const got = await server.touched({ file }).catch(() => null);
    if (mine !== turn) return;
    if (!got || got.trouble) {
      if (!before) place.firstChild.textContent = (got && got.trouble) || "It could not be compared with the library. Open it again when the page answers.";
      return;
    }
    const inside = place.contains(document.activeElement);
    place.innerHTML = got.html;
    place.querySelector("details").open = before ? before.open : !matchMedia("(max-width: 760px)").matches;
    if (inside) place.querySelector("summary").focus({ preventScroll: true });
  };
  const clear = (words) => {
    for (const place of [".lv-place", ".lv-nav", ".lv-slides", ".lv-touch", ".dg-take", ".lv-side"]) find(place).replaceChildren();
    find(".lv-about").textContent = "";
    byId("cml-lecture-title").textContent = words;
    spans = [];
  };
  const leave = () => {
    if (!player) return;
    player.removeEventListener("timeupdate", update);
    player.removeEventListener("seeking", update);
    player.pause();
    if (home && home.isConnected) window.cmlPlayer.mount(home); else player.remove();
    player = null;
    home = null;
  };
  // What the browser could not play is gone; its words and slides stay and are walked through without it.
  document.addEventListener("cml-player-lost", (event) => {
    if (event.detail !== player) return;
    player = null;
    home = null;
  });
  const hold = (made) => {
    player = made;
    player.addEventListener("timeupdate", update);
    player.addEventListener("seeking", update);
  };
  // Played again on its stage after it was lost.
  document.addEventListener("cml-player-made", (event) => {
    if (!player && event.detail.closest("#cml-lecture")) hold(event.detail);
  });
  const seek = (seconds, play = true) => {
    if (!player) { // captions alone: there is nothing to play
      const said = spans.find((span) => seconds + SLACK >= span.at && seconds + SLACK < span.until);
      if (lit) lit.classList.remove("on");
      lit = said ? said.element : null;
      if (lit) { lit.classList.add("on"); show(lit); }
      return;
    }
    window.cmlPlayer.to(player, seconds);
    if (play) window.cmlPlayer.play(player);
    follow(true);
    update();
  };
  const open = async ({ file: wanted, at = null, play = false }) => {
    const mine = turn += 1;
    leave();
    const running = window.cmlPlayer.of(wanted);
    const beside = running && running.closest(".lv .lv-stage");
    const moving = Boolean(running) && !running.paused;
    if (running && at === null) at = running.currentTime;
    if (!dialog().open) { opener = document.activeElement; dialog().showModal(); }
    file = wanted;
    clear("Opening the lecture…");
    byId("cml-lecture-title").focus();
    const got = await server.lecture({ file }).catch(() => null);
    if (mine !== turn) return;
    if (!got || got.trouble) {
      clear("Lecture");
      const said = document.createElement("p");
      said.className = "pp-none";
      said.textContent = (got && got.trouble) || "The connection was lost. Try again when the page answers.";
      find(".lv-place").append(said);
      return;
    }
    fill(got);
    mark();
    touch(mine);
    const stage = find(".lv-stage");
    if (stage) {
      hold(window.cmlPlayer.mount(stage, Number(at) || 0));
      home = beside;
    }
    if (at !== null) seek(Number(at), play || moving);
    update();
    window.cmlSay(find(".lv-about").textContent);
  };

  // Searching

  const plain = (text) => text.toLowerCase();
  const search = () => {
    const words = plain(byId("lv-find").value).split(/\s+/).filter(Boolean);
    let found = 0;
    for (const { element } of spans) {
      const said = element.querySelector(".lv-said");
      const text = said.textContent;
      const hit = words.every((word) => plain(text).includes(word));
      element.hidden = !hit;
      if (hit) found += 1;
      said.replaceChildren(...(hit && words.length ? parted(text, words) : [text]));
    }
    for (const part of all(".lv-part")) part.hidden = !part.querySelector(".lv-cue:not([hidden])");
    byId("lv-found").textContent = !words.length ? "" : found === 1 ? "1 place" : `${found} places`;
    rest();
    if (words.length) find(".lv-foot").hidden = true; else follow(true);
  };
  // The text with what was looked for set off; where lower case is longer than what was written, as it is.
  const parted = (text, words) => {
    const low = plain(text);
    if (low.length !== text.length) return [text];
    const out = [];
    let at = 0;
    while (at < text.length) {
      const next = words.map((word) => [low.indexOf(word, at), word]).filter(([place]) => place >= 0).sort((a, b) => a[0] - b[0] || b[1].length - a[1].length)[0];
      if (!next) break;
      const hit = document.createElement("b");
      hit.className = "lv-hit";
      hit.textContent = text.slice(next[0], next[0] + next[1].length);
      out.push(text.slice(at, next[0]), hit);
      at = next[0] + next[1].length;
    }
    return [...out, text.slice(at)];
  };

  // Keys: one stop for Tab in each list, arrows within it; elsewhere what players do with them.

  const LISTS = [[".lv-c", "ArrowUp", "ArrowDown"], [".lv-ch", "ArrowLeft", "ArrowRight"], [".lv-frame", "ArrowLeft", "ArrowRight"], [".lv-page", "ArrowLeft", "ArrowRight"]];
  const rest = () => {
    const seen = all(".lv-c").filter((one) => !one.closest("[hidden]"));
    if (seen.length && !seen.some((one) => one.tabIndex === 0)) seen[0].tabIndex = 0;
  };
  const walk = (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return false;
    const here = document.activeElement;
    for (const [selector, before, after] of LISTS) {
      if (!here || !here.matches(`#cml-lecture ${selector}`)) continue;
      const among = all(selector).filter((one) => !one.closest("[hidden]"));
      const place = among.indexOf(here);
      const goal = { [before]: place - 1, [after]: place + 1, Home: 0, End: among.length - 1 }[event.key];
      if (goal === undefined) return false;
      event.preventDefault();
      const one = among[Math.max(0, Math.min(among.length - 1, goal))];
      for (const other of all(selector)) other.tabIndex = other === one ? 0 : -1;
      if (selector === ".lv-c") follow(false);
      one.focus();
      return true;
    }
    return false;
  };
  document.addEventListener("keydown", (event) => {
    if (!dialog() || !dialog().open || byId("cml-viewer").open) return; // a page over the lecture has keys of its own
    const target = event.target;
    if (event.key === "Escape") { // first out of the search, then out of the lecture; the panel behind stays
      event.stopPropagation();
      if (window.cmlAmend.leave()) event.preventDefault();
      else if (target.id === "lv-find" && target.value) { event.preventDefault(); target.value = ""; search(); }
      return;
    }
    if (target.id === "lv-find") {
      const first = all(".lv-c").find((one) => !one.closest("[hidden]"));
      if (event.key === "ArrowDown" && first) { event.preventDefault(); for (const one of all(".lv-c")) one.tabIndex = one === first ? 0 : -1; first.focus(); }
      if (event.key === "Enter" && first && !event.isComposing) { event.preventDefault(); seek(Number(first.dataset.at)); }
      return;
    }
    if (walk(event)) return;
    if (["PageUp", "PageDown"].includes(event.key)) follow(false);
    if (target.matches("input, select, textarea, video, audio")) return; // they have keys of their own
    if (event.key === " " && target.matches("button, a, summary")) return;
    window.cmlPlayer.key(event, player);
  }, true);

  // Whoever scrolls reads on at their own pace.
  for (const kind of ["wheel", "touchmove"]) {
    document.addEventListener(kind, (event) => {
      if (!dialog() || !dialog().open || !(event.target instanceof Element)) return;
      if (event.target.closest(".lv-side") && spans.length && following) follow(false);
    }, { passive: true });
  }

  // Links to a moment

  const seconds = (hash) => {
    const found = /(?:^#|&)t=(?:npt:)?([\d:.]+)/.exec(hash);
    return found ? found[1].split(":").reduce((sum, part) => 60 * sum + Number(part), 0) || 0 : null;
  };
  const link = async () => {
    const at = player ? Math.round(10 * player.currentTime) / 10 : 0;
    const words = `${location.origin}${location.pathname}?lecture=${encodeURIComponent(file)}#t=${at}`;
    const done = await navigator.clipboard.writeText(words).then(() => true, () => false);
    const told = find('[data-act="lv-link"] span');
    told.textContent = done ? `Copied, ${clock(at)}` : "Not copied";
    window.cmlSay(done ? "The link is copied. It opens in this browser only, as long as the file is kept." : "The link could not be copied.");
    told.parentElement.classList.add("told");
    setTimeout(() => { told.textContent = "Copy link"; told.parentElement.classList.remove("told"); }, 3000);
  };
  addEventListener("hashchange", () => {
    const at = seconds(location.hash);
    if (dialog() && dialog().open && at !== null) seek(at, false);
  });
  const linked = async () => {
    const wanted = new URLSearchParams(location.search).get("lecture");
    if (!wanted) return;
    const health = await fetch("healthz", { cache: "no-store" }).then((answer) => answer.json(), () => ({}));
    if (health.ready) open({ file: wanted, at: seconds(location.hash) ?? 0 }); else setTimeout(linked, 1000);
  };

  const acts = {
    "lv-open": (b) => {
      const moment = b.closest(".lv");
      const on = moment && moment.querySelector(".lv-stage.on");
      open({ file: b.dataset.file, at: on ? null : b.dataset.at || 0 });
    },
    "lv-shut": () => dialog().close(),
    "lv-seek": (b) => {
      if (b.matches(".lv-cue .lv-c") && window.cmlAmend.on()) window.cmlAmend.edit(b.closest(".lv-cue"));
      else seek(Number(b.dataset.at));
    },
    "lv-follow": () => follow(true),
    "lv-link": () => link(),
  };
  document.addEventListener("click", (event) => {
    const act = event.target instanceof Element && event.target.closest("[data-act]");
    if (act && acts[act.dataset.act]) { event.preventDefault(); acts[act.dataset.act](act); }
  });
  // A page of the library is shown behind the dialog, so that this closes first, before the link is followed.
  document.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || !(event.target instanceof Element)) return;
    if (event.target.closest("#cml-lecture a[data-page]")) dialog().close();
  }, true);
  document.addEventListener("input", (event) => { if (event.target.id === "lv-find") search(); });
  document.addEventListener("close", (event) => {
    if (event.target !== dialog()) return;
    turn += 1;
    leave();
    window.cmlAmend.forget();
    clear("");
    if (opener && opener.isConnected && document.activeElement === document.body) opener.focus({ preventScroll: true });
  }, true);

  window.cmlLecture = {
    open, refresh, dialog, find, all, seek,
    file: () => file,
    start: (functions) => { server = functions; linked(); },
  };
})();
