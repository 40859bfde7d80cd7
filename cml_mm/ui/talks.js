/* Kept conversations: the sheet with the list, questions edited where they stand, handouts.
   The list is asked from the server anew whenever the sheet opens or something in it changes. */
(() => {
  const root = document.documentElement;
  const byId = (id) => document.getElementById(id);
  const box = () => document.querySelector("#cml-ask textarea");
  const busy = () => document.querySelector("#cml-chat .turn.busy");
  let server = null;
  let wanted = ""; // the conversation that is being opened
  let asked = 0;   // counts what was asked of the server: only the newest answer is shown

  const sheet = () => byId("cml-talks");
  const now = () => (byId("cml-talk-now") ? byId("cml-talk-now").dataset.talk : "");
  const said = (words) => { byId("tk-said").textContent = words; };

  // The list

  const opener = (talk) => document.querySelector(`#tk-list li[data-talk="${CSS.escape(talk)}"] .tk-open`);
  const fill = (got) => {
    if (got.trouble) { said(got.trouble); return false; }
    const at = document.activeElement && document.activeElement.closest("#tk-list li");
    byId("tk-list").innerHTML = got.html;
    const same = at && opener(at.dataset.talk); // the list of last time stands there until this one comes
    if (same) same.focus();
    byId("tk-find").hidden = !got.search;
    if (!got.search) byId("tk-typed").value = "";
    search();
    return true;
  };
  const call = async (name, data) => {
    const mine = ++asked;
    sheet().setAttribute("aria-busy", "true");
    let got;
    try { got = await server[name]({ ...data, now: now() }); } catch { got = { trouble: "The connection was lost. Close this list and open it again when the page answers." }; }
    if (mine !== asked) return false;
    sheet().removeAttribute("aria-busy");
    return fill(got);
  };
  const search = () => {
    const typed = byId("tk-typed").value.trim().toLowerCase();
    const rows = [...document.querySelectorAll("#tk-list li")];
    const fits = rows.filter((row) => row.querySelector("b").textContent.toLowerCase().includes(typed));
    for (const row of rows) row.hidden = !fits.includes(row);
    const none = document.querySelector("#tk-list .tk-no");
    if (none) none.hidden = Boolean(fits.length);
    said(typed ? `${fits.length} of ${rows.length} conversations` : "");
  };

  let from = null; // what opened the sheet
  const show = (button) => {
    from = button;
    byId("tk-typed").value = "";
    said("");
    sheet().showModal();
    byId("tk-h").focus();
    call("listed", {});
  };
  const shut = () => { if (sheet().open) sheet().close(); };
  const toAsk = () => { if (root.dataset.view !== "ask") document.querySelector('.tabs [data-lib="to-ask"]').click(); };

  // One row at a time shows its buttons, its name to be changed, or the question whether to delete it.
  const row = (element) => element.closest("li");
  const fold = (item) => {
    for (const part of item.querySelectorAll(".tk-name, .tk-sure")) part.hidden = true;
    item.querySelector(".tk-row").hidden = false;
  };
  const unfold = (item, open) => {
    item.querySelector(".tk-acts").hidden = !open;
    item.querySelector('[data-act="talk-more"]').setAttribute("aria-expanded", String(open));
  };
  const leave = (item) => {
    const part = item.querySelector(".tk-name:not([hidden]), .tk-sure:not([hidden])");
    if (!part) return false;
    const act = part.matches(".tk-name") ? "talk-rename" : "talk-delete";
    if (part.matches("form")) part.reset();
    fold(item);
    unfold(item, true);
    item.querySelector(`[data-act="${act}"]`).focus();
    return true;
  };
  const open = (talk) => {
    if (busy()) { said("One question at a time. Wait for this answer, or stop it first."); window.cmlSay(byId("tk-said").textContent); return; }
    shut();
    toAsk();
    wanted = talk;
    window.cmlPanel.reset();
    window.cmlSend("open", { talk });
  };
  const fresh = () => { window.cmlSend("fresh", {}); window.cmlSay("A new conversation"); toAsk(); box().focus(); };

  // Handouts: the page without a script is printed from here.
  const handout = (turn, ending) => `talks/${encodeURIComponent(now())}/handout${ending}?turn=${encodeURIComponent(turn)}`;
  const print = (address) => {
    const page = window.open(address, "_blank");
    if (page) page.addEventListener("load", () => page.print());
    else location.assign(address);
  };
  const save = (address) => {
    const link = document.createElement("a");
    link.href = address;
    link.download = "";
    document.body.append(link);
    link.click();
    link.remove();
  };

  // A question is edited where it stands.
  const form = (element) => element.closest(".turn").querySelector(".reask");
  const edit = (button) => {
    const it = form(button);
    it.hidden = false;
    it.closest(".you").classList.add("editing");
    const area = it.querySelector("textarea");
    area.focus();
    area.setSelectionRange(area.value.length, area.value.length);
  };
  const unedit = (it) => { it.hidden = true; it.closest(".you").classList.remove("editing"); };
  const leaveEdit = (it) => { it.reset(); unedit(it); it.closest(".you").querySelector('[data-act="edit"]').focus(); };
  const reask = (it) => {
    const question = it.querySelector("textarea").value.trim();
    if (!question) { window.cmlSay("Write a question first."); it.querySelector("textarea").focus(); return; }
    window.cmlSend("reask", { turn: it.dataset.turn, question });
    if (!busy()) { unedit(it); window.cmlSay("Asked again"); }
  };

  const acts = {
    "talks-open": show,
    "talks-shut": shut,
    "talks-fresh": () => {
      if (busy()) { said("One question at a time. Wait for this answer, or stop it first."); return; }
      from = box();
      shut();
      fresh();
    },
    "talk-open": (b) => open(b.dataset.talk),
    "talk-more": (b) => { fold(row(b)); unfold(row(b), b.getAttribute("aria-expanded") !== "true"); },
    "talk-rename": (b) => {
      const item = row(b);
      unfold(item, false);
      item.querySelector(".tk-row").hidden = true;
      item.querySelector(".tk-name").hidden = false;
      item.querySelector("input").select();
    },
    "talk-delete": (b) => {
      const item = row(b);
      unfold(item, false);
      item.querySelector(".tk-sure").hidden = false;
      item.querySelector('[data-act="talk-leave"]:not(.tk-name *)').focus();
    },
    "talk-leave": (b) => leave(row(b)),
    "talk-remove": async (b) => {
      const talk = b.dataset.talk;
      const mine = talk === now();
      if (mine && busy()) { said("One question at a time. Wait for this answer, or stop it first."); return; }
      const item = row(b);
      const next = item.nextElementSibling || item.previousElementSibling;
      const after = next && next.dataset.talk;
      if (!(await call("remove", { talk }))) return;
      said("Deleted.");
      if (mine) window.cmlSend("fresh", {}); else window.cmlSend("offers", {});
      const neighbour = after && opener(after);
      (neighbour || byId("tk-h")).focus();
    },
    print: (b) => print(b.getAttribute("href")),
    "ho-print": (b) => print(handout(b.dataset.turn, "")),
    "ho-save": (b) => save(handout(b.dataset.turn, ".md")),
    edit,
    "reask-leave": (b) => leaveEdit(form(b)),
  };
  document.addEventListener("click", (event) => {
    const target = event.target instanceof Element ? event.target : null;
    const act = target && target.closest("[data-act]");
    if (act && acts[act.dataset.act]) { event.preventDefault(); acts[act.dataset.act](act); return; }
    if (target && target === sheet()) shut(); // beside the sheet
  });
  document.addEventListener("submit", async (event) => {
    const it = event.target;
    if (it.matches(".reask")) { event.preventDefault(); reask(it); }
    if (!it.matches(".tk-name")) return;
    event.preventDefault();
    const { talk } = it.dataset;
    if (!(await call("rename", { talk, title: it.elements.title.value }))) { it.elements.title.focus(); return; }
    said("The name is saved.");
    window.cmlSend("offers", {});
    const item = opener(talk);
    if (item) item.focus();
  });
  // Escape goes one step back; nothing behind the sheet hears of it.
  const back = (event) => {
    const item = document.activeElement && document.activeElement.closest("#tk-list li");
    return Boolean(item && leave(item) && (event.preventDefault(), true));
  };
  document.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const it = event.target instanceof Element ? event.target.closest(".reask") : null;
    if (it && event.key === "Escape") { event.preventDefault(); event.stopPropagation(); leaveEdit(it); return; }
    if (it && event.key === "Enter" && !event.shiftKey && event.target.matches("textarea")) { event.preventDefault(); reask(it); return; }
    if (!sheet() || !sheet().open || event.key !== "Escape") return;
    event.stopPropagation();
    back(event);
  }, true);

  // Gradio draws the page anew: which conversation is open is told to the whole document.
  const apply = () => {
    const talk = now();
    if ((root.dataset.talk || "") !== talk) { if (talk) root.dataset.talk = talk; else delete root.dataset.talk; }
    const turn = document.querySelector("#cml-chat .turn");
    if (wanted && wanted === talk && turn) {
      wanted = "";
      window.cmlFiles.choose(byId("cml-talk-now").dataset.where);
      turn.scrollIntoView({ block: "start" });
      turn.focus({ preventScroll: true });
    }
  };
  new MutationObserver(apply).observe(root, { childList: true, subtree: true });

  window.cmlTalks = {
    start: (element, functions) => {
      server = functions;
      byId("tk-typed").addEventListener("input", search);
      sheet().addEventListener("close", () => { if (from && from.isConnected && from.checkVisibility()) from.focus(); });
    },
  };
})();
