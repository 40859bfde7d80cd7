"""A visitor's files through the real sandbox, record and index: taken in, asked, drawn, and gone without a trace."""

from __future__ import annotations

import gc
import io
import random
import shutil
import threading
import time
import weakref
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from cml_mm.engine import Engine
from cml_mm.engine.bringing import Bringer
from cml_mm.engine.files import Files
from cml_mm.engine.keeping import keep_clean
from cml_mm.engine.opened import Opened
from cml_mm.engine.ready import ReadyKey, ReadySources
from cml_mm.engine.sights import MOST_SIGHTS, recognised
from cml_mm.errors import InputError, LimitExceeded, StoreFull
from cml_mm.graph.snapshot import open_snapshot
from cml_mm.models.minilm import MiniLM
from cml_mm.ports import Cancelled, FileReader, Told
from cml_mm.profiles import file_reader
from cml_mm.record import Record
from cml_mm.settings import Settings
from cml_mm.talk import NO_TALK, Scope
from cml_mm.types import Answer, AnswerReady, Page, SentenceReady
from cml_mm.visits import (
    DEFAULT_LIMITS,
    DrawnFace,
    FileCard,
    KeptTalk,
    KeptTurn,
    Limits,
    PictureFeatures,
    ReadFile,
    StoredFile,
    new_file_id,
    new_talk_id,
)
from tests.support import own_files
from tests.support.pdf import flow, write_pdf
from tests.support.record_values import DAY, Clock
from tests.support.traces import found_slices, found_words, slices_of

ANNA, BERT, CARL = "a" * 40, "b" * 40, "c" * 40  # visitors' keys
WORDS = "Zorvantil"  # stands nowhere else
RULES = f"# Rules of the {WORDS} house\n\nThe {WORDS} fund pays 417 euros to every household in winter.\n".encode()
OTHER = b"# Minutes\n\nThe cellar is painted on 3 May by Mina Okafor. Bring your own brush.\n"
QUESTION = f"How much does the {WORDS} fund pay?"


def silent(words: str, done: int, of: int) -> None:
    """Nobody listens."""


def never() -> bool:
    return False


@dataclass
class House:
    """Files over a record of their own with a clock, and a library to ask beside them."""

    data: Path
    record: Record
    files: Files
    clock: Clock
    opened: Opened

    def bring(
        self, visitor: str, name: str, data: bytes, told: Told = silent, cancelled: Cancelled = never
    ) -> FileCard | None:
        content = self.files.inbox() / f"arriving-{name}"
        content.write_bytes(data)
        try:
            return self.files.add(visitor, name, content, told, cancelled)
        finally:
            assert list(self.files.inbox().iterdir()) == []

    def brought(self, visitor: str, name: str, data: bytes) -> FileCard:
        card = self.bring(visitor, name, data)
        assert card is not None and card.state == "ready"
        return card

    def keep(self, visitor: str, stored: StoredFile) -> FileCard:
        """A file as if it had been read, which costs no process."""
        file = new_file_id()
        document = replace(stored.read.document, slug=file)
        chunks = tuple(replace(one, id=one.id.replace(one.file, file), file=file) for one in stored.chunks)
        read, card = replace(stored.read, document=document), replace(stored.card, id=file)
        content = self.files.inbox() / file
        content.write_bytes(f"{stored.card.name} {stored.sha256}".encode())
        return self.record.files.keep(visitor, replace(stored, card=card, read=read, chunks=chunks), content)

    def ask(self, question: str, scope: Scope) -> Answer:
        source = self.files.source(scope, self.opened)
        events = self.opened.answerer.ask(question, never, NO_TALK, scope, source)
        return next(event.answer for event in events if isinstance(event, AnswerReady))

    def on_disk(self) -> list[Path]:
        """All bytes of files, and what is on its way in or out."""
        places = (self.data / name for name in ("sessions", "inbox", "trash"))
        return [path for place in places for path in place.rglob("*") if path.is_file() and path.suffix != ".lock"]


@pytest.fixture(scope="module")
def opened(settings: Settings, encoder: MiniLM, engine: Engine) -> Iterator[Opened]:
    snapshot = open_snapshot(settings.index, encoder.name, encoder.dimension, settings.graph_buffer_bytes)
    yield Opened.over(snapshot, encoder)
    snapshot.close()


@pytest.fixture
def bringer(settings: Settings, encoder: MiniLM) -> Bringer:
    return Bringer(file_reader(settings), encoder)


@pytest.fixture
def house(tmp_path: Path, opened: Opened, bringer: Bringer) -> Iterator[House]:
    clock = Clock()
    record = Record(tmp_path / "data", DAY, 30 * DAY, DEFAULT_LIMITS, clock)
    yield House(tmp_path / "data", record, Files(record, bringer, DEFAULT_LIMITS), clock, opened)
    record.close()


@pytest.fixture
def own(settings: Settings, tmp_path: Path) -> Settings:
    return replace(settings, data=tmp_path / "data")


def add(engine: Engine, visitor: str, name: str, data: bytes) -> FileCard:
    content = engine.files.inbox() / name
    content.write_bytes(data)
    card = engine.files.add(visitor, name, content, silent, never)
    assert card is not None
    return card


def slugs(answer: Answer) -> set[str]:
    """Of the visitor's files that an answer cites."""
    return {item.source.slug for item in answer.evidence if item.source.owner == "visitor"}


# --- taken in and asked --------------------------------------------------------------------------


def statutes_pdf() -> bytes:
    return write_pdf([flow(*(line for part in page for line in _lines(part))) for page in own_files.STATUTES])


def _lines(text: str, width: int = 80) -> Iterator[str]:
    for paragraph in text.split("\n\n"):
        line = ""
        for word in paragraph.split():
            if len(line) + len(word) >= width:
                yield line
                line = ""
            line = f"{line} {word}".strip()
        yield line


def test_a_pdf_is_asked_alone_and_with_the_library_and_its_boxes_stand_on_the_letters(own: Settings) -> None:
    with Engine.open(own) as engine:
        card = add(engine, ANNA, "statutes.pdf", statutes_pdf())
        assert (card.pages, card.format, card.name) == (3, "pdf", "statutes.pdf")
        assert engine.files.files(ANNA) == (card,) and engine.files.files(BERT) == ()

        alone = engine.answer("Who decides on small loans?", scope=Scope("files", ANNA))
        assert "treasurer" in " ".join(sentence.text for sentence in alone.sentences)
        (item, *_) = alone.evidence
        assert slugs(alone) == {card.id} == {item.source.slug}
        assert isinstance(item.locator, Page) and (item.locator.number, item.locator.face) == (3, "page-3")

        drawn = engine.files.draw(ANNA, card.id, item.locator.face)
        grey = np.asarray(Image.open(io.BytesIO(drawn.data)).convert("L"))
        assert grey.shape == (drawn.height_px, drawn.width_px)
        box = item.locator.boxes[0]
        scale = drawn.width_px / box.of_w
        rows, columns = (slice(round(at * scale), round((at + long) * scale)) for at, long in _sides(box))
        assert grey[rows, columns].min() < 100  # ink
        assert grey[:, : round(60 * scale)].min() > 200  # none in the margin, where no box is
        assert engine.files.draw(ANNA, card.id, item.locator.face) is drawn

        both = engine.answer("Who may see the accounts and the books?", scope=Scope("both", ANNA))
        assert {item.source.owner for item in both.evidence} == {"visitor", "library"}
        library = engine.answer("Who may see the accounts and the books?", scope=Scope("library", ANNA))
        assert slugs(library) == set() and library.evidence


def _sides(box: object) -> tuple[tuple[float, float], tuple[float, float]]:
    return (box.y, box.h), (box.x, box.w)  # type: ignore[attr-defined]


def test_several_files_in_one_question_and_some_of_them_only(house: House) -> None:
    rules = house.brought(ANNA, "rules.md", RULES)
    other = house.brought(ANNA, "minutes.txt", OTHER)
    both = house.ask(f"{QUESTION} And who paints the cellar?", Scope("files", ANNA))
    assert slugs(both) == {rules.id, other.id}
    assert slugs(house.ask(QUESTION, Scope("files", ANNA, (rules.id,)))) == {rules.id}
    assert slugs(house.ask(QUESTION, Scope("files", ANNA, (other.id,)))) == set()
    assert {card.id for card in house.files.files(ANNA)} == {other.id, rules.id}


def test_the_same_bytes_cost_a_hash_and_are_another_file_for_another_visitor(house: House) -> None:
    told: list[str] = []
    first = house.bring(ANNA, "rules.md", RULES, lambda words, *_: told.append(words))
    assert told and first is not None
    told.clear()
    assert house.bring(ANNA, "a copy.md", RULES, lambda words, *_: told.append(words)) == first
    assert told == []  # not even a process was started
    theirs = house.brought(BERT, "rules.md", RULES)
    assert theirs.id != first.id
    assert len(house.files.files(ANNA)) == len(house.files.files(BERT)) == 1


def test_what_belongs_to_another_is_as_if_it_never_was(house: House) -> None:
    card = house.brought(ANNA, "rules.md", RULES)
    desk = house.files
    for file in (card.id, "file-000000000000000000000000"):
        for step in (desk.read, desk.remove):
            with pytest.raises(InputError, match="You have no such file here"):
                step(BERT, file)
        with pytest.raises(InputError, match="You have no such file here"):
            desk.draw(BERT, file, "page-1")
    house.brought(BERT, "minutes.txt", OTHER)
    with pytest.raises(InputError, match="is not here any more"):
        house.ask(QUESTION, Scope("files", BERT, (card.id,)))
    answer = house.ask(QUESTION, Scope("both", BERT))
    assert slugs(answer) == set() and "417 euros" not in str(answer)
    assert slugs(house.ask(QUESTION, Scope("files", ""))) == set()


# --- gone ----------------------------------------------------------------------------------------


def test_a_removed_file_leaves_no_byte_behind_and_the_others_stay(house: House) -> None:
    card, other = house.brought(ANNA, "rules.md", RULES), house.brought(ANNA, "minutes.txt", OTHER)
    talk = KeptTalk(new_talk_id(), "Money", (KeptTurn("What is paid?", house.ask(QUESTION, Scope("files", ANNA))),))
    house.record.talks.save(ANNA, talk)
    traces = slices_of(house.data, {card.id})
    assert found_words(house.data, [WORDS]) == {WORDS} and found_slices(house.data, traces)
    house.files.remove(ANNA, card.id)
    assert found_words(house.data, [WORDS]) == set()
    assert found_slices(house.data, traces) == set()
    assert house.files.ready.keys == ()
    turn = house.record.talks.load(ANNA, talk.id).turns[0]
    assert turn.answer is None and turn.gone
    assert slugs(house.ask("Who paints the cellar?", Scope("files", ANNA))) == {other.id}
    assert "417 euros" not in str(house.ask(QUESTION, Scope("files", ANNA)))


def test_forgetting_a_visitor_leaves_no_byte_of_theirs_behind(house: House) -> None:
    card, theirs = house.brought(ANNA, "rules.md", RULES), house.brought(BERT, "minutes.txt", OTHER)
    answer = house.ask(QUESTION, Scope("files", ANNA))
    talk = KeptTalk(new_talk_id(), "Money", (KeptTurn(QUESTION, answer),))
    house.record.talks.save(ANNA, talk)
    traces = slices_of(house.data, {card.id})
    house.files.forget(ANNA)
    assert found_words(house.data, [WORDS]) == set() and found_slices(house.data, traces) == set()
    assert house.files.files(ANNA) == () and house.files.ready.keys == ()
    assert house.files.source(Scope("files", ANNA), house.opened) is None
    with pytest.raises(InputError, match="is not here any more"):
        house.ask(QUESTION, Scope("files", ANNA, (card.id,)))
    with pytest.raises(InputError, match="has been deleted"):  # what was still being read when everything was deleted
        house.bring(ANNA, "rules.md", RULES)
    house.record.talks.save(ANNA, talk)  # and an answer that was still being written
    assert found_words(house.data, [WORDS]) == set()
    assert [card.id for card in house.files.files(BERT)] == [theirs.id]


def test_what_has_expired_is_neither_listed_nor_asked_nor_drawn_and_a_sweep_takes_its_bytes(house: House) -> None:
    card = house.brought(ANNA, "rules.pdf", write_pdf([flow(RULES.decode().replace("\n", " ").strip("# "))]))
    house.clock.now += DAY / 2
    later = house.brought(ANNA, "minutes.txt", OTHER)
    house.files.draw(ANNA, card.id, "page-1")
    assert slugs(house.ask(QUESTION, Scope("files", ANNA))) == {card.id}
    traces = slices_of(house.data, {card.id})
    house.clock.now += DAY / 2 + 1
    assert [one.id for one in house.files.files(ANNA)] == [later.id]
    for step in (lambda: house.files.draw(ANNA, card.id, "page-1"), lambda: house.files.read(ANNA, card.id)):
        with pytest.raises(InputError, match="no such file"):
            step()
    held = weakref.ref(house.files.ready.get(house.files.ready.keys[0]))
    house.files.sweep()
    gc.collect()
    assert held() is None
    assert found_words(house.data, [WORDS]) == set() and found_slices(house.data, traces) == set()
    with pytest.raises(InputError, match="is not here any more"):
        house.ask(QUESTION, Scope("files", ANNA, (card.id,)))
    assert slugs(house.ask("Who paints the cellar?", Scope("files", ANNA))) == {later.id}


def test_the_engine_deletes_what_has_expired_while_it_serves(own: Settings) -> None:
    with Engine.open(replace(own, keep_files_seconds=0.5)) as engine:
        add(engine, ANNA, "rules.md", RULES)
        closing = threading.Event()
        keeper = threading.Thread(target=keep_clean, args=(engine, closing, 0.05))
        keeper.start()
        try:
            end = time.monotonic() + 30
            while found_words(own.data, [WORDS]):
                assert time.monotonic() < end
                closing.wait(0.05)
        finally:
            closing.set()
            keeper.join()
        assert engine.files.files(ANNA) == ()


def test_a_file_that_is_deleted_while_it_is_asked_is_held_no_longer_than_the_question(own: Settings) -> None:
    with Engine.open(own) as engine:
        card = add(engine, ANNA, "rules.md", RULES)
        events = engine.ask(QUESTION, scope=Scope("files", ANNA))
        assert any(isinstance(event, SentenceReady) for event in events)
        engine.files.remove(ANNA, card.id)
        answer = next(event.answer for event in events if isinstance(event, AnswerReady))
        assert slugs(answer) == {card.id}  # it began before
        talk = KeptTalk(new_talk_id(), "Money", (KeptTurn("What is paid?", answer),))
        engine.talks.save(ANNA, talk)  # as the screen does when it is over
        assert engine.talks.load(ANNA, talk.id).turns[0].answer is None
        assert found_words(own.data, [WORDS]) == set()


@dataclass
class Meddler:
    """The real reader, but something happens between its work and its answer."""

    reader: FileReader
    then: list[object] = field(default_factory=list)

    def read(self, content: Path, name: str, file: str, told: Told, cancelled: Cancelled) -> ReadFile | None:
        return self.reader.read(content, name, file, told, cancelled)

    def draw(self, content: Path, name: str, face: str, longest_px: int) -> DrawnFace:
        drawn = self.reader.draw(content, name, face, longest_px)
        for step in self.then:
            step()  # type: ignore[operator]
        return drawn


@pytest.mark.parametrize("everything", [False, True])
def test_a_page_that_is_being_drawn_while_its_file_is_deleted_is_not_shown(
    house: House, bringer: Bringer, everything: bool
) -> None:
    meddler = Meddler(bringer.reader)
    files = Files(house.record, replace(bringer, reader=meddler), DEFAULT_LIMITS)
    card = house.brought(ANNA, "rules.pdf", write_pdf([flow(WORDS)]))
    meddler.then.append(lambda: files.forget(ANNA) if everything else files.remove(ANNA, card.id))
    with pytest.raises(InputError, match="no such file"):
        files.draw(ANNA, card.id, "page-1")
    assert files.drawings == 0


def test_a_file_that_is_deleted_while_it_is_made_ready_is_not_held(house: House, encoder: MiniLM) -> None:
    card = house.keep(ANNA, own_files.hostile(encoder))
    source = house.opened.source(house.record.files.load(ANNA))
    key = ReadyKey(ANNA, house.opened.snapshot.folder, (card.id,))
    there = True
    house.files.ready.hold(key, source, lambda: there)
    assert house.files.ready.get(key) is source
    there = False
    house.files.ready.drop(ANNA)
    house.files.ready.hold(key, source, lambda: there)
    assert house.files.ready.get(key) is None


@pytest.mark.parametrize("at", ["Opening", "Reading for meaning", "Keeping it"])
def test_a_file_that_is_cancelled_leaves_nothing(house: House, at: str) -> None:
    said: list[str] = []
    data = b"# Rules\n\n" + b"\n\n".join(b"%s %d pays." % (WORDS.encode(), number) * 40 for number in range(60))
    begun = at == "Opening"
    card = house.bring(
        ANNA, "rules.md", data, lambda words, *_: said.append(words), lambda: begun or any(at in one for one in said)
    )
    if at == "Keeping it":  # too late: it is kept, and whoever cancelled takes it back
        assert card is not None
        house.files.remove(ANNA, card.id)
    else:
        assert card is None
    assert house.on_disk() == [] and house.files.files(ANNA) == ()
    assert found_words(house.data, [WORDS]) == set()


def test_questions_deletions_and_sweeps_at_once(house: House, encoder: MiniLM) -> None:
    """No question fails but for a file that is gone, and nothing of what was deleted is held in the end."""
    kept = [own_files.minutes(encoder, "May"), own_files.minutes(encoder, "June"), own_files.fees(encoder)]
    wrong: list[BaseException] = []
    over = threading.Event()

    def asking(visitor: str) -> None:
        while not over.is_set():
            try:
                house.files.source(Scope("files", visitor), house.opened)
            except InputError:
                pass
            except BaseException as error:
                wrong.append(error)
                raise

    def sweeping() -> None:
        while not over.is_set():
            house.files.sweep()

    threads = [threading.Thread(target=asking, args=(visitor,)) for visitor in (ANNA, ANNA, BERT)]
    threads.append(threading.Thread(target=sweeping))
    for thread in threads:
        thread.start()
    try:
        chance = random.Random(3)
        for _ in range(12):
            for visitor in (ANNA, BERT):
                house.keep(visitor, chance.choice(kept))
            for card in house.files.files(ANNA)[chance.randrange(2) :]:
                house.files.remove(ANNA, card.id)
        house.files.forget(ANNA)
    finally:
        over.set()
        for thread in threads:
            thread.join()
    assert wrong == []
    assert {key.visitor for key in house.files.ready.keys} <= {BERT}


# --- sights --------------------------------------------------------------------------------------


def test_a_crop_of_a_page_is_recognised_and_forgets_its_name_with_the_page(house: House) -> None:
    lines = [f"{WORDS} item {number}: {text}" for number, text in enumerate(_lines(" ".join(_long_text())), 1)]
    page = house.brought(ANNA, f"{WORDS}.pdf", write_pdf([flow(*lines[:24]), flow(*lines[24:48])]))
    drawn = Image.open(io.BytesIO(house.files.draw(ANNA, page.id, "page-2").data))
    crop = io.BytesIO()
    drawn.crop((100, 150, drawn.width - 300, 650)).save(crop, "PNG")
    photo = house.brought(ANNA, "photo.png", crop.getvalue())
    (sight,) = photo.sights
    assert (sight.file, sight.name, sight.face, sight.label) == (page.id, f"{WORDS}.pdf", "page-2", "Page 2")
    assert sight.box is not None and sight.box.y < sight.box.of_h / 2
    assert {card.id: card.sights for card in house.files.files(ANNA)} == {page.id: (), photo.id: (sight,)}
    assert house.bring(ANNA, "photo again.png", crop.getvalue()) == photo
    house.files.remove(ANNA, page.id)
    (left,) = house.files.files(ANNA)
    assert left.id == photo.id and left.sights == ()
    assert f"{WORDS}.pdf" not in str(house.record.files.cards(ANNA))


def _long_text() -> list[str]:
    return [part for page in own_files.STATUTES for part in page for _ in range(3)]


def test_a_document_of_many_pictures_is_not_compared(encoder: MiniLM) -> None:
    features = PictureFeatures("page-1", np.zeros((20, 2), np.float32), np.zeros((20, 32), np.uint8))
    stored = own_files.hostile(encoder)
    many = replace(stored, read=replace(stored.read, features=(features,) * (MOST_SIGHTS + 1)))
    loaded: list[bool] = []
    assert recognised(many, lambda: loaded.append(True) or ()) is many and loaded == []


# --- bounds --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("limits", "words"),
    [
        (replace(DEFAULT_LIMITS, visitor_files=1), "You have 1 files here"),
        (replace(DEFAULT_LIMITS, visitor_bytes=len(RULES) + 10), "can be kept for you"),
        (replace(DEFAULT_LIMITS, file_bytes=len(RULES)), "larger than"),
    ],
)
def test_a_visitors_limits_refuse_before_anything_is_read(
    tmp_path: Path, opened: Opened, bringer: Bringer, limits: Limits, words: str
) -> None:
    record = Record(tmp_path / "data", DAY, DAY, limits)
    house = House(tmp_path / "data", record, Files(record, bringer, limits), Clock(), opened)
    told: list[str] = []
    house.brought(ANNA, "rules.md", RULES)
    more = OTHER + b"More is said here.\n" * 10
    with pytest.raises(LimitExceeded, match=words):
        house.bring(ANNA, "minutes.txt", more, lambda *line: told.append(str(line)))
    assert told == [] and len(house.on_disk()) == 1
    record.close()


def test_a_visitors_files_hold_no_more_text_than_can_be_asked(house: House, bringer: Bringer) -> None:
    few = replace(house, files=Files(house.record, bringer, DEFAULT_LIMITS, visitor_chunks=2))
    for number in range(2):
        few.brought(ANNA, f"{number}.txt", OTHER + bytes([65 + number]))
    told: list[str] = []
    with pytest.raises(LimitExceeded, match=r"With rules\.md your files would hold more text than can be asked"):
        few.bring(ANNA, "rules.md", RULES, lambda words, *_: told.append(words))
    assert "Reading for meaning" not in told  # refused before the dear part
    assert len(few.files.files(ANNA)) == 2 and len(few.on_disk()) == 2
    few.brought(BERT, "rules.md", RULES)


def test_a_disk_that_is_nearly_full_takes_nothing_more(house: House, bringer: Bringer) -> None:
    full = replace(house, files=Files(house.record, bringer, DEFAULT_LIMITS, room_left_bytes=2**60))
    with pytest.raises(StoreFull, match="no room left"):
        full.bring(ANNA, "rules.md", RULES)
    assert house.on_disk() == []


def test_only_so_many_visitors_files_are_held_in_memory(house: House, encoder: MiniLM, bringer: Bringer) -> None:
    files = Files(house.record, bringer, DEFAULT_LIMITS, ready=ReadySources(most_visitors=2))
    for visitor in (ANNA, BERT, CARL):
        house.keep(visitor, own_files.hostile(encoder))
    first = files.source(Scope("files", ANNA), house.opened)
    again = weakref.ref(first)
    files.source(Scope("files", BERT), house.opened)
    assert files.source(Scope("files", ANNA), house.opened) is first
    files.source(Scope("files", CARL), house.opened)
    assert [key.visitor for key in files.ready.keys] == [ANNA, CARL]
    files.source(Scope("files", BERT), house.opened)
    del first
    gc.collect()
    assert again() is None
    few = Files(house.record, bringer, DEFAULT_LIMITS, ready=ReadySources(most_chunks=1))
    for visitor in (ANNA, BERT):
        few.source(Scope("files", visitor), house.opened)
    assert [key.visitor for key in few.ready.keys] == [BERT]  # a single one is held even so


# --- the library and the encoder change ----------------------------------------------------------


def test_a_file_kept_with_another_encoders_vectors_is_encoded_again(house: House, encoder: MiniLM) -> None:
    stored = own_files.notice(encoder)
    house.keep(ANNA, replace(stored, encoder="another", vectors=np.ones((len(stored.chunks), 7), np.float32)))
    source = house.files.source(Scope("files", ANNA), house.opened)
    assert source is not None
    (file,) = source.files
    assert file.encoder == encoder.name and np.allclose(file.vectors, stored.vectors, atol=1e-6)


def test_a_new_index_is_taken_into_use_while_files_are_asked(
    settings: Settings, tmp_path: Path, starter_library: Path
) -> None:
    library, index = tmp_path / "library", tmp_path / "index"
    shutil.copytree(starter_library, library)
    shutil.copytree(settings.index, index)
    own = replace(settings, libraries=(library,), index=index, data=tmp_path / "data")
    Engine.build(own)
    with Engine.open(own) as engine:
        card = add(engine, ANNA, "plan.md", f"# Plan\n\nWe want a {WORDS} Lantern in our yard by May.\n".encode())
        before = engine.answer(f"Who wants a {WORDS} Lantern?", scope=Scope("files", ANNA))
        assert slugs(before) == {card.id}
        page = library / "patterns" / "open-books.md"
        text = page.read_text("utf-8").replace("Open Books", f"{WORDS} Lantern").replace("open-books", "the-lantern")
        (library / "patterns" / "the-lantern.md").write_text(text, "utf-8")
        events = engine.ask(f"Who wants a {WORDS} Lantern?", scope=Scope("files", ANNA))
        next(events)  # a question that began before goes on over what it began with
        Engine.build(own)
        assert engine.refresh()
        answer = next(event.answer for event in events if isinstance(event, AnswerReady))
        assert answer.fingerprint == before.fingerprint and slugs(answer) == {card.id}
        after = engine.answer(f"Who wants a {WORDS} Lantern?", scope=Scope("files", ANNA))
        assert after.fingerprint != before.fingerprint and slugs(after) == {card.id}
        linked = engine.answer(f"What does the library say about the {WORDS} Lantern?", scope=Scope("both", ANNA))
        assert "the-lantern" in {item.source.slug for item in linked.evidence}


def test_what_was_made_over_an_older_index_is_let_go(house: House, encoder: MiniLM) -> None:
    house.keep(ANNA, own_files.hostile(encoder))
    old = weakref.ref(house.files.source(Scope("files", ANNA), house.opened))
    house.files.ready.turn_to(house.opened.snapshot.folder)
    assert old() is not None
    house.files.ready.turn_to(Path("another"))
    gc.collect()
    assert old() is None
    assert house.files.source(Scope("files", ANNA), house.opened) is not None  # a question that began before
    assert house.files.ready.keys == ()


def test_a_second_engine_sees_the_same_files_and_their_deletion(own: Settings) -> None:
    with Engine.open(own) as one, Engine.open(own) as two:
        card = add(one, ANNA, "rules.md", RULES)
        assert two.files.files(ANNA) == (card,)
        assert slugs(two.answer(QUESTION, scope=Scope("files", ANNA))) == {card.id}
        one.files.remove(ANNA, card.id)
        assert two.files.files(ANNA) == ()
        assert "417 euros" not in str(two.answer(QUESTION, scope=Scope("both", ANNA)))
        with pytest.raises(InputError):
            two.answer(QUESTION, scope=Scope("files", ANNA, (card.id,)))
    with Engine.open(own) as again:
        assert again.files.files(ANNA) == ()


def test_a_question_to_the_library_alone_needs_no_record(settings: Settings, tmp_path: Path) -> None:
    in_the_way = tmp_path / "data"
    in_the_way.write_text("no folder")
    with Engine.open(replace(settings, data=in_the_way)) as engine:
        assert engine.answer("What is Open Books?", scope=Scope("library", ANNA)).status == "answered"
