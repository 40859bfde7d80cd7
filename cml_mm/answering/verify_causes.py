"""Causes: where a sentence says that one thing is so because of another, the evidence must join both.

Two facts that merely stand beside each other in the evidence are no cause and effect.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from cml_mm.answering.verify_alignment import Held, overlap, share
from cml_mm.answering.verify_text import BE, Statement, Word, is_verb

_BACKWARD = frozenset("because since as for".split())  # what follows is the cause
_FORWARD = frozenset("therefore thus hence so consequently".split())  # what follows is the effect
_PURPOSE = frozenset(("inorderto",))
_CAUSING = frozenset("cause causes caused lead leads led results resulted resulting".split())
_LICENCE = (
    _BACKWARD
    | _FORWARD
    | _PURPOSE
    | _CAUSING
    | frozenset(
        "why reason reasons cause help helps helped let lets enable enables enabled allow allows"
        " allowed make makes made means"
        " thereby owing due prevent prevents prevented reduce reduces effect result to by through otherwise".split()
    )
)
_FAINT = frozenset("to by through for make makes made reduce reduces".split())
_DRIVERS = tuple(
    re.compile(form)
    for form in (
        r"\A(?P<cause>[^,;]{3,70}?) (?:has |have |had )?(?:forced|led|prompted|pushed|drove|driven|made"
        r"|persuaded|convinced"
        r"|obliged|compelled|spurred|caused|moved|encouraged|pressed|induced|inspired|brought|meant|ensured)"
        r" (?:that )?(?:the|its|their|a|an|some|many|most|all|[A-Z]\w+)\b",
        r"\A(?P<cause>[^,;]{3,60}?) (?:is|was|were|are) (?:the )?(?:main |chief |real |only )?(?:reasons?"
        r"|causes?|grounds?)\b",
        r"\ATo (?P<cause>[a-z][^,;]{3,60}), ",
        r"\A(?:For fear of|Out of|In response to|In view of|Under pressure from|For the sake of|For lack of"
        r"|For want of"
        r"|Faced with|Worried about|Alarmed by|Driven by|Prompted by|Inspired by|In the face of|On the advice of)"
        r" (?P<cause>[^,;]{3,60}),",
        r" (?:for fear of|out of|in response to|under pressure from|for the sake of|for lack of|for want of"
        r"|on the advice of"
        r"|driven by|prompted by|for reasons of|on grounds of|in the hope of|in protest (?:at|against)|in memory of"
        r"|in honour of) (?P<cause>[^,;.]{3,60})",
    )
)
_KNOWN_DRIVER = 0.34  # of the words of such a reason that the evidence must hold
_HALF = 0.55  # of the words of a cause that the evidence must hold


@dataclass(frozen=True)
class Causal:
    """A statement read as cause and effect; `sure` where its joint can mean nothing else."""

    cause: tuple[Word, ...]
    effect: tuple[Word, ...]
    sure: bool


def invented_cause(said: Statement, held: Held) -> str:
    """A cause that the evidence does not give, or gives the other way round; empty where none."""
    driven = _unknown_driver(said, held)
    if driven:
        return driven
    causal = read_causal(said)
    if causal is None or not causal.sure:
        return ""
    cause, effect = _content(causal.cause), _content(causal.effect)
    if not cause:
        return ""
    for at, statement in enumerate(held.statements):
        window = [statement, *held.statements[max(0, at - 1) : at]]
        words = tuple(word for one in window for word in one.words)
        firm = any(word.low in _LICENCE - _FAINT for word in statement.words)
        faint = any(
            word.low in _FAINT
            and not _counts(statement.words, word)
            and share(cause, [one for one in statement.words if one.place > word.place]) >= 0.99
            for word in statement.words
        )
        if not (firm or faint):
            continue
        told = share(cause, words) >= _HALF or (share(cause, words) >= 0.5 and overlap(cause, statement.words) >= 2)
        joined = told and (not effect or overlap(effect, words) >= 1)
        if joined and not _turned(cause, effect, read_causal(statement)):
            return ""
    return f"cause: {' '.join(word.text for word in causal.cause)}"


def _unknown_driver(said: Statement, held: Held) -> str:
    """What a sentence names as the reason in its subject or its opening, where the evidence knows nothing of it."""
    if any(word.low in ("reason", "reasons", "because", "why", "cause") for word in held.words):
        return ""  # told as a cause there: what its words are is looked at elsewhere
    text = "".join(word.before + word.text for word in said.words)
    for form in _DRIVERS:
        match = form.search(text)
        if match is None:
            continue
        start, end = match.span("cause")
        at, told = 0, []
        for word in said.words:
            at += len(word.before)
            if start <= at < end and word.content:
                told.append(word)
            at += len(word.text)
        effect = [word for word in said.words if word.content and word not in told]
        known = [word for word in held.words if not any(word.stem == one.stem for one in effect)]
        if told and share(told, known) < _KNOWN_DRIVER:
            return f"cause: {match['cause'].strip()}"
    return ""


def read_causal(said: Statement) -> Causal | None:
    """Cause and effect of a statement, told by the first joint that has both."""
    words = said.words
    for at, word in enumerate(words):
        if word.low in ("because", "inorderto") or (word.low in ("since", "as") and _opens_reason(words, at)):
            if word.low == "inorderto" or (word.low == "so" and _low(words, at + 1) == "that"):
                return Causal(words[at + 1 :], words[:at], True)
            return _around(words, at, sure=word.low in ("because", "since"))
        if word.low == "so" and _low(words, at + 1) == "that":
            return Causal(words[at + 2 :], words[:at], True)
        if word.low in ("therefore", "consequently", "hence", "thus") or (word.low == "so" and "," in word.before):
            return Causal(words[:at], words[at + 1 :], word.low != "so" and at > 0)
        if word.low == "why" and at:
            return Causal(words[:at], words[at + 1 :], False)
        if word.low in _CAUSING and at and word.low in ("caused", "causes"):
            return Causal(words[:at], words[at + 1 :], True)
    return None


def _opens_reason(words: tuple[Word, ...], at: int) -> bool:
    """Whether a "since" or "as" opens a clause of its own: a verb follows, and no time or mere noun."""
    opens = at == 0 or bool(words[at].before.strip())
    follows = words[at + 1 : at + 8]
    if not opens or (follows and follows[0].low[0].isdigit()):
        return False
    if words[at].low == "since" and at == 0 and any(word.low in ("has", "have", "had") for word in words[at:]):
        return False
    return any(word.low in BE or is_verb(words, word.place - words[0].place) for word in follows)


def _around(words: tuple[Word, ...], at: int, sure: bool) -> Causal:
    """The cause follows the joint: to the end, or where the joint opens the sentence, to its comma."""
    if at:
        return Causal(words[at + 1 :], words[:at], sure)
    end = next((n for n, word in enumerate(words) if n > 2 and "," in word.before), len(words))
    return Causal(words[1:end], words[end:], sure)


def _turned(cause: tuple[Word, ...], effect: tuple[Word, ...], held: Causal | None) -> bool:
    """Whether the evidence gives cause and effect the other way round."""
    if held is None or not effect:
        return False
    straight = overlap(cause, _content(held.cause)) + overlap(effect, _content(held.effect))
    crossed = overlap(cause, _content(held.effect)) + overlap(effect, _content(held.cause))
    return crossed > straight + 1 and overlap(cause, _content(held.effect)) > 0


def _counts(words: tuple[Word, ...], word: Word) -> bool:
    """Whether a number follows, as in "by 12 percent"."""
    return word.place + 1 < len(words) and words[word.place + 1].low[0].isdigit()


def _content(words: tuple[Word, ...]) -> tuple[Word, ...]:
    return tuple(word for word in words if word.content or word.low[0].isdigit())


def _low(words: tuple[Word, ...], at: int) -> str:
    return words[at].low if at < len(words) else ""
