"""Private files without a reader: three pages of known lines for every file, kept in memory.

It stands at the port only. A file's name chooses what happens: see `FakeFiles.add`.
"""

from __future__ import annotations

import io
import shutil
import tempfile
import threading
import time
import weakref
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from cml_mm.diagrams.editing import corrected
from cml_mm.diagrams.values import Diagram, DiagramEdit
from cml_mm.errors import InputError, MediaUnreadable
from cml_mm.lectures import corrections
from cml_mm.lectures.values import Lecture, LectureEdit
from cml_mm.ports import Cancelled, Told
from cml_mm.types import Box, Document, Evidence, Locator, Page, PictureArea, Section, Source, TextSpan
from cml_mm.visits import (
    DeckLink,
    DiagramLink,
    DrawnFace,
    Face,
    FileCard,
    LectureTouches,
    Placing,
    ReadFile,
    Run,
    Sight,
    count_parts,
    new_file_id,
)
from tests.support.drawn_lecture import slide_picture
from tests.support.fake_recordings import read_recording, said_evidence, talk_touches
from tests.support.leak_diagram import HEIGHT as CHART_HEIGHT
from tests.support.leak_diagram import WIDTH as CHART_WIDTH
from tests.support.leak_diagram import leak_arrow, leak_diagram, leak_picture

DAY_SECONDS = 86_400.0
PAGES = 3
WIDTH, HEIGHT = 612.0, 792.0
LINES = (
    "Section {page}. The keys to the workshop",
    "The keys are handed on at the first meeting of the quarter.",
    "Whoever has them writes down who borrowed what and until when.",
    "Nobody keeps them for longer than two quarters in a row.",
)
_NO_FILE = ("There is no such file.", "It may have been deleted. Bring it again.")


def line_box(row: int) -> Box:
    """Where a line stands on each of our pages, in points."""
    return Box(72, 300 + 24 * row, 6.2 * len(LINES[row]), 14, WIDTH, HEIGHT)


class FakeFiles:
    """Implements `ports.FileDesk`.

    Args:
        pace: seconds between two words of progress.
        forgotten: called with the visitor of whom everything is deleted.
    """

    def __init__(self, pace: float = 0.05, forgotten: Callable[[str], None] = lambda _visitor: None) -> None:
        self._pace = pace
        self._forgotten = forgotten
        self._lock = threading.Lock()
        self._writing = threading.Lock()
        self._kept: dict[str, dict[str, tuple[FileCard, ReadFile, bytes]]] = {}
        self._edited: dict[tuple[str, int], tuple[Diagram, tuple[DiagramEdit, ...]]] = {}
        self._inbox = Path(tempfile.mkdtemp(prefix="cml-inbox-"))
        self._played = Path(tempfile.mkdtemp(prefix="cml-played-"))
        for place in (self._inbox, self._played):
            weakref.finalize(self, shutil.rmtree, place, ignore_errors=True)

    def inbox(self) -> Path:
        return self._inbox

    def add(
        self,
        visitor: str,
        name: str,
        content: Path,
        told: Told,
        cancelled: Cancelled,
        captions: Path | None = None,
        captions_name: str = "",
    ) -> FileCard | None:
        """ "slow" in a name takes its time, "broken" fails, "again" was seen before; slides have no pictures."""
        data = content.read_bytes()
        content.unlink()
        if "broken" in name:
            raise MediaUnreadable(f"{name} ends in the middle of a page.", "Export it again, and bring it once more.")
        steps = 200 if "slow" in name else PAGES
        for page in range(1, steps + 1):
            told(f"Reading page {page} of {steps}", page - 1, steps)
            if cancelled():
                return None
            time.sleep(self._pace)
        with self._lock:
            mine = self._kept.setdefault(visitor, {})
            known = next((card for card, _, kept in mine.values() if kept == data), None)
            if known:
                return known
            card, read = _read(name, data, tuple(card for card, _, _ in mine.values()))
            mine[card.id] = (card, read, data)
            return card

    def files(self, visitor: str) -> tuple[FileCard, ...]:
        with self._lock:
            return tuple(card for card, _, _ in reversed(list(self._kept.get(visitor, {}).values())))

    def read(self, visitor: str, file: str) -> ReadFile:
        return self._one(visitor, file)[1]

    def content(self, visitor: str, file: str) -> Path:
        path, data = self._played / file, self._one(visitor, file)[2]
        with self._writing:  # once: whoever plays it reads while it is asked for again
            if not path.exists():
                path.write_bytes(data)
        return path

    def draw(self, visitor: str, file: str, face: str) -> DrawnFace:
        _, read, _ = self._one(visitor, file)
        wanted = next((one for one in read.faces if one.key == face and one.drawable), None)
        if wanted is None:
            raise InputError("There is no such page.", "Look at another one.")
        return _drawn(wanted)

    def correct(self, visitor: str, file: str, diagram: int, edits: Sequence[DiagramEdit]) -> ReadFile:
        """Changes the diagram only; no section is made anew."""
        return self._change(visitor, file, diagram, lambda kept: (*kept, *edits))

    def uncorrect(self, visitor: str, file: str, diagram: int) -> ReadFile:
        if not self._edited.get((file, diagram), (None, ()))[1]:
            raise InputError("Nothing was changed in this diagram.", "There is nothing to take back.")
        return self._change(visitor, file, diagram, lambda kept: kept[:-1])

    def restore(self, visitor: str, file: str, diagram: int) -> ReadFile:
        return self._change(visitor, file, diagram, lambda _kept: ())

    def _change(
        self,
        visitor: str,
        file: str,
        diagram: int,
        change: Callable[[tuple[DiagramEdit, ...]], tuple[DiagramEdit, ...]],
    ) -> ReadFile:
        card, read, data = self._one(visitor, file)
        if not 0 <= diagram < len(read.diagrams):
            raise InputError("There is no such diagram in this file.", "Look at the file again.")
        with self._lock:
            first, edits = self._edited.get((file, diagram), (read.diagrams[diagram], ()))
            edits = change(edits)
            now = corrected(first, edits)
            self._edited[file, diagram] = first, edits
            diagrams = (*read.diagrams[:diagram], now, *read.diagrams[diagram + 1 :])
            read = replace(read, diagrams=diagrams)
            self._kept[visitor][file] = card, read, data
        return read

    def correct_lecture(self, visitor: str, file: str, edits: Sequence[LectureEdit]) -> ReadFile:
        """Changes the lecture only; no section is made anew."""
        return self._amended(visitor, file, lambda lecture: corrections.amended(lecture, edits))

    def uncorrect_lecture(self, visitor: str, file: str) -> ReadFile:
        return self._amended(visitor, file, corrections.last_taken_back)

    def restore_lecture(self, visitor: str, file: str) -> ReadFile:
        return self._amended(visitor, file, corrections.all_taken_back)

    def _amended(self, visitor: str, file: str, amend: Callable[[Lecture], Lecture]) -> ReadFile:
        card, read, data = self._one(visitor, file)
        read = replace(read, lecture=amend(_lecture(read)))
        with self._lock:
            self._kept[visitor][file] = card, read, data
        return read

    def show_pages(self, visitor: str, film: str, deck: str, pages: Sequence[int]) -> None:
        """Says which pages of a document the slides of a recording are, which the engine would have found out."""
        card, read, data = self._one(visitor, film)
        of, name = _lecture(read), self._one(visitor, deck)[0].name
        slides = tuple(replace(slide, page=page) for slide, page in zip(of.slides, pages, strict=True))
        link = DeckLink(deck, sum(map(bool, pages)), len(pages), name)
        read = replace(read, lecture=replace(of, slides=slides, deck=deck))
        with self._lock:
            self._kept[visitor][film] = replace(card, deck=link, notices=(*card.notices, link.words)), read, data

    def lecture_touches(self, visitor: str, file: str) -> LectureTouches:
        """Two pages of the fake library, one of them twice; none where nobody was heard."""
        return talk_touches(_lecture(self._one(visitor, file)[1]))

    def diagram_links(self, visitor: str, file: str, diagram: int) -> tuple[DiagramLink, ...]:
        """Two boxes of the chart are near to pages of the fake library."""
        if not 0 <= diagram < len(self._one(visitor, file)[1].diagrams):
            return ()
        return (
            DiagramLink("n3", "decision-log", "Decision Log", "meaning", 0.74, ("decides",), 0.55),
            DiagramLink("n6", "repair-fund", "Repair Fund", "title", 0.91, ("Repair",), 0.55),
        )

    def remove(self, visitor: str, file: str) -> None:
        self._one(visitor, file)
        with self._lock:
            del self._kept[visitor][file]

    def forget(self, visitor: str) -> None:
        with self._lock:
            self._kept.pop(visitor, None)
        self._forgotten(visitor)

    def _one(self, visitor: str, file: str) -> tuple[FileCard, ReadFile, bytes]:
        with self._lock:
            found = self._kept.get(visitor, {}).get(file)
        if found is None:
            raise InputError(*_NO_FILE)
        return found


def file_evidence(card: FileCard, number: int) -> Evidence:
    """A sentence of a file's second page: lit on its picture, or in its text where it has none."""
    source = _source(card.id, card.name)
    heading = LINES[0].format(page=2)
    passage, quote = "\n".join(LINES[1:]), LINES[1]
    box = (line_box(1),)
    places: dict[str, Locator] = {
        "pdf": Page(2, heading, 0, len(quote), box, "page-2"),
        "pptx": Page(2, heading, 0, len(quote), box, "slide-2"),
        "png": PictureArea(heading, 0, len(quote), box, "picture-1"),
    }
    locator = places.get(card.format, TextSpan(heading, 0, len(quote)))
    if card.diagrams.diagrams:
        locator = leak_arrow("picture-1" if card.format == "png" else "drawing-1", heading, len(quote))
    if card.seconds:
        return said_evidence(card, number, source)
    return Evidence(number, source, locator, heading, passage, quote, 0.8, ("your words",))


def _lecture(read: ReadFile) -> Lecture:
    if read.lecture is None:
        raise InputError("This is no recording.", "Choose another file.")
    return read.lecture


def _source(file: str, name: str) -> Source:
    return Source(file, name, "document", file, name, "", "", owner="visitor")


def _read(name: str, data: bytes, earlier: tuple[FileCard, ...]) -> tuple[FileCard, ReadFile]:
    if recorded := read_recording(name, data):
        return recorded
    file, ending = new_file_id(), name.rsplit(".", 1)[-1].lower()
    kind = {"pptx": "slide", "png": "picture", "jpg": "picture"}.get(ending, "page")
    count = 1 if kind == "picture" else 0 if ending in {"md", "txt"} else PAGES
    faces = tuple(_face(kind, number) for number in range(1, count + 1))
    sections = tuple(
        Section("other", LINES[0].format(page=number), "\n".join(LINES[1:]), number if count else 0)
        for number in range(1, max(1, count) + 1)
    )
    placing = Placing(faces[0].key if faces else "", (Run(0, len(LINES[1]), line_box(1)),))
    title = name.rsplit(".", 1)[0].replace("-", " ").capitalize()
    read = ReadFile(
        Document(file, title, _source(file, name), sections=sections, format=ending),
        (placing,) * len(sections),
        faces,
        ("Page 3 was read from its picture; check its words.",) if kind == "page" and faces else (),
    )
    if "chart" in name:
        read = _with_diagram(read, kind)
    now = time.time()
    card = FileCard(
        file,
        name,
        "ready",
        len(data),
        title,
        "png" if kind == "picture" else ending,
        0 if kind == "picture" else count,
        share=1.0,
        added=now,
        expires=now + DAY_SECONDS,
        notices=read.notices,
        diagrams=count_parts(read.diagrams),
    )
    if "again" in name and earlier:
        card = replace(card, sights=(Sight(earlier[0].id, earlier[0].name, "page-2", "Page 2", 41, line_box(0)),))
    return card, read


def _with_diagram(read: ReadFile, kind: str) -> ReadFile:
    """The diagram on its picture, or known from a text, and then drawn by whoever shows it."""
    key = "picture-1" if kind == "picture" else "drawing-1"
    face = Face(key, "Picture" if kind == "picture" else "Diagram", 0, CHART_WIDTH, CHART_HEIGHT, kind == "picture")
    return replace(read, faces=(face,), diagrams=(leak_diagram(key),))


def _face(kind: str, number: int) -> Face:
    outline = (Box(60, 60, 492, 60, WIDTH, HEIGHT), *(line_box(row) for row in range(len(LINES))))
    label = "Picture" if kind == "picture" else f"{kind.capitalize()} {number}"
    drawable = kind != "slide"
    shown = 0 if kind == "picture" else number
    return Face(f"{kind}-{number}", label, shown, WIDTH, HEIGHT, drawable, () if drawable else outline)


def _drawn(face: Face) -> DrawnFace:
    if face.key.startswith("frame-"):
        return DrawnFace(slide_picture(face.key), "image/png", int(face.width), int(face.height))
    if face.width == CHART_WIDTH:
        return DrawnFace(leak_picture(), "image/png", CHART_WIDTH, CHART_HEIGHT)
    from PIL import Image, ImageDraw

    image = Image.new("RGB", (int(WIDTH) * 2, int(HEIGHT) * 2), "white")
    pen = ImageDraw.Draw(image)
    for row, line in enumerate(LINES):
        box = line_box(row)
        pen.text((box.x * 2, box.y * 2), line.format(page=face.number), fill="black", font_size=24)
    out = io.BytesIO()
    image.save(out, "PNG")
    return DrawnFace(out.getvalue(), "image/png", image.width, image.height)
