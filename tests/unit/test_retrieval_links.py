"""Named things in a text, and links by titles that it mentions."""

from __future__ import annotations

import numpy as np
import pytest

from cml_mm.retrieval.entities import LEAST_PASSAGES, MOST_PASSAGES, entity_arcs, find_entities, read_words
from cml_mm.retrieval.links import MOST_BEARERS, Titles, title_arcs


def names(text: str) -> list[str]:
    return list(find_entities(read_words(text)))


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("The mill was built by Ada Quill in Marsh End.", ["ada quill", "marsh end"]),
        ("Ada Quill's boat, the Heron, sank in 1911.", ["ada quill", "heron", "1911"]),
        ("She met the Guild of Rope Makers.", ["guild of rope makers"]),
        ("He wrote to J. R. Quill and Bo Lund.", ["j r quill", "bo lund"]),
        ("Élise O’Hara paid 300 in 2450.", ["elise ohara"]),
        ("Nothing is named here, not even me. I said so.", []),
        ("", []),
    ],
)
def test_capitalised_spans_and_years_are_names(text: str, wanted: list[str]) -> None:
    assert [name for name in names(text) if name != "nothing"] == wanted


def test_a_name_is_shown_as_it_was_written() -> None:
    assert find_entities(read_words("In Marsh End, then MARSH END."))["marsh end"] == "Marsh End"


def test_words_know_what_stands_between_them() -> None:
    words = read_words("Ada, Bo Lund-Quill. J. Reed")
    assert words.written == ("Ada", "Bo", "Lund", "Quill", "J", "Reed")
    assert words.joined == (False, False, True, True, False, True)


def test_names_join_passages_unless_they_stand_in_one_or_in_very_many() -> None:
    everywhere = [["water"]] * (MOST_PASSAGES + 1)
    kept, joins = entity_arcs([["ada", "bo", "water"], ["ada", "cy"], *everywhere])
    assert LEAST_PASSAGES == 2
    assert kept == ("ada",)
    assert joins.sources.tolist() == [0, 1]
    assert joins.targets.tolist() == [len(everywhere) + 2] * 2
    assert joins.weights == pytest.approx(np.log((len(everywhere) + 2) / 2))


def rows_of(titles: Titles, text: str) -> list[tuple[int, ...]]:
    return [mention.rows for mention in titles.find(read_words(text))]


def test_the_longest_title_wins_and_short_ones_need_a_capital() -> None:
    titles = Titles([["Key"], ["Key Board"], ["How to lend a ladder"], []])
    assert rows_of(titles, "The Key Board and a Key") == [(1,), (0,)]
    assert rows_of(titles, "the key board and a key") == []
    assert rows_of(titles, "they know how to lend a ladder") == [(2,)]


def test_a_qualifier_need_not_be_said_but_tells_namesakes_apart() -> None:
    titles = Titles([["Heron (boat)"], ["Heron (bird)"]])
    assert rows_of(titles, "the Heron sank") == [(0, 1)]
    assert rows_of(titles, "a Heron (bird) sank") == [(1,)]
    assert [mention.exact for mention in titles.find(read_words("the Heron"))] == [False]


def test_several_titles_of_one_passage_all_lead_to_it() -> None:
    titles = Titles([["Ada Quill", "Captain Quill"]])
    assert rows_of(titles, "Captain Quill, born Ada Quill") == [(0,), (0,)]


def test_mentions_are_links_and_a_rare_title_weighs_more() -> None:
    texts = ["Ada Quill sailed", "The Heron of Ada Quill", "Ada Quill slept", "Nobody"]
    titles = Titles([["Ada Quill"], ["Heron"], ["Sleep"], ["Marsh"]])
    arcs = title_arcs(titles, [read_words(text) for text in [*texts[:3], "On the Heron"]])
    found = dict(zip(zip(arcs.sources.tolist(), arcs.targets.tolist(), strict=True), arcs.weights, strict=True))
    assert set(found) == {(1, 0), (2, 0), (3, 1)}
    assert found[3, 1] > found[1, 0]


def test_a_corpus_without_titles_has_no_links() -> None:
    assert not len(title_arcs(Titles([[], []]), [read_words("Ada"), read_words("Bo")]).weights)


def test_a_title_that_very_many_share_leads_to_none_of_them() -> None:
    shared = [["Ada Quill"]] * (MOST_BEARERS + 1)
    texts = [read_words("")] * len(shared)
    arcs = title_arcs(Titles([*shared, ["Heron"]]), [*texts, read_words("Ada Quill sailed")])
    assert not len(arcs.sources)
    fewer = title_arcs(Titles([*shared[1:], ["Heron"]]), [*texts[1:], read_words("Ada Quill sailed")])
    assert len(fewer.sources) == MOST_BEARERS


def test_a_title_longer_than_what_is_left_of_the_text_is_not_there() -> None:
    titles = Titles([["Ada Quill Street School"], ["Ada Quill"]])
    assert [(mention.end, mention.rows) for mention in titles.find(read_words("by Ada Quill"))] == [(3, (1,))]
