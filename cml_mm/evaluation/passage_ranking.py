"""Our passage index over a retrieval set, with any stage left out."""

from __future__ import annotations

from collections.abc import Sequence

from cml_mm.evaluation.ablation import Wanted
from cml_mm.evaluation.passage_sets import PassageSet
from cml_mm.ports import TextEncoder
from cml_mm.retrieval.passage_index import PassageIndex
from cml_mm.retrieval.stages import ALL_STAGES, Stages

LIMIT = 50


class PassageRanker:
    """Ranks the passages of one set; a callable of the kind that `ablate` takes.

    Titles for passages that have none are made when an index is built, so leaving that
    stage out takes an index of its own, built when it is first asked for.

    Args:
        made: the set.
        encoder: of its passages, now, and of questions later.
    """

    def __init__(self, made: PassageSet, encoder: TextEncoder) -> None:
        self._passages = made.passages
        self._encoder = encoder
        self._vectors = encoder.encode_passages([passage.full for passage in made.passages])
        self._untitled = any(not passage.title for passage in made.passages)
        self._indexes: dict[bool, PassageIndex] = {}

    def __call__(self, question: str, stages: Stages = ALL_STAGES) -> Sequence[str]:
        """Ids of the best passages, best first."""
        return [found.id for found in self._index(stages).search(question, LIMIT, stages)]

    def _index(self, stages: Stages) -> PassageIndex:
        titled = stages.made_titles or not self._untitled
        if titled not in self._indexes:
            built = ALL_STAGES if titled else ALL_STAGES.without("made_titles")
            self._indexes[titled] = PassageIndex(self._passages, self._vectors, self._encoder, stages=built)
        return self._indexes[titled]


def wanted_passages(made: PassageSet) -> list[Wanted]:
    """The questions of a set as the ablation takes them."""
    return [Wanted(question.question, question.gold) for question in made.questions]
