"""Names of a sentence against those of its evidence."""

from __future__ import annotations

from cml_mm.answering.verify_alignment import Held, found_in
from cml_mm.answering.verify_text import BE, MODALS, Statement, Word, base, is_verb
from cml_mm.answering.verify_words import excludes, in_a_set

TITLES = frozenset("mr mrs ms dr prof professor sir lady saint st chair councillor mayor i".split())
_PARTS_OF_A_WHOLE = frozenset("spring summer autumn winter morning afternoon evening night".split())
_DAYS_OF = {
    "weekend": "saturday sunday".split(),
    "weekday": "monday tuesday wednesday thursday friday".split(),
}
_NOUN_ENDINGS = ("ing", "tion", "ment", "ness", "ity", "ance", "ence", "ship", "ism", "s", "er", "age", "ly", "ful")


def unknown_name(said: Statement, held: Held) -> str:
    """A name, weekday or month that the evidence does not hold; empty where all are known."""
    known = {word.low for word in held.words} | {word.stem for word in held.words}
    known |= {base(day) for whole, days in _DAYS_OF.items() if base(whole) in known for day in days}
    for word in said.words:
        if _is_name(word, said.words) and word.low not in known and word.stem not in known:
            return word.text
        new = word.content and in_a_set(word.stem) and word.stem not in known
        others = [other for other in held.words if excludes(word.stem, other.stem)] if new else []
        if word.low in _PARTS_OF_A_WHOLE and all(found_in(other, said.words) for other in others):
            continue  # "summer" beside "winter", both told
        if others:
            return word.text
    return _unknown_subject(said, held)


def _is_name(word: Word, words: tuple[Word, ...]) -> bool:
    if not word.capital or word.low in TITLES or len(word.text) < 2:
        return False
    opens = word.place == 0 or word.before.rstrip().endswith((".", "?", "!", ":", "“", '"', "(", "*", "-"))
    if not opens:
        return True
    follows = words[word.place + 1] if word.place + 1 < len(words) else None
    joined = follows is not None and follows.capital and follows.before == " "
    return joined and word.content


def _unknown_subject(said: Statement, held: Held) -> str:
    """A single word that opens the sentence, is no plural, stands before a verb, and is not known at all."""
    if len(said.words) < 3 or not said.words[0].content:
        return ""
    first, second = said.words[:2]
    verb = second.low in BE or second.low in MODALS or is_verb(said.words, 1)
    possessive = first.text.endswith(("'s", "’s"))
    if not (verb or possessive) or first.low.endswith(_NOUN_ENDINGS) or found_in(first, held.words):
        return ""
    named = any(word.capital and word.place for one in held.statements for word in one.words)
    return first.text if named else ""
