"""What speaks for and against the library holding an answer: figures of a question and its ranking.

Most are shares of the question, so that they mean the same in a library of any size.
"""

from __future__ import annotations

import re
from dataclasses import astuple, dataclass, fields

import numpy as np

from cml_mm import prose
from cml_mm.graph.bm25 import Bm25
from cml_mm.retrieval.ranking import Ranking

LEAST_PAGES = 20  # fewer say nothing about "any page"
USUAL_RISE = 0.35
# What is asked after "what is the …" without one fact being wanted.
_WIDE = (
    "(ways?|ideas?|purposes?|roles?|difference|points?|principles?|risks?|dangers?|benefits?|advantages?|signs?|reasons?"
    "|rules?|tensions?|meaning|use|place|steps?|patterns?|art|idea|problem)\\b"
)
# Forms that want one fact, whatever it is about.
_FACT = re.compile(
    r"^\W*(who (is|was|were|has|have|had|did|wrote|made|painted|invented|discovered|plays?|played|won|wins|holds?"
    r"|voices|sang|sings"
    r"|directed|founded|signed|owns?)\b|when (is|was|were|did|does|do|will|are)\b|in (which|what) (year|month"
    r"|century|country|city)\b"
    r"|(at|on) (what|which) \w+\b|how (many|much|tall|far|long|old|big|fast|heavy|high|deep|wide|large|often|hot"
    r"|cold)\b"
    rf"|what('s| is| are| was| were) the (?!{_WIDE})(\w+ )?(?!{_WIDE})(\w+ )?(of|on|in|for|to|at|under|over|with)\b"
    r"|what (colou?r|language|time|date|day|year|size|age|kind of|sort of|temperature|happens)\b|(which"
    r"|what) \w+ (is|are|was|were|has|have|had"
    r"|won|wins|holds?|does|do|did|plays?|played|should i|can i)\b|where (is|was|are|were|do|does|did|can i|should i)\b"
    r"|will (there|it)\b|is (the|it|there)\b|are there\b|does the\b|why (is|are|was|were|does|did) (the|my|a)\b)"
)
# "How large should …", "where do we …": asks for advice, not for a fact.
_ADVICE = re.compile(
    r"^\W*(how (many|much|far|long|old|big|fast|high|deep|wide|large|often)|when|at what|who|where|what \w+)\b"
    r"([^.?!]*\b(should|ought|must)\b(?! i\b)|( \w+)? (do|can|could|would) we\b)"
)
_SERVICE = re.compile(
    r"\b(recommend|near (me|us|here)|nearby|book me|find me|reserve|cheap(est)?|where (do|can|could"
    r"|should) i (buy|get|find|rent|hire)"
    r"|should i (buy|get|see|visit|watch|order|choose|take)|worth (the|buying)|open on|delivered?|second-?hand|discount"
    r"|(which|what) (brand|model|shop|store|restaurant|hotel|airline|lawyer|doctor|dentist|bank))\b"
)
_LIVE = re.compile(
    r"\b(today|yesterday|tonight|tomorrow|right now|at the moment|currently|this (morning|evening|week|month"
    r"|year)|latest|live (scores?|streams?|news|updates?|results?|data|traffic|coverage|prices?)"
    r"|(last|next) (night|week|month|year|sunday|monday|tuesday|wednesday|thursday|friday|saturday))\b"
)
_TASK = re.compile(
    r"^\s*(please )?(translate|calculate|compute|solve|convert|sing|draw|rhyme|recite|summari[sz]e|correct|spell"
    r"|proofread|paraphrase"
    r"|tell me (a |an |another )?(joke|story|riddle)|(write|generate|compose|give|make) (me |us )?(a |an "
    r"|some )?([a-z]+ )?"
    r"(poem|song|joke|story|code|program|function|script|python|sql|regex|regular expression|email|essay|limerick"
    r"|haiku|recipe))\b"
)
# A text that gives orders to a machine instead of asking the library.
_ORDERS = re.compile(
    r"\b(ignore|forget|disregard|override)\b[^.?!]{0,20}\b(previous|prior|above|earlier|your|all)\b[^.?!]{0,20}"
    r"\b(instructions?|prompts?|rules|orders|directions)\b"
    r"|\b(reveal|print|show|repeat|output)\b[^.?!]{0,12}"
    r"\b(system|hidden|initial|secret) (prompt|instructions?|message)\b"
)
_SENTENCE_START = re.compile(r"(?:\A|[.!?:;\n])[\s\"'“‘(]*\Z")


@dataclass(frozen=True)
class Signs:
    """Figures of one question, most of them 0 to 1."""

    cosine: float  # of the best page
    rise: float  # standard deviations by which it is above that of any page, in tens
    held: float  # share of the question's idf that one page holds
    held_third: float  # … that the third best of all pages holds
    met: float  # share of its content words that the library has at all
    named: float  # share of its words that are names of pages
    strangers: float  # words inside it that are written as names and name no page, at most 3
    fact: float  # whether it asks for one fact that no page speaks of; half where it asks what that should be
    service: float  # whether it asks for a product or a service
    live: float  # whether it asks for news or live figures
    task: float  # whether it sets a task
    length: float  # content words, in tens, at most 3: a long question is less like any one page

    def values(self) -> tuple[float, ...]:
        return astuple(self)


SIGN_NAMES: tuple[str, ...] = tuple(field.name for field in fields(Signs))


def read_signs(ranking: Ranking, bm25: Bm25) -> Signs:
    """The figures that `abstain` weighs.

    Args:
        ranking: what retrieval found for an English question.
        bm25: for how many pages hold a word.
    """
    folded = prose.fold(ranking.question).replace("’", "'")
    terms = prose.terms(ranking.question)
    unique = tuple(dict.fromkeys(terms))
    held = np.sort(bm25.held_share(unique))[::-1][:3]
    best_held = min(1.0, float(held[0])) if len(held) else 0.0
    return Signs(
        cosine=ranking.best_cosine,
        rise=min(1.0, ranking.shape.rise / 10) if bm25.documents >= LEAST_PAGES else USUAL_RISE,
        held=best_held,
        held_third=float(held[-1]) if len(held) else 0.0,
        met=sum(bm25.document_frequency(term) > 0 for term in unique) / len(unique) if unique else 0.0,
        named=min(1.0, sum(match.words for match in ranking.names) / max(1, len(terms))),
        strangers=min(3.0, len(strangers(ranking))),
        fact=_fact(folded) * (1.0 - best_held),
        service=float(bool(_SERVICE.search(folded))),
        live=float(is_live(folded)),
        task=float(is_task(folded)),
        length=min(3.0, len(unique) / 10),
    )


def _fact(folded: str) -> float:
    """How far a folded question asks for one fact."""
    return float(bool(_FACT.search(folded))) * (0.5 if _ADVICE.search(folded) else 1.0)


def wants_fact(folded: str) -> bool:
    """Whether a folded question asks for one fact, and not for what it should be."""
    return _fact(folded) == 1.0


def is_live(folded: str) -> bool:
    """Whether a folded question speaks of today, or of any other time that no page knows."""
    return bool(_LIVE.search(folded))


def is_task(folded: str) -> bool:
    """Whether a folded question sets a task: translate, calculate, write a poem."""
    return bool(_TASK.search(folded) or _ORDERS.search(folded))


def strangers(ranking: Ranking) -> tuple[str, ...]:
    """Words inside the question's sentences that are written as names and belong to none of the library's."""
    ours = {place for match in ranking.names for place in range(match.start, match.end)}
    found = []
    for place, match in enumerate(prose.WORD.finditer(ranking.question)):
        word = match.group().split("'")[0].split("’")[0]
        inside = not _SENTENCE_START.search(ranking.question[: match.start()])
        if place not in ours and word[0].isupper() and word != "I" and inside:
            found.append(word)
    return tuple(found)
