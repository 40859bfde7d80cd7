"""Numbers of a sentence against those of its evidence: digits, words, fractions, times, money, bounds.

What can be converted is: seven days are a week, half a year is six months, 40 percent are four in ten.
A number that the evidence neither holds nor yields by one sum, difference or ratio is a changed one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import combinations

from cml_mm import prose
from cml_mm.answering.verify_derivations import beyond_limit, follows, rounder
from cml_mm.answering.verify_times import same_rate

_UNITS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen"
    " eighteen nineteen"
).split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_VALUES = {word: number for number, word in enumerate(_UNITS)} | {
    word: 10 * number for number, word in enumerate(_TENS, start=2)
}
_SCALES = {"hundred": 100, "thousand": 1_000, "million": 1_000_000, "billion": 1_000_000_000}
_ORDINALS = {
    "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9, "tenth": 10,
    "eleventh": 11, "twelfth": 12, "thirteenth": 13, "fourteenth": 14, "fifteenth": 15, "sixteenth": 16,
    "seventeenth": 17, "eighteenth": 18, "nineteenth": 19, "twentieth": 20, "twenty-first": 21, "thirtieth": 30,
    "fortieth": 40, "fiftieth": 50,
}  # fmt: skip
_PARTS = {"half": 2, "halves": 2, "quarter": 4, "quarters": 4} | {
    name + end: value for name, value in _ORDINALS.items() for end in ("", "s")
}
_COUNT = "|".join((*_UNITS, *_TENS, *_SCALES))
_RUN = re.compile(rf"\b(?:{_COUNT})(?:(?:[ -]|,? and |[ -]and[ -])(?:{_COUNT}))*\b", re.IGNORECASE)
_PART = re.compile(
    r"\b(?P<many>an?|one|two|three|four|five|seven|eight|nine)[ -]"
    rf"(?P<part>{'|'.join(sorted(_PARTS, key=len)[::-1])})\b"
    r"(?= of\b|[.,;:]|$| full\b| empty\b| majority\b| has\b| have\b| had\b| could\b"
    r"| to\b| as\b| are\b| is\b| go\b| were\b| each\b| less| more| fewer| in [A-Z]"
    r"| (?:stand|step|resign|go|have|live|leave|stay|work|vote|pay|come|speak)s?\b)",
    re.IGNORECASE,
)
_PARTS_OF = re.compile(
    r"\b(?P<many>two|three|four|five|seven|eight|nine)[ -]"
    rf"(?P<part>{'|'.join(name for name in _PARTS if name.endswith('s'))})\b",
    re.IGNORECASE,
)
_AND_A_HALF = re.compile(r"\b(?:(?:an?|one) (?P<unit>year|hour) and a half)\b", re.IGNORECASE)
_HALVES = {"year": "18 months", "hour": "90 minutes"}
# "The two have managed": who, not how many.
_THE_TWO = re.compile(
    r"\b(?P<of>the|these|those|other|all) (?:two|three)"
    r"(?= (?:of them )?(?:have|had|has|are|were|will|can|may|then|also|of them|who|others)\b|[.,;])",
    re.IGNORECASE,
)
_ORDINAL = re.compile(rf"(?<!every )\b(?:{'|'.join(_ORDINALS)})\b", re.IGNORECASE)
_MONTH_NAMES = "(?:January|February|March|April|May|June|July|August|September|October|November|December)"
_REWRITES: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(form, re.IGNORECASE), into)
    for form, into in (
        (r"\bhalf a dozen\b", "6"),
        (r"\b(?:a|one) dozen\b", "12"),
        (r"\bhalf a year\b", "6 months"),
        (r"\bhalf a century\b", "50 years"),
        (rf"\bfirst of (?={_MONTH_NAMES})", "1 "),
        (rf"\bsecond of (?={_MONTH_NAMES})", "2 "),
        (r"\bhalf an hour\b", "30 minutes"),
        (r"\b(?:a )?quarter of an hour\b", "15 minutes"),
        (r"\ba (?:couple|pair) of\b", "2"),
        (r"\bevery (?:other|second) (?=day|week|month|year)", "every 2 "),
        (r"\b(?:every|each|per|a) quarter\b(?! of)|\bquarterly\b", "every 3 months"),
        (r"\bbiannual(?:ly)?\b|\bhalf[- ]yearly\b", "every 6 months"),
        (r"\bfortnightly\b|\bevery fortnight\b", "every 2 weeks"),
        (r"\ba fortnight\b|\bone fortnight\b", "2 weeks"),
        (r"\b(?:a )?daily\b", "every day"),
        (r"\b(?:a )?weekly\b", "every week"),
        (r"\b(?:a )?monthly\b", "every month"),
        (r"\b(?:a )?yearly\b|\b(?:an )?annual(?:ly)?\b", "every year"),
        (r"\b(?:an )?hourly\b", "every hour"),
        (r"\bonce (?:an?|per|each|every) (?=hour|day|week|month|year)", "every "),
        (r"\bonce every\b", "every"),
        (
            r"\btwice (?:as|the)\b|\bdouble the\b|\btwofold\b|\bof double\b|\bdoubled\b|\bdoubles\b|\bdoubling\b"
            r"|\bdouble (?=for\b|[.,;]|$)",
            "2 fold ",
        ),
        (r"\bthree times as\b|\btriple the\b|\bthreefold\b|\btripled\b|\btrebled\b|\bthrice as\b", "3 fold "),
        (r"\bfour times as\b|\bfourfold\b|\bquadrupled\b", "4 fold "),
        (r"\btwice (?:an?|per|each|every) year\b", "every 6 months"),
        (r"\btwice\b", "2 times"),
        (r"\bthrice\b", "3 times"),
        (r"\bhalved\b|\bhalves\b|\bhalving\b", "fell by 50 percent"),
        (r"\bby (?:a )?half\b", "by 50 percent"),
        (r"\b(?:a |one )?half (?:of|the|its|their|a|an)\b", "50 percent of"),
        (r"\bhundreds of\b|\bthousands of\b|\bdozens of\b|\bmillions of\b", "many"),
        (r"\b(\d+)k\b", r"\g<1>000"),
        (r"€ ?(\d+(?:[.,]\d+)*)", r"\1 euros"),
        (r"\$ ?(\d+(?:[.,]\d+)*)", r"\1 dollars"),
        (r"£ ?(\d+(?:[.,]\d+)*)", r"\1 pounds"),
        (r"(\d) ?[%％]", r"\1 percent"),
        (r"\bper ?cent\b", "percent"),
        (r"(\d)(?:st|nd|rd|th)\b", r"\1"),
        (r"(\d) ?(?:a\.m\.|am\b)|(\d) (?:o'clock )?in the morning", r"\1\2 am"),
        (r"(\d) ?(?:p\.m\.|pm\b)|(\d) (?:o'clock )?(?:in the (?:evening|afternoon)|at night)", r"\1\2 pm"),
    )
)
_FOLD = (re.compile(r"\b(\d+) times (?=(?:as|the|more|larger|bigger|higher|longer)\b)"), r"\1 fold ")
_MINUTES = {"minute": 1, "hour": 60, "day": 1_440, "night": 1_440, "week": 10_080}
_MONTHS = {"month": 1, "year": 12, "decade": 120, "century": 1_200}
_MONEY = {"euro": "euro", "dollar": "dollar", "pound": "pound", "cent": "", "penny": "", "pence": "", "crown": "crown",
          "franc": "franc", "krona": "crown", "zloty": "zloty"}  # fmt: skip
_METRES = {"metre": 1.0, "meter": 1.0, "kilometre": 1_000.0, "kilometer": 1_000.0, "km": 1_000.0, "centimetre": 0.01,
           "cm": 0.01}  # fmt: skip
_KILOS = {"kilo": 1.0, "kilogram": 1.0, "kilogramme": 1.0, "kg": 1.0, "gram": 0.001, "tonne": 1_000.0}
UNIT_WORDS = frozenset(
    word
    for unit in (*_MINUTES, *_MONTHS, *_MONEY, "percent", "time", "am", "pm", "fold", "centurie")
    for word in (unit, unit + "s")
) | frozenset({"centuries", "pence", "times", "oclock"})
_PERIOD = re.compile(
    r"\b(?:an?|per|each|every|one) (?P<unit>minute|hour|day|week|month|year|decade)\b(?!')", re.IGNORECASE
)
_NUMBER = re.compile(
    r"(?<![\w.,])(?P<value>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:[.,:]\d+)?)(?P<scale> (?:thousand|million|billion))?"
    r"(?P<tail>(?:[ -](?:more|full|new|working|calendar|consecutive))?[ -][^\W\d_]+)?",
    re.IGNORECASE,
)
_NEAR = re.compile(r"(?:about|around|roughly|approximately|nearly|almost|some|circa|just under|close to)\W+$")
_LEAST = re.compile(r"(?:at least|no (?:fewer|less) than|a minimum of|minimum of|more than|over|above|exceed\w*)\W+$")
_MOST = re.compile(
    r"(?:at most|up to|no more than|not more than|a maximum of|maximum of|less than|fewer than|under|below"
    r"|capped at|limited to|within|as (?:many|much|long) as)\W+$"
)
_VAGUE = re.compile(r"(?<![\d] )(?<!\d-)\b(?:minutes|hours|days|weeks|months|years|decades)\b", re.IGNORECASE)
# "No grower gets more than ten": at most ten.
_DENIED = re.compile(r"\b(?:no|not|nobody|none|never|cannot|no one|neither)\b[^.;:]*\Z", re.IGNORECASE)
_LESS = re.compile(
    r"\b(?:lost|not|without|failed|missing|against|still|less|lower|below|cheaper|off|discount|remaining|rest|other|reduction|under)\b",
    re.IGNORECASE,
)
_CHANGED = re.compile(
    r"\b(?:by|rise\w*|rose|risen|more|less|fewer|gr[eo]w\w*|increas\w*|decreas\w*|drop\w*|cut\w*|f[ae]ll\w*|reduc\w*|higher"
    r"|lower|shr[aiu]nk\w*|larger|smaller|doubl\w*|gain\w*|lost)\b",
    re.IGNORECASE,
)
_ON = re.compile(r"\A(?: (?:to|and|or|of|out of|in|per)(?: the)?| ?[–-]| ?/) ?\d", re.IGNORECASE)
_CLOSE = 0.04  # an "about 100" may stand for 97


@dataclass(frozen=True)
class Quantity:
    """A number with what it counts. `raw` as written, `value` in the family's base unit, `noun` its stem."""

    raw: float
    value: float
    family: str  # "plain", "percent", "minutes", "months", "money", "fold", "clock", "metres", "kilos"
    start: int
    noun: str = ""
    coin: str = ""
    bound: int = 0  # -1: at most, 1: at least
    near: bool = False
    implied: bool = False  # the "1" of "a week"


def as_digits(text: str) -> str:
    """Number words, fractions and rates of a text put as digits; "one" stays a word."""
    text = _THE_TWO.sub(r"\g<of>", _AND_A_HALF.sub(lambda found: _HALVES[found["unit"].lower()], text))
    text = _PART.sub(_part, _PARTS_OF.sub(_part, text))
    for form, into in _REWRITES:
        text = form.sub(into, text)
    text = _RUN.sub(lambda found: _run(found.group()), text)
    text = _ORDINAL.sub(lambda found: f"{_ORDINALS[found.group().lower()]}", text)
    for form, into in (*_REWRITES[-3:], _FOLD):
        text = form.sub(into, text)
    return text


def quantities(text: str) -> tuple[Quantity, ...]:
    """Every number of a text that `as_digits` has been through."""
    found = []
    for match in _NUMBER.finditer(text):
        found.append(_quantity(text, match))
    for match in _PERIOD.finditer(text):
        unit = match["unit"].lower()
        family, value = _family(unit, 1.0)
        found.append(Quantity(1.0, value, family, match.start(), implied=True))
    for match in re.finditer(r"\b(?:one|single)\W+(?P<noun>[^\W\d_]+)", text, re.IGNORECASE):
        if not _PERIOD.match(text, match.start()):
            family, value = _family(match["noun"].lower(), 1.0)
            if family != "percent":
                family, value = "plain", 1.0
            noun = _noun(match["noun"]) if family == "plain" else ""
            found.append(Quantity(1.0, value, family, match.start(), noun, implied=family == "plain"))
    return tuple(_inherited(text, sorted(found, key=lambda one: one.start)))


def changed_number(said: str, held: str) -> str:
    """What number of a sentence the evidence does not bear out.

    Args:
        said: the sentence, by `as_digits`.
        held: the evidence, by `as_digits`.
    Returns: it in words; empty where all are borne out.
    """
    known = quantities(held)
    for one in quantities(said):
        if one.implied:
            if (_other_period(one, known) and not same_rate(one, said, held)) or _other_count(one, known):
                return f"1 {one.noun or one.family}"
            continue
        same = [other for other in known if _same(one, other)]
        derived = follows(one, said, held, known)
        if not same and not derived and not _derived(one, known, said):
            return f"{one.raw:g} {one.noun or one.family}"
        if derived:
            continue
        if same and _other_count(one, known):
            return f"{one.raw:g} {one.noun}"
        turned = one.bound and all(other.bound == -one.bound for other in same)
        if same and turned and not (one.bound == 1 and beyond_limit(one, said, held)):
            return f"bound of {one.raw:g}"
    vague = {found.lower() for found in _VAGUE.findall(said)}
    others = {found.lower() for found in _VAGUE.findall(held)}
    if (
        vague
        and others
        and not vague & others
        and not vague & {unit for unit in UNIT_WORDS if re.search(rf"\b{unit}\b", held)}
    ):
        return f"unit {sorted(vague)[0]}"
    return "order" if _order_swapped(said, held) else ""


def _quantity(text: str, match: re.Match[str]) -> Quantity:
    written = match["value"]
    before = text[: match.start()].lower()
    clock = re.fullmatch(r"(\d{1,2}):(\d{2})", written)
    tail = (match["tail"] or "").strip(" -").split()
    unit = _singular(tail[-1].lower()) if tail else ""
    near, bound = bool(_NEAR.search(before)), _bound(before)
    if clock or unit in ("am", "pm"):
        hours = int(clock[1]) if clock else float(written.replace(",", "."))
        minutes = 60 * hours + (int(clock[2]) if clock else 0) + (720 if unit == "pm" and hours < 12 else 0)
        return Quantity(hours, minutes, "clock", match.start())
    raw = float(
        written.replace(",", "") if re.fullmatch(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?", written) else _decimal(written)
    )
    raw *= _SCALES.get((match["scale"] or "").strip().lower(), 1)
    family, value = _family(unit, raw)
    noun = "" if family != "plain" else _noun(unit)
    return Quantity(raw, value, family, match.start(), noun, _MONEY.get(unit, ""), bound, near)


def _decimal(written: str) -> str:
    return re.sub(r":.*", "", written).replace(",", ".").rstrip(".")


def _family(unit: str, raw: float) -> tuple[str, float]:
    if unit in _MINUTES:
        return "minutes", raw * _MINUTES[unit]
    if unit in _MONTHS:
        return "months", raw * _MONTHS[unit]
    if unit in _MONEY:
        return "money", raw / 100 if unit in ("cent", "pence", "penny") else raw
    if unit in ("percent", "fold"):
        return unit, raw
    if unit in _METRES:
        return "metres", raw * _METRES[unit]
    if unit in _KILOS:
        return "kilos", raw * _KILOS[unit]
    return "plain", raw


def _bound(before: str) -> int:
    most, least = _MOST.search(before), _LEAST.search(before)
    if not most and not least:
        return 0
    form = (most or least).start()  # type: ignore[union-attr]
    bound = -1 if most else 1
    comparing = before[form:].startswith(
        ("more than", "less than", "fewer than", "over", "above", "below", "under", "exceed")
    )
    return -bound if comparing and _DENIED.search(before[:form]) else bound


def _singular(word: str) -> str:
    return {"centuries": "century", "pence": "penny"}.get(word, word[:-1] if word.endswith("s") else word)


def _noun(word: str) -> str:
    low = prose.fold(word)
    return "" if low in prose.STOP_WORDS or low in ("am", "pm") else prose.stem(low)


def _inherited(text: str, found: list[Quantity]) -> list[Quantity]:
    """In "from 15 to 120 people" both count people, in "between 5 and 7 days" both days."""
    done: list[Quantity] = []
    for one in reversed(found):
        after = re.match(r"\d[\d,.]*", text[one.start :])
        joint = after and _ON.match(text[one.start + after.end() :])
        if joint and done and one.family == "plain" and not one.noun and not done[-1].implied:
            nxt = done[-1]
            if nxt.family == "plain":
                one = Quantity(one.raw, one.value, "plain", one.start, "", "", one.bound, one.near)
            else:
                scale = nxt.value / nxt.raw if nxt.raw else 1.0
                one = Quantity(one.raw, one.raw * scale, nxt.family, one.start, "", nxt.coin, one.bound, one.near)
        done.append(one)
    return done[::-1]


def _same(one: Quantity, other: Quantity) -> bool:
    if one.coin and other.coin and one.coin != other.coin:
        return False
    if one.family == other.family:
        limit = (
            _CLOSE * abs(other.value)
            if one.near and rounder(one.raw, other.raw)
            else 1e-6 + 0.005 * (one.family == "percent")
        )
        return abs(one.value - other.value) <= max(limit, 0.5 if one.family == "percent" and one.value % 1 else 0)
    plain = "plain" in (one.family, other.family)
    noun = one.noun or other.noun
    return plain and not noun and one.raw == other.raw and not other.implied


def _other_period(one: Quantity, known: tuple[Quantity, ...]) -> bool:
    """ "a week" where the evidence knows only other periods."""
    if one.family == "plain":
        return False
    times = [other for other in known if other.family in ("minutes", "months")]
    return bool([other for other in times if other.implied]) and not any(_same(one, other) for other in times)


def _other_count(one: Quantity, known: tuple[Quantity, ...]) -> bool:
    """ "12 links" where the evidence counts links, but never 12 of them."""
    if one.family != "plain" or not one.noun or 1_900 < one.raw < 2_100:
        return False
    counted = [other for other in known if other.noun == one.noun and not (one.implied and other.implied)]
    alike = [
        *(other for other in known if other.noun == one.noun),
        *(other for other in known if not other.noun and other.family == "plain"),
    ]
    return bool(counted) and not any(other.raw == one.raw or (one.near and _same(one, other)) for other in alike)


def _derived(one: Quantity, known: tuple[Quantity, ...], said: str) -> bool:
    """Whether a sum, a difference, a ratio or the rest of 100 percent yields it."""
    values = [other for other in known if not other.implied]
    if one.family == "percent":
        rest = _LESS.search(said)
        if rest and any(other.family == "percent" and abs(100 - other.value - one.value) < 0.5 for other in values):
            return True
        pairs = [(a.value, b.value) for a in values for b in values if a is not b and a.family == b.family and b.value]
        grew = _CHANGED.search(said)
        return any(
            (grew and abs(100 * abs(a - b) / b - one.value) < 0.6) or abs(100 * a / b - one.value) < 0.6
            for a, b in pairs
        )
    if one.family == "fold":
        return any(b.value and abs(a.value / b.value - one.value) < 0.02 for a in values for b in values if a is not b)
    if one.family not in ("plain", "money", "metres", "kilos"):
        return False
    total = re.search(r"\b(?:total|together|altogether|combined|overall|in all)\b", said)
    by = re.search(r"\b(?:by|more|fewer|less|remaining|other|rest|left)\b", said)
    alike = [(a.value, b.value) for a, b in combinations(values, 2) if a.family == b.family == one.family]
    return bool(
        (total and any(abs(a + b - one.value) < 1e-6 for a, b in alike))
        or (by and any(abs(abs(a - b) - one.value) < 1e-6 for a, b in alike))
    )


def _order_swapped(said: str, held: str) -> bool:
    """ "from 120 to 15" where the evidence goes from 15 to 120."""
    form = re.compile(r"\bfrom (\d[\d.,]*)[^.;]{0,30}? (?:down |up )?to (\d[\d.,]*)")
    known = {found.groups() for found in form.finditer(held)}
    return any((b, a) in known and (a, b) not in known for a, b in (found.groups() for found in form.finditer(said)))


def _part(found: re.Match[str]) -> str:
    many = found["many"].lower()
    count = 1 if many in ("a", "an") else _VALUES.get(many, 1)
    return f"{100 * count / _PARTS[found['part'].lower()]:.4g} percent"


def _run(written: str) -> str:
    """A run of number words as digits. "one" alone and "two hundred and" at a phrase's end stay readable."""
    if written.lower() in ("one", "hundred", "thousand", "million", "billion"):
        return written
    total, group = 0, 0
    seen = None
    for word in re.split(r"[ ,-]+", written.lower()):
        if word == "and" or not word:
            continue
        if word in _SCALES:
            group = max(group, 1) * _SCALES[word]
            if _SCALES[word] >= 1_000:
                total, group = total + group, 0
        else:
            value = _VALUES[word]
            if seen is not None and seen < 20 and group % 100 and value:  # "two, three": two numbers, not one
                return re.sub(
                    rf"\b(?:{_COUNT})\b",
                    lambda one: str(_VALUES.get(one.group().lower(), one.group())),
                    written,
                    flags=re.I,
                )
            group += value
            seen = value
            continue
        seen = None
    return str(total + group)
