"""Questions about a recording that lean on the one before: "and after that?", "what was on the slide then?"."""

from __future__ import annotations

import re

from cml_mm.answering.file_source import Shelf
from cml_mm.answering.lecture_answers import asked_of_lecture
from cml_mm.talk import Talk

_LEADING = r"^\W*(?:(?:and|but|so|ok|okay|then|well)\b[\s,]*)*"
_THAT = r"(?:that|this|it|then|there)"
_LEANS: tuple[tuple[str, str], ...] = (
    (
        "What was on the slide when {} was mentioned?",
        rf"(?:what|which slide) (?:is|was|were|did) .{{0,40}}\b(?:slide|screen|shown)\b(?:.{{0,20}} {_THAT})?"
        rf"|(?:what|which) slide(?: (?:is|was) (?:it|that|shown|up))?(?: {_THAT})?|show me the slide",
    ),
    (
        "What comes after the part about {}?",
        rf"(?:what (?:comes|came|does s?he say|did s?he say|is said|was said|happens)(?: right| next)? )?after {_THAT}"
        r"|what (?:comes|came|does s?he say|did s?he say|happens) (?:next|then|afterwards)|what next|afterwards",
    ),
    (
        "What comes before the part about {}?",
        rf"(?:what (?:comes|came|does s?he say|did s?he say|is said|was said|happens)(?: right)? )?before {_THAT}",
    ),
    ("Where is {} mentioned?", rf"(?:where|when)(?: exactly)?(?: (?:does|did) s?he (?:say|mention) {_THAT})?"),
    ("Summarise the part about {}", rf"summari[sz]e (?:{_THAT}|that part|this part)"),
)


def lecture_followup(question: str, talk: Talk, shelf: Shelf) -> str:
    """The question made whole from the last one about a recording; "" where it does not lean on one.

    Args:
        question: as asked.
        talk: the earlier turns; the id of the recording stands among their subjects.
        shelf: the files that may be asked.
    """
    past = next((turn for turn in reversed(talk.turns) if not turn.refused), None)
    files = [subject for subject in past.subjects if subject in shelf.ids] if past else []
    if past is None or not files:
        return ""
    rest = re.sub(_LEADING, "", question.replace("’", "'"), flags=re.IGNORECASE).strip(" ?.!,")
    form = next((whole for whole, words in _LEANS if re.fullmatch(words, rest, re.IGNORECASE)), "")
    if not form:
        return ""
    before = asked_of_lecture(past.understood or past.question, shelf, files[:1])
    if before is None or not before.question.topic or before.question.kind == "ask":
        return ""
    return form.format(before.question.topic)
