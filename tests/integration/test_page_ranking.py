"""Ranking over the starter library: every stage can be left out, says what it gave, and where it came from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from cml_mm.graph.snapshot import Snapshot, open_snapshot
from cml_mm.models.minilm import MiniLM
from cml_mm.retrieval.ranking import Ranker
from cml_mm.retrieval.retriever import LibraryRetriever
from cml_mm.retrieval.stages import ALL_STAGES
from cml_mm.settings import Settings
from cml_mm.talk import Facet, Lens

LAY = "The same three people always do the boring jobs and everybody else looks away."
NAMED = "What does Role Rotation require?"


@pytest.fixture(scope="module")
def snapshot(settings: Settings, encoder: MiniLM) -> Iterator[Snapshot]:
    opened = open_snapshot(settings.index, encoder.name, encoder.dimension, settings.graph_buffer_bytes)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def ranker(snapshot: Snapshot, encoder: MiniLM) -> Ranker:
    return Ranker(snapshot, encoder)


@pytest.mark.parametrize("question", [LAY, NAMED, "?", "zzxqj", "Wer entscheidet über das Geld?"])
def test_contributions_sum_to_the_score_and_pages_come_best_first(ranker: Ranker, question: str) -> None:
    pages = ranker.rank(question).pages
    for page in pages:
        assert sum(part.amount for part in page.contributions) == pytest.approx(page.score)
        assert page.found_by
    assert [page.score for page in pages] == sorted((page.score for page in pages), reverse=True)


@pytest.mark.parametrize("stage", ["words", "meaning", "titles", "feedback", "graph"])
def test_a_stage_that_is_left_out_gives_nothing(ranker: Ranker, stage: str) -> None:
    def gave(stages: bool) -> set[str]:
        ranking = ranker.rank(NAMED, stages=ALL_STAGES if stages else ALL_STAGES.without(stage))
        return {part.stage for page in ranking.pages for part in page.contributions}

    assert stage in gave(True)
    assert stage not in gave(False)


def test_without_fields_a_page_is_only_its_title_and_summary(ranker: Ranker, snapshot: Snapshot) -> None:
    ranking = ranker.rank(LAY, stages=ALL_STAGES.without("fields"))
    vectors = dict(zip(snapshot.pattern_vectors.ids, snapshot.pattern_vectors.matrix, strict=True))
    for page in ranking.pages:
        assert page.cosine == pytest.approx(float(vectors[page.slug] @ ranking.query_vector), abs=1e-5)
    assert any(page.cosine != other.cosine for page, other in zip(ranking.pages, ranker.rank(LAY).pages, strict=True))


def test_a_misspelt_name_counts_only_with_typos(ranker: Ranker) -> None:
    asked = "What does Role Rotaton require?"
    assert "role-rotation" in {slug for match in ranker.rank(asked).names for slug in match.slugs}
    assert not ranker.rank(asked, stages=ALL_STAGES.without("typos")).names


def test_the_walk_starts_only_where_a_page_is_named(ranker: Ranker) -> None:
    stages = {part.stage for page in ranker.rank(LAY).pages for part in page.contributions}
    assert "graph" not in stages
    assert ranker.rank(LAY).pages == ranker.rank(LAY, stages=ALL_STAGES.without("graph")).pages


def test_a_linked_page_names_the_neighbour_that_led_there(ranker: Ranker, snapshot: Snapshot) -> None:
    linked = [
        (page.slug, part)
        for page in ranker.rank(NAMED).pages
        for part in page.contributions
        if part.stage == "graph" and part.via
    ]
    assert linked
    for slug, part in linked:
        outgoing, incoming = snapshot.library.relations(slug)
        ends = {relation.object for relation in outgoing} | {relation.subject for relation in incoming}
        assert part.via[0] in ends
        assert part.words == f"linked from {snapshot.library.entries[part.via[0]].title}"


def test_the_lens_moves_pages_for_the_asker_up_and_says_so(ranker: Ranker, snapshot: Snapshot) -> None:
    entries = snapshot.library.entries
    personas = [persona for entry in entries.values() for persona in entry.personas]
    persona = max(set(personas), key=lambda value: (-abs(personas.count(value) - 15), value))
    lens = Lens((Facet("persona", persona, persona),))
    plain, seen = ranker.rank(LAY), ranker.rank(LAY, lens=lens)
    assert [page.slug for page in plain.pages] != [page.slug for page in seen.pages]
    moved = [part for page in seen.pages for part in page.contributions if part.stage == "lens"]
    assert moved and all(0 < part.amount <= ranker.weights.lens + 1e-9 for part in moved)
    off = ranker.rank(LAY, stages=ALL_STAGES.without("lens"), lens=lens)
    assert [page.slug for page in off.pages] == [page.slug for page in plain.pages]


def test_the_retriever_passes_stages_on_and_names_the_section(ranker: Ranker, snapshot: Snapshot) -> None:
    retriever = LibraryRetriever(snapshot, ranker)
    found = retriever.retrieve_ranked(LAY)
    first = found.ranking.pages[0]
    assert any(said.startswith("meaning, of its ") for said in first.found_by)
    assert found.nodes[0].metadata["found_by"] == list(first.found_by)
    words = ALL_STAGES.without("meaning").without("graph").without("feedback")
    only = retriever.retrieve_ranked(LAY, stages=words).ranking
    assert {part.stage for page in only.pages for part in page.contributions} == {"words"}


def test_a_lesser_twin_is_ranked_but_not_shown(ranker: Ranker) -> None:
    ranking = ranker.rank(LAY)
    first, second = ranking.pages[:2]
    doubled = replace(ranking, pages=(replace(first, twins=(second.slug,)), replace(second, twin_of=first.slug)))
    assert [page.slug for page in doubled.shown] == [first.slug]
