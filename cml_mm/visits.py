"""What a visitor brings and keeps: private files and conversations.

A visitor is known by a key made from a token that only their browser holds. Everything here
belongs to one visitor; nothing refers to another.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from cml_mm.diagrams.values import Diagram, DiagramEdit
from cml_mm.lectures.values import Chapter, Lecture, Slide, Speech
from cml_mm.talk import Facet, FacetKind, ScopeKind
from cml_mm.types import Answer, Box, Document

FileFormat = Literal[
    "pdf",
    "docx",
    "pptx",
    "html",
    "md",
    "txt",
    "csv",
    "svg",
    "dot",
    "mermaid",
    "plantuml",
    "drawio",
    "picture",
    "sound",
    "film",
    "captions",
]
FileState = Literal["waiting", "reading", "ready", "failed"]
TextOrigin = Literal["file", "ocr", "speech", "captions", "weak speech"]  # the last can be found, and is never quoted
Nearness = Literal["title", "alias", "context label", "meaning"]  # how a label is joined with a pattern


@dataclass(frozen=True)
class Limits:
    """How much of a file is read, and what reading it may cost. Whatever is more is refused in words."""

    file_bytes: int = 50 * 2**20
    recording_bytes: int = 400 * 2**20  # of a film or sound
    picture_pixels: int = 60_000_000
    pages: int = 2_000
    scanned_pages: int = 120  # pages that are pictures: recognising a dense one takes some 6 of the CPU-seconds below
    recording_seconds: float = 4 * 3600.0
    members: int = 5_000  # files inside a package
    unpacked_bytes: int = 400 * 2**20
    ratio: int = 200  # of a package's member unpacked to packed
    depth: int = 60  # of nested elements, tables or groups
    characters: int = 5_000_000
    cpu_seconds: float = 900.0
    wall_seconds: float = 1_800.0
    memory_bytes: int = 4 * 2**30  # address space of the process that decodes
    visitor_files: int = 60
    visitor_bytes: int = 500 * 2**20


DEFAULT_LIMITS = Limits()


@dataclass(frozen=True)
class Run:
    """Characters `start` to `end` of a section's text, and the box that they stand in."""

    start: int
    end: int
    box: Box


@dataclass(frozen=True)
class TimedRun:
    """Characters `start` to `end` of a section's text, and when they are said, counted from the recording's start."""

    start: int
    end: int
    start_seconds: float
    end_seconds: float


@dataclass(frozen=True)
class Placing:
    """Where the text of one section stands.

    `face` names the page, slide or picture (see `Face.key`), empty for running text; `runs`
    are in the order of the text, and so are `times`, which only what was heard has.
    `confidence` is the recogniser's mean, 0 to 1, and 1 where the letters are the file's own.
    """

    face: str = ""
    runs: tuple[Run, ...] = ()
    origin: TextOrigin = "file"
    confidence: float = 1.0
    times: tuple[TimedRun, ...] = ()


@dataclass(frozen=True)
class Face:
    """One side of a file that people look at: a page, a slide, a picture.

    `drawable` says whether a picture of it can be made; `outline` are the shapes on it, for a
    sketch where it can not. `number` counts pages or slides from 1, 0 for a lone picture.
    """

    key: str  # "page-7", "slide-3", "picture-2"
    label: str  # "Page 7"
    number: int
    width: float
    height: float
    drawable: bool = True
    outline: tuple[Box, ...] = ()


@dataclass(frozen=True)
class PictureFeatures:
    """What a picture is recognised by: corner points with their descriptors.

    `points` has the shape (n, 2), in shares of width and height; `descriptors` (n, 32), bits.
    """

    face: str
    points: NDArray[np.float32]
    descriptors: NDArray[np.uint8]


@dataclass(frozen=True)
class ReadFile:
    """Everything that was read from one file.

    `placings` has one entry for every section of the document; `notices` say in sentences what
    could not be read or only with doubt. A diagram's words stand in the section that its face, and
    the heading that `diagrams.wording` gives it, name. A recording has a `lecture`, whose moments are the sections.
    """

    document: Document
    placings: tuple[Placing, ...]
    faces: tuple[Face, ...] = ()
    notices: tuple[str, ...] = ()
    features: tuple[PictureFeatures, ...] = ()
    diagrams: tuple[Diagram, ...] = ()
    lecture: Lecture | None = None


def no_samples() -> NDArray[np.int16]:
    """The sound of what was not listened to."""
    return np.zeros(0, np.int16)


@dataclass(frozen=True)
class Recorded:
    """What is in a recording before anybody has listened to it: what it shows, and what is written in it.

    `tracks` are the texts that say what is said, the best one first; `marks` are chapters that the file itself names.
    `samples` are mono, 16,000 a second of 16 bits each, from its very start; there are none where nobody is to listen.
    A caption file on its own is one of these too, with nothing but a track. `notices` say in sentences what was odd.
    """

    format: FileFormat  # "film", "sound" or "captions"
    seconds: float
    slides: tuple[Slide, ...] = ()
    tracks: tuple[Speech, ...] = ()
    marks: tuple[Chapter, ...] = ()
    diagrams: tuple[Diagram, ...] = ()
    samples: NDArray[np.int16] = field(default_factory=no_samples)
    sound: bool = False  # whether there is any to be heard
    width_px: int = 0  # of its frames, as they are shown
    height_px: int = 0
    notices: tuple[str, ...] = ()


@dataclass(frozen=True)
class DrawnFace:
    """A picture of one face, as an encoded image."""

    data: bytes
    media_type: str  # "image/png", "image/webp"
    width_px: int
    height_px: int


@dataclass(frozen=True)
class Chunk:
    """A piece of a file that can be found: characters `start` to `end` of one section's text."""

    id: str  # "<file>/<section>/<start>"
    file: str
    section: int  # its place among the document's sections
    start: int
    end: int
    title: str  # the section's heading with the document's title, or one made from the text
    text: str


@dataclass(frozen=True)
class Sight:
    """A picture that was seen before: which face of which earlier file, and how surely (points that agree)."""

    file: str
    name: str  # of that file
    face: str
    label: str  # "Page 7"
    matches: int
    box: Box | None = None  # where on that face


@dataclass(frozen=True)
class DiagramCount:
    """How much was read of a file's diagrams, all of them together: arrows join boxes, and some parts are unclear."""

    diagrams: int = 0
    boxes: int = 0
    arrows: int = 0
    unclear: int = 0


def count_parts(diagrams: Sequence[Diagram]) -> DiagramCount:
    """Those without structure do not count: they are words, as on any picture."""
    read = [diagram for diagram in diagrams if diagram.has_structure]
    return DiagramCount(
        len(read),
        sum(len(diagram.nodes) for diagram in read),
        sum(len(diagram.edges) for diagram in read),
        sum(len(diagram.unclear) for diagram in read),
    )


@dataclass(frozen=True)
class DeckLink:
    """The document whose pages a recording's slides are: `found` of its `of` distinct slides with words have a page.

    `file` is its id, "" where there is none. `name` is never kept: it must not outlive the document.
    """

    file: str = ""
    found: int = 0
    of: int = 0
    name: str = ""

    @property
    def words(self) -> str:
        """ "Its slides are the pages of deck.pdf: 11 of 12 found."."""
        return f"Its slides are the pages of {self.name}: {self.found:,} of {self.of:,} found."


@dataclass(frozen=True)
class FileCard:
    """One file as lists show it. Times are seconds since 1970; `share` is how much has been read, 0 to 1."""

    id: str
    name: str
    state: FileState
    size_bytes: int = 0
    title: str = ""
    format: str = ""
    pages: int = 0
    seconds: float = 0.0  # for how long a recording plays
    words: str = ""  # what is being done, or what went wrong
    hint: str = ""  # the way out, where something went wrong
    share: float = 0.0
    added: float = 0.0
    expires: float = 0.0
    notices: tuple[str, ...] = ()
    sights: tuple[Sight, ...] = ()
    diagrams: DiagramCount = DiagramCount()
    deck: DeckLink = DeckLink()


@dataclass(frozen=True)
class PictureLooks:
    """How a file's pages and pictures look; `vectors` has the shape (len(faces), dimension).

    `faces` are their keys, `encoder` is the name of the image encoder that made the vectors.
    """

    encoder: str
    faces: tuple[str, ...]
    vectors: NDArray[np.float32]


@dataclass(frozen=True)
class FoundPicture:
    """A page or picture of a file that was found by its look.

    `cosine` is how near it is to what was looked for, `sure` from 0 to 1 how much nearer that is
    than pictures in general are, where words were looked for.
    """

    file: str
    face: str
    cosine: float
    sure: float = 1.0


@dataclass(frozen=True)
class StoredFile:
    """A file with everything that searching it needs; `vectors` has the shape (len(chunks), dimension).

    `looks` is None where no image encoder has looked at it yet.
    """

    card: FileCard
    sha256: str
    read: ReadFile
    chunks: tuple[Chunk, ...]
    vectors: NDArray[np.float32]
    encoder: str  # name of the text encoder that made the vectors
    looks: PictureLooks | None = None


@dataclass(frozen=True)
class Correction:
    """What was changed by hand in one diagram of a file: how it was first read, and every edit since.

    `diagram` is its place among `ReadFile.diagrams`; `worded` says whether a section of the document
    said it in words at first.
    """

    diagram: int
    first: Diagram
    edits: tuple[DiagramEdit, ...]
    worded: bool = True


@dataclass(frozen=True)
class FoundChunk:
    """A chunk that was found for a question.

    `held` is the share of the question's words, by rarity, that stand in it, `cosine` how near
    it is in meaning; both say more than `score` about whether it answers at all.
    """

    chunk: Chunk
    score: float
    held: float
    cosine: float
    found_by: tuple[str, ...] = ()


@dataclass(frozen=True)
class PatternLink:
    """A chunk of a file speaks about a pattern of the library.

    `words` are those of the chunk that justify it; `named` says that it names the pattern.
    """

    chunk: str  # id
    slug: str
    title: str
    words: tuple[str, ...]
    named: bool
    score: float


@dataclass(frozen=True)
class PatternMoment:
    """A pattern at one place of a recording. `origin` tells who wrote or heard the words that justify it."""

    slug: str
    title: str
    start_seconds: float
    end_seconds: float
    words: tuple[str, ...]
    named: bool
    origin: TextOrigin


@dataclass(frozen=True)
class FirstSaid:
    """A name of the library as it is first said in a recording, when, and how often it is said in all."""

    said: str
    start_seconds: float
    times: int


@dataclass(frozen=True)
class LectureTouches:
    """What a recording has to do with the library; both in the order of time."""

    patterns: tuple[PatternMoment, ...] = ()
    first_said: tuple[FirstSaid, ...] = ()


@dataclass(frozen=True)
class DiagramLink:
    """A box or lane of a diagram stands for a pattern of the library, or is near one.

    `words` are those that justify it, as the label writes them. `score` runs from 0 to 1: of a name how
    nearly it is spelt, of a meaning its cosine; `threshold` is what it had to reach to be drawn at all.
    """

    node: str  # id within the diagram
    slug: str
    title: str
    how: Nearness
    score: float
    words: tuple[str, ...]
    threshold: float

    @property
    def named(self) -> bool:
        """Whether the label says a name of the pattern, and does not only mean something like it."""
        return self.how != "meaning"


@dataclass(frozen=True)
class KeptTurn:
    """One question of a conversation, and its answer where it was finished.

    `gone` says in a sentence why an answer is no longer there, such as that it quoted a file
    which has been deleted.
    """

    question: str
    answer: Answer | None = None
    gone: str = ""


@dataclass(frozen=True)
class KeptTalk:
    """A conversation as it is kept. Times are seconds since 1970."""

    id: str
    title: str
    turns: tuple[KeptTurn, ...] = ()
    chosen: tuple[Facet, ...] = ()
    dismissed: tuple[tuple[FacetKind, str], ...] = ()
    where: ScopeKind = "library"
    changed: float = 0.0


@dataclass(frozen=True)
class TalkCard:
    """One conversation as the list shows it."""

    id: str
    title: str
    turns: int
    changed: float


COOKIE = "cml_visitor"
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")


def new_token() -> str:
    """A token that cannot be guessed: 256 random bits. Only the visitor's browser keeps it."""
    return secrets.token_urlsafe(32)


def visitor_key(token: str | None) -> str:
    """The key under which a token's visitor is known here; "" for anything that is no token.

    The key does not lead back to the token, so that no file or list on the server opens a door.
    """
    if token is None or not _TOKEN.fullmatch(token):
        return ""
    return hashlib.sha256(b"cml visitor\n" + token.encode()).hexdigest()[:40]


def new_file_id() -> str:
    """An id that cannot be guessed either; it is checked against the visitor all the same."""
    return f"file-{secrets.token_hex(12)}"


def new_talk_id() -> str:
    return f"talk-{secrets.token_hex(12)}"
