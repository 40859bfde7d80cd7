"""Words by which a rule and a piece of advice may point apart. Compared, never judged.

A short list of opposites of general English, each a pair of forms: one for what a rule says,
one for what the advice says; and a negation on one side of a word that both share.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from cml_mm import prose

NEAR = 3  # words after a negation in which what it denies stands
_DENIES = frozenset({"not", "never", "cannot"})
_IS = frozenset({"is", "are", "was", "were", "be", "am"})
_NEGATION = frozenset(
    {"not", "no", "never", "nor", "none", "without", "cannot", "nobody", "prohibited", "forbidden", "barred"}
)
_LIMIT = r"\b(?:limit\w*|terms?|rotat\w+|rota|expir\w*|review\w*|renew\w*|turns?|end date|time-?box\w*|temporar\w+)\b"
_MANY = (
    r"\b(?:everyone|everybody|all (?:members|people|those|of us|voices)|each (?:member|person|role)"
    r"|every (?:member|person|role|voice)"
    r"|together|shared|sharing|members (?:decide|vote|choose)|collective\w*|rotat\w+|participat\w+|anyone"
    r"|distribut\w+"
    r"|those affected|jointly|by the users|users themselves|widely)\b"
)
_OPEN = (
    r"\b(?:open(?! (?:an?|the|up|with)\b)|openly|transparent|transparency|public|publicly|visible|publish\w*|see|seen"
    r"|in the open|accessible"
    r"|show\w*)\b"
)
_STEPS = (
    r"\b(?:graduated|gradual\w*|step by step|steps?|ladder|rungs?|warnings?"
    r"|first (?:offence|time|breach)|mild|escalat\w*|mediat\w*|appeal)\b"
)
_RULES = (
    (
        r"\b(?:only the [\w-]+|only (?:a |one |its )?[\w-]+ (?:may|can|shall|decides?)|solely|sole|exclusive\w*|alone"
        r"|at (?:his|her|its|their) (?:own |sole )?discretion|reserved (?:for|to)|sole right|single [\w-]+"
        r"|by one (?:person|member))\b",
        _MANY,
        "decisions are shared by all members who are affected, at the lowest level",
    ),
    (
        r"\b(?:for life|for ever|forever|unlimited|indefinite\w*|permanent\w*|without (?:a )?limit|no limit"
        r"|life-?long"
        r"|as long as (?:he|she|they) (?:wish\w*|want\w*)|until (?:he|she|they) (?:resign\w*|die\w*)"
        r"|any number of times)\b",
        _LIMIT,
        "limited terms of office, roles that rotate and end dates",
    ),
    (
        r"\b(?:secret\w*|confidential\w*|behind closed doors|in private|kept private|non-?public|undisclosed|kept from"
        r"|not (?:be )?(?:see|inspect|read|look|know|ask|published|disclosed|shown|shared|open|public))\b",
        _OPEN,
        "open books and decisions that every member can see",
    ),
    (
        r"\b(?:need not (?:\w+ )?(?:tell|give|say|explain|state|answer|inform|ask|consult)"
        r"|without (?:giving )?(?:any )?reasons?"
        r"|owes? (?:\w+ )?no (?:explanation|account)|without (?:asking|consulting|informing|telling))\b",
        r"\b(?:reasons?|answers?|explain\w*|log|written down|publish\w*|open(?:ly)?|transparen\w+"
        r"|report\w*|hear\w*|asked)\b",
        "decisions are logged openly with their reasons, and those affected are heard and answered",
    ),
    (
        r"\b(?:immediate\w*|at once|without (?:prior )?(?:warning|hearing|notice|appeal)|automatic\w*|expelled"
        r"|expulsion|excluded|dismissed)\b",
        _STEPS,
        "graduated sanctions that begin with a warning and a talk",
    ),
    (
        r"\b(?:is final|are final|no appeal|cannot be appealed|may not be appealed|no further discussion)\b",
        r"\b(?:appeal\w*|reviews?|reviewed|objections?|reopen\w*|revis\w+)\b",
        "decisions can be reviewed, appealed against and reopened",
    ),
    (
        r"\b(?:same (?:person|people|members?)|re-?elect\w* (?:without|any)|keeps? (?:the|his|her"
        r"|their) (?:post|role|office))\b",
        r"\b(?:rotat\w+|turns?|take turns|hand over|handover|change hands|pass on|new people)\b",
        "roles rotate and change hands",
    ),
    (
        r"\b(?:head office|centrally|central (?:office|board|body)|from above|top-?down|instructs?|orders?"
        r"|obey\w*)\b",
        r"\b(?:local\w*|lowest level|subsidiarity|nested|on the spot|self-?(?:organi[sz]\w+|govern\w+)"
        r"|bottom-?up|autonom\w+)\b",
        "local groups decide for themselves",
    ),
    (
        r"\b(?:simple majority|majority (?:vote|decides)|casting vote|outvoted|by a show of hands)\b",
        r"\b(?:consent|consensus|objections?|no one objects|agreement of all)\b",
        "decisions by consent, when nobody objects",
    ),
    (
        r"\b(?:mandatory|compulsory|obliged|forced|must accept)\b",
        r"\b(?:voluntary|voluntarily|free to|invit\w+|opt in|choose freely)\b",
        "people take part of their own free will",
    ),
    (
        r"\b(?:every (?:five|ten) years|rarely|seldom)\b",
        r"\b(?:weekly|monthly|regular\w*|frequent\w*|often|continuous\w*|every week)\b",
        "frequent regular meetings and checks",
    ),
    (
        r"\b(?:outsiders?|external (?:expert|inspector|consultant)s?|hired inspectors?)\b",
        r"\b(?:by users|users (?:themselves|monitor)|members monitor|accountable to the users|users)\b",
        "monitoring by the users themselves",
    ),
)  # fmt: skip


@dataclass(frozen=True)
class Opposite:
    """What rules say, what advice says against it, and that advice in plain words, to look it up by meaning."""

    rule: re.Pattern[str]
    advice: re.Pattern[str]
    sought: str


OPPOSITES: tuple[Opposite, ...] = tuple(
    Opposite(re.compile(rule, re.IGNORECASE), re.compile(advice, re.IGNORECASE), sought)
    for rule, advice, sought in _RULES
)


@dataclass(frozen=True)
class Apart:
    """Words that may point apart, as written: `rule` in the file, `advice` in the pattern."""

    rule: str
    advice: str
    denied: bool = False  # one side only denies a word that both share


def opposites_of(rule: str) -> tuple[Opposite, ...]:
    """The opposites whose one side a rule holds."""
    said = prose.plain(rule)
    return tuple(one for one in OPPOSITES if (found := _first(one.rule, said)) and not _denied(said, found))


def points_apart(
    rule: str, advice: str, about: frozenset[str] = frozenset(), only: Opposite | None = None
) -> Apart | None:
    """The first pair of opposites that a rule and a piece of advice hold; None where there is none.

    Args:
        rule: a sentence of a file.
        advice: a sentence of a pattern.
        about: stems that join the two; only one of these counts as denied on one side, any where none is given.
        only: the one opposite that counts; all of them, and denials, where none is given.
    """
    said, told = prose.plain(rule), prose.plain(advice)
    for one in (only,) if only else OPPOSITES:
        left = _first(one.rule, said)
        right = _first(one.advice, told)
        if left and right and not _denied(told, right) and not _denied(said, left):
            return Apart(left, right)
    return None if only else _denial(said, told, about)


def _first(form: re.Pattern[str], text: str) -> str:
    found = form.search(text)
    return found.group() if found else ""


def _denial(said: str, told: str, about: frozenset[str]) -> Apart | None:
    """A word that both share, with a negation before it on one side only."""
    denied, plain = _denied_stems(said), _denied_stems(told)
    own = {prose.stem(word): word for word in prose.words(said)}
    other = {prose.stem(word): word for word in prose.words(told) if word not in prose.STOP_WORDS}
    for stem, negation in denied.items():
        if stem in other and stem not in plain and len(stem) > 3 and (not about or stem in about):
            return Apart(f"{negation} {own[stem]}" if negation != own[stem] else own[stem], other[stem], True)
    for stem, negation in plain.items():
        if stem in own and stem in other and stem not in denied and len(stem) > 3 and (not about or stem in about):
            return Apart(own[stem], f"{negation} {other[stem]}", True)
    return None


def _denied_stems(text: str) -> dict[str, str]:
    """Stems of what a "not", "never" or "cannot" denies, with that word: what is done, no mere thing.

    After "are not" only a word like "published" counts, since "who are not accountants" denies no deed.
    """
    words = prose.words(text)
    found: dict[str, str] = {}
    for place, word in enumerate(words):
        if word not in _DENIES:
            continue
        after = [later for later in words[place + 1 : place + 1 + NEAR] if later not in prose.STOP_WORDS][:1]
        state = place > 0 and words[place - 1] in _IS
        found.update({prose.stem(later): word for later in after if not state or later.endswith(("ed", "en", "wn"))})
    return found


def _denied(text: str, words: str) -> bool:
    """Whether a negation stands right before these words."""
    before = prose.words(text[: max(text.lower().find(words.lower()), 0)])[-3:]
    return any(word in _NEGATION for word in before)
