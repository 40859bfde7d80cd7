/* Players of recordings: one for each file, moved to where it is wanted; a citation plays from its second.
   Beside an answer it stands in the evidence; the whole lecture is in lecture.js. */
(() => {
  const STEP = 5; // seconds that an arrow key goes
  const TRIES = 2; // times in a row that a recording which could be played is loaded anew when it breaks off
  const players = new Map(); // file → its audio or video element
  const GONE = "This recording has been deleted, or its time is over. Its words stand here as long as this page is open.";
  const LOST = "The recording could not be fetched. Play it again when the page answers.";
  const UNKNOWN = "This browser cannot play this kind of recording. Its words and slides stand here all the same. Saved as MP4 (H.264) or MP3 it would play.";
  const BLIND = "This browser plays its sound, but not its pictures. Its slides stand here all the same.";

  const address = (file) => `files/${encodeURIComponent(file)}`;
  const stageOf = (player) => player.closest(".lv-stage");

  const say = (stage, words) => {
    if (!stage) return;
    let said = stage.nextElementSibling;
    if (!said || !said.matches(".lv-broken")) {
      said = document.createElement("p");
      said.className = "pp-none lv-broken";
      said.setAttribute("role", "alert");
      stage.after(said);
    }
    said.textContent = words;
  };
  const unsay = (stage) => {
    const said = stage.nextElementSibling;
    if (said && said.matches(".lv-broken")) said.remove();
  };
  const failed = async (player, file) => {
    const [at, moving] = [Number(player.dataset.to || player.currentTime), !player.paused];
    const answer = await fetch(`${address(file)}/media`, { method: "HEAD", cache: "no-store" }).catch(() => null);
    const stage = stageOf(player);
    const tried = Number(player.dataset.tried || 0);
    if (answer && answer.ok && player.dataset.known && tried < TRIES) { // a cut line, or a decoder that gave up on a quick seek
      player.dataset.tried = String(tried + 1);
      player.load();
      to(player, at);
      if (moving) play(player);
      return;
    }
    players.delete(file);
    player.remove();
    document.dispatchEvent(new CustomEvent("cml-player-lost", { detail: player }));
    if (stage) stage.classList.remove("on");
    say(stage, !answer ? LOST : answer.status === 404 ? GONE : answer.ok ? UNKNOWN : LOST);
  };

  const made = (stage, seconds) => {
    const { file, name, track, language } = stage.dataset;
    const player = document.createElement(stage.classList.contains("heard") ? "audio" : "video");
    player.controls = true;
    player.preload = "metadata";
    player.setAttribute("playsinline", "");
    player.setAttribute("aria-label", name);
    player.dataset.file = file;
    player.src = `${address(file)}/media#t=${seconds}`; // so that not even its first frame is from its start
    if (track) {
      const captions = document.createElement("track");
      Object.assign(captions, { kind: "captions", label: track, srclang: language || "und", src: `${address(file)}/captions.vtt` });
      player.append(captions);
    }
    player.addEventListener("error", () => failed(player, file));
    player.addEventListener("loadedmetadata", () => {
      player.dataset.known = "yes";
      arrive(player);
      if (player instanceof HTMLVideoElement && !player.videoWidth) { stageOf(player)?.classList.add("blind"); say(stageOf(player), BLIND); }
    });
    player.addEventListener("seeked", () => { player.dataset.tried = "0"; });
    player.addEventListener("play", () => {
      for (const other of players.values()) if (other !== player) other.pause();
    });
    return player;
  };

  // Puts a file's player on a stage. Moving it stops it, its place in the recording stays.
  const mount = (stage, seconds = 0) => {
    const { file } = stage.dataset;
    const player = players.get(file) || made(stage, seconds);
    const fresh = !players.has(file);
    players.set(file, player);
    if (player.parentElement !== stage) {
      const before = stageOf(player);
      if (before) before.classList.remove("on", "blind");
      stage.append(player);
      if (player.tagName === "VIDEO" && player.readyState > 0 && !player.videoWidth) stage.classList.add("blind");
    }
    stage.classList.add("on");
    if (fresh) document.dispatchEvent(new CustomEvent("cml-player-made", { detail: player }));
    return player;
  };
  // Before its length is known a player would begin at its start and go on from there.
  const to = (player, seconds) => {
    player.dataset.to = String(seconds);
    if (player.readyState > 0) arrive(player);
  };
  const arrive = (player) => {
    const { to: wanted } = player.dataset;
    delete player.dataset.to;
    if (!wanted || Math.abs(player.currentTime - Number(wanted)) < 0.01) return;
    player.currentTime = Math.max(0, Math.min(Number(wanted), player.duration || Number(wanted)));
  };
  const play = (player) => player.play().catch(() => null); // not allowed yet, or it failed, which says so itself
  const playFrom = (stage, seconds) => {
    unsay(stage);
    const player = mount(stage, seconds);
    to(player, seconds);
    play(player);
    return player;
  };
  const pauseAll = () => { for (const player of players.values()) player.pause(); };

  // What players do with keys; true where it was one of theirs.
  const key = (event, player) => {
    if (!player || event.ctrlKey || event.metaKey || event.altKey) return false;
    const acts = {
      " ": () => (player.paused ? play(player) : player.pause()),
      k: () => (player.paused ? play(player) : player.pause()),
      ArrowLeft: () => to(player, player.currentTime - STEP),
      ArrowRight: () => to(player, player.currentTime + STEP),
      j: () => to(player, player.currentTime - 2 * STEP),
      l: () => to(player, player.currentTime + 2 * STEP),
      m: () => { player.muted = !player.muted; },
    };
    const act = acts[event.key];
    if (!act) return false;
    event.preventDefault();
    act();
    return true;
  };

  // In the evidence

  const acts = { "lv-play": (b) => { playFrom(b.closest(".lv-stage"), Number(b.dataset.at)).focus({ preventScroll: true }); } };
  document.addEventListener("click", (event) => {
    const target = event.target instanceof Element ? event.target : null;
    if (!target) return;
    const act = target.closest("[data-act]");
    if (act && acts[act.dataset.act]) { event.preventDefault(); acts[act.dataset.act](act); return; }
    if (act && act.dataset.act === "shut") pauseAll();
    const link = target.closest('a[href^="#ev-"]');
    if (!link) return;
    const moment = document.querySelector(`#${CSS.escape(link.getAttribute("href").slice(1))} .lv`);
    const stage = moment && moment.querySelector(".lv-stage");
    if (stage) playFrom(stage, Number(moment.dataset.at)); else pauseAll();
  });
  document.addEventListener("keydown", (event) => {
    const here = document.activeElement;
    const item = here && here.matches(".e") && here.querySelector(".lv-stage video, .lv-stage audio");
    if (item && !event.defaultPrevented) key(event, item);
    if (event.key === "Escape") pauseAll(); // the panel is left; a dialog keeps its own Escape
  });

  window.cmlPlayer = { mount, to, play, key, pauseAll, of: (file) => players.get(file) || null };
})();
