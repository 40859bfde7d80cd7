"""The conversation as the engine needs it: earlier answers, and what the visitor said of themselves."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from cml_mm.talk import Facet, FacetKind, PastTurn, Talk
from cml_mm.types import Answer
from cml_mm.ui.turns import Turn


@dataclass(frozen=True)
class Said:
    """What a visitor chose of the lens, and what they took away; kept for the conversation."""

    chosen: tuple[Facet, ...] = ()
    dismissed: tuple[tuple[FacetKind, str], ...] = ()

    def choose(self, facet: Facet) -> Said:
        """With this facet, instead of any other of its kind."""
        kept = (*(old for old in self.chosen if old.kind != facet.kind), replace(facet, origin="chosen", words=""))
        return Said(kept, tuple(gone for gone in self.dismissed if gone != (facet.kind, facet.value)))

    def drop(self, facet: Facet) -> Said:
        """Without this facet: one that was chosen is chosen no longer, one that was read is not read again."""
        if any((old.kind, old.value) == (facet.kind, facet.value) for old in self.chosen):
            kept = tuple(old for old in self.chosen if old.kind != facet.kind)
            return replace(self, chosen=kept)
        gone = (facet.kind, facet.value)
        return replace(self, dismissed=(*(old for old in self.dismissed if old != gone), gone))


def talk_of(turns: Iterable[Turn], said: Said) -> Talk:
    """The talk before the next question. Only finished answers count."""
    past = [_past(turn.answer) for turn in turns if turn.answer and not turn.trouble]
    return Talk(tuple(past), said.chosen, said.dismissed)


def whole_question(turns: Sequence[Turn], number: object) -> str:
    """The question of a turn; of a follow-up, as it was understood, so that it can be asked anywhere."""
    turn = next((turn for turn in turns if str(turn.number) == str(number)), None)
    if turn is None:
        return ""
    return (turn.answer.understood if turn.answer else "") or turn.question


def _past(answer: Answer) -> PastTurn:
    return PastTurn(
        question=answer.question,
        understood=answer.understood or answer.question,
        subjects=answer.subjects,
        relation=answer.relation,
        refused=answer.status == "not_in_library",
    )
