"""Lectures, from their bytes to a file that is kept: slides, words and seconds; captions; what was cut goes on."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from cml_mm.diagrams.values import Diagram, DiagramEdge, DiagramNode
from cml_mm.engine.bringing import Bringer
from cml_mm.engine.files import Files
from cml_mm.engine.lectures import Named, lectured_anew, read_of, said_anew
from cml_mm.engine.listening import WEAK
from cml_mm.engine.time_left import TimeLeft
from cml_mm.errors import InputError
from cml_mm.lectures.corrections import amended, corrected
from cml_mm.lectures.reading import lecture_of
from cml_mm.lectures.values import Chapter, ChapterEdit, Cue, CueEdit, Speech, frame_face
from cml_mm.media.sandbox import SandboxedReader
from cml_mm.models.minilm import MiniLM
from cml_mm.ports import Cancelled, Told, Transcript
from cml_mm.profiles.wiring import OCR
from cml_mm.record import Record
from cml_mm.types import PictureArea
from cml_mm.visits import DEFAULT_LIMITS, FileCard, ReadFile, Recorded
from tests.support import made_files as made
from tests.support.drawn_lecture import CUES, HEIGHT, SECONDS, SLIDES, WIDTH, lecture_film
from tests.support.record_values import DAY, Clock
from tests.support.said_transcriber import SaidTranscriber, words_at

ANNA, BERT = "a" * 40, "b" * 40
LIMITS = replace(DEFAULT_LIMITS, cpu_seconds=120, wall_seconds=240)
SAID = words_at((0.5, "The weir is mended in autumn."), (6.0, "Two neighbours hold the keys of the sluice."))


def silent(words: str, done: int, of: int) -> None:
    """Nobody listens."""


def never() -> bool:
    return False


def srt(*said: tuple[float, str]) -> bytes:
    def stamp(seconds: float) -> str:
        return f"00:{int(seconds) // 60:02}:{int(seconds) % 60:02},{round(seconds % 1 * 1000):03}"

    rows = (f"{n}\n{stamp(start)} --> {stamp(start + 4)}\n{text}\n" for n, (start, text) in enumerate(said, 1))
    return "\n".join(rows).encode()


@dataclass
class CountingReader:
    """A reader that counts how often a recording is opened, and how."""

    inner: SandboxedReader
    opened: list[tuple[bool, bool]] = field(default_factory=list)  # looks, hears

    def __getattr__(self, name: str) -> object:
        return getattr(self.inner, name)

    def read_or_hear(
        self,
        content: Path,
        name: str,
        file: str,
        told: Told,
        cancelled: Cancelled,
        looks: bool = True,
        hears: bool = True,
    ) -> ReadFile | Recorded | None:
        self.opened.append((looks, hears))
        return self.inner.read_or_hear(content, name, file, told, cancelled, looks, hears)


@pytest.fixture
def record(tmp_path: Path) -> Iterator[Record]:
    opened = Record(tmp_path / "data", DAY, 30 * DAY, DEFAULT_LIMITS, Clock())
    yield opened
    opened.close()


def desk(record: Record, encoder: MiniLM, said: object = None, ocr: str = "") -> tuple[Files, CountingReader]:
    reader = CountingReader(SandboxedReader(LIMITS, ocr))
    return Files(record, Bringer(reader, encoder, transcriber=said), LIMITS), reader  # type: ignore[arg-type]


def add(files: Files, name: str, data: bytes, captions: bytes | None = None, visitor: str = ANNA) -> FileCard:
    content, beside = files.inbox() / "arriving", files.inbox() / "beside"
    content.write_bytes(data)
    if captions is not None:
        beside.write_bytes(captions)
    card = files.add(visitor, name, content, silent, never, beside if captions is not None else None, "words.srt")
    assert card is not None and list(files.inbox().iterdir()) == []
    return card


# --- a film with captions ------------------------------------------------------------------------


@pytest.fixture(scope="module")
def told() -> list[tuple[str, int, int]]:
    return []


@pytest.fixture(scope="module")
def read(
    encoder: MiniLM, tmp_path_factory: pytest.TempPathFactory, told: list[tuple[str, int, int]]
) -> Iterator[tuple[Files, FileCard]]:
    record = Record(tmp_path_factory.mktemp("lectures") / "data", DAY, 30 * DAY, DEFAULT_LIMITS, Clock())
    files, _ = desk(record, encoder, ocr=OCR)
    (files.inbox() / "film").write_bytes(lecture_film())
    (files.inbox() / "words").write_bytes(srt(*CUES))
    card = files.add(
        ANNA, "well.webm", files.inbox() / "film", lambda *step: told.append(step), never, files.inbox() / "words",
        "well.en.srt",
    )  # fmt: skip
    assert card is not None
    yield files, card
    record.close()


def test_a_film_becomes_slides_words_and_moments(read: tuple[Files, FileCard]) -> None:
    files, card = read
    assert (card.format, card.state, card.notices) == ("film", "ready", ())
    assert card.seconds == pytest.approx(SECONDS, abs=0.6)
    lecture = files.read(ANNA, card.id).lecture
    assert lecture is not None and lecture.speech.origin == "captions" and lecture.speech.by == "well.en.srt"
    assert [cue.text for cue in lecture.speech.cues] == [text for _, text in CUES]
    assert [cue.start_seconds for cue in lecture.speech.cues] == [start for start, _ in CUES]
    assert [slide.title for slide in lecture.slides] == [title for _, title, _ in SLIDES]
    for slide, (start, title, lines) in zip(lecture.slides, SLIDES, strict=True):
        assert slide.start_seconds == pytest.approx(start, abs=1.0)
        assert slide.text.split("\n") == [title, *lines]
    assert lecture.chapters and lecture.moments[-1].end_seconds == lecture.seconds


def test_every_section_knows_its_seconds_and_every_slide_its_lines(read: tuple[Files, FileCard]) -> None:
    files, card = read
    found = files.read(ANNA, card.id)
    assert found.lecture is not None and len(found.placings) == len(found.document.sections)
    assert [face.key for face in found.faces] == [slide.face for slide in found.lecture.slides]
    assert {(face.width, face.height, face.drawable) for face in found.faces} == {(WIDTH, HEIGHT, True)}
    shown = {slide.face: (slide.start_seconds, slide.end_seconds) for slide in found.lecture.slides}
    said: list[str] = []
    for section, placing in zip(found.document.sections, found.placings, strict=True):
        if placing.face:
            (run,) = placing.times
            assert (placing.origin, run.start, run.end) == ("ocr", 0, len(section.text)) and placing.runs
            assert (run.start_seconds, run.end_seconds) == shown.pop(placing.face)
        else:
            assert placing.origin == "captions" and placing.confidence == 1 and not placing.runs
            said += [section.text[run.start : run.end] for run in placing.times]
    assert not shown and said == [text for _, text in CUES]


def test_the_progress_goes_through_the_steps(read: tuple[Files, FileCard], told: list[tuple[str, int, int]]) -> None:
    words = [re.sub(r"[\d:,].*", "", one[0]).strip() for one in told]
    order = ["Reading the captions and chapters in it", "Looking at the film", "Reading slide",
             "Joining words and slides", "Reading for meaning", "Keeping it"]  # fmt: skip
    assert list(dict.fromkeys(words)) == order
    assert all(0 <= done <= of for _, done, of in told if of)


def test_a_slide_can_be_drawn_and_looked_at(read: tuple[Files, FileCard]) -> None:
    files, card = read
    face = files.read(ANNA, card.id).faces[1].key
    drawn = files.draw(ANNA, card.id, face)
    assert (drawn.width_px, drawn.height_px) == (WIDTH, HEIGHT)
    assert files.draw(ANNA, card.id, frame_face(2.0)).data != drawn.data  # any moment can be
    seen = files.see(ANNA, card.id, face)
    assert seen is not None and seen.shape == (HEIGHT, WIDTH, 3)
    for wrong in ("frame-", "frame--3", "page-1", "frame-1.5"):
        with pytest.raises(InputError):
            files.draw(ANNA, card.id, wrong)


def test_the_same_bytes_again_cost_a_hash(read: tuple[Files, FileCard], encoder: MiniLM) -> None:
    files, card = read
    (files.inbox() / "again").write_bytes(lecture_film())
    steps: list[str] = []
    again = files.add(ANNA, "other.webm", files.inbox() / "again", lambda *step: steps.append(step[0]), never)
    assert again is not None and again.id == card.id and steps == []


def test_a_correction_is_kept_and_found(read: tuple[Files, FileCard]) -> None:
    files, card = read
    before = files.read(ANNA, card.id)
    edits = (CueEdit(2, "Whoever draws water pays a cherry."), ChapterEdit(1, "The well"))
    after = files.correct_lecture(ANNA, card.id, edits)
    assert after == files.read(ANNA, card.id)
    assert after.lecture is not None and before.lecture is not None
    assert after.lecture.speech.cues[2].text == "Whoever draws water pays a cherry."
    assert after.lecture.speech.cues[2].start_seconds == CUES[2][0]
    assert after.lecture.chapters[0].title == "The well" and after.lecture.moments == before.lecture.moments
    assert any("pays a cherry" in section.text for section in after.document.sections)
    with pytest.raises(InputError):
        files.correct_lecture(ANNA, card.id, (CueEdit(999, "x"),))
    with pytest.raises(InputError):
        files.correct_lecture(BERT, card.id, edits)


def test_an_area_on_a_slide_has_its_time_in_its_address() -> None:
    assert PictureArea("s", 0, 1, (), "frame-1", start_seconds=83.0, end_seconds=95.5).fragment() == (
        "t=83,95.5&xywh=percent:0,0,100,100"
    )
    assert PictureArea("s", 0, 1).fragment() == "xywh=percent:0,0,100,100"


# --- captions on their own, before and after -----------------------------------------------------


def test_captions_alone_are_a_transcript_with_times(record: Record, encoder: MiniLM) -> None:
    files, _ = desk(record, encoder)
    card = add(files, "meeting.srt", srt(*CUES))
    found = files.read(ANNA, card.id)
    assert (card.format, found.faces) == ("captions", ()) and found.lecture is not None
    assert card.seconds == found.lecture.seconds == CUES[-1][0] + 4
    assert {placing.origin for placing in found.placings} == {"captions"}
    with pytest.raises(InputError):
        files.draw(ANNA, card.id, "frame-0")


@pytest.mark.parametrize("captions_first", [True, False])
def test_captions_and_recording_of_one_name_become_one_file(
    record: Record, encoder: MiniLM, captions_first: bool
) -> None:
    said = SaidTranscriber(SAID)
    files, _ = desk(record, encoder, said)
    brought = [("talk.en.srt", srt((1.0, "The heron fund pays."))), ("Talk.wav", made.sound(8))]
    cards = [add(files, name, data) for name, data in (brought if captions_first else reversed(brought))]
    (card,) = files.files(ANNA)
    assert card.name == "Talk.wav" and cards[-1].id == card.id
    lecture = files.read(ANNA, card.id).lecture
    assert lecture is not None and [cue.text for cue in lecture.speech.cues] == ["The heron fund pays."]
    assert bool(said.heard) is not captions_first  # nobody listens where captions say it
    assert not any("Heard by" in notice for notice in card.notices)
    assert add(files, "other.srt", srt((1.0, "Else."))).id != card.id


def test_captions_deleted_while_their_recording_is_read_are_not_kept_by_it(record: Record, encoder: MiniLM) -> None:
    files, _ = desk(record, encoder)
    captions = add(files, "talk.srt", srt((1.0, "The heron fund pays.")))
    recording = files.inbox() / "talk"
    recording.write_bytes(made.sound(8))

    def told(words: str, done: int, of: int) -> None:
        if files.files(ANNA):
            files.remove(ANNA, captions.id)

    with pytest.raises(InputError, match="deleted while it was read"):
        files.add(ANNA, "talk.wav", recording, told, lambda: False)
    assert files.files(ANNA) == ()


def test_a_chapter_named_by_hand_stays_among_those_of_the_file() -> None:
    titles = ("The spring", "The pump", "The pipes")
    marks = [Chapter(at, title, 60.0 * (at - 1), 60.0 * at, "file") for at, title in enumerate(titles, 1)]
    lecture = lecture_of(180.0, (), Speech((Cue(5.0, 9.0, "The heron fund pays."),), "captions"), marks)
    named = corrected(lecture, (ChapterEdit(2, "The weir"),))
    found = Recorded("sound", 180.0)
    read = read_of(named, found, Named("talk.wav", "file-1", "0" * 64), ())
    again = said_anew(read, Speech((Cue(7.0, 9.0, "The egret fund pays."),), "captions")).lecture
    assert again is not None and [one.title for one in again.chapters] == ["The spring", "The weir", "The pipes"]


def test_chapters_of_the_file_outlive_captions_when_all_were_renamed() -> None:
    titles = ("The spring", "The pump")
    marks = [Chapter(at, title, 60.0 * (at - 1), 60.0 * at, "file") for at, title in enumerate(titles, 1)]
    lecture = lecture_of(120.0, (), Speech((Cue(5.0, 9.0, "The heron fund pays."),), "captions"), marks)
    named = amended(lecture, (ChapterEdit(1, "The source"), ChapterEdit(2, "The weir")))
    read = read_of(named, Recorded("sound", 120.0), Named("talk.wav", "file-1", "0" * 64), ())
    again = said_anew(read, Speech((Cue(7.0, 9.0, "The egret fund pays."),), "captions")).lecture
    assert again is not None and [one.title for one in again.chapters] == ["The source", "The weir"]


def test_a_diagram_without_arrows_keeps_its_place_when_words_are_corrected() -> None:
    """Corrections of diagrams go by their places."""
    boxes = Diagram("Who digs", "picture", (DiagramNode("a", "Diggers", "box"),), face="frame-1000")
    joined = replace(boxes, title="Who pays", edges=(DiagramEdge("e", "a", "a"),))
    lecture = lecture_of(60.0, (), Speech((Cue(5.0, 9.0, "The heron fund pays."),), "captions"))
    found = Recorded("film", 60.0, diagrams=(boxes, joined))
    read = read_of(lecture, found, Named("talk.webm", "file-1", "0" * 64), ())
    again = lectured_anew(read, corrected(lecture, (CueEdit(0, "The egret fund pays."),)))
    assert [one.title for one in again.diagrams] == ["Who digs", "Who pays"]


def test_captions_brought_with_a_kept_recording_take_the_place_of_what_was_heard(
    record: Record, encoder: MiniLM
) -> None:
    files, reader = desk(record, encoder, SaidTranscriber(SAID))
    first = add(files, "talk.wav", made.sound(8))
    assert first.notices == ("Heard by Said: words may be wrong.",)
    again = add(files, "talk.wav", made.sound(8), srt((2.5, "The heron fund pays.")))
    assert (again.id, again.notices, len(reader.opened)) == (first.id, (), 1)
    (section,) = files.read(ANNA, first.id).document.sections
    assert section.text == "The heron fund pays."


# --- weak words, and none ------------------------------------------------------------------------


@dataclass
class Weak(SaidTranscriber):
    """A weak recogniser, or, without words, one that only knows when somebody speaks."""

    spans: tuple[tuple[float, float], ...] = ((0.5, 3.0),)

    def _said(self, samples: object, told: Told, cancelled: Cancelled) -> Transcript | None:
        heard = super()._said(samples, told, cancelled)  # type: ignore[arg-type]
        kind = "weak recogniser" if heard and heard.words else "spans"
        return None if heard is None else replace(heard, origin_kind=kind, spans=self.spans)  # type: ignore[arg-type]


def test_weak_words_are_marked_so_that_nobody_quotes_them(record: Record, encoder: MiniLM) -> None:
    files, _ = desk(record, encoder, Weak(SAID))
    card = add(files, "talk.wav", made.sound(12))
    found = files.read(ANNA, card.id)
    assert WEAK in card.notices and found.lecture is not None and not found.lecture.speech.quotable
    assert found.placings and {placing.origin for placing in found.placings} == {"weak speech"}


def test_who_only_knows_that_somebody_speaks_says_no_word(record: Record, encoder: MiniLM) -> None:
    files, _ = desk(record, encoder, Weak(()))
    card = add(files, "talk.wav", made.sound(12))
    found = files.read(ANNA, card.id)
    assert card.state == "ready" and found.document.sections == () and found.lecture is not None
    assert found.lecture.speech.origin == "spans" and found.lecture.speech.cues == ()
    assert any("nobody here can make out the words" in notice for notice in card.notices)


# --- cut, and gone on with -----------------------------------------------------------------------


def test_a_reading_that_was_cut_goes_on_where_it_was(record: Record, encoder: MiniLM) -> None:
    stop = threading.Event()
    said = SaidTranscriber(SAID, before=stop.set)
    files, reader = desk(record, encoder, said)
    film = made.tones("mp4", "aac", pictures=True, seconds=8)
    (files.inbox() / "x").write_bytes(film)
    assert files.add(ANNA, "talk.mp4", files.inbox() / "x", silent, stop.is_set) is None
    said.before, said.heard = lambda: None, []
    assert add(files, "talk.mp4", film).state == "ready"
    assert reader.opened == [(True, True), (False, True)]  # the pictures are not looked at again
    assert record.unfinished.find(ANNA, files.read(ANNA, files.files(ANNA)[0].id).document.source.id, "look") is None


def test_what_was_heard_is_not_heard_again_and_goes_with_everything_else(record: Record, encoder: MiniLM) -> None:
    stop = threading.Event()
    said = SaidTranscriber(SAID)
    files, _ = desk(record, encoder, said)
    sound = made.sound(12)

    def join(words: str, done: int, of: int) -> None:
        if words.startswith("Joining"):
            stop.set()

    for _ in range(2):
        stop.clear()
        (files.inbox() / "x").write_bytes(sound)
        assert files.add(ANNA, "talk.wav", files.inbox() / "x", join, stop.is_set) is None
    assert len(said.heard) == 1
    said.heard.clear()
    add(files, "talk.wav", sound, visitor=BERT)  # another's steps are their own
    assert len(said.heard) == 1
    files.forget(ANNA)
    said.heard.clear()
    stop.clear()
    (files.inbox() / "x").write_bytes(sound)
    assert files.add(ANNA, "talk.wav", files.inbox() / "x", join, stop.is_set) is None
    assert len(said.heard) == 1


def test_what_was_cut_is_kept_for_an_hour(tmp_path: Path) -> None:
    clock = Clock()
    record = Record(tmp_path / "data", DAY, 30 * DAY, DEFAULT_LIMITS, clock)
    record.unfinished.put(ANNA, "0" * 64, "look", b"what was seen")
    assert record.unfinished.find(ANNA, "0" * 64, "look") == b"what was seen"
    assert record.unfinished.find(BERT, "0" * 64, "look") is None
    record.unfinished.put(ANNA, "0" * 64, "listen", bytes(9 * 2**20))  # too much is made anew
    assert record.unfinished.find(ANNA, "0" * 64, "listen") is None
    clock.now += 3_601
    assert record.unfinished.find(ANNA, "0" * 64, "look") is None
    record.sweep()
    record.close()
    left = [place for place in (tmp_path / "data").rglob("*") if place.is_file()]
    assert left and b"what was seen" not in b"".join(place.read_bytes() for place in left)


# --- how long it will take -----------------------------------------------------------------------


def test_the_time_left_is_told_by_how_quickly_it_has_gone() -> None:
    seconds, told = [0.0], []
    left = TimeLeft(lambda *step: told.append(step[0]), lambda: seconds[0])
    for done in range(0, 12, 2):
        left(f"Listening: minute {done + 1} of 12", done * 60, 720)
        seconds[0] += 20
    left("Listening: minute 12 of 12", 719, 720)
    left("Joining words and slides", 0, 0)
    assert told[0] == "Listening: minute 1 of 12"
    assert told[1] == "Listening: minute 3 of 12, about 2 minutes left"
    assert told[5] == "Listening: minute 11 of 12, about 20 seconds left"
    assert told[6:] == ["Listening: minute 12 of 12", "Joining words and slides"]
