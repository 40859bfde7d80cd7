"""How far a sentence reaches: to all times, all amounts, all of a group, where its evidence speaks of some.

Quantifiers beside their nouns are weighed in `verify_strength`; here are the turns of phrase that widen a
statement ("permanently", "any amount", "unanimously") and the narrow words of the evidence that it leaves out.
"""

from __future__ import annotations

import re

from cml_mm.answering.verify_alignment import Held, Pairing, found_in
from cml_mm.answering.verify_strength import CONDITIONS, SOFTENING
from cml_mm.answering.verify_text import Statement
from cml_mm.answering.verify_universals import has

_WHENEVER = re.compile(r"\b(?:whenever|every time|each time|always|invariably|without fail|in every case|constantly)\b")
_AGES = frozenset("young younger old older adult adults minor minors small large big high long heavy".split())
_AT_TIMES = re.compile(
    r"\b(?:sometimes|at times|occasionally|on occasion|now and then|from time to time|once in a while|every so often"
    r"|in some cases)\b"
)
_UNBOUNDED = tuple(
    (re.compile(rf"\b(?:{claims})\b"), re.compile(rf"\b(?:{licence})"))
    for claims, licence in (
        (
            r"unanimous(?:ly)?|to a (?:man|woman)|with one voice",
            r"unanim|all\b|every|no ?one\b|nobody\b|no (?:vote|member|objection)|none\b|consens"
            r"|without (?:dissent|a)",
        ),
        (
            r"permanent(?:ly)?|for good|for ever|forever|indefinitely",
            r"permanent|for good|for ?ever|never|always|indefinite|no (?:longer|end|limit)|since|perpetu"
            r"|abolish|ended|end\b",
        ),
        (
            r"(?:on|at|in) any (?:day|time|hour|month|season|weather)|at all (?:times|hours)"
            r"|all (?:the )?year(?: round)?"
            r"|round the clock"
            r"|whenever (?:they|he|she|it|you|we) (?:like|want|wish|please)(?:s|es)?|day and night"
            r"|every day of the (?:week|year)",
            r"any\b|always|all\b|every|daily|24|round|never|day and night|whole|each|throughout|whenever|seven|no ",
        ),
        (
            r"any (?:amount|sum|number|quantity)|unlimited|without (?:any )?limit|as (?:much|many) as (?:they"
            r"|he|she|it)"
            r" (?:likes?|wants?)|no limit",
            r"any\b|unlimit|no (?:limit|cap|upper)|as (?:much|many)|not limited|however",
        ),
    )
)


def widened(said: Statement, pairings: tuple[Pairing, ...], held: Held) -> str:
    """Where a sentence reaches further than its evidence; empty where nowhere."""
    for pairing in pairings:
        why = (
            _at_all_times(pairing)
            or _all_without_condition(pairing, said)
            or _all_for_a_few(pairing, said)
            or _all_for_an_age(pairing, said)
            or _now_and_then(pairing, said)
        )
        if why:
            return why
    return ""


def _at_all_times(pairing: Pairing) -> str:
    """ "Permanently", "any amount" or "unanimously" where the evidence has no such word."""
    mine, theirs = pairing.said.text.lower(), pairing.statement.text.lower()
    for claims, licence in _UNBOUNDED:
        found = claims.search(mine)
        if found and not licence.search(theirs):
            return f"{found.group()}: {pairing.said.text}"
    often = _WHENEVER.search(mine)
    return f"{often.group()}: {pairing.said.text}" if often and _AT_TIMES.search(theirs) else ""


def _all_without_condition(pairing: Pairing, said: Statement) -> str:
    """ "All software is" where the evidence adds an "if" or "provided" of which the sentence knows nothing."""
    if not has(pairing.said.words, {"all", "every", "always"}) or has(said.words, CONDITIONS - {"with", "for"}):
        return ""
    theirs = pairing.statement.words
    for word in theirs[2:]:
        if word.low in ("if", "unless", "provided"):
            condition = [one for one in theirs[word.place + 1 :] if one.content]
            if condition and not any(found_in(one, said.words) for one in condition):
                return f"condition: {pairing.said.text}"
    return ""


def _all_for_a_few(pairing: Pairing, said: Statement) -> str:
    """ "The wells" where the evidence speaks of "one of the wells"."""
    if any(word.low in SOFTENING or word.low in ("one", "not") or word.low[0].isdigit() for word in said.words):
        return ""
    theirs = pairing.statement.words
    for at, word in enumerate(theirs[:-2]):
        noun = theirs[at + 1]
        single = word.low in ("one", "1") and noun.content and not noun.low.endswith("s")
        if single and any(one.low == f"{noun.low}s" for one in pairing.said.words):
            return f"without {word.low}: {pairing.said.text}"
        if not (word.low[0].isdigit() or word.low in ("one", "some", "several", "few")) or theirs[at + 1].low != "of":
            continue
        nouns = [one for one in theirs[at + 2 : at + 6] if one.content and one.low.endswith("s")]
        if any(one.low == other.low for one in nouns[:1] for other in pairing.said.words):
            return f"without {word.low} of: {pairing.said.text}"
    return ""


def _all_for_an_age(pairing: Pairing, said: Statement) -> str:
    """ "Anglers need no licence" where the evidence speaks of "anglers under 16"."""
    theirs = pairing.clause.words
    for at in range(1, len(theirs) - 1):
        noun, bound, number = theirs[at - 1 : at + 2]
        if bound.low not in ("under", "over", "aged", "below", "above") or not number.low[0].isdigit():
            continue
        if not noun.content or not noun.low.endswith(("s", "children", "people")):
            continue
        if any(word.low in _AGES or word.low[0].isdigit() for word in said.words):
            continue
        if any(word.stem == noun.stem for word in pairing.said.words):
            return f"without {bound.low} {number.low}: {pairing.said.text}"
    return ""


def _now_and_then(pairing: Pairing, said: Statement) -> str:
    """An "at times" or "on occasion" of the evidence that the sentence leaves out."""
    if not _AT_TIMES.search(pairing.clause.text.lower()) or any(word.low in SOFTENING for word in said.words):
        return ""
    if _AT_TIMES.search(said.text.lower()) or any(word.low in ("once", "when", "if") for word in said.words):
        return ""
    own = pairing.said.content
    known = sum(found_in(word, pairing.clause.words) is not None for word in own)
    return f"without at times: {pairing.said.text}" if known >= max(2, len(own) - 1) else ""
