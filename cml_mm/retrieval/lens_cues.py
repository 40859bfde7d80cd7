"""When words speak of the asker: the grammar of `lens_senses`.

A cue counts only where somebody speaks of themselves ("our co-op", "I work for the city"): a
city, a founder or an activist in a question is mostly somebody else. Better no facet than a
wrong one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from cml_mm.talk import FacetKind

_AS = r"\b(?:i am|i'm|we are|we're|as|speaking as|being) (?:an? |the )?(?:[\w-]+ )??"  # "I am a local councillor"
_RUN = (
    r"\b(?:i|we)(?:'ve| have)?(?: \w+ly)? (?:run|lead|own|founded|started|set up|manage|coordinate|maintain|"
    r"work (?:for|in|at)|belong to|live in) (?:an?|the|our|my)?(?: [\w-]+)?? ?"
)
_MARKS = {
    "<our>": r"\b(?:our|my)(?: own)?(?: [\w-]+)??",  # "our co-op", "our housing co-op"
    "<ours>": r"\b(?:our|my)",
    "<we>": r"\b(?:i|we)(?:'re| are|'m| am|'ve| have)?(?: \w+ly)?",
    "<start>": r"(?:start|found|set(?:ting)? up|open|launch|creat|form)\w*",
    "<circle>": r"(?:team|group|circle|collective|crew|office)",
    "<firm>": r"(?:business|company|corporation|firm|enterprise|organi[sz]ation|employer)",
    "<head>": r"(?:founder|director|owner|boss|chair(?:man|woman|person)?)",
}


@dataclass(frozen=True)
class Sense:
    """One thing that a facet can mean.

    `names` are the words for it in libraries, the usual one first: pages marked with any of
    them fit. `groups` are what such people belong to or run, `people` what they call
    themselves, `phrases` whatever else tells it. `contexts` are the names that front matter
    gives such people in `context_labels`, nearest first. `domains` are fields of work that
    they mostly mean; they count less. With `outside`, what follows may show that somebody
    stands before that door, not behind it.
    """

    kind: FacetKind
    label: str
    names: tuple[str, ...]
    groups: str = ""
    people: str = ""
    phrases: tuple[str, ...] = ()
    contexts: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()
    outside: bool = False

    @cached_property
    def cue(self) -> re.Pattern[str]:
        """All that tells it, as one pattern over folded text."""
        patterns = list(self.phrases)
        if self.groups:
            patterns.append(rf"(?:<our> |{_RUN}|{_AS})(?:{self.groups})\b")
        if self.people:
            patterns.append(rf"{_AS}(?:{self.people})\b")
        pattern = "|".join(f"(?:{one})" for one in patterns)
        for mark, meaning in _MARKS.items():
            pattern = pattern.replace(mark, meaning)
        return re.compile(pattern)


# A council that turns a deaf ear is not the asker's own desk.
OUTSIDER = re.compile(
    r"\b(ignor\w+|refus\w+|won't|will not|never listens?|doesn't|does not|didn't|against|protest\w*|petition\w*|"
    r"convinc\w+|persuad\w+|lobby\w*|pressur\w+|fight\w*|evict\w*|oppos\w+|wants? to (?:sell|close|cut))\b"
)
NEGATION = re.compile(r"\b(?:not|never|no longer|isn't|aren't|wasn't|nor)\b")

_SMALL = (
    "two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen"
)
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
NUMBERS: dict[str, int] = {
    **{word: value for value, word in enumerate(_SMALL.split(), start=2)},
    **{word: 10 * value for value, word in enumerate(_TENS.split(), start=2)},
    "a dozen": 12,
    "two dozen": 24,
    "a hundred": 100,
    "two hundred": 200,
    "three hundred": 300,
    "five hundred": 500,
    "a thousand": 1000,
}
_NUMBER = "|".join([r"\d{1,6}", *sorted(map(re.escape, NUMBERS), key=len, reverse=True)])
_ABOUT = r"(?:about |around |some |roughly |nearly |only |just |now )*"
_STAFF = "staff|employees|workers"
_HOMES = "households|families"
_PEOPLE = "people|persons|members|of us|adults|volunteers|activists|friends|colleagues|partners|founders|neighbou?rs"
_WHO = rf"{_PEOPLE}|{_STAFF}|{_HOMES}"
_MEASURES = (
    "years?|months?|weeks?|days?|hours?|minutes?|times?|per|percent|%|km|miles|euros?|dollars?|pounds?|hundred|thousand"
)
_GROUPS = (
    r"group|team|circle|co-?op|cooperative|collective|association|crew|club|company|firm|start-?up|charity|community|"
    r"organi[sz]ation|federation|choir|school|office|village|congregation|household|union"
)
COUNT = re.compile(
    rf"\bwe(?:'re| are) {_ABOUT}(?P<number1>{_NUMBER})\b(?:\s+(?P<who1>{_WHO}))?(?!\s+(?:{_MEASURES}))"
    rf"|\b(?:{_GROUPS}) of {_ABOUT}(?P<number2>{_NUMBER})\b(?:\s+(?P<who2>{_WHO}))?(?!\s+(?:{_MEASURES}))"
    rf"|\bwe (?:have|employ) {_ABOUT}(?P<number3>{_NUMBER})\s+(?P<who3>members|{_STAFF}|people|volunteers)"
    rf"|\b(?P<number4>{_NUMBER})\s+(?P<who4>of us)\b"
)


def scale_of_count(count: int, who: str) -> str:
    """The scale of so many people, as archetypes name it; empty where a number does not say it.

    Args:
        who: "employees", "members" …; empty for "we are twelve".
    """
    if count < 2:
        return ""
    if who in _HOMES.split("|"):
        return "Community" if count <= 100 else "Village" if count <= 1000 else ""
    if count <= 15:
        return "Team"
    if who in _STAFF.split("|"):
        return "SME" if count <= 250 else "Enterprise"
    return "Community" if count <= 1000 else ""
