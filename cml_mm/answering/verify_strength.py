"""Quantifiers and modal words: a sentence may say less than its evidence, never more.

Some < many < most < all, sometimes < often < always, may < should < must. Where the evidence hedges and the
sentence does not, or the sentence speaks of all where the evidence speaks of those that meet a condition,
it over-generalises.
"""

from __future__ import annotations

import re

from cml_mm.answering.verify_alignment import Held, Pairing, found_in
from cml_mm.answering.verify_text import Clause, Statement
from cml_mm.answering.verify_universals import NONE, RANKS, UNSURE, has, said_of_all

_MODAL_RANKS = {
    **dict.fromkeys(
        "may might could can perhaps possibly optional voluntary allowed permitted possible free".split(), 1
    ),
    **dict.fromkeys("should ought recommended advisable advised recommends suggests recommend".split(), 2),
    **dict.fromkeys(
        "must shall required requires mandatory obliged compulsory obligatory obligation duty has-to".split(), 3
    ),
}
SOFTENING = (
    frozenset(RANKS)
    | frozenset(_MODAL_RANKS)
    | UNSURE
    | frozenset(
        "able allows allow allowed lets let entitled right option up likely chance risk potential"
        " help helps helped helping"
        " part number half percent about according view if when unless except only whoever scarcely barely risks"
        " suggest suggests suggested seem seems appear appears reported said permits permit permitted find finds"
        " lot mainly tendency not never no believes thought feels opinion expect expects eligible"
        " maximum limit within"
        " tended limited capped in-part least proportion numerous variety hard difficult low lower"
        " limits rare divided split differ differs disagree".split()
    )
)
CONDITIONS = frozenset(
    "if when whenever unless case provided without should once after any who whoever that which where"
    " with may can could".split()
)
_LIMITING = frozenset(
    "only alone solely sole exclusively reserved not unless cannot but just except limited restricted until rarely few"
    " without one all while whereas".split()
)
_AT_ONCE = re.compile(
    r"\b(?:at once|immediately|straight ?away|right away|instantly|from the start|on the first day)\b"
)
_HAS_TO = re.compile(r"\b(?:has|have|had|needs?|is|are) to\b|\bit is (?:necessary|mandatory)\b")


def overstated(said: Statement, pairings: tuple[Pairing, ...], held: Held) -> str:
    """Where a sentence says more than its evidence; empty where nowhere."""
    for pairing in pairings:
        why = (
            said_of_all(pairing, said, held)
            or (_firmer(pairing, said) if pairing.comparable else "")
            or _hedge_left_out(pairing, said)
            or _condition_turned(pairing, said)
            or _at_once(pairing)
            or (_only_they(pairing) if pairing.comparable else "")
            or _none_of_some(pairing)
            or _without_condition(pairing, said)
        )
        if why:
            return why
    return ""


def _firmer(pairing: Pairing, said: Statement) -> str:
    """A quantifier or modal word of the sentence stronger than that of the clause beside it."""
    mine, theirs = pairing.said.words, pairing.clause.words
    for ranks in (RANKS, _MODAL_RANKS):
        own = [ranks[word.low] for word in mine if word.low in ranks]
        other = [ranks[word.low] for word in theirs if word.low in ranks]
        if ranks is _MODAL_RANKS:
            own += [3] if _HAS_TO.search(pairing.said.text.lower()) else []
            other += (
                [3] if _HAS_TO.search(pairing.clause.text.lower()) or has(theirs, {"cannot", "need", "needs"}) else []
            )
            if has(theirs, {"nobody", "no", "none"}) and has(theirs, {"may", "can"}):
                other.append(3)  # "nobody under sixteen may" says what "must be sixteen" says
            own = [] if has(mine, {"not", "cannot", "no"}) and has(theirs, NONE | {"not"}) else own
        if own and other and max(own) > max(other) and (max(own) >= 3 or ranks is RANKS):
            if ranks is RANKS and max(own) == 4:
                continue  # those are weighed by their noun
            return f"firmer: {pairing.said.text}"
    return ""


def _hedge_left_out(pairing: Pairing, said: Statement) -> str:
    """A "some", "often" or "may" of the evidence without any such word in the sentence."""
    if any(word.low in SOFTENING or word.low[0].isdigit() for word in said.words):
        return ""
    theirs = pairing.clause.words
    if " so that " in f" {pairing.clause.text.lower()} ":
        return ""  # "so that birds could nest" tells an aim, not a doubt
    for at, word in enumerate(theirs):
        quantified = RANKS.get(word.low, 4) < 4 and word.low not in ("much", "regularly")
        if not quantified and word.low not in UNSURE:
            continue
        near = [one for one in theirs[at + 1 : at + 6] if one.content][:2]
        if near and all(found_in(one, said.words) for one in near):
            return f"without {word.low}: {pairing.said.text}"
    return ""


def _condition_turned(pairing: Pairing, said: Statement) -> str:
    """ "If a member objects" where the evidence says "unless", and the other way round."""
    clause = _opened(pairing.said, {"if", "unless", "when", "even"})
    if not clause:
        return ""
    mine = pairing.said.words
    for other in pairing.statement.clauses:
        opened = _opened(other, {"if", "unless", "when"})
        same = [word for word in pairing.said.content if found_in(word, other.words)]
        if not opened or len(same) < max(1, len(pairing.said.content) - 1):
            continue
        if has(pairing.statement.words, {"only"}) or has(
            said.words, {"little", "not", "no", "few", "rarely", "seldom", "hardly"}
        ):
            continue
        turned = ("unless" in (clause, opened)) and clause != opened
        denied = has(mine, NONE | {"not"}) != has(other.words, NONE | {"not"})
        if turned != denied:
            return f"condition: {pairing.said.text}"
    return ""


def _only_they(pairing: Pairing) -> str:
    """An "only" that the evidence does not know."""
    mine = pairing.said.words
    told = next((at for at, word in enumerate(mine) if word.low in ("only", "solely", "exclusively")), None)
    if told is None or (told + 1 < len(mine) and mine[told + 1].low[0].isdigit()):
        return ""
    known = NONE | _LIMITING
    others = any(word.low.endswith("n't") for word in pairing.statement.words)
    return "" if others or has(pairing.statement.words, known) else f"only: {pairing.said.text}"


def _none_of_some(pairing: Pairing) -> str:
    """ "No office had" where the evidence counts the offices of which it holds."""
    mine, theirs = pairing.said.words, pairing.statement.words
    for at, word in enumerate(mine[:-1]):
        if word.low != "no" or not mine[at + 1].content:
            continue
        for other in theirs:
            before = theirs[max(0, other.place - 3) : other.place]
            counted = any(one.low[0].isdigit() or one.low in ("some", "several", "many", "few") for one in before)
            if other.stem == mine[at + 1].stem and counted and not has(before, {"no"}):
                return f"no: {pairing.said.text}"
    return ""


def _without_condition(pairing: Pairing, said: Statement) -> str:
    """What the evidence says of a case ("if the bike comes back damaged") told as a fact."""
    if not _opened(pairing.clause, {"if", "unless"}) or has(said.words, CONDITIONS):
        return ""
    own = pairing.said.content
    aligned = [word for word in own if found_in(word, pairing.clause.words)]
    return f"condition: {pairing.said.text}" if len(own) >= 2 and len(aligned) == len(own) else ""


def _at_once(pairing: Pairing) -> str:
    """ "At once" where the evidence names a time to wait."""
    if not _AT_ONCE.search(pairing.said.text.lower()) or _AT_ONCE.search(pairing.statement.text.lower()):
        return ""
    waits = has(pairing.statement.words, {"after", "until", "within", "later", "trial", "wait", "once"})
    return f"at once: {pairing.said.text}" if waits else ""


def _opened(clause: Clause, words: set[str]) -> str:
    first = next((word.low for word in clause.words[:3] if word.low in words), "")
    return "when" if first == "even" else first.replace("if", "when")
