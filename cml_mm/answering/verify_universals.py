"""Words that speak of all: "all" and "never" may stand only where the evidence has them, or a bare noun."""

from __future__ import annotations

from cml_mm.answering.verify_alignment import Held, Pairing, akin, found_in
from cml_mm.answering.verify_numbers import UNIT_WORDS
from cml_mm.answering.verify_text import PREPOSITIONS, Statement, Word, is_verb

ALL = frozenset(
    "all every each everyone everybody everything always anyone anybody anything any entire whole"
    " everywhere invariably"
    " throughout completely fully totally universally without exception".split()
) - {"without", "exception"}
NONE = frozenset("never none nobody nothing no nowhere neither nor".split())
RANKS = {
    **dict.fromkeys("few some sometimes occasionally certain partly".split(), 1),
    **dict.fromkeys("many several often frequently regularly much".split(), 2),
    **dict.fromkeys("most mostly usually generally mainly typically normally largely majority commonly".split(), 3),
    **dict.fromkeys(ALL - {"any", "anyone", "anybody", "anything"}, 4),
}
UNSURE = frozenset(
    "may might could perhaps possibly tend tends likely probably rarely seldom hardly think thinks believe".split()
)
_RESTRICTIVE = frozenset(
    "who that which whose with without under over aged in of from at on for when if unless".split()
)
_COUNTING = frozenset("each every all whole entire any".split())
_PERIODS = frozenset(
    "minute hour day night week month quarter year season decade spring summer autumn winter time morning evening"
    " friday saturday sunday monday tuesday wednesday thursday".split()
)


def said_of_all(pairing: Pairing, said: Statement, held: Held) -> str:
    mine = pairing.said.words
    theirs = pairing.statement.words
    for at, word in enumerate(mine):
        if word.low not in ALL and word.low not in ("never", "none", "nobody"):
            continue
        if word.low in ("any", "anything") and has(mine, NONE | {"not", "without", "if", "than"}):
            continue
        if at + 1 < len(mine) and mine[at + 1].low == "other":
            continue  # "each other", "every other"
        if at and mine[at - 1].low in ("almost", "nearly", "virtually", "practically", "not"):
            continue
        if word.low == "each" and _apiece(mine, at):
            continue
        noun = _head_after(mine, at)
        if word.low == "all" and at + 1 < len(mine) and is_verb(mine, at + 1):
            noun = next((one for one in reversed(mine[:at]) if one.content), noun)
        if word.low in _COUNTING | {"throughout"} and _told_elsewhere(word, mine, at, held):
            continue
        timed = noun is not None and (noun.low.rstrip("s") in _PERIODS or noun.low[0].isdigit())
        if timed and word.low in _COUNTING and (noun is None or noun.low != "time" or _near(theirs, "time")):
            continue
        if word.low in ("never", "none", "nobody"):
            if not _denied_of_all(word, mine, theirs):
                return f"{word.low}: {pairing.said.text}"
            continue
        if not _holds_of_all(word, noun, pairing, said):
            return f"{word.low}: {pairing.said.text}"
    return ""


def _apiece(mine: tuple[Word, ...], at: int) -> bool:
    """An "each" that follows what it counts: "two euros each", "with one per cent each"."""
    follows = mine[at + 1] if at + 1 < len(mine) else None
    before = mine[at - 1] if at else None
    counted = before is not None and (before.low in UNIT_WORDS or before.low[0].isdigit() or follows is None)
    return counted and (follows is None or follows.low in PREPOSITIONS or bool(follows.before.strip()))


def _told_elsewhere(word: Word, mine: tuple[Word, ...], at: int, held: Held) -> bool:
    """Whether some statement of the evidence has such a word right before the same noun."""
    noun = next((one for one in mine[at + 1 : at + 4] if one.low not in ("of", "the", "its", "their")), None)
    if noun is None:
        return False
    for statement in held.statements:
        for one in statement.words:
            counts = one.low == word.low or {one.low, word.low} <= {"whole", "entire", "throughout"}
            after = statement.words[one.place + 1 : one.place + 4]
            if counts and (noun.low in ("one", "1") or any(other.stem == noun.stem for other in after)):
                return True
    return False


def _labelled(theirs: tuple[Word, ...], noun: Word) -> bool:
    """Whether a noun is one of its kind by its label: "Block C", "line 4"."""
    follows = theirs[noun.place + 1] if noun.place + 1 < len(theirs) else None
    label = follows is not None and follows.before == " " and len(follows.text) <= 2
    return label and follows is not None and (follows.capital or follows.low[0].isdigit())


def _denied_of_all(word: Word, mine: tuple[Word, ...], theirs: tuple[Word, ...]) -> bool:
    """Whether the evidence denies for good what a "never" or "nobody" denies."""
    denies = NONE | {"not", "cannot", "refuses", "refuse", "forbidden", "only", "alone", "nor", "without"}
    if has(mine, {"than"}):
        denies |= {"limit", "limits", "limited", "most", "maximum", "within", "up"}
    if any(other.low.endswith("n't") for other in theirs):
        return True
    since = word.low == "never" and has(theirs, {"since"}) and not _near(theirs, "never")
    return has(theirs, denies) and not since


def _holds_of_all(word: Word, noun: Word | None, pairing: Pairing, said: Statement) -> bool:
    """Whether the evidence says it of all: by a word of that kind, or of a bare noun without a hedge."""
    theirs = pairing.statement.words
    universal = [other for other in theirs if other.low in ALL and not _is_period(theirs, other)]
    ranked = has(pairing.clause.words, {key for key, rank in RANKS.items() if rank < 4} | UNSURE)
    if word.low in ("always", "invariably", "everywhere", "universally", "completely", "fully", "totally"):
        firm = has(theirs, NONE | {"must", "only"}) and not has(theirs, {"unless"})
        return not ranked and (bool(universal) or firm)
    if noun is None:
        alone = [
            other
            for other in universal
            if other.low[:3] == word.low[:3] or other.low in ("everyone", "everybody", "all")
        ]
        if word.low in ("anyone", "anybody"):
            alone = [other for other in universal if other.low[:3] in ("any", "eve")]
        return bool(alone) and all(_restriction_kept(theirs, other, said) for other in alone[:1])
    here = [other for other in theirs if akin(noun, other) and other.low not in ALL]
    if not here:
        return (
            bool(universal)
            and any(other.stem == word.stem or other.low in ("everyone", "everybody") for other in universal)
            and _restriction_kept(theirs, universal[0], said)
        )
    for other in here:
        before = theirs[max(0, other.place - 4) : other.place]
        if any(one.low in ALL or one.low in ("no", "both") for one in before) and _restriction_kept(
            theirs, other, said
        ):
            return True
        single = any(one.low in ("one", "this", "that") for one in before)
        single = single or any(one.low[0].isdigit() for one in before[-2:]) or _labelled(theirs, other)
        hedged = any(one.low in RANKS and RANKS[one.low] < 4 for one in before) or single
        if (
            not hedged
            and not ranked
            and _restriction_kept(theirs, other, said)
            and _modifiers_kept(theirs, other, said)
        ):
            return word.low not in ("entire", "whole") and (
                noun.low == other.low or noun.stem == other.stem or bool(universal)
            )
    return False


def _restriction_kept(theirs: tuple[Word, ...], noun: Word, said: Statement) -> bool:
    """Whether what narrows a noun down ("children under two") stands in the sentence too."""
    after = theirs[noun.place + 1 : noun.place + 8]
    if after and after[0].low == "of":
        after = after[1:]
        head = next((one for one in after if one.content), None)
        return head is None or found_in(head, said.words) is not None
    if not after or after[0].low not in _RESTRICTIVE or after[0].before.strip():
        return True
    narrowing = []
    for one in after[1:]:
        if one.before.strip():
            break
        narrowing.append(one)
    counted = [one for one in narrowing[:2] if one.low[0].isdigit()]
    if counted and after[0].low in ("under", "over", "aged"):
        return any(one.low == counted[0].low for one in said.words)
    telling = [one for one in narrowing if one.content or one.low[0].isdigit()][:2]
    return not telling or any(found_in(one, said.words) is not None for one in telling)


def _modifiers_kept(theirs: tuple[Word, ...], noun: Word, said: Statement) -> bool:
    """Whether the word right before a noun ("budget meetings") stands in the sentence too."""
    before = theirs[noun.place - 1] if noun.place else None
    if before is None or not before.content or before.low in PREPOSITIONS or noun.before.strip():
        return True
    return found_in(before, said.words) is not None


def _head_after(words: tuple[Word, ...], at: int) -> Word | None:
    """The noun that a quantifier stands before: the last of the content words that follow it directly."""
    if words[at].low in (
        "everyone",
        "everybody",
        "everything",
        "anyone",
        "anybody",
        "anything",
        "always",
        "invariably",
    ):
        return None
    found = None
    for word in words[at + 1 : at + 6]:
        if word.before.strip() or (found is not None and not (word.content or word.low[0].isdigit())):
            break
        if word.low.rstrip("s") in _PERIODS:
            return word
        if word.low in ("of", "the", "its", "their", "these", "those", "his", "her", "our", "single", "other"):
            continue
        if not word.content and not word.low[0].isdigit() and word.low.rstrip("s") not in _PERIODS:
            if word.low in ("one", "thing", "things", "person", "people"):
                return word
            break
        if found is not None and (word.low.endswith(("ed", "es")) or _likely_verb(found, word)):
            break
        found = word
    return found


def _likely_verb(noun: Word, word: Word) -> bool:
    """ "All members vote", "each circle names": a plural before a bare form, a singular before one in -s."""
    return (noun.low.endswith("s")) != (word.low.endswith("s"))


def _is_period(words: tuple[Word, ...], word: Word) -> bool:
    follows = words[word.place + 1] if word.place + 1 < len(words) else None
    if word.low not in ("each", "every", "all", "any"):
        return False
    return follows is not None and (follows.low.rstrip("s") in _PERIODS or follows.low[0].isdigit())


def has(words: tuple[Word, ...], wanted: set[str] | frozenset[str]) -> bool:
    return any(word.low in wanted for word in words)


def _near(words: tuple[Word, ...], low: str) -> bool:
    return any(word.low == low for word in words)
