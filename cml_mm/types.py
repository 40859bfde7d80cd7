"""The values that flow between the steps: frozen, standard library only.

This file knows nothing about files, databases, models or screens. A value holds
what it needs to be traced back: an Answer holds its Evidence, Evidence holds its
Source and a Locator that says exactly where the words stand.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Union

from cml_mm.talk import NO_LENS, Lens

RelationKind = Literal[
    "ENABLES",
    "REQUIRES",
    "SPECIALIZES_TO",
    "USES_TOOL",
    "COMPLEMENTS",
    "ALTERNATIVE_TO",
    "RELATED",
    "TENSIONS_WITH",
    "ADOPTS",
]
RELATION_KINDS: tuple[RelationKind, ...] = (
    "ENABLES",
    "REQUIRES",
    "SPECIALIZES_TO",
    "USES_TOOL",
    "COMPLEMENTS",
    "ALTERNATIVE_TO",
    "RELATED",
    "TENSIONS_WITH",
    "ADOPTS",
)
SYMMETRIC_KINDS: frozenset[str] = frozenset({"COMPLEMENTS", "ALTERNATIVE_TO", "RELATED", "TENSIONS_WITH"})

# Who stands behind a relation, most trusted first.
TrustLayer = Literal["curated", "approved", "earlier", "machine", "inferred"]
TRUST_LAYERS: tuple[TrustLayer, ...] = ("curated", "approved", "earlier", "machine", "inferred")
# Those that a person stands behind.
TRUSTED_LAYERS: tuple[TrustLayer, ...] = ("curated", "approved", "earlier")
TRUST_WORDS: dict[str, str] = {
    "curated": "Written by hand",
    "approved": "Suggested, then approved",
    "earlier": "Earlier library",
    "machine": "Machine-curated",
    "inferred": "Inferred",
}

SectionRole = Literal[
    "overview",
    "context",
    "problem",
    "solution",
    "principles",
    "practices",
    "implementation",
    "consequences",
    "when_to_use",
    "known_uses",
    "cognitive_era",
    "vitality",
    "assessment",
    "references",
    "other",
]
SourceKind = Literal["pattern", "lighthouse", "document"]
PatternFormat = Literal["v1", "v7.1", "v8.2"]
Verdict = Literal["supported", "partly", "unsupported", "not_checked"]
AnswerStatus = Literal["answered", "not_in_library", "advice", "stopped"]


@dataclass(frozen=True)
class Source:
    """Where evidence comes from. `id` is the sha256 of the file's bytes.

    `owner` is "library", or "visitor" for a private file; then `slug` is that file's id.
    """

    id: str
    title: str
    kind: SourceKind
    slug: str
    path: str
    licence: str
    attribution: str
    url: str = ""
    owner: str = "library"


@dataclass(frozen=True)
class TextSpan:
    """Characters `start` to `end` of one section's text (its heading left out)."""

    section: str
    start: int
    end: int

    def fragment(self) -> str:
        """RFC 5147 character range."""
        return f"char={self.start},{self.end}"


@dataclass(frozen=True)
class Box:
    """A rectangle on a page or picture of `of_w` by `of_h`, from its upper left corner, in the same unit."""

    x: float
    y: float
    w: float
    h: float
    of_w: float
    of_h: float

    def fragment(self) -> str:
        """W3C Media Fragment, in percent, so that it holds at any size."""
        parts = (self.x / self.of_w, self.y / self.of_h, self.w / self.of_w, self.h / self.of_h)
        return "xywh=percent:" + ",".join(f"{100 * part:.2f}".rstrip("0").rstrip(".") for part in parts)


@dataclass(frozen=True)
class Page:
    """Characters `start` to `end` of the text on one page or slide; `number` counts from 1.

    `boxes` are the lines that they stand on, where the file tells their places; `face` is the
    name by which a picture of the page is asked for, empty where there is none.
    """

    number: int
    section: str
    start: int
    end: int
    boxes: tuple[Box, ...] = ()
    face: str = ""

    def fragment(self) -> str:
        """RFC 8118 page of a PDF."""
        return f"page={self.number}"


@dataclass(frozen=True)
class PictureArea:
    """Characters `start` to `end` of what was read on a picture, and the boxes that they stand in.

    Of a diagram, `lines` are the arrows that are meant, each a row of points in the boxes' unit, and
    `parts` the ids of the boxes and arrows. Of a slide in a film, the seconds say from when to when it is shown.
    """

    section: str
    start: int
    end: int
    boxes: tuple[Box, ...] = ()
    face: str = ""
    lines: tuple[tuple[tuple[float, float], ...], ...] = ()
    parts: tuple[str, ...] = ()
    start_seconds: float | None = None
    end_seconds: float | None = None

    def fragment(self) -> str:
        """The smallest box around all of them, the whole picture where no place is known; of a film with its time."""
        area = around(self.boxes).fragment() if self.boxes else "xywh=percent:0,0,100,100"
        if self.start_seconds is None or self.end_seconds is None:
            return area
        return f"t={self.start_seconds:g},{self.end_seconds:g}&{area}"


@dataclass(frozen=True)
class TimeSpan:
    """Characters `start` to `end` of a transcript, and when they are said.

    `face` names the frame of the slide that is shown as they begin, empty where none is.
    """

    section: str
    start: int
    end: int
    start_seconds: float
    end_seconds: float
    face: str = ""

    def fragment(self) -> str:
        """W3C Media Fragment."""
        return f"t={self.start_seconds:g},{self.end_seconds:g}"


def clock(seconds: float) -> str:
    """A moment of a recording as players show it: 724 → "12:04"."""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def around(boxes: Sequence[Box]) -> Box:
    """The smallest box that holds all of these, of one page; there is at least one."""
    left, top = min(box.x for box in boxes), min(box.y for box in boxes)
    right, foot = max(box.x + box.w for box in boxes), max(box.y + box.h for box in boxes)
    return Box(left, top, right - left, foot - top, boxes[0].of_w, boxes[0].of_h)


@dataclass(frozen=True)
class Edge:
    """One relation of the graph, named by the slugs at its ends."""

    subject: str
    relation: str
    object: str

    def fragment(self) -> str:
        return f"edge={self.subject},{self.relation},{self.object}"


Locator = Union[TextSpan, Page, PictureArea, TimeSpan, Edge]


@dataclass(frozen=True)
class Section:
    """One headed part of a page. `text` is Markdown as written, heading left out.

    `page` is the page or slide that it stands on, from 1; 0 where the source has no pages.
    """

    role: SectionRole
    heading: str
    text: str
    page: int = 0


@dataclass(frozen=True)
class DiagramText:
    """A diagram written as text inside a page, kept as it stands; `span` cuts it out of its section."""

    language: str  # "mermaid"
    text: str
    span: TextSpan


@dataclass(frozen=True)
class Pattern:
    """One pattern of the library, whatever the generation of its front matter."""

    slug: str
    id: str
    title: str
    source: Source
    aliases: tuple[str, ...] = ()
    summary: str = ""
    sections: tuple[Section, ...] = ()
    tension: str = ""  # "A vs. B"; empty where none is stated or it is only the title's words
    keywords: tuple[str, ...] = ()
    context_labels: tuple[tuple[str, str], ...] = ()  # (persona, the name this persona knows it by)
    personas: tuple[str, ...] = ()
    stages: tuple[str, ...] = ()
    scales: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()
    format: PatternFormat = "v7.1"
    curated: bool = False  # hand-written, by the marks of FACTS §2
    diagrams: tuple[DiagramText, ...] = ()


@dataclass(frozen=True)
class Lighthouse:
    """A real adopter and its story."""

    slug: str
    title: str
    source: Source
    summary: str = ""
    sections: tuple[Section, ...] = ()
    country: str = ""
    sector: str = ""
    adopts: tuple[str, ...] = ()  # names as written; resolved ones are ADOPTS relations too


@dataclass(frozen=True)
class Document:
    """A text that is no pattern: minutes, statutes, slides, an essay."""

    slug: str
    title: str
    source: Source
    summary: str = ""
    sections: tuple[Section, ...] = ()
    format: str = "md"  # the file's ending


AnyPage = Union[Pattern, Lighthouse, Document]


@dataclass(frozen=True)
class Adoption:
    """Somebody uses a pattern, in the words of the library.

    `span` cuts `quote` out of a section of `page`; `adopter` is the name that the library
    mostly gives them, `adopter_slug` their lighthouse's slug, else "adopter-" and their name.
    """

    adopter: str
    adopter_slug: str
    pattern: str  # slug
    quote: str
    page: str  # slug of the page that says so
    span: TextSpan


@dataclass(frozen=True)
class Relation:
    """A typed edge. Symmetric kinds are stored once, in the order they were declared."""

    kind: RelationKind
    subject: str  # slug
    object: str  # slug
    layer: TrustLayer
    reason: str = ""
    weight: float = 1.0  # 0 to 1, as declared
    declared_by: str = ""  # the file that says so, relative to its library
    subject_title: str = ""
    object_title: str = ""


@dataclass(frozen=True)
class Dangling:
    """A relation to a name that the library does not hold: named, never guessed."""

    kind: RelationKind
    subject: str
    name: str
    declared_by: str


@dataclass(frozen=True)
class Problem:
    """Something in the library that could not be read, or only after repair."""

    path: str
    message: str
    skipped: bool


@dataclass(frozen=True)
class LibrarySource:
    """Where a library came from: a folder or a repository, as it was when it was indexed."""

    name: str
    url: str = ""  # of a repository; a folder's place is not recorded
    commit: str = ""
    date: str = ""  # of the commit, ISO 8601
    notice: str = ""  # what a reader must know, e.g. that the repository could not be reached


@dataclass(frozen=True)
class Library:
    """Everything read from one or more library folders, in slug order."""

    patterns: tuple[Pattern, ...]
    lighthouses: tuple[Lighthouse, ...] = ()
    relations: tuple[Relation, ...] = ()
    dangling: tuple[Dangling, ...] = ()
    problems: tuple[Problem, ...] = ()
    documents: tuple[Document, ...] = ()
    adoptions: tuple[Adoption, ...] = ()


@dataclass(frozen=True)
class Evidence:
    """A numbered piece of the library that an answer stands on.

    `passage` is the paragraph around `quote` (for an Edge: the relation in words);
    `quote` is contained in `passage` letter for letter.
    """

    number: int
    source: Source
    locator: Locator
    heading: str
    passage: str
    quote: str
    score: float = 0.0
    found_by: tuple[str, ...] = ()  # stages in words, e.g. "your words", "meaning", "title", "relation"
    path: tuple[Relation, ...] = ()


@dataclass(frozen=True)
class Sentence:
    """One sentence of an answer, plain text. `strong` are the names to set in bold."""

    text: str
    cites: tuple[int, ...]
    verdict: Verdict
    paragraph: int = 0
    strong: tuple[str, ...] = ()


@dataclass(frozen=True)
class Notice:
    """Something the reader must know about this answer, e.g. its language or an unfinished index.

    "model": a language model failed or was not believed; the same question can be answered without it.
    """

    kind: Literal["language", "index", "confidence", "input", "model"]
    text: str


@dataclass(frozen=True)
class Answer:
    question: str
    title: str
    sentences: tuple[Sentence, ...]
    evidence: tuple[Evidence, ...]
    status: AnswerStatus
    model: str  # who wrote the words
    seconds: float
    fingerprint: str = ""  # of the index that was asked
    considered: tuple[Evidence, ...] = ()
    notices: tuple[Notice, ...] = ()
    followups: tuple[str, ...] = ()
    ranked: tuple[str, ...] = ()  # slugs, best first
    understood: str = ""  # the question as it was answered: a follow-up made whole
    lens: Lens = NO_LENS
    subjects: tuple[str, ...] = ()  # slugs that the answer is about, best first
    relation: str = ""  # the kind of relation that was asked for
    confidence: float = 0.0  # how surely the library holds an answer, higher is surer
    withheld: int = 0  # sentences left out, because their sources do not bear them out
    removed_citations: int = 0  # numbers that a model cited and had not been given


@dataclass(frozen=True)
class Step:
    """Progress while answering: what is being done, in words for the reader.

    Steps with the same `topic` are one that moves on, such as a place in a queue.
    """

    name: str
    done: bool = False
    topic: str = ""


@dataclass(frozen=True)
class SentenceReady:
    """A sentence that has been written and verified, with the evidence that it is the first to cite."""

    sentence: Sentence
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True)
class AnswerReady:
    answer: Answer


AskEvent = Union[Step, SentenceReady, AnswerReady]


@dataclass(frozen=True)
class Hit:
    """One pattern or lighthouse found by `search`."""

    slug: str
    title: str
    kind: SourceKind
    summary: str
    score: float
    found_by: tuple[str, ...]


@dataclass(frozen=True)
class Neighbourhood:
    """A pattern with the relations around it, trusted ones first."""

    slug: str
    title: str
    summary: str
    outgoing: tuple[Relation, ...]
    incoming: tuple[Relation, ...]
    dangling: tuple[Dangling, ...] = ()


PathDirection = Literal["forward", "backward", "mixed"]


@dataclass(frozen=True)
class PathFound:
    """How two pages of the graph are joined.

    `relations` lead from the first stop to the last, each as it is declared; empty where
    there is no path. Direction: "forward" reads every one from its subject to its object and
    takes causal kinds only, "backward" is the same from last to first, "mixed" is anything else.
    """

    stops: tuple[str, ...]  # slugs from first to last; just these two where there is no path
    titles: tuple[str, ...]  # of the stops
    relations: tuple[Relation, ...] = ()
    direction: PathDirection = "mixed"
    trusted: bool = True  # whether a person stands behind every relation on it
    alternatives: tuple[tuple[Relation, ...], ...] = ()  # other ways, best first
    direct: tuple[Relation, ...] = ()  # trusted ones between first and last that no listed way uses
    tensions: tuple[Relation, ...] = ()  # trusted ones between any two stops, but for those on the path
    nearest: str = ""  # no path: the page, reached from the first, that stands nearest to the last
    unchecked: tuple[Relation, ...] = ()  # no path: what would join them if machine-made ones counted

    @property
    def steps(self) -> int:
        return len(self.relations)


@dataclass(frozen=True)
class Card:
    """One page of the library as lists show it. `related` counts its trusted relations."""

    slug: str
    title: str
    kind: SourceKind
    summary: str
    domains: tuple[str, ...] = ()
    personas: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    related: int = 0
    relation_kinds: tuple[RelationKind, ...] = ()  # those that it takes part in, trusted ones only
    curated: bool = False


@dataclass(frozen=True)
class Reading:
    """One page to read, with everything that stands around it."""

    page: AnyPage
    outgoing: tuple[Relation, ...]
    incoming: tuple[Relation, ...]
    adoptions: tuple[Adoption, ...] = ()  # of a pattern: who uses it; of a lighthouse: what it uses
    dangling: tuple[Dangling, ...] = ()


@dataclass(frozen=True)
class IndexStatus:
    """State of the opened index, for the screen's status line and `cml doctor`."""

    fingerprint: str
    patterns: int
    lighthouses: int
    relations: int
    sections: int
    section_vectors: int
    encoder: str
    schema: int
    path: str
    licences: tuple[str, ...] = ()
    documents: int = 0
    adopters: int = 0
    dangling: int = 0
    sources: tuple[LibrarySource, ...] = ()
    built: str = ""  # when, ISO 8601, UTC
    problems: tuple[Problem, ...] = ()

    @property
    def complete(self) -> bool:
        return self.section_vectors >= self.sections


@dataclass(frozen=True)
class PartState:
    """One part of a profile as it stands here. `missing` says what is not there; `hint` the way out."""

    part: str  # "generator"
    words: str  # "local: Qwen/Qwen3-VL-4B-Instruct"
    missing: str = ""
    hint: str = ""

    @property
    def there(self) -> bool:
        return not self.missing


@dataclass(frozen=True)
class ProfileState:
    """A profile as lists show it: what it is for, its parts, and why it cannot be taken into use where it cannot.

    `writer` is who writes its answers, "" where they are composed out of the sources' own sentences.
    """

    name: str
    title: str
    about: str
    parts: tuple[PartState, ...]
    writer: str = ""
    in_use: bool = False
    refused: str = ""  # in a sentence, besides what is missing

    @property
    def ready(self) -> bool:
        """Whether it could be taken into use now."""
        return not self.refused and all(part.there for part in self.parts)
