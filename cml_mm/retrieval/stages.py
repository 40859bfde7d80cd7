"""The stages of retrieval, each of which can be left out, and what each gave to a page or passage."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace


@dataclass(frozen=True)
class Stages:
    """Which stages run; an ablation leaves out one at a time.

    Passages (`passage_index`) and the library's pages (`ranking`) share most of them: PASSAGE_STAGES
    and PAGE_STAGES say which act where.
    """

    words: bool = True  # BM25
    meaning: bool = True  # cosine of embeddings
    titles: bool = True  # titles and aliases that the question speaks
    typos: bool = True  # … misspelt ones too, by character n-grams
    made_titles: bool = True  # passages: titles for those that have none
    graph: bool = True  # personalised PageRank, over links and names or over typed relations
    second_hop: bool = True  # passages: BM25 with what the best ones leave open
    feedback: bool = True  # pages: words that mark the best ones
    fields: bool = True  # pages: the best section's meaning beside that of title, summary and keywords
    lens: bool = True  # pages: who asks, where anything is known of them

    def without(self, name: str) -> Stages:
        """The same stages but one."""
        return replace(self, **{name: False})


STAGE_NAMES: tuple[str, ...] = tuple(field.name for field in fields(Stages))
_BOTH = ("words", "meaning", "titles", "typos")
PASSAGE_STAGES: tuple[str, ...] = (*_BOTH, "made_titles", "graph", "second_hop")
PAGE_STAGES: tuple[str, ...] = (*_BOTH, "graph", "feedback", "fields", "lens")
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
