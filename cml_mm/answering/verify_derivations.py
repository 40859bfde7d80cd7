"""Numbers that the evidence does not hold but that follow from it.

Each rule names its operands in the evidence and the words that make the step plain there or in the
sentence: the area of "ten metres by five", the rest of "all but nine", a tenth. A number that merely
happens to be some sum is not derived.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import combinations

from cml_mm.answering.verify_times import Counted, follows_in_time, is_year

_BY = re.compile(r"\b(\d+(?:\.\d+)?)(?: ?(?!by\b)[^\W\d_]+)? (?:by|x) (\d+(?:\.\d+)?)")
_SQUARE = re.compile(r"\A\S+ ?(?:square|sq\b|m²|m2\b)", re.IGNORECASE)
_BUT = re.compile(r"\b(?:all but|all except|(?:except|apart)(?: for| from)?) (\d+)\b")
_OF_WHICH = re.compile(r"\bof (?:which|whom|these|those|them),? (\d+)\b")
_OF_THEM = re.compile(r"\b(\d+) of (?:them|whom|which)\b")
_SHARE = re.compile(r"\b(\d+) (?:out )?of (?:the |its |their |all |every )*(\d+)\b")
_DENIES = re.compile(
    r"\b(?:not|no|un\w{3,}|in(?!side|clud|habit|stead|crea)\w{6,}|without|fail\w*|lost|never|against|refus\w*"
    r"|reject\w*|only|still)\b|n't\b",
    re.IGNORECASE,
)
_LONG_WIDE = re.compile(
    r"\b(\d+(?:\.\d+)?) [^\W\d_]+ (?:long|deep)\b[^.;\d]*(\d+(?:\.\d+)?) [^\W\d_]+ (?:wide|broad)\b"
)
_GAINED = re.compile(r"\b(?:gain\w*|los[te]\w*|added|add\w*|grew by|shrank by|more|fewer)\b")
_AGAIN = re.compile(r"\b(?:again|another time|2 time|repeat\w*|2 fold|doubl\w+|twice|2nd time|second time)\b")
_DOUBLE = re.compile(r"\b(?:doubl\w+|twice|2 times?|2 fold)\b")
_MORE = re.compile(
    r"\b(?:larger|more|longer|greater|bigger|higher|beyond|above|exceed\w*|extra|excess|over that)\b", re.IGNORECASE
)
_BEYOND = re.compile(r"(?:more than|over|above|beyond|exceeding|exceeds?|larger than|longer than)\W+$", re.IGNORECASE)
_EACH = re.compile(r"\b(?:each|apiece|per|every|a piece)\b", re.IGNORECASE)
_TOTAL = re.compile(r"\b(?:total\w*|together|altogether|combined|overall|in all|between them|sum)\b")
_NAMED = re.compile(
    r"\b[A-Z][\w’'.-]+(?: [A-Z][\w’'.-]+)*(?:, (?:the )?[A-Z][\w’'.-]+(?: [A-Z][\w’'.-]+)*)*,? and"
    r" (?:[a-z]+ )?[A-Z][\w’'.-]+"
)
_DAY = r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)days?"
_WEEKDAYS = re.compile(rf"\b{_DAY}(?:, {_DAY})*,? and {_DAY}\b")
_REMAINING = re.compile(r"\b(?:remaining|the rest|the others)\b", re.IGNORECASE)
_IN_EVERY = re.compile(
    r"\b(?:one|1) (?:in|of|out of|for) (?:every )?(\d+)\b|\bof (?:every|each) (\d+)[^.;,]*, (?:one|1)\b", re.IGNORECASE
)
_EMPTY = frozenset("were have been with from that this they work works worked will must".split())
_MOST_LISTED = 6  # names that a reader counts at a glance


def follows(one: Counted, said: str, held: str, known: Sequence[Counted]) -> bool:
    """Whether a number of a sentence follows from the numbers of its evidence by a step that is told.

    Args:
        one: the number, with its place in `said`.
        said: the sentence, numbers as digits.
        held: the evidence, numbers as digits.
        known: the numbers of the evidence.
    """
    stated = [other for other in known if not other.implied]
    return (
        follows_in_time(one, said, held, stated)
        or _area(one, said, held)
        or _rest(one, said, held, stated)
        or _times(one, said, held)
        or _part_of(one, held)
        or _product(one, said, held, stated)
        or _listed(one, held, stated)
        or _just_over(one, said, stated)
        or _fraction(one, stated)
        or _folded(one, said, stated)
        or _sum_of_kinds(one, held, stated)
        or _gained(one, said, stated)
        or _others(one, said, held)
    )


def beyond_limit(one: Counted, said: str, held: str) -> bool:
    """Whether "more than 400" speaks of what lies past the evidence's "up to 400", which it names too."""
    return bool(_BEYOND.search(said[: one.start]) and _MORE.search(held))


def rounder(one: float, other: float) -> bool:
    """Whether a number is the other one rounded: it has fewer digits that tell."""
    return len(f"{one:g}".rstrip("0.")) < len(f"{other:g}".rstrip("0."))


def _area(one: Counted, said: str, held: str) -> bool:
    if not _SQUARE.match(said[one.start :]):
        return False
    sides = _BY.findall(held) + _LONG_WIDE.findall(held)
    return any(abs(float(a) * float(b) - one.raw) < 1e-6 for a, b in sides)


def _rest(one: Counted, said: str, held: str, known: Sequence[Counted]) -> bool:
    """ "All but nine of the 140", "of which six": what remains of the number before."""
    if one.family != "plain":
        return False
    for form in (_BUT, _OF_WHICH, _OF_THEM):
        for found in form.finditer(held):
            if form is not _BUT and _told_of(held[found.end() :], said):
                continue
            whole = [other.raw for other in known if other.family == "plain" and other.start != found.start(1)]
            if any(abs(number - float(found[1]) - one.raw) < 1e-6 for number in whole):
                return True
    if not _REMAINING.search(held):
        return False
    plain = [other for other in known if other.family == "plain" and not is_year(other)]
    return any(abs(a.raw - b.raw - one.raw) < 1e-6 for a, b in combinations(plain, 2) if a.start < b.start)


def _told_of(after: str, said: str) -> bool:
    """Whether a sentence says of the rest what the evidence says of the part."""
    clause = re.split(r"[.,;:]", after.strip(" ,"), maxsplit=1)[0]
    told = {word.lower() for word in re.findall(r"[^\W\d_]{4,}(?:-[^\W\d_]+)*", clause)} - _EMPTY
    return bool(told & {word.lower() for word in re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)*", said)})


def _times(one: Counted, said: str, held: str) -> bool:
    """Twice: again, double."""
    if one.raw != 2:
        return False
    told = said[one.start : one.start + 8]
    return bool(re.match(r"2 times?\b", told) and _AGAIN.search(held)) or bool(
        re.match(r"2 fold\b", told) and _DOUBLE.search(held)
    )


def _part_of(one: Counted, held: str) -> bool:
    """Ten percent for "a tenth"; and "a third" read as a part where the third in a row is meant."""
    if one.family != "percent" or not one.raw:
        return False
    parts = round(100 / one.raw)
    if any(int(a or b) and abs(100 / int(a or b) - one.raw) < 0.5 for a, b in _IN_EVERY.findall(held)):
        return True
    return (
        abs(100 / parts - one.raw) < 0.5
        and parts > 2
        and bool(re.search(rf"\b(?:(?:an?|one|1) {parts}\b(?! (?:percent|of the))|the {parts}(?=[.,;:]))", held))
    )


def _product(one: Counted, said: str, held: str, known: Sequence[Counted]) -> bool:
    if one.family not in ("plain", "money") or not _EACH.search(held):
        return False
    total = bool(_TOTAL.search(said))
    return any(
        min(a.value, b.value) > 1 and abs(a.value * b.value - one.value) < 1e-6
        for a, b in combinations(known, 2)
        if total or (one.noun and one.noun in (a.noun, b.noun))
    )


def _fraction(one: Counted, known: Sequence[Counted]) -> bool:
    """36 of 48 for "three quarters of the 48"."""
    if one.family not in ("plain", "money") or one.raw != int(one.raw):
        return False
    parts = [other.value for other in known if other.family == "percent" and other.value < 100]
    wholes = [other.value for other in known if other.family == one.family and not is_year(other)]
    return any(abs(part * whole / 100 - one.value) < 0.01 * one.value for part in parts for whole in wholes)


def _folded(one: Counted, said: str, known: Sequence[Counted]) -> bool:
    """Four for "twelve, three times as much as the other"."""
    if one.family not in ("plain", "money", "metres", "kilos") or re.search(r"\b\d+ fold\b", said):
        return False
    folds = [other.value for other in known if other.family == "fold" and other.value > 1]
    rest = [other.value for other in known if other.family == one.family and not is_year(other)]
    return any(abs(a / fold - one.value) < 1e-6 or abs(a * fold - one.value) < 1e-6 for fold in folds for a in rest)


def _sum_of_kinds(one: Counted, held: str, known: Sequence[Counted]) -> bool:
    """120 trees for "80 apple trees and 40 pear trees"."""
    if one.family != "plain" or len(one.noun) < 3:
        return False
    counted = [other.value for other in known if other.family == "plain" and _counts(held[other.start :], one.noun)]
    return len(counted) > 1 and (
        abs(sum(counted) - one.value) < 1e-6 or any(abs(a + b - one.value) < 1e-6 for a, b in combinations(counted, 2))
    )


def _counts(text: str, noun: str) -> bool:
    return bool(re.match(rf"\S+(?: [^\W\d_]+){{0,2}} {re.escape(noun)}", text, re.IGNORECASE))


def _gained(one: Counted, said: str, known: Sequence[Counted]) -> bool:
    if one.family != "plain" or not _GAINED.search(said):
        return False
    values = [other.value for other in known if other.family == "plain" and not is_year(other)]
    return any(abs(abs(a - b) - one.value) < 1e-6 for a, b in combinations(values, 2))


def _others(one: Counted, said: str, held: str) -> bool:
    """ "Three of the ten are unsafe" where seven of ten are safe."""
    if bool(_DENIES.search(said)) == bool(_DENIES.search(held)):
        return False
    mine = [(float(a), float(b)) for a, b in _SHARE.findall(said) if float(a) == one.raw]
    theirs = [(float(a), float(b)) for a, b in _SHARE.findall(held)]
    return any(b == whole and abs(whole - part - a) < 1e-6 for a, b in mine for part, whole in theirs)


def _listed(one: Counted, held: str, known: Sequence[Counted]) -> bool:
    """As many as the evidence names one by one: "Amy Lowe and Chen Wei" are two."""
    if one.family == "minutes" and one.value == one.raw * 1_440:
        return any(len(re.split(r",? and |, ", found.group())) == one.raw for found in _WEEKDAYS.finditer(held))
    if one.family != "plain" or not one.noun or not 2 <= one.raw <= _MOST_LISTED:
        return False
    if any(other.noun == one.noun for other in known):
        return False
    return any(len(re.split(r",? and |, ", found.group())) == one.raw for found in _NAMED.finditer(held))


def _just_over(one: Counted, said: str, known: Sequence[Counted]) -> bool:
    """ "More than 200" of exactly 212, "nearly 100" of 92."""
    before = said[: one.start]
    more = re.search(r"\b(?:more than|over)\W+$", before)
    less = re.search(r"\b(?:nearly|almost|just under|close to)\W+$", before)
    if one.raw < 10 or not (more or less):
        return False
    for other in known:
        if (
            not rounder(one.raw, other.raw)
            or other.family != one.family
            or other.bound
            or (one.noun and other.noun and one.noun != other.noun)
        ):
            continue
        if (more and 0 < other.value - one.value <= 0.1 * one.value) or (
            less and 0 < one.value - other.value <= 0.08 * one.value
        ):
            return True
    return False
