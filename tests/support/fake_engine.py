"""An engine without an index: real values, written here, streamed at a chosen pace.

It stands at the port only. Questions choose what happens: see `FakeEngine.ask`.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace

from cml_mm.errors import InputError, LimitExceeded, StoreMissing
from cml_mm.ports import Cancelled
from cml_mm.retrieval.lens import LensReader, label_for
from cml_mm.talk import FACET_KINDS, LIBRARY_ONLY, NO_TALK, Facet, FacetKind, Lens, Scope, Talk
from cml_mm.types import (
    Answer,
    AnswerReady,
    AskEvent,
    Card,
    Edge,
    Evidence,
    Hit,
    IndexStatus,
    Neighbourhood,
    Notice,
    PartState,
    Pattern,
    ProfileState,
    Reading,
    Sentence,
    SentenceReady,
    Step,
    TextSpan,
)
from tests.support.fake_files import FakeFiles, file_evidence
from tests.support.fake_library import CARDS, HOSTILE, REQUIRES, STATUS, TENSION, find_cards, read_page, source
from tests.support.fake_talks import FakeTalks

VISIBLE = source("visible-work", "Visible Work", url="https://example.org/visible-work")
ROTATION = source("role-rotation", "Role Rotation")
GIFT = source("gift-of-attention", "Gift of Attention")

PROFILES = (
    ProfileState(
        "embedded",
        "Nothing to download",
        "Works offline.",
        (PartState("generator", "embedded: composes"),),
        in_use=True,
    ),
    ProfileState(
        "laptop",
        "A <laptop>",
        "A small model writes.",
        (
            PartState(
                "generator", "local: ORG/small", "The weights of ORG/small are not here.", "Run: cml models get small"
            ),
        ),
        "small",
    ),
    ProfileState("ours", "Ours", "Another composer.", (PartState("generator", "embedded: composes"),)),
    ProfileState("gpu", "A GPU", "Larger.", (), "large", refused="Start the app with CML_PROFILE=gpu."),
)

FIRST = Evidence(
    1,
    VISIBLE,
    TextSpan("Solution", 56, 133),
    "Solution",
    "Work that stays out of sight stays with the same hands. Write every regular chore on a wall chart,"
    " who does it and how long it takes. Leave the chart up for a month; it will surprise some of you.",
    "Write every regular chore on a wall chart, who does it and how long it takes.",
    0.91,
    ("your words", "meaning"),
)
SECOND = Evidence(
    2,
    ROTATION,
    TextSpan("Solution", 0, 96),
    "Solution",
    "Hand each chore on at a **fixed date**, whether or not anyone asks:\n\n- the water guard after the"
    " season\n"
    "- the minutes after three meetings\n- the keys on the first of the year\n\nThe one who leaves shows"
    " the one who"
    " comes, for one round.",
    "Hand each chore on at a **fixed date**, whether or not anyone asks:\n\n- the water guard after the season",
    0.74,
    ("meaning",),
)
THIRD = Evidence(
    3,
    ROTATION,
    Edge("role-rotation", "REQUIRES", "visible-work"),
    "Relations",
    "Role Rotation requires Visible Work, which is in tension with Gift of Attention.",
    "Role Rotation requires Visible Work",
    0.7,
    ("relation",),
    (REQUIRES, TENSION),
)
FOURTH = Evidence(
    4,
    source("ostrom-water", "The Huerta of Valencia", "lighthouse"),
    TextSpan("Story", 0, 60),
    "Story",
    "The guards are chosen among the irrigators for one season. Next season it is somebody else.",
    "Next season it is somebody else.",
    0.5,
    ("meaning", "relation"),
)

SENTENCES = (
    Sentence(
        "Start with Visible Work: write every regular chore on a wall chart, who does it and how long it takes.",
        (1,),
        "supported",
        0,
        ("Visible Work",),
    ),
    Sentence(
        "Then Role Rotation moves the chores on a fixed date, whether or not anyone asks.",
        (2,),
        "supported",
        1,
        ("Role Rotation",),
    ),
    Sentence("In Valencia the water guard changes every season.", (4,), "partly", 1),
    Sentence(
        "Mind the order: rotation requires Visible Work, and measuring everything strains the Gift of Attention.",
        (3,),
        "supported",
        2,
        ("Visible Work", "Gift of Attention"),
    ),
    Sentence("Nearly every group sees a change by spring.", (), "unsupported", 2),
    Sentence(
        "Begin on Thursday: each of you brings a list of last week's chores.",
        (1, 2),
        "supported",
        3,
    ),
)

ANSWER = Answer(
    question="",
    title="Start with Visible Work",
    sentences=SENTENCES,
    evidence=(FIRST, SECOND, THIRD, FOURTH),
    status="answered",
    model="built-in composer, no language model",
    seconds=0.42,
    fingerprint="4f1c88a0",
    considered=(
        replace(FIRST, number=0, source=GIFT, quote="A favour with a receipt is a bill."),
        replace(FOURTH, number=0, source=source("tool-library", "Tool Library"), quote="Lend, log, mend."),
    ),
    followups=(
        "What does Role Rotation require?",
        "Who has adopted Visible Work?",
        "What is in tension with Visible Work?",
    ),
    ranked=("visible-work", "role-rotation"),
    subjects=("visible-work",),
)

HOSTILE_ANSWER = replace(
    ANSWER,
    title=HOSTILE,
    sentences=(Sentence(HOSTILE, (1,), "supported", 0, ("click", "<img src=x onerror=window.pwned=2>")),),
    evidence=(
        replace(
            FIRST,
            source=replace(
                VISIBLE, title=HOSTILE, attribution=HOSTILE, licence=HOSTILE, url="javascript:window.pwned=5"
            ),
            heading=HOSTILE,
            locator=TextSpan(HOSTILE, 0, 1),
            passage=f"Before. {HOSTILE} After.",
            quote=HOSTILE,
            found_by=(HOSTILE,),
        ),
        replace(
            THIRD,
            number=2,
            path=(replace(REQUIRES, reason=HOSTILE, subject_title=HOSTILE, object_title=HOSTILE),),
        ),
    ),
    considered=(),
    notices=(Notice("language", HOSTILE),),
    followups=(HOSTILE,),
)

ABSENT = replace(
    ANSWER,
    title="That is not in the library",
    sentences=(
        Sentence("That is not in the library. No page speaks about cover for lent vans.", (), "not_checked", 0),
        Sentence(
            "The nearest is Tool Library. It does not answer your question.",
            (),
            "not_checked",
            0,
            ("Tool Library",),
        ),
    ),
    evidence=(),
    status="not_in_library",
    followups=(),
)


# What the fake library says of its pages; `LensReader` is the real one.
MARKED = tuple(
    Pattern(
        slug,
        f"pat_{slug}",
        title,
        source(slug, title),
        context_labels=(("government", f"{title} Ordinance"), ("activist", f"{title} Now")),
        personas=personas,
        stages=("Starting", "Running"),
        scales=tuple(scale for scale in ("Team", "City") if scale in personas),
        domains=("care",) if slug == "gift-of-attention" else ("governance",),
    )
    for slug, title, personas in (
        ("visible-work", "Visible Work", ("Co-op Member", "Team")),
        ("role-rotation", "Role Rotation", ("Founder", "Activist", "Team")),
        ("gift-of-attention", "Gift of Attention", ("City Official", "City")),
    )
)


class FakeEngine:
    """Implements `ports.Desk`.

    Args:
        pace: seconds between two events.
        patterns: how large the library says it is.
    """

    def __init__(self, pace: float = 0.05, patterns: int = 3616, section_vectors: int = 900) -> None:
        self.pace = pace
        self._patterns = patterns
        self._vectors = section_vectors
        self._lenses = LensReader(MARKED)
        self.talks = FakeTalks()
        self.files = FakeFiles(pace, self.talks.forget)

    def ask(
        self, question: str, cancelled: Cancelled | None = None, talk: Talk = NO_TALK, scope: Scope = LIBRARY_ONLY
    ) -> Iterator[AskEvent]:
        """ "slow", "endless", "van", "hostile", "fault", "store" and "language" in a question choose the case."""
        if len(question) > 4000:
            raise LimitExceeded(
                f"This question has {len(question):,} characters. The limit is 4,000.",
                "Shorten it to what you want to know.",
            )
        if not any(char.isalnum() for char in question):
            raise InputError("There are no words in this question.", "Write it in words.")
        if "fault" in question:
            raise RuntimeError("an inner secret")
        if "store" in question:
            raise StoreMissing("There is no index at /nowhere.", "Run: cml index")
        answer = self._with_files(self._choose(question), scope)
        answer = replace(answer, lens=self._lenses.read(question, talk), understood=self._understood(question, talk))
        answer = _worded(answer)
        pace = self.pace * 60 if "slow" in question else self.pace
        yield Step("Understood the question", done=True)
        time.sleep(pace)
        yield Step("Found 9 pages that may help", done=True)
        yield Step("Writing and checking each sentence")
        told: list[Sentence] = []
        known = {item.number: item for item in answer.evidence}
        for sentence in answer.sentences:
            if _waited(120.0 if told and "endless" in question else pace, cancelled):
                yield AnswerReady(replace(answer, sentences=tuple(told), status="stopped"))
                return
            told.append(sentence)
            yield SentenceReady(sentence, tuple(known[n] for n in sentence.cites if n in known))
        yield AnswerReady(answer)

    def _with_files(self, answer: Answer, scope: Scope) -> Answer:
        """Every file that is asked has one sentence to say: after the library's, or alone."""
        asked = [card for card in self.files.files(scope.visitor) if not scope.files or card.id in scope.files]
        if scope.where == "library" or not asked:
            return answer
        kept = answer if scope.where == "both" else replace(answer, sentences=(), evidence=(), considered=())
        first = len(kept.evidence) + 1
        found = tuple(file_evidence(card, number) for number, card in enumerate(asked, first))
        said = tuple(
            Sentence(f"{item.source.title} says it like this: {item.quote}", (item.number,), "supported", 4)
            for item in found
        )
        return replace(kept, sentences=(*kept.sentences, *said), evidence=(*kept.evidence, *found))

    def _understood(self, question: str, talk: Talk) -> str:
        """ "that one" is the first page of the newest answer."""
        if "that one" not in question or not talk.turns or not talk.turns[-1].subjects:
            return question
        title = next(page.title for page in MARKED if page.slug == talk.turns[-1].subjects[0])
        return question.replace("that one", title)

    def lens(self, talk: Talk) -> Lens:
        return self._lenses.read("", talk)

    def lens_choices(self) -> tuple[Facet, ...]:
        return tuple(facet for kind in FACET_KINDS for facet in self._lenses.choices(kind))

    def facet(self, kind: FacetKind, name: str) -> Facet:
        return self._lenses.named(kind, name)

    def _choose(self, question: str) -> Answer:
        if "van " in question:
            return replace(ABSENT, question=question)
        if "hostile" in question:
            return replace(HOSTILE_ANSWER, question=question)
        if "language" in question:
            words = "Your question seems to be in German. Asking in English works better."
            return replace(ANSWER, question=question, notices=(Notice("language", words),))
        return replace(ANSWER, question=question)

    def answer(self, question: str, talk: Talk = NO_TALK, scope: Scope = LIBRARY_ONLY) -> Answer:
        events = self.ask(question, talk=talk, scope=scope)
        return next(event.answer for event in events if isinstance(event, AnswerReady))

    def search(self, query: str, limit: int = 10) -> tuple[Hit, ...]:
        return (Hit("visible-work", "Visible Work", "pattern", "", 0.9, ("title",)),)[:limit]

    def related(self, slug: str) -> Neighbourhood:
        return Neighbourhood("role-rotation", "Role Rotation", "", (REQUIRES,), ())

    def pattern(self, slug: str) -> Pattern:
        return Pattern(slug, f"pat_{slug}", "Visible Work", VISIBLE)

    def status(self) -> IndexStatus:
        return replace(STATUS, patterns=self._patterns, section_vectors=self._vectors)

    def cards(self) -> tuple[Card, ...]:
        return CARDS

    def find(self, typed: str, limit: int = 20) -> tuple[Card, ...]:
        """ "slow" takes its time, "fault" breaks."""
        if typed == "fault":
            raise RuntimeError("an inner secret")
        time.sleep(1.5 if typed == "slow" else 0)
        return find_cards(typed, limit)

    def read(self, slug: str) -> Reading:
        return read_page(slug)

    def profiles(self) -> tuple[ProfileState, ...]:
        return PROFILES

    def writer(self) -> str:
        return ""

    def examples(self) -> tuple[str, ...]:
        return (
            "The same three people do all the invisible work. What helps?",
            "What does Role Rotation require?",
            "Which groups have kept a commons going, and how?",
        )


def _worded(answer: Answer) -> Answer:
    """The title by the name that the asker's own people have for the page."""
    label = label_for(MARKED[0], answer.lens) if answer.status == "answered" and answer.lens.facets else None
    return replace(answer, title=f"Start with {label[1]}") if label else answer


def _waited(seconds: float, cancelled: Cancelled | None) -> bool:
    """Returns: whether the reader has asked to stop meanwhile."""
    end = time.monotonic() + seconds
    while True:
        if cancelled is not None and cancelled():
            return True
        left = end - time.monotonic()
        if left <= 0:
            return False
        time.sleep(min(0.02, left))
