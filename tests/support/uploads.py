"""Uploads to the real app from several visitors at once, and kill -9 in the middle of them.

python -m tests.support.uploads kill ROUNDS [SEED]

After every kill no process of the app may be left; after every restart each acknowledged file must
be whole (listed, drawn, its bytes, an answer from it), and nothing else there in part.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import random
import shutil
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import docx
import httpx
import pptx

from cml_mm.engine import Engine
from cml_mm.settings import Settings
from cml_mm.talk import Scope
from cml_mm.visits import COOKIE, new_token, visitor_key
from tests.support.pdf import flow, write_pdf
from tests.support.pictures import below, drawn, saved
from tests.support.server import REAL, Served, serving
from tests.support.traces import found_words, slices

VISITORS, EACH = 10, 3  # uploads in a round, all begun at once
MOST_ACKNOWLEDGED = 20  # before a kill
AFTER_SECONDS = 1.5  # at most this long after the last of them
GONE_SECONDS = 15.0  # within which every process is gone
_SYLLABLES = "bra dro fen gul hin jor kal lum mor nev pil quo rin sut tav vel wim yar zon".split()
_FILLER = "The minutes are kept in the hall and every household may read them there."


@dataclass
class Upload:
    """A file that is brought; `word` stands in it and nowhere else."""

    name: str
    word: str
    data: bytes
    token: str
    acknowledged: str = ""  # its id
    ended: str = ""  # what else the last line said, or how the connection ended

    @property
    def question(self) -> str:
        return f"How much does the {self.word} fund pay?"


@dataclass
class Burst:
    """Uploads that are on their way at the same time."""

    uploads: list[Upload]
    threads: list[threading.Thread] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)
    acknowledged: int = 0
    changed: threading.Event = field(default_factory=threading.Event)


def made_upload(number: int, chance: random.Random, token: str) -> Upload:
    """One of eight kinds, in turn; the same for the same number and chance."""
    word = "".join(chance.choice(_SYLLABLES) for _ in range(4)).title()
    said = f"The {word} fund pays {chance.randint(101, 999)} euros to every household."
    ending, make = list(_KINDS.items())[number % len(_KINDS)]
    return Upload(f"{word}.{ending}", word, make(word, said), token)


def _pdf(word: str, said: str) -> bytes:
    return write_pdf([flow(said, "", _FILLER)] * 2)


def _docx(word: str, said: str) -> bytes:
    document = docx.Document()
    document.add_heading(f"{word} rules", 0)
    for text in (said, _FILLER):
        document.add_paragraph(text)
    return _saved(document)


def _pptx(word: str, said: str) -> bytes:
    deck = pptx.Presentation()
    slide = deck.slides.add_slide(deck.slide_layouts[1])
    slide.shapes.title.text, slide.placeholders[1].text = f"{word} fund", said
    return _saved(deck)


def _saved(document: object) -> bytes:
    kept = io.BytesIO()
    document.save(kept)  # type: ignore[attr-defined]
    return kept.getvalue()


_KINDS: dict[str, Callable[[str, str], bytes]] = {
    "pdf": _pdf,
    "docx": _docx,
    "md": lambda word, said: f"# {word} rules\n\n{said}\n\n{_FILLER}\n".encode(),
    "txt": lambda word, said: f"{said}\n\n{_FILLER}\n".encode(),
    "pptx": _pptx,
    "csv": lambda word, said: f"Fund,Pays,Says\n{word} fund,every household,{said}\nOther,nobody,nothing\n".encode(),
    "html": lambda word, said: f"<html><h1>{word} rules</h1><p>{said}</p><p>{_FILLER}</p></html>".encode(),
    "png": lambda word, said: saved(drawn(below(f"The {word} fund", said[said.index("pays") :]), 760, 200)),
}


def visitor(url: str, token: str) -> httpx.Client:
    cookie = {"cookie": f"{COOKIE}={token}"}
    return httpx.Client(base_url=url, headers=cookie, timeout=120, trust_env=False)


def bring(url: str, upload: Upload) -> None:
    """Sends a file and listens to the end; a full line is tried again."""
    try:
        with visitor(url, upload.token) as client:
            while True:
                with client.stream("POST", "files", params={"name": upload.name}, content=upload.data) as answer:
                    if answer.status_code != 429:
                        for line in answer.iter_lines():
                            _heard(upload, json.loads(line))
                        return
                    answer.read()
                threading.Event().wait(0.2)
    except (httpx.HTTPError, json.JSONDecodeError) as error:
        upload.ended = upload.ended or f"lost: {type(error).__name__}"


def _heard(upload: Upload, said: dict[str, object]) -> None:
    card = said.get("file")
    if isinstance(card, dict):
        upload.acknowledged = str(card["id"])
    elif "error" in said or "cancelled" in said:
        upload.ended = json.dumps(said)


def begin(url: str, uploads: Sequence[Upload]) -> Burst:
    """Brings all of them at once, each in a thread of its own."""
    burst = Burst(list(uploads))

    def run(upload: Upload) -> None:
        bring(url, upload)
        with burst.lock:
            burst.acknowledged += bool(upload.acknowledged)
            burst.changed.set()

    burst.threads = [threading.Thread(target=run, args=(upload,), daemon=True) for upload in uploads]
    for thread in burst.threads:
        thread.start()
    return burst


def kill(served: Served, burst: Burst, acknowledged: int, after_seconds: float) -> list[int]:
    """Kills the app's process when so many files are acknowledged, a moment later.

    Returns: the processes that it had started and that were alive at that moment.
    """
    end = time.monotonic() + 300
    while burst.acknowledged < acknowledged and any(thread.is_alive() for thread in burst.threads):
        if time.monotonic() > end:
            raise RuntimeError(f"only {burst.acknowledged} files were acknowledged")
        burst.changed.wait(0.2)
        burst.changed.clear()
    threading.Event().wait(after_seconds)
    served.process.send_signal(signal.SIGSTOP)  # it starts nothing more while we count
    children = children_of(served.process.pid)
    served.process.send_signal(signal.SIGKILL)
    served.process.wait()
    for thread in burst.threads:
        thread.join(60)
    return children


def children_of(parent: int) -> list[int]:
    """Processes that a process has started, as far as /proc tells."""
    found = []
    for place in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, owner = place.read_text().rsplit(")", 1)[1].split()[:2]
        except (OSError, IndexError):
            continue
        if int(owner) == parent and state != "Z":
            found.append(int(place.parent.name))
    return found


def survivors(pids: Sequence[int], seconds: float = GONE_SECONDS) -> list[int]:
    """Those that are still alive after a while."""
    end = time.monotonic() + seconds
    while (alive := [pid for pid in pids if _is_alive(pid)]) and time.monotonic() < end:
        threading.Event().wait(0.05)
    return alive


def _is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] not in "ZX"
    except OSError:
        return False


def check_served(served: Served, known: Sequence[Upload]) -> list[str]:
    """What is wrong with what a restarted app shows; also tells the uploads that were kept but not acknowledged."""
    wrong = []
    for token in dict.fromkeys(upload.token for upload in known):
        mine = {upload.name: upload for upload in known if upload.token == token}
        with visitor(served.url, token) as client:
            cards = client.get("files").raise_for_status().json()["files"]
            for card in cards:
                if card["name"] not in mine or card["state"] != "ready":
                    wrong.append(f"shown, and should not be: {card}")
                    continue
                upload = mine.pop(card["name"])
                if upload.acknowledged not in ("", card["id"]):
                    wrong.append(f"{upload.name} has another id")
                upload.acknowledged = card["id"]  # from now on it must stay
                if upload.name.endswith((".pdf", ".png")):
                    face = "page-1" if upload.name.endswith(".pdf") else "picture-1"
                    if client.get(f"files/{card['id']}/faces/{face}").status_code != 200:
                        wrong.append(f"{upload.name} cannot be drawn")
        wrong += [f"acknowledged and not there: {upload.name}" for upload in mine.values() if upload.acknowledged]
    return wrong


def check_answers(settings: Settings, known: Sequence[Upload]) -> list[str]:
    """Asks every file that was kept, through an engine over the same data."""
    wrong = []
    with Engine.open(settings) as engine:
        for upload in known:
            if not upload.acknowledged:
                continue
            scope = Scope("files", visitor_key(upload.token), (upload.acknowledged,))
            evidence = engine.answer(upload.question, scope=scope).evidence
            if upload.acknowledged not in {item.source.slug for item in evidence}:
                wrong.append(f"no answer from {upload.name}")
    return wrong


def check_disk(data: Path, temporary: Path, known: Sequence[Upload]) -> list[str]:
    """What is on the disk and should not be, or is not what was brought. A sweep has been done."""
    kept = {upload.acknowledged: upload for upload in known if upload.acknowledged}
    wrong = []
    folders = {path.name: path for path in (data / "sessions").glob("*/*")}
    if set(folders) != set(kept):
        wrong.append(f"folders and files differ: {set(folders) ^ set(kept)}")
    for name, folder in folders.items():
        whole = hashlib.sha256((folder / "original").read_bytes()).digest()
        if name in kept and whole != hashlib.sha256(kept[name].data).digest():
            wrong.append(f"{kept[name].name} is not what was brought")
    left = [path for place in ("inbox", "trash") for path in (data / place).rglob("*") if path.is_file()]
    wrong += [f"left behind: {path}" for path in left if path.suffix != ".lock" or path.stat().st_size]
    wrong += [f"in the temporary folder: {path}" for path in temporary.rglob("*") if path.is_file()]
    absent = [upload for upload in known if not upload.acknowledged]
    if traces := found_words(data, [upload.word for upload in absent]):
        wrong.append(f"words of what was not kept: {traces}")
    everything = [path.read_bytes() for path in data.rglob("*") if path.is_file()]
    for upload in absent:
        own = [piece for piece in slices(upload.data) if not any(piece in other.data for other in kept.values())]
        if any(piece in one for one in everything for piece in own):
            wrong.append(f"bytes of {upload.name}, which was not kept")
    if unseen := [upload.word for upload in kept.values() if not found_words(data, [upload.word])]:
        wrong.append(f"the search does not even find what is there: {unseen}")
    return wrong


@dataclass
class Tally:
    """What came of the rounds; `wrong` is empty where all is well."""

    rounds: int = 0
    uploads: int = 0
    acknowledged: int = 0  # before the kill
    kept_unheard: int = 0  # there after the restart though the kill came before the word
    absent: int = 0
    children: int = 0  # alive at the moment of the kill
    wrong: list[str] = field(default_factory=list)


def kill_rounds(folder: Path, settings: Settings, rounds: int, seed: int = 5, most: int = MOST_ACKNOWLEDGED) -> Tally:
    """Starts, checks, brings, kills; again and again on the same data, and checks once more at the end.

    Args:
        folder: empty; everything is written here.
        settings: with an index, which is copied, and the models.
        most: files that are acknowledged before a kill.
    """
    chance, tally, known = random.Random(seed), Tally(), list[Upload]()
    temporary = folder / "tmp"
    temporary.mkdir()
    shutil.copytree(settings.index, folder / "index")
    own = replace(settings, index=folder / "index", data=folder / "data")
    environ = {"TMPDIR": str(temporary), "CML_MODELS": str(settings.models)}
    for number in range(rounds + 1):
        with serving(REAL, folder, environ) as served:
            tally.wrong += check_served(served, known)
            if number < rounds:
                tokens = [new_token() for _ in range(VISITORS)]
                new = [made_upload(at, chance, tokens[at % VISITORS]) for at in range(VISITORS * EACH)]
                burst = begin(served.url, new)
                children = kill(served, burst, chance.randint(1, most), chance.uniform(0, AFTER_SECONDS))
                tally.wrong += [f"process {pid} is still there" for pid in survivors(children)]
                _count(tally, new, children)
                known += new
            else:
                tally.wrong += check_answers(own, known) + check_disk(own.data, temporary, known)
        if tally.wrong:
            break
    tally.kept_unheard = sum(bool(upload.acknowledged) for upload in known) - tally.acknowledged
    tally.absent = sum(not upload.acknowledged for upload in known)
    return tally


def _count(tally: Tally, new: Sequence[Upload], children: Sequence[int]) -> None:
    tally.rounds += 1
    tally.uploads += len(new)
    tally.acknowledged += sum(bool(upload.acknowledged) for upload in new)
    tally.children += len(children)
    tally.wrong += [f"{upload.name}: {upload.ended}" for upload in new if upload.ended.startswith("{")]


def main_kill(rounds: str, seed: str = "5") -> int:
    """Over the index that CML_INDEX names."""
    with tempfile.TemporaryDirectory() as scratch:
        tally = kill_rounds(Path(scratch), Settings.load(), int(rounds), int(seed))
    print(json.dumps(tally.__dict__, indent=1))
    return bool(tally.wrong)


if __name__ == "__main__":
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    raise SystemExit({"kill": main_kill}[sys.argv[1]](*sys.argv[2:]))
