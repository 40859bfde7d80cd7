"""The passage index over a small corpus of our own, with the real encoder."""

from __future__ import annotations

import pytest

from cml_mm.models.minilm import MiniLM
from cml_mm.retrieval.passage_index import PassageIndex
from cml_mm.retrieval.passages import FoundPassage, Passage
from cml_mm.retrieval.stages import ALL_STAGES, STAGE_NAMES, Stages

CORPUS = (
    Passage("heron", "Heron (boat)", "Heron was a fishing boat. It was built by Ada Quill in 1911."),
    Passage("ada", "Ada Quill", "Ada Quill was a carpenter from Marsh End. Her workshop stood beside the mill."),
    Passage("marsh", "Marsh End", "Marsh End is a village in Lower Fenland, known for its eels."),
    Passage("fen", "Lower Fenland", "Lower Fenland is a district whose council meets in Reedham Cross."),
    Passage("gull", "Gull (boat)", "Gull was a fishing boat. It was built by Bo Lund in 1908."),
    Passage("bo", "Bo Lund", "Bo Lund was a sailor from Sandwick. He wrote songs about herring."),
    Passage("ladder", "Ladder Library", "Neighbours lend each other ladders, drills and carpenter tools."),
    Passage("eel", "Smoked eel", "Fish is hung over beech chips in a village smokehouse."),
    Passage("bare", "", "Tove Brandt (born 1950) is a glassblower. She teaches in Sandwick."),
)
CHAIN = "From which village came the builder of the boat Heron?"


@pytest.fixture(scope="module")
def index(encoder: MiniLM) -> PassageIndex:
    return PassageIndex.build(CORPUS, encoder)


def ids(found: tuple[FoundPassage, ...]) -> list[str]:
    return [one.id for one in found]


def test_a_chain_is_followed_over_links(index: PassageIndex) -> None:
    assert set(ids(index.search(CHAIN, 3))) == {"heron", "ada", "marsh"}
    plain = index.search(CHAIN, 3, ALL_STAGES.without("graph").without("second_hop"))
    assert set(ids(plain)) != {"heron", "ada", "marsh"}


def test_contributions_add_up_and_name_the_way(index: PassageIndex) -> None:
    found = {one.id: one for one in index.search(CHAIN, len(CORPUS))}
    for one in found.values():
        assert sum(part.amount for part in one.contributions) == pytest.approx(one.score, abs=1e-6)
        assert all(part.amount >= 0 and part.stage in STAGE_NAMES for part in one.contributions)
        amounts = [part.amount for part in one.contributions]
        assert amounts == sorted(amounts, reverse=True)
    over = next(part for part in found["ada"].contributions if part.stage == "graph")
    assert "heron" in over.via
    assert "Heron (boat)" in over.words
    assert "titles" in {part.stage for part in found["heron"].contributions}
    assert "titles" not in {part.stage for part in found["ada"].contributions}


@pytest.mark.parametrize("stage", ["words", "meaning", "titles", "graph", "second_hop"])
def test_a_stage_that_is_left_out_gives_nothing(index: PassageIndex, stage: str) -> None:
    with_it = {part.stage for one in index.search(CHAIN, 9) for part in one.contributions}
    without = {part.stage for one in index.search(CHAIN, 9, ALL_STAGES.without(stage)) for part in one.contributions}
    assert stage in with_it
    assert stage not in without


def test_misspelt_words_are_put_right(index: PassageIndex) -> None:
    question = "Who built the fihsing boat Heorn?"
    right = index.search("Who built the fishing boat Heron?", 4)
    assert index.search(question, 4) == right
    assert index.search(question, 4, ALL_STAGES.without("typos")) != right


def test_a_passage_without_a_title_is_found_by_the_one_that_was_made(encoder: MiniLM, index: PassageIndex) -> None:
    question = "What does Tove Brandt teach?"
    assert index.search(question, 1)[0].title == "Tove Brandt"
    stages = {part.stage for part in index.search(question, 1)[0].contributions}
    assert "titles" in stages
    left_out = index.search(question, 1, ALL_STAGES.without("made_titles"))[0]
    assert "titles" not in {part.stage for part in left_out.contributions}
    vectors = encoder.encode_passages([passage.full for passage in CORPUS])
    bare = PassageIndex(CORPUS, vectors, encoder, ALL_STAGES.without("made_titles"))
    assert bare.search(question, 1)[0].title == ""


def test_the_same_question_twice_gives_the_same(index: PassageIndex) -> None:
    assert index.search(CHAIN) == index.search(CHAIN)


@pytest.mark.parametrize("question", ["", "?!", "the of and", "zzzz 数 😀", "Heron " * 500])
def test_any_text_can_be_asked(index: PassageIndex, question: str) -> None:
    assert len(index.search(question, 4)) == 4


def test_odd_corpora_and_limits(encoder: MiniLM) -> None:
    assert PassageIndex.build([], encoder).search("Heron") == ()
    single = PassageIndex.build(CORPUS[:1], encoder)
    assert ids(single.search("anything at all", 5)) == ["heron"]
    assert single.search("Heron", 0) == ()
    nothing = Stages(**dict.fromkeys(STAGE_NAMES, False))
    assert len(single.search("Heron", 1, nothing)) == 1
    twins = PassageIndex.build([Passage("a", "Twin", "Same words."), Passage("b", "Twin", "Same words.")], encoder)
    assert ids(twins.search("Twin", 2)) == ["a", "b"]
    assert len(PassageIndex.build([Passage("empty", "", "")], encoder).search("Heron")) == 1
