"""Times of a recording as questions name them: "at 12:30", "between 2:00 and 3:00", "in the first five minutes"."""

from __future__ import annotations

import re
from dataclasses import dataclass

AROUND_SECONDS = 15.0  # that "at the beginning" and "near the end" mean, where no length is said
_NUMBERS = {
    word: value
    for value, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen".split()
    )
} | {"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "ninety": 90, "a": 1, "an": 1, "half a": 0.5}
_WORDS = "|".join(sorted(_NUMBERS.keys() - {"a", "an", "half a"}, key=len, reverse=True))
# Words of number and single letters of unit must stand alone: "ideas" holds no second, and "team" no minute.
_N = rf"(?:\d+(?:\.\d+)?|\b(?:half an?|{_WORDS}|an?)(?= ))"
_H, _M, _S = (rf"(?:{unit})(?![a-z])" for unit in ("hours?|hrs?|h", "minutes?|mins?|m", "seconds?|secs?|s"))
_CLOCK = r"\d{1,3}:\d{2}(?::\d{2})?"
_SPOKEN = (
    rf"(?:{_N} ?{_H}(?:,? (?:and )?{_N} ?{_M})?(?:,? (?:and )?{_N} ?{_S})?"
    rf"|{_N} ?{_M}(?: ?,? ?(?:and )?\d+(?: ?{_S})?(?![\d:]))?|{_N} ?{_S})"
)
_NAMED = r"(?:(?:minute|second|min\.?) \d{1,4}(?![\d:]))"
_T = rf"(?:{_CLOCK}(?:\s?(?:{_M}|{_H}|o'clock)\b)?|{_NAMED}|{_SPOKEN}\b)"
_RANGE = re.compile(
    rf"\b(?:(?:between|from|in) )?(?:the )?(?P<a>{_T}|(?<=\bbetween )\d{{1,3}}"
    rf"|(?<=\bfrom )\d{{1,3}})\s*(?:and|to|until|till|through|up to|-|–|—)\s*(?:the )?(?P<b>{_T})",
    re.IGNORECASE,
)
_ENDS = re.compile(
    rf"\b(?:in |during |of |at )?the (?:very )?(?P<end>first|last|final) (?P<t>{_SPOKEN}|minute|hour)\b", re.IGNORECASE
)
_AFTER = re.compile(rf"\b(?P<how>after|since|from|until|till|before|up to) (?:the )?(?P<t>{_T})", re.IGNORECASE)
_AT = re.compile(
    rf"(?:\b(?:at|around|about|near|by|in|on|to|@)\s+)?(?:about |around |the )?(?:time ?(?:stamp)?"
    rf" )?(?P<t>{_CLOCK}|{_NAMED}"
    rf"|{_SPOKEN}(?= (?:in|into|mark|through)\b)|(?<=\bat ){_SPOKEN}|(?<=\baround ){_SPOKEN}"
    rf"|(?<=\bafter ){_SPOKEN})"
    r"(?:\s?(?:minutes|min|hours)\b)?(?: (?:in(?:to)?|through)\b(?: the \w+)?| mark)?",
    re.IGNORECASE,
)
_EDGE = re.compile(
    r"\b(?:at|in|near|towards?|right at) (?:the )?(?:very )?(?P<edge>beginning|start|outset|opening|end|close)"
    r"(?: of (?:the |this |that |my |our |her |his )?\w+)?\b|\b(?P<last>(?:at )?last thing)\b",
    re.IGNORECASE,
)
_PART = re.compile(rf"(?P<n>{_N}) ?(?P<unit>{_H}|{_M}|{_S})(?![a-z])", re.IGNORECASE)


@dataclass(frozen=True)
class Stretch:
    """From when to when, in seconds of the recording.

    A negative `start_seconds` counts back from its end; `end_seconds` None is its end. `point` says that one
    time was named, and `text` how it stands in the question.
    """

    start_seconds: float
    end_seconds: float | None
    point: bool = False
    text: str = ""

    def within(self, seconds: float) -> tuple[float, float]:
        """The same in a recording that is so long."""
        start = self.start_seconds if self.start_seconds >= 0 else max(0.0, seconds + self.start_seconds)
        return start, seconds if self.end_seconds is None else self.end_seconds


def time_in(question: str) -> Stretch | None:
    """The time or stretch that a question names; None where it names none."""
    if found := _RANGE.search(question):
        start, end = seconds_in(found["a"]), seconds_in(found["b"])
        if not re.search(r"[a-z:]", found["a"], re.IGNORECASE):
            start = start * 60
        return Stretch(min(start, end), max(start, end), text=found.group())
    if found := _ENDS.search(question):
        length = seconds_in(found["t"])
        first = found["end"].lower() == "first"
        return Stretch(0.0 if first else -length, length if first else None, text=found.group())
    if found := _AT.search(question):
        at = seconds_in(found["t"])
        minute = re.match(r"min", found["t"], re.IGNORECASE)
        if minute:  # "in minute 5" is the fifth, as people count
            return Stretch(max(0.0, at - 60), at, text=found.group())
        if not (before := _AFTER.search(question)) or before.start() > found.start() or before["how"].lower() == "from":
            return Stretch(at, at, point=True, text=found.group())
    if found := _AFTER.search(question):
        at = seconds_in(found["t"])
        later = found["how"].lower() in ("after", "since", "from")
        return Stretch(at if later else 0.0, at + 60 if later else at, text=found.group())
    if found := _EDGE.search(question):
        first = (found["edge"] or "").lower() in ("beginning", "start", "outset", "opening")
        return Stretch(0.0 if first else -AROUND_SECONDS, AROUND_SECONDS if first else None, text=found.group())
    return None


def seconds_in(text: str) -> float:
    """The seconds of one time: "1:02:03", "minute 5", "2 minutes 10", "half an hour"."""
    said = text.lower().strip()
    if clock := re.match(_CLOCK, said):
        total = 0.0
        for part in clock.group().split(":"):
            total = total * 60 + int(part)
        return total
    if named := re.match(r"(minute|second|min)\.? (\d+)", said):
        return int(named[2]) * (1.0 if named[1] == "second" else 60.0)
    if said in ("minute", "hour"):
        return 60.0 if said == "minute" else 3600.0
    total, end = 0.0, 0
    for found in _PART.finditer(said):
        total += _value(found["n"]) * {"h": 3600.0, "m": 60.0, "s": 1.0}[found["unit"][0].lower()]
        end = found.end()
    rest = re.search(r"\d+", said[end:])  # "2 minutes 10"
    return total + (int(rest.group()) if rest else 0)


def _value(number: str) -> float:
    said = re.sub(r"half an", "half a", number.lower())
    return float(_NUMBERS[said]) if said in _NUMBERS else float(said)
