"""Whether the library holds an answer at all.

A cosine threshold alone cannot abstain (FACTS §6): invented names score like real ones.
So named things are checked first, then what no library can know; what is left is weighed
by a logistic model (Cox 1958) over a dozen figures of the question and its ranking. Its
weights are fitted by `python -m benchmarks calibrate`; `python -m benchmarks abstention` draws the curve.
"""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from cml_mm import prose
from cml_mm.answering.signs import SIGN_NAMES, Signs, is_live, is_task, read_signs, strangers
from cml_mm.graph.bm25 import Bm25
from cml_mm.retrieval.ranking import Ranking

CALIBRATION = Path(__file__).with_name("abstention.json")
MOST_PAGES_OF_STRANGER = 5  # a name on more pages than this is known here
MOSTLY_NAMES = 0.3  # share of a question's words that names must be, to vouch for it

_FIGURE = re.compile(
    r"\b(how (many|much|old|tall|far)|what time|price|prices|score|weather|temperature|exchange rate|closing"
    r"|news|population|phone number|address|who won|balance)\b"
)
_GREETING = re.compile(
    r"\W*(?:(?:ok|okay|oh|well|great|cool|nice|perfect|hi|hello|hey|many)[\s,!.]*)*(?:(?:hi|hello|hey"
    r"|good (?:morning|day|afternoon|evening)|greetings|thanks?(?: (?:you|a lot))?(?: (?:very|so) much)?"
    r"|thx|cheers|bye|goodbye|see you"
    r"|ok|okay|great|cool|perfect|help(?: me)?|test(?:ing)?|who are you|what are you|how are you"
    r"|are you (?:an? )?(?:ai|bot|robot|human|person|machine|model|chatbot)"
    r"|what (?:can|do) (?:you|i) (?:do|ask)(?: here)?"
    r"|how does this work|what is this)\b)?\W*"
)
_FIGURE_OPENING = re.compile(r"\s*(how (many|much|old)|what('s| is| was| are) (our|my|the))")
_OWN = re.compile(r"\b(our|my) (own )?\w+")


@dataclass(frozen=True)
class Calibration:
    """The fitted model, and where it is used.

    Below `least` a question is refused; below `sure` an answer says "may fit".
    """

    weights: tuple[float, ...]  # in the order of SIGN_NAMES
    constant: float
    least: float
    sure: float

    def confidence(self, signs: Signs) -> float:
        """How surely the library holds an answer, 0 to 1."""
        said = self.constant + sum(weight * value for weight, value in zip(self.weights, signs.values(), strict=True))
        return 1 / (1 + math.exp(-max(-50.0, min(50.0, said))))


@lru_cache(maxsize=1)
def calibration() -> Calibration:
    """The one that is shipped."""
    row = json.loads(CALIBRATION.read_text("utf-8"))
    weights = tuple(float(row["weights"][name]) for name in SIGN_NAMES)
    return Calibration(weights, float(row["constant"]), float(row["least"]), float(row["sure"]))


@dataclass(frozen=True)
class Refusal:
    """Why the library does not hold the answer, in a sentence for the reader."""

    reason: str


def confidence(ranking: Ranking, bm25: Bm25) -> float:
    """How surely the library holds an answer to a question in English, 0 to 1."""
    return calibration().confidence(read_signs(ranking, bm25))


def is_sure(ranking: Ranking, bm25: Bm25) -> bool:
    """Whether an answer may speak plainly; else it says that a page may fit."""
    return bool(ranking.names) or confidence(ranking, bm25) >= calibration().sure


def is_greeting(question: str) -> bool:
    """Whether it only greets or thanks, or asks who is there: nothing that could be looked up."""
    return bool(_GREETING.fullmatch(prose.fold(question)))


def refuse(question: str, ranking: Ranking, bm25: Bm25, adopter_question: bool) -> Refusal | None:
    """The reason to say "not in the library", or None; unknown names are the planner's business.

    Args:
        question: as asked, in English.
        ranking: what retrieval found.
        bm25: for how rare a word is here.
        adopter_question: whether it asks what somebody adopted or uses.
    """
    folded = prose.fold(question)
    if is_task(folded):
        return Refusal("That is a task, not a question that its pages could answer.")
    figure = bool(_FIGURE.search(folded)) and (is_live(folded) or _asks_own_figure(folded))
    if figure and (not ranking.names or (is_live(folded) and _asks_own_figure(folded))):
        return Refusal("It holds patterns, not live figures or facts about your own group.")
    if adopter_question and not ranking.names and (stranger := _rare_stranger(ranking, bm25)):
        return Refusal(f"It records nothing that {stranger} has adopted.")
    return _unlikely(ranking, bm25)


def _unlikely(ranking: Ranking, bm25: Bm25) -> Refusal | None:
    """What the model says; a question that is mostly names of the library is not asked of it."""
    signs = read_signs(ranking, bm25)
    if signs.named >= MOSTLY_NAMES or calibration().confidence(signs) >= calibration().least:
        return None
    if signs.service:
        return Refusal("It recommends no products, shops or services.")
    if signs.live:
        return Refusal("It holds patterns, not news or live figures.")
    return Refusal("None of its pages is about this.")


def _asks_own_figure(folded: str) -> bool:
    """Whether it opens by asking a figure of one's own; a way to find one out does not."""
    return bool(_OWN.search(folded)) and bool(_FIGURE_OPENING.match(folded))


def is_inside(name: str, longer: str) -> bool:
    """Whether every word of a name is one of a longer name's."""
    return set(prose.words(name)) <= set(prose.words(longer))


def _rare_stranger(ranking: Ranking, bm25: Bm25) -> str | None:
    """A name inside the question that the library hardly ever writes."""
    for word in strangers(ranking):
        if bm25.document_frequency(prose.stem(prose.fold(word))) <= MOST_PAGES_OF_STRANGER:
            return word
    return None
