"""Who does what to whom: a sentence must leave the parts in the evidence's places.

Around a verb that both share, the words before it, after it and after each preposition are its parts;
a passive is turned round. Two parts that have changed places are a reversed relation. The same holds for
what comes before and after, for the sides of a comparison, and for names and numbers that have moved from
one clause to another.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import permutations

from cml_mm import prose
from cml_mm.answering.verify_alignment import Held, Pairing, akin, found_in
from cml_mm.answering.verify_bindings import bound_to_another
from cml_mm.answering.verify_directions import direction_turned
from cml_mm.answering.verify_moves import moved
from cml_mm.answering.verify_names import TITLES
from cml_mm.answering.verify_orderings import comparison_turned, time_turned
from cml_mm.answering.verify_sides import other_side, unknown_doer
from cml_mm.answering.verify_text import PREPOSITIONS, PRONOUNS, Clause, Statement, Word, is_passive, is_verb

# Verbs that tell one event from its two ends, and which place of the second a place of the first is.
_HANDED = {"doer": "from", "to": "doer"}
_TURNED = {"doer": "done", "done": "doer"}
_INVERSE: dict[tuple[str, str], dict[str, str]] = {
    ("lend", "borrow"): _HANDED,
    ("rent", "borrow"): _HANDED,
    ("sell", "buy"): _HANDED,
    ("give", "receiv"): _HANDED,
    ("give", "get"): _HANDED,
    ("teach", "learn"): {"doer": "from", "to": "doer", "done": "doer"},
    ("preced", "follow"): _TURNED,
    ("generalis", "specialis"): _TURNED,
    ("own", "belong"): {"doer": "to", "done": "doer"},
    ("hold", "belong"): {"doer": "to", "done": "doer"},
    ("employ", "work"): {"doer": "for", "done": "doer"},
}
_LETTING = frozenset(prose.stem(word) for word in ("rent", "lease", "let", "hire"))  # told alike from both ends
_LIGHT_VERBS = frozenset(("make", "take", "get", "have", "do"))
_BY_ITSELF = frozenset(  # verbs that tell without an object what befalls their doer: "the ferry stops"
    prose.stem(word)
    for word in "stop halt close open end start begin grow increase change move run shut double".split()
)
_RELATIONS = frozenset("requir enabl contradict complement specialis generalis replac adopt prevent caus".split())


@dataclass(frozen=True)
class Part:
    """Some words of a clause in one place around its verb: "doer", "done", or a preposition."""

    place: str
    words: tuple[Word, ...]


@dataclass(frozen=True)
class Act:
    """A verb with its parts."""

    verb: Word
    parts: tuple[Part, ...]
    passive: bool

    def part(self, place: str) -> tuple[Word, ...]:
        return next((part.words for part in self.parts if part.place == place), ())


def reversed_relation(said: Statement, pairings: tuple[Pairing, ...], held: Held) -> str:
    """Which relation of a sentence stands the other way round in the evidence; empty where none."""
    for pairing in pairings:
        why = moved(pairing) if pairing.comparable else ""
        if why:
            return why
    return (
        _verb_turned(said, held)
        or time_turned(said, held)
        or comparison_turned(said, held)
        or direction_turned(said, held)
        or other_side(said, held)
        or unknown_doer(said, held)
        or bound_to_another(said, held)
    )


def acts(said: Statement) -> tuple[tuple[Clause, Act], ...]:
    """The verbs of a statement with what stands around them; "and lives on gifts" keeps the doer before it."""
    found = []
    subject: tuple[Word, ...] = ()
    for clause in said.clauses:
        words = clause.words
        for at in range(len(words)):
            if not is_verb(words, at):
                continue
            passive = is_passive(words, at)
            before = _subject(words, at) or (subject if words[0].low in ("and", "but", "which", "who") else ())
            parts = [Part("done" if passive else "doer", before), *_after(words[at + 1 :], passive)]
            found.append((clause, Act(words[at], tuple(part for part in parts if part.words), passive)))
        subject = next((act.parts[0].words for one, act in found if one is clause and act.parts), subject)
    return tuple(found)


def _subject(words: tuple[Word, ...], verb: int) -> tuple[Word, ...]:
    """The content words before a verb, what is fronted ("In 2019, …") left out."""
    earlier = [at for at in range(verb) if is_verb(words, at)]
    if earlier:
        between = tuple(word for word in words[earlier[-1] + 1 : verb] if word.content)
        joint = any(word.low in ("and", "but", "or") for word in words[verb - 1 : verb])
        if joint:
            return _subject(words, earlier[-1])
        return between or tuple(word for word in words[: earlier[0]] if word.content)
    words = words[:verb]
    start = 0
    for at, word in enumerate(words):
        if word.low == "that" and at:
            start = at + 1
        if "," in word.before and at and words[0].low in PREPOSITIONS | {"once", "when", "if"}:
            start = at
    return tuple(word for word in words[start:] if word.content)


def _after(words: tuple[Word, ...], passive: bool) -> list[Part]:
    parts: list[Part] = []
    place = "rest" if passive else "done"
    here: list[Word] = []
    for at, word in enumerate(words):
        ends = word.low in ("and", "but", "or") and is_verb(words, min(at + 1, len(words) - 1))
        if ends:
            break
        if word.low in PREPOSITIONS and word.low != "of":
            parts.append(Part(place, tuple(here)))
            place, here = ("doer" if passive and word.low == "by" else word.low), []
        elif word.content:
            here.append(word)
    parts.append(Part(place, tuple(here)))
    return parts


def _verb_turned(said: Statement, held: Held) -> str:
    """Two parts of one verb that have changed places, anywhere in the evidence and nowhere in their own."""
    known = [found for one in held.statements for found in acts(one)]
    for clause, mine in acts(said):
        turned = ""
        for where, theirs in known:
            told = _as_told(theirs, mine.verb)
            if {mine.verb.stem, theirs.verb.stem} <= _LETTING:
                handed = mine.part("from") and theirs.part("to"), mine.part("to") and theirs.part("from")
                back = {there: here for here, there in _HANDED.items()}
                told = (_moved_parts(theirs, _HANDED if handed[0] else back),) if any(handed) else told
            for other in told:
                if _fits(mine, other):
                    turned = "-"
                elif not turned and (_crossed(mine, other, where) or _refilled(mine, other)):
                    turned = f"{mine.verb.low}: {clause.text}"
        if turned not in ("", "-"):
            return turned
        if not turned and _other_relation(mine, [act for _, act in known], held):
            return f"{mine.verb.low}: {clause.text}"
    return ""


def _other_relation(mine: Act, known: list[Act], held: Held) -> bool:
    """Whether two names are joined by one relation where the evidence joins them by another alone."""
    if mine.verb.stem not in _RELATIONS or any(akin(mine.verb, word) for word in held.words):
        return False
    ends = [part.words for part in mine.parts if any(word.capital for word in part.words)]
    return len(ends) >= 2 and any(
        act.verb.stem in _RELATIONS
        and all(any(_same_word(word, part.words) for part in act.parts for word in end if word.capital) for end in ends)
        for act in known
    )


def _as_told(act: Act, verb: Word) -> tuple[Act, ...]:
    """An act of the evidence as another verb would tell it; empty where that verb tells something else."""
    for (one, other), places in _INVERSE.items():
        if (act.verb.stem, verb.stem) == (one, other):
            return (_moved_parts(act, places),)
        if (act.verb.stem, verb.stem) == (other, one):
            return (_moved_parts(act, {there: here for here, there in places.items()}),)
    if act.verb.stem != verb.stem and {act.verb.stem, verb.stem} & _LIGHT_VERBS:
        return ()  # "makes use of" says nothing of what is built
    return (act,) if akin(act.verb, verb) else ()


def _moved_parts(act: Act, places: dict[str, str]) -> Act:
    return replace(act, parts=tuple(Part(places.get(part.place, part.place), part.words) for part in act.parts))


def _fits(mine: Act, theirs: Act) -> bool:
    """Whether every part that both have is the same in both, and there is one."""
    both = [(part.words, theirs.part(part.place)) for part in mine.parts if theirs.part(part.place)]
    return (
        bool(both)
        and all(any(found_in(word, other) for word in one) and not _other_name(one, other) for one, other in both)
        and not _swapped_words(mine, theirs)
    )


def _other_name(one: tuple[Word, ...], other: tuple[Word, ...]) -> bool:
    """Whether both hold names, and not the same."""
    names = [word for word in one if word.capital and word.low not in TITLES]
    others = [word for word in other if word.capital and word.low not in TITLES]
    shared = any(_same_word(word, other) for word in names) or any(_same_word(word, one) for word in others)
    return bool(names and others) and not shared


def _swapped_words(mine: Act, theirs: Act) -> bool:
    for one, other in permutations(mine.parts, 2):
        there, here = theirs.part(other.place), theirs.part(one.place)
        if there and here and _only(one.words, there, here):
            gone = [word for word in there if not _same_word(word, here)]
            back = all(_same_word(word, here) for word in other.words)
            if back and not any(_same_word(word, other.words) for word in gone):
                return True
    return False


def _crossed(mine: Act, theirs: Act, clause: Clause) -> bool:
    """Whether two parts have changed places, or the doer has become another part and another the doer."""
    if _swapped_words(mine, theirs):
        return True
    by_itself = theirs.verb.stem in _BY_ITSELF and not theirs.passive
    if by_itself and any(_same_word(word, mine.part("done")) for word in theirs.part("doer")):
        return False
    doer, done = mine.part("doer"), mine.part("done")
    theirs_doer, theirs_done = theirs.part("doer"), theirs.part("done")
    rest = tuple(word for part in mine.parts if part.place != "doer" for word in part.words)
    back = tuple(word for part in theirs.parts if part.place != "doer" for word in part.words)
    given_up = not theirs_doer or any(_same_word(word, rest) for word in theirs_doer)
    if (
        doer
        and done
        and theirs_done
        and _same_word(doer[-1], theirs_done)
        and not any(_same_word(w, theirs_done) for w in done)
    ):
        return given_up and not any(_same_word(word, theirs_doer) for word in doer)
    if doer and theirs.part("from") and not theirs_doer and _same_word(doer[-1], theirs.part("from")):
        return not _same_word(doer[-1], theirs_done)
    if not doer or not theirs_doer or any(found_in(word, theirs_doer) for word in doer):
        return False
    return (
        any(_same_word(word, rest) for word in theirs_doer[-2:])
        and any(_same_word(word, back) for word in doer)
        and not any(word.low in PRONOUNS for word in clause.words)
    )


def _refilled(mine: Act, theirs: Act) -> bool:
    """Whether one part is the same and in another a name stands where the evidence has another name."""
    same = [
        part
        for part in mine.parts
        if any(_same_word(word, theirs.part(part.place)) for word in part.words)
        and not _other_name(part.words, theirs.part(part.place))
    ]
    return any(
        _other_name(part.words, theirs.part(part.place)) and any(one is not part for one in same) for part in mine.parts
    )


def _only(words: tuple[Word, ...], there: tuple[Word, ...], here: tuple[Word, ...]) -> bool:
    """Whether some words stand in one part of the evidence and not in the other."""
    return any(_same_word(word, there) and not _same_word(word, here) for word in words)


def _same_word(word: Word, others: tuple[Word, ...]) -> bool:
    return any(word.stem == other.stem for other in others)
