"""The stages of retrieval, each of which can be left out, and what each gave to a page or passage."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace


@dataclass(frozen=True)
class Stages:
    """Which stages run; an ablation leaves out one at a time."""

    words: bool = True  # BM25
    meaning: bool = True  # cosine of embeddings
    titles: bool = True  # titles and aliases that the question speaks
    typos: bool = True  # … misspelt ones too, by character n-grams
    made_titles: bool = True  # titles for passages that have none
    graph: bool = True  # personalised PageRank over links, entities and typed relations
    second_hop: bool = True  # BM25 with what the best passages leave open
    feedback: bool = True  # words that the best pages share
    fields: bool = True  # problem and context sections, aliases and context labels as fields of their own
    lens: bool = True  # who asks

    def without(self, name: str) -> Stages:
        """The same stages but one."""
        return replace(self, **{name: False})


STAGE_NAMES: tuple[str, ...] = tuple(field.name for field in fields(Stages))
ALL_STAGES = Stages()


@dataclass(frozen=True)
class Contribution:
    """What one stage added to a score, and how it came about in words for the reader.

    `via` are ids (slugs, passage ids) of what led there, nearest first; empty for a stage
    that looked at the page itself.
    """

    stage: str
    amount: float
    words: str = ""
    via: tuple[str, ...] = ()
