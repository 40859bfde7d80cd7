"""Years, periods, rates and ages that follow from those of the evidence.

2016 for "twenty years after 1996", two a year for "every six months", four hours for "from 9 am to 1 pm".
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import combinations, pairwise
from typing import Protocol

_NEXT_YEAR = (
    r"\b(?:(?:the )?(?:following|next) (?:year|spring|summer|autumn|winter)|(?:a|one|1) year (?:later|after\w*))\b"
)
_YEAR_BEFORE = r"\b(?:the (?:previous|preceding) year|the year before|(?:a|one|1) year (?:earlier|before))\b"
_LATER = re.compile(r"\b(\d+) years? (?:later|after\w*|on\b)")
_EARLIER = re.compile(r"\b(\d+) years? (?:earlier|before|previously|ago)\b")
_SPAN = re.compile(
    r"\b(?:later|after\w*|earlier|before|old|for|since|lasted|took|over|within|in|until|between|on|apart)\b",
    re.IGNORECASE,
)
_RATE = re.compile(
    r"\b(\d+)(?: (?!every|each|per)[^\W\d_]+){0,2} (?:an?|per|each|every) (minute|hour|day|week|month|year)\b",
    re.IGNORECASE,
)
_EVERY = re.compile(r"\bevery (?:(\d+) )?(minute|hour|day|week|month|year)s?\b", re.IGNORECASE)
_DAYS = {"minute": 1 / 1_440, "hour": 1 / 24, "day": 1.0, "week": 7.0, "month": 365 / 12, "year": 365.0}
_AGED = re.compile(r"\A\d+[ -]years?[ -]olds?\b")
_MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
           "december")  # fmt: skip
_FROM_MONTH = re.compile(
    rf"\b(?:from|between) ({'|'.join(_MONTHS)})(?: \d+)? (?:to|until|till|and) ({'|'.join(_MONTHS)})\b", re.IGNORECASE
)
_DAYS_OFF = re.compile(r"\b(\d+) days? (before|earlier|ahead|after|later)\b")
_DATE = re.compile(rf"\A\d+ (?:{'|'.join(_MONTHS)})\b", re.IGNORECASE)
_FROM_TO = re.compile(r"\b(?:from|between) (\d+)(?: ?[ap]m)? (?:to|until|till|and) (\d+)(?: ?[ap]m)?\b")
_NEARLY = re.compile(r"\b(?:nearly|almost|about|around|roughly|some|just under|close to|over|more than)\W+\Z")


class Counted(Protocol):
    """A number with its family, as `verify_numbers.Quantity`."""

    @property
    def raw(self) -> float: ...
    @property
    def value(self) -> float: ...
    @property
    def family(self) -> str: ...
    @property
    def start(self) -> int: ...
    @property
    def noun(self) -> str: ...
    @property
    def bound(self) -> int: ...
    @property
    def implied(self) -> bool: ...


def follows_in_time(one: Counted, said: str, held: str, known: Sequence[Counted]) -> bool:
    """Whether a number of a sentence follows from times of its evidence.

    Args:
        one: the number, with its place in `said`.
        said: the sentence, numbers as digits.
        held: the evidence, numbers as digits.
        known: the numbers that the evidence states.
    """
    return (
        _year(one, said, held, known)
        or _years_between(one, said, known)
        or _rate(one, said, held)
        or _age(one, said, known)
        or _hours(one, held, known)
        or _months(one, held)
        or _date(one, said, held, known)
        or _century(one, said, known)
    )


def same_rate(one: Counted, said: str, held: str) -> bool:
    """Whether a period of a sentence belongs to a rate that the evidence tells of another: 120 a year, ten a month."""
    return _rate(one, said, held)


def is_year(one: Counted) -> bool:
    """Whether a number may be a year."""
    return one.family == "plain" and 1_000 < one.raw < 2_200 and one.raw == int(one.raw)


def _year(one: Counted, said: str, held: str, known: Sequence[Counted]) -> bool:
    if not is_year(one):
        return False
    years = [other.raw for other in known if is_year(other)]
    decade = re.match(r"\d{3}0s\b", said[one.start :])
    if decade and any(0 <= year - one.raw < 10 for year in years):
        return True
    steps = [float(found) for found in _LATER.findall(held)] + [-float(found) for found in _EARLIER.findall(held)]
    steps += [1.0] * bool(re.search(_NEXT_YEAR, held, re.IGNORECASE))
    steps += [-1.0] * bool(re.search(_YEAR_BEFORE, held, re.IGNORECASE))
    return any(abs(year + step - one.raw) < 0.5 for year in years for step in steps)


def _years_between(one: Counted, said: str, known: Sequence[Counted]) -> bool:
    if one.family != "months" or one.value % 12:
        return False
    around = said[max(0, one.start - 12) : one.start + 22]
    years = [other.raw for other in known if is_year(other)]
    close = 0.08 * one.value / 12 if _NEARLY.search(said[: one.start]) else 0.5
    return bool(_SPAN.search(around)) and any(
        abs(abs(a - b) - one.value / 12) <= close for a, b in combinations(years, 2)
    )


def _rates(text: str) -> list[tuple[range, str, float]]:
    """How often something happens, with its place in the text and its period: times a day."""
    found = [
        (range(*match.span()), match[2].lower(), float(match[1]) / _DAYS[match[2].lower()])
        for match in _RATE.finditer(text)
    ]
    return found + [
        (range(*match.span()), match[2].lower(), 1 / (float(match[1] or 1) * _DAYS[match[2].lower()]))
        for match in _EVERY.finditer(text)
        if float(match[1] or 1)
    ]


def _rate(one: Counted, said: str, held: str) -> bool:
    """Two a year for "every six months": another period, or "every" for "a"; the same one leaves nothing to derive."""
    mine = [(period, rate) for place, period, rate in _rates(said) if one.start in place]
    theirs = [(period, rate) for _, period, rate in _rates(held)]
    return any(
        abs(rate - other) < (1e-9 if period == same else 0.01 * other)
        for period, rate in mine
        for same, other in theirs
    )


def _age(one: Counted, said: str, known: Sequence[Counted]) -> bool:
    """A seventeen-year-old is someone over sixteen and under eighteen."""
    if not _AGED.match(said[one.start :]):
        return False
    bounds = [other for other in known if other.bound and other.family in ("plain", "months")]
    return bool(bounds) and all((one.raw - other.raw) * other.bound > 0 for other in bounds)


def _hours(one: Counted, held: str, known: Sequence[Counted]) -> bool:
    """Three hours for "from 9 to 12"."""
    if one.family != "minutes":
        return False
    clocks = [other.value for other in known if other.family == "clock"]
    return any(0 < b - a == one.value for a, b in pairwise(clocks)) or any(
        0 < float(b) - float(a) == one.value / 60 for a, b in _FROM_TO.findall(held) if float(b) <= 24
    )


def _months(one: Counted, held: str) -> bool:
    """Six months for "from March to August", five for who does not count the last."""
    if one.family != "months":
        return False
    for first, last in _FROM_MONTH.findall(held):
        gap = (_MONTHS.index(last.lower()) - _MONTHS.index(first.lower())) % 12
        if one.value in (gap, gap + 1):
            return True
    return False


def _date(one: Counted, said: str, held: str, known: Sequence[Counted]) -> bool:
    """11 May for "three days before 14 May"."""
    if not _DATE.match(said[one.start :]):
        return False
    steps = [(1 if way in ("after", "later") else -1) * float(days) for days, way in _DAYS_OFF.findall(held)]
    days = [other.raw for other in known if _DATE.match(held[other.start :])]
    return any(abs(day + step - one.raw) < 0.5 for day in days for step in steps)


def _century(one: Counted, said: str, known: Sequence[Counted]) -> bool:
    """The eighteenth century for 1743."""
    if not re.match(r"\d+ centur", said[one.start :]):
        return False
    return any((one.raw - 1) * 100 < other.raw <= one.raw * 100 for other in known if is_year(other))
