"""What a question wants of a recorded talk: where something is said, what, what was shown then, a chapter, a pattern.

Read from its words alone; nothing is looked up here. A question that fits no form is none of a lecture, and is
answered like one to any file, out of the sentences that say most to it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from cml_mm import prose
from cml_mm.answering import lecture_forms as forms
from cml_mm.answering.lecture_times import Stretch, time_in
from cml_mm.answering.lecture_topics import mentioned_topic, said_topic, told_topic, topic_of

LectureKind = Literal[
    "ask", "where", "first", "about", "who_said", "at", "slide_when", "slide_about", "slide", "slides",
    "chapters", "chapter", "part", "summary", "steps", "after", "before", "patterns", "against", "compare",
    "speakers", "length",
]  # fmt: skip
_ORDER = "first second third fourth fifth sixth seventh eighth ninth tenth".split()
_COUNTS = "one two three four five six seven eight nine ten eleven twelve".split()
_STRONG = (
    r"(?:talks?|lectures?|videos?|recordings?|films?|clips?|podcasts?|webinars?|seminars?|screencasts?|keynotes?"
    r"|audios?)"
)
# "Which patterns talk about …" asks the library.
_THIS = r"\b(?:the|this|that|my|our|which|each|any|these|both)(?: (?!patterns?\b|pages?\b|library\b)\w+)?"
_THERE = re.compile(rf"{_THIS} {_STRONG}\b", re.IGNORECASE)
_SPEAKING = re.compile(
    rf"\b(?:s?he|the (?:\w+ )?(?:speakers?|lecturers?|presenters?|professors?|narrators?"
    rf"|instructors?))\b(?: \w+){{0,2}}? {forms.SAY}\b"
    rf"|{_THIS} {_STRONG}\b",
    re.IGNORECASE,
)

_NAMED = re.compile(
    r"\b(?:[Dd]id|[Dd]oes|[Dd]o|[Hh]as|[Hh]ad|[Ww]hen|[Ww]here|while|how|why|that) "
    r"(?P<name>[A-Z][a-zà-ÿ]+(?: [A-Z][a-zà-ÿ]+)?) (?!(?:com(?:e|es|ing)|came) up\b|appear|occur)"  # a matter does
    rf"{forms.SAY}\b"
)
SUMMING_UP = "to sum up, summary and conclusion"  # what is said where somebody wraps up


@dataclass(frozen=True)
class LectureQuestion:
    """What is wanted.

    `topic` is what is to be found, `time` what the question names of the recording's clock, `number` that of
    a chapter or slide (-1 the last), `speaker` whose words alone are wanted; `stranger` is a name in that place which
    the recording does not give to anybody. `spoken` says that it is about
    somebody's talk whatever other files there are.
    """

    question: str
    kind: LectureKind
    topic: str = ""
    time: Stretch | None = None
    number: int = 0
    speaker: str = ""
    stranger: str = ""
    spoken: bool = False


def read_lecture_question(
    question: str, speakers: Sequence[str] = (), patterns: Sequence[str] = ()
) -> LectureQuestion | None:
    """The question as one about a recording; None where it fits no form.

    Args:
        question: made whole, in English; the recording's own name taken out.
        speakers: who is named in the recording.
        patterns: names of the library's pages in the question, as written.
    """
    told = " ".join(forms.POLITE.sub("", question.replace("’", "'")).split())
    speaker, bare = _speaker(told, speakers)
    stranger, bare = ("", bare) if speaker else _stranger(bare)
    read = _read(bare, patterns)
    if read is None or (
        read.kind in ("where", "first", "about", "part", "steps", "after", "before") and not read.topic
    ):
        return None
    there = speaker or _THERE.search(told)
    spoken = bool(there) or (not stranger and _SPEAKING.search(bare) is not None)
    return replace(read, question=question, speaker=speaker, stranger=stranger, spoken=spoken)


def _read(told: str, patterns: Sequence[str]) -> LectureQuestion | None:
    if forms.LENGTH.search(told):
        return LectureQuestion(told, "length")
    if forms.SPEAKERS.search(told):
        return LectureQuestion(told, "speakers")
    if forms.SLIDES.search(told):
        return LectureQuestion(told, "slides")
    if beside := _beside(told, patterns):
        return beside
    time = time_in(told)
    return (
        _of_flow(told, time)
        or _of_slides(told, time)
        or _of_chapters(told, time)
        or _of_steps(told)
        or _at(told, time)
        or _of_words(told)
    )


def _beside(told: str, patterns: Sequence[str]) -> LectureQuestion | None:
    """A question that sets what is said beside the library."""
    if not patterns and not forms.LIBRARY.search(told):
        return None
    bare = told
    for name in patterns:  # "Low-Cost Conflict Resolution" asks for no conflict
        bare = re.sub(re.escape(name), "it", bare, flags=re.IGNORECASE)
    if forms.DISAGREE.search(bare):
        return LectureQuestion(told, "against")
    if forms.COMPARE.search(bare):
        return LectureQuestion(told, "compare")
    return LectureQuestion(told, "patterns") if forms.PATTERNS.search(told) else None


def _of_slides(told: str, time: Stretch | None) -> LectureQuestion | None:
    if time and re.search(
        r"\b(?:slides?|screen|shown|show(?:s|ing)?|see|seen|visible|display\w*|projected)\b", told, re.IGNORECASE
    ):
        return LectureQuestion(told, "slide_when", time=time)
    if found := forms.ON_SLIDE.search(told):
        topic = said_topic(found["x"] or found["x2"] or found["x3"])
        return LectureQuestion(told, "slide_when", topic) if topic else None
    if (found := forms.SLIDE_ABOUT.search(told)) and (topic := said_topic(found["x"] or found["x2"])):
        return LectureQuestion(told, "slide_about", topic)
    if found := forms.SLIDE.search(told):
        return LectureQuestion(told, "slide", number=_number(found["number"], found["nth"]))
    return None


def _of_chapters(told: str, time: Stretch | None) -> LectureQuestion | None:
    if forms.CHAPTERS.search(told):
        return LectureQuestion(told, "chapters")
    if found := forms.CHAPTER.search(told):
        return LectureQuestion(told, "chapter", number=_number(found["number"], found["nth"]))
    whole = forms.WHOLE.search(told)
    asks = whole or re.match(r"^\W*(?:what|describe|explain|tell)\b", told, re.IGNORECASE)
    if asks and not forms.WHERE.search(told) and (found := forms.PART.search(told)):
        return LectureQuestion(told, "part", topic_of(found["x"]))
    if whole and time is not None and not time.point:
        return LectureQuestion(told, "at", time=time)
    if not whole:
        return None
    about = re.search(
        r"\b(?:of|on|about)\b (?:what (?:was|is|were) said (?:about|on|of) |what \w+ \w+ about )?(?P<x>.+)$",
        told,
        re.IGNORECASE,
    )
    topic = topic_of(about["x"]) if about and not re.search(r"\babout\W*$", told) else ""
    topic = topic or _object(told)
    return LectureQuestion(told, "part", topic) if topic else LectureQuestion(told, "summary")


def _object(told: str) -> str:
    """What is to be summed up, where that is a matter and no recording: "sum up what she says on rotation"."""
    found = re.search(
        rf"\b(?:summari[sz]e|sum up|recap)\b (?:what|how|everything|all)\b.*?\b{forms.SAY}\b(?:"
        rf" (?:about|on|of|to|upon))? (?P<x>.+)$",
        told,
        re.IGNORECASE,
    )
    return topic_of(found["x"]) if found else ""


def _of_steps(told: str) -> LectureQuestion | None:
    found = forms.STEPS.search(told)
    if not found:
        return None
    before, noun = found["before"] or found["before2"] or "", found["noun"] or found["noun2"]
    rest = topic_of(said_topic(found["x"] or found["x2"] or "") or "")
    adjectives = topic_of(before)
    own = (
        ""
        if noun.lower().rstrip("s") in ("step", "point", "thing", "item", "bullet", "bullet point", "way", "example")
        else noun
    )
    topic = " ".join(part for part in (adjectives, own, rest) if part).strip()
    return LectureQuestion(told, "steps", topic) if topic else None


def _of_flow(told: str, time: Stretch | None) -> LectureQuestion | None:
    found = forms.FLOW.search(told)
    if not found:
        return None
    later = (found["way"] or "").lower() in ("after", "following") or (found["way2"] is not None and not found["way3"])
    kind: LectureKind = "after" if later else "before"
    if time and time.point:
        return LectureQuestion(told, kind, time.text, time)
    if time:
        return None
    topic = said_topic(found["x"])
    return LectureQuestion(told, kind, topic) if topic else None


def _at(told: str, time: Stretch | None) -> LectureQuestion | None:
    if time is None:
        return None
    rest = told.replace(time.text, " ")
    if not time.point and told_topic(" ".join(rest.split())):
        return None  # "about dues at the end of the year": the time belongs to the matter
    asks = re.search(
        rf"\b(?:{forms.SAY}|happen\w*|hear\w*|going on|about|transcript|play|jump|go|take|topic|subject|read)\b",
        rest,
        re.IGNORECASE,
    )
    return LectureQuestion(told, "at", time=time) if asks or len(prose.words(rest)) < 3 else None


def _of_words(told: str) -> LectureQuestion | None:
    """Where, or what, is said about something."""
    told = forms.TAIL.sub("", told) if forms.TAIL.search(told) and not forms.FIRST.search(told) else told
    first = forms.FIRST.search(told)
    bare = " ".join((forms.FIRST.sub(" ", told) if first else told).split())
    where: LectureKind = "first" if first else "where"
    if forms.ENDS.search(bare):
        return LectureQuestion(told, where, SUMMING_UP)
    if (found := forms.OPINION.search(bare)) and _is_who(found["who"]):
        return LectureQuestion(told, "about", topic_of(found["x"]))
    if found := forms.WHICH_SAYS.search(bare):
        return LectureQuestion(told, "who_said", topic_of(found["x"]))
    if found := forms.FOUND.search(bare):
        topic = said_topic(found["x"] or found["x2"])
        return LectureQuestion(told, where, topic) if topic else None
    if found := forms.MENTION.search(bare):
        topic = mentioned_topic(found["x"] or found["x2"])
        return LectureQuestion(told, where, topic) if topic else None
    topic = told_topic(bare)
    return LectureQuestion(told, "about", topic) if topic else None


def _is_who(said: str) -> bool:
    return re.fullmatch(rf"(?:{forms.ANY_WHO}|her|his|their|the (?:\w+ )?\w+)", said.strip(), re.IGNORECASE) is not None


def _speaker(told: str, speakers: Sequence[str]) -> tuple[str, str]:
    """The speaker whom a question names, and the question with "she" in that place."""
    names = sorted((name for name in speakers if name.strip()), key=len, reverse=True)
    parts = [(part, name) for name in names for part in {name.split()[0], name.split()[-1]} - {name}]
    alone = [(part, name) for part, name in parts if sum(part == other for other, _ in parts) == 1]
    for said, name in [*((name, name) for name in names), *sorted(alone)]:
        if len(said) > 2 and (found := re.search(rf"\b{re.escape(said)}\b(?:'s)?", told)):
            own = "her" if found.group().endswith("'s") else "she"
            return name, f"{told[: found.start()]}{own}{told[found.end() :]}"
    return "", told


def _stranger(told: str) -> tuple[str, str]:
    """A name in the place of a speaker, and the question with "she" there."""
    found = _NAMED.search(told)
    return (found["name"], f"{told[: found.start('name')]}she{told[found.end('name') :]}") if found else ("", told)


def _number(number: str | None, nth: str | None) -> int:
    """1 for "one" and "first", -1 for the last, -2 for the one before it."""
    said = (number or nth or "").lower()
    if said.isdigit():
        return int(said)
    if said in _COUNTS:
        return _COUNTS.index(said) + 1
    return _ORDER.index(said) + 1 if said in _ORDER else -2 if said.startswith("next") else -1
