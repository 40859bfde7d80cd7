"""Interfaces between layers: what the engine needs, never how it is done."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from cml_mm.diagrams.values import DiagramEdit
from cml_mm.lectures.values import LectureEdit, Speech, SpeechOrigin
from cml_mm.talk import LIBRARY_ONLY, NO_TALK, Facet, FacetKind, Lens, Scope, Talk
from cml_mm.types import (
    Answer,
    AskEvent,
    Box,
    Card,
    Document,
    Hit,
    IndexStatus,
    Neighbourhood,
    Pattern,
    ProfileState,
    Reading,
)
from cml_mm.visits import DiagramLink, DrawnFace, FileCard, KeptTalk, LectureTouches, ReadFile, Recorded, TalkCard

Vectors = NDArray[np.float32]
Picture = NDArray[np.uint8]  # shape (height, width, 3), RGB
Cancelled = Callable[[], bool]
Told = Callable[[str, int, int], None]  # what is being done in words, how much is done, of how much (0: unknown)

# A file's bytes, its path as readers know it, its slug → the document. Raises InputError where it cannot be read.
DOCUMENT_ENDINGS = frozenset({".md", ".txt", ".html", ".htm", ".pdf", ".docx", ".pptx"})
DocumentReader = Callable[[bytes, str, str], Document]


class TextEncoder(Protocol):
    """Texts to vectors of length 1."""

    @property
    def name(self) -> str:
        """Model, precision and hash, as the index records it."""

    @property
    def dimension(self) -> int: ...

    @property
    def english_only(self) -> bool:
        """Whether texts in other languages land far from the same thing said in English."""

    def encode_query(self, text: str) -> Vectors:
        """Returns: shape (dimension,)."""

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """Returns: shape (len(texts), dimension), each row independent of its neighbours."""


@dataclass(frozen=True)
class OcrLine:
    """A line of text on a picture; `box` in its pixels, `confidence` from 0 to 1.

    `turns` are the quarter turns clockwise after which the picture stands upright for reading.
    """

    text: str
    box: Box
    confidence: float
    turns: int = 0


class Ocr(Protocol):
    """Pictures to text."""

    @property
    def name(self) -> str: ...

    def recognise(self, picture: Picture) -> tuple[OcrLine, ...]:
        """Lines in reading order: from top to bottom, columns one after the other."""


class ImageEncoder(Protocol):
    """Pictures and texts to vectors of length 1 in one space of their own; never compared with a TextEncoder's."""

    @property
    def name(self) -> str:
        """Model and fingerprint of its weights, as an index records it."""

    @property
    def dimension(self) -> int: ...

    def encode_pictures(self, pictures: Sequence[Picture]) -> Vectors:
        """Returns: shape (len(pictures), dimension)."""

    def encode_texts(self, texts: Sequence[str]) -> Vectors:
        """A text longer than the model reads is split and its parts averaged.

        Returns: shape (len(texts), dimension).
        """


@dataclass(frozen=True)
class SpokenWord:
    """One word of a transcript; `confidence` from 0 to 1."""

    text: str
    start_seconds: float
    end_seconds: float
    confidence: float


@dataclass(frozen=True)
class Transcript:
    """What was said. `language` is an ISO 639-1 code, "" where unknown; `origin` names who heard it.

    `spans` are seconds in which somebody speaks, in order and apart, from whoever tells them; of the kind "spans"
    nothing else is known. `notices` are sentences for whoever reads the words.
    """

    words: tuple[SpokenWord, ...]
    language: str
    origin: str
    confidence: float
    origin_kind: SpeechOrigin = "recogniser"
    spans: tuple[tuple[float, float], ...] = ()
    notices: tuple[str, ...] = ()


class Transcriber(Protocol):
    """Speech to words."""

    @property
    def name(self) -> str: ...

    def transcribe(self, samples: NDArray[np.float32], told: Told, cancelled: Cancelled) -> Transcript | None:
        """Args:
        samples: mono, 16,000 a second, from -1 to 1.

        Returns: None where it was cancelled.
        Raises: ModelError, LimitExceeded.
        """


@dataclass(frozen=True)
class Capabilities:
    """What a generator can take. `pictures` is how many in one question; 0: it cannot see."""

    context_tokens: int
    pictures: int = 0
    video: bool = False


@dataclass(frozen=True)
class Still:
    """A picture for a prompt. `seconds` where it is a frame, `recording` of what; `label` goes before it, scrubbed."""

    picture: Picture
    seconds: float | None = None
    label: str = ""
    recording: str = ""  # id of the file


@dataclass(frozen=True)
class Prompt:
    """What a generator is asked. `user` is untrusted in parts: `answering.prompting` has fenced and scrubbed it.

    `around` goes before the first still and behind the last: what is written on pictures is untrusted too.
    """

    system: str
    user: str
    stills: tuple[Still, ...] = ()
    max_new_tokens: int = 512
    around: tuple[str, str] = ("", "")


@dataclass(frozen=True)
class Lessened:
    """Among the pieces of an answer: the model could only take less than it was given; `words` tell the reader so."""

    words: str


class Generator(Protocol):
    """A language model that writes an answer. Several visitors may call it at once; it queues them fairly."""

    @property
    def name(self) -> str:
        """Who speaks, as the screen says it."""

    @property
    def capabilities(self) -> Capabilities: ...

    def control_tokens(self) -> tuple[str, ...]:
        """Texts that the model would read as something else than words, longest first."""

    def count_tokens(self, text: str) -> int:
        """By the model's own tokenizer, or where that is out of reach, an upper estimate."""

    def picture_tokens(self, picture: Picture) -> int:
        """How much of the context a picture takes."""

    def generate(
        self, prompt: Prompt, cancelled: Cancelled, waiting: Callable[[int], None]
    ) -> Iterator[str | Lessened]:
        """Pieces of text as they are written; closing the iterator stops the model.

        Args:
            cancelled: polled while it writes.
            waiting: told how many are before this one, while it waits.

        Raises: ModelMissing, ModelTimeout, OutOfMemory, ModelError.
        """

    def close(self) -> None:
        """Gives back the memory; it loads again when next asked."""


class FileReader(Protocol):
    """Opens files that nobody vouches for. Whatever happens to it happens in another process."""

    def read(self, content: Path, name: str, file: str, told: Told, cancelled: Cancelled) -> ReadFile | None:
        """Reads a whole file.

        Args:
            content: the bytes; their place says nothing about what they are.
            name: what the visitor calls it, for messages and titles only.
            file: the id that its document gets as slug.

        Returns: None where it was cancelled.
        Raises: UnsupportedMedia: such as a recording. MediaUnreadable, LimitExceeded.
        """

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
        """Like `read`, but of a recording or a file of captions what is in it comes back, to be joined by others.

        Args:
            looks: whether the slides of a film are wanted.
            hears: whether somebody will listen: then its samples come too, unless a text in it says what is said.
        """

    def read_captions(self, content: Path, name: str) -> Speech:
        """Reads captions that stand in a file of their own.

        Raises: MediaUnreadable: it holds none. LimitExceeded.
        """

    def draw(self, content: Path, name: str, face: str, longest_px: int) -> DrawnFace:
        """A picture of one page or picture of a file that was read before.

        Raises: InputError: there is no such face, or it cannot be drawn.
        """

    def look(
        self, content: Path, name: str, faces: Sequence[str], longest_px: int, told: Told, cancelled: Cancelled
    ) -> tuple[tuple[str, Picture], ...] | None:
        """Pages and pictures of a file that was read before as a model that sees takes them, by their keys.

        Args:
            faces: keys; those that cannot be drawn are left out of what is returned.
            longest_px: length of a longer side at most; faces x 3 x longest_px squared must stay below 60 MB.

        Returns: None where it was cancelled.
        Raises: MediaUnreadable, LimitExceeded.
        """


class FileDesk(Protocol):
    """A visitor's private files. `visitor` is a key that only the server makes; "" has no files."""

    def inbox(self) -> Path:
        """A folder on the same disk, for bytes that are still arriving; emptied at every start."""

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
        """Takes a file in: durable, and part of what can be asked, when this returns.

        A file of captions whose name is that of a recording, but for its ending, is joined to that, whichever
        of the two comes first.
        The slides of a film are linked with the pages of a document that shows them, too.

        Args:
            content: a file in the inbox; it is moved or removed.
            captions: what is said in a recording, in a file of the inbox; it is removed.
            captions_name: what the visitor calls that.

        Returns: its card, or that of the same bytes added before; None where it was cancelled.
        Raises: InputError (nothing is left of it), StoreError.
        """

    def files(self, visitor: str) -> tuple[FileCard, ...]:
        """Newest first."""

    def read(self, visitor: str, file: str) -> ReadFile:
        """Raises: InputError: this visitor has no such file."""

    def content(self, visitor: str, file: str) -> Path:
        """The bytes as they were brought, for playing a recording; nobody but the desk changes or moves them.

        Raises: InputError: this visitor has no such file.
        """

    def draw(self, visitor: str, file: str, face: str) -> DrawnFace:
        """Raises: InputError: this visitor has no such file or face."""

    def correct(self, visitor: str, file: str, diagram: int, edits: Sequence[DiagramEdit]) -> ReadFile:
        """Changes what was read of a diagram, all edits or none; the next question sees it.

        Kept durably with the file; what was read at first is kept beside it. Answers given before
        stay as they are: they quote what stood there then.

        Args:
            diagram: its place among `ReadFile.diagrams`, from 0.
            edits: made one after the other.

        Returns: the file as it now stands.
        Raises: InputError: this visitor has no such file, it has no such diagram, or an edit cannot be made.
        """

    def uncorrect(self, visitor: str, file: str, diagram: int) -> ReadFile:
        """Takes back the last edit of a diagram.

        Raises: InputError: this visitor has no such file, it has no such diagram, or nothing was changed in it.
        """

    def restore(self, visitor: str, file: str, diagram: int) -> ReadFile:
        """Takes back every correction of a diagram: it stands as it was first read.

        Raises: InputError: this visitor has no such file, or it has no such diagram.
        """

    def correct_lecture(self, visitor: str, file: str, edits: Sequence[LectureEdit]) -> ReadFile:
        """Changes the words of a recording, who speaks, or what a chapter is called, all edits or none; the next
        question sees it. Kept durably with the file. Answers given before stay as they are.

        Args:
            edits: made one after the other, and taken back together.

        Raises: InputError: this visitor has no such file, it is no recording, or an edit cannot be made.
        """

    def uncorrect_lecture(self, visitor: str, file: str) -> ReadFile:
        """Takes back the edits of a recording that were made together last.

        Raises: InputError: this visitor has no such file, it is no recording, or nothing was changed in it.
        """

    def restore_lecture(self, visitor: str, file: str) -> ReadFile:
        """Takes back every correction of a recording: it stands as it was read, or as captions that came since say.

        Raises: InputError: this visitor has no such file, or it is no recording.
        """

    def lecture_touches(self, visitor: str, file: str) -> LectureTouches:
        """Which patterns of the library a recording touches, and when its names are first said in it.

        Raises: InputError: this visitor has no such file, or it is no recording.
        """

    def diagram_links(self, visitor: str, file: str, diagram: int) -> tuple[DiagramLink, ...]:
        """Which patterns of the library the boxes and lanes of a diagram stand for, or are near.

        Raises: InputError: this visitor has no such file, or it has no such diagram.
        """

    def remove(self, visitor: str, file: str) -> None:
        """Deletes a file, what was made of it, and every kept answer that quotes it.

        Raises: InputError: this visitor has no such file.
        """

    def forget(self, visitor: str) -> None:
        """Deletes everything that is known of a visitor."""


class TalkDesk(Protocol):
    """A visitor's kept conversations."""

    def talks(self, visitor: str) -> tuple[TalkCard, ...]:
        """The last changed first."""

    def load(self, visitor: str, talk: str) -> KeptTalk:
        """Raises: InputError: this visitor has no such conversation."""

    def save(self, visitor: str, talk: KeptTalk) -> None:
        """Keeps a conversation as it now is; one without turns is not kept."""

    def rename(self, visitor: str, talk: str, title: str) -> None:
        """Raises: InputError: no such conversation, or no title."""

    def remove(self, visitor: str, talk: str) -> None:
        """Raises: InputError: no such conversation."""


class Librarian(Protocol):
    """What the library's page sees of the engine."""

    def cards(self) -> tuple[Card, ...]:
        """Every page, by title; the same tuple until the index changes."""

    def find(self, typed: str, limit: int = 20) -> tuple[Card, ...]:
        """Pages for what has been typed so far: by name, then by words. Quick enough for every key."""

    def read(self, slug: str) -> Reading:
        """Raises: InputError: no such page."""

    def status(self) -> IndexStatus: ...


class Asker(Protocol):
    """What screens see of the engine."""

    def ask(
        self, question: str, cancelled: Cancelled | None = None, talk: Talk = NO_TALK, scope: Scope = LIBRARY_ONLY
    ) -> Iterator[AskEvent]:
        """Args:
        talk: the conversation so far; a follow-up and the lens are read from it.
        scope: what is asked: the library, a visitor's files, or both.
        """

    def answer(self, question: str, talk: Talk = NO_TALK, scope: Scope = LIBRARY_ONLY) -> Answer: ...

    def lens(self, talk: Talk) -> Lens:
        """Whose eyes the next question is seen with, as far as the conversation tells."""

    def lens_choices(self) -> tuple[Facet, ...]:
        """What an asker can say of themselves: only what the library knows, kind by kind."""

    def facet(self, kind: FacetKind, name: str) -> Facet:
        """Raises: InputError: the library knows no such persona, scale, stage or domain."""

    def search(self, query: str, limit: int = 10) -> tuple[Hit, ...]: ...

    def related(self, slug: str) -> Neighbourhood: ...

    def pattern(self, slug: str) -> Pattern: ...

    def status(self) -> IndexStatus: ...

    def examples(self) -> tuple[str, ...]:
        """Questions that this library can answer, for the empty state."""

    def profiles(self) -> tuple[ProfileState, ...]:
        """Which parts can be chosen; exactly one of them is in use."""

    def writer(self) -> str:
        """The model that writes answers; "" where they are composed out of the sources' own sentences."""


class Desk(Asker, Librarian, Protocol):
    """What the whole page sees of the engine: it answers, shows its library, keeps files and conversations."""

    @property
    def files(self) -> FileDesk: ...

    @property
    def talks(self) -> TalkDesk: ...
