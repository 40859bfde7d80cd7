"""Who asks and what has been said so far: all that a question is understood with beside its own words.

Standard library only, below every other layer: an Answer says with which lens it was written.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

FacetKind = Literal["persona", "scale", "stage", "domain"]
FACET_KINDS: tuple[FacetKind, ...] = ("persona", "scale", "stage", "domain")
FacetOrigin = Literal["question", "conversation", "chosen"]


@dataclass(frozen=True)
class Facet:
    """One side of the asker's situation.

    `value` is a word of the library's own (one of its patterns' personas, scales, stages or
    domains), `label` is how people read it, `words` are those of the question or of an
    earlier one that it was read from; empty where it was chosen by hand.
    """

    kind: FacetKind
    value: str
    label: str
    origin: FacetOrigin = "question"
    words: str = ""


@dataclass(frozen=True)
class Lens:
    """Whose eyes a question is seen with; at most one facet of a kind."""

    facets: tuple[Facet, ...] = ()

    def value(self, kind: FacetKind) -> str:
        """The library's word for one side of the situation; empty where it is not known."""
        return next((facet.value for facet in self.facets if facet.kind == kind), "")


@dataclass(frozen=True)
class PastTurn:
    """An earlier question and what its answer was about.

    `understood` is the question as it was answered, a follow-up made whole; `subjects` are
    the slugs that the answer was about, best first; `relation` is the kind that was asked for.
    """

    question: str
    understood: str
    subjects: tuple[str, ...] = ()
    relation: str = ""
    refused: bool = False


@dataclass(frozen=True)
class Talk:
    """The conversation so far, oldest turn first, and what the visitor said of the lens.

    A facet in `dismissed` was taken away by the visitor and is not read again.
    """

    turns: tuple[PastTurn, ...] = ()
    chosen: tuple[Facet, ...] = ()
    dismissed: tuple[tuple[FacetKind, str], ...] = ()


ScopeKind = Literal["library", "files", "both"]
Voice = Literal["model", "composer"]


@dataclass(frozen=True)
class Scope:
    """What a question is asked of.

    `visitor` is the key of whose files; without one there are none. `files` are the ids of
    some of them, empty for all. `voice` says who may write the answer: a language model where
    there is one, or the composer alone.
    """

    where: ScopeKind = "library"
    visitor: str = ""
    files: tuple[str, ...] = ()
    voice: Voice = "model"


LIBRARY_ONLY = Scope()
NO_LENS = Lens()
NO_TALK = Talk()
