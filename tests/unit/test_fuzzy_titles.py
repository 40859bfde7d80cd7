from __future__ import annotations

import pytest

from cml_mm.retrieval.fuzzy_titles import TitleIndex, respell
from cml_mm.retrieval.spelling import Vocabulary

TITLES = [
    (1, "Salt Harbour"),
    (2, "The Keeper of Salt Harbour"),
    (3, "Edda Lindqvist"),
    (4, "Night Ferry (1951 film)"),
    (5, "Night Ferry (1967 film)"),
    (6, "Trust"),
    (7, "Lighthouse"),
    (8, "Self-Build Co-operative"),
    (9, "Edda Lindqvist"),
    (10, "It"),
    (11, "Content Policy"),
]
WORDS = Vocabulary.of_texts(
    [
        *(title for _, title in TITLES),
        "who wrote the play, and when did consent become a word? what is the trust of a keeper worth",
        "she was the director of a film and was born at night, in a lighthouse",
    ]
)
INDEX = TitleIndex.build(TITLES, WORDS.knows)


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("Who wrote Salt Harbour?", [((1,), True)]),
        ("Who wrote Slat Harbuor?", [((1,), False)]),  # swapped, in both words
        ("Who wrote Salt Harbor?", [((1,), False)]),  # a letter short
        ("Who wrote the keeper of slat harbour?", [((2,), False)]),  # longer before shorter, lower case too
        ("Who wrote The Keeepr of Salt Harbour?", [((2,), False)]),  # … even where the shorter is exact
        ("Where was Edda Lindqivst born?", [((3, 9), False)]),
        ("Was Night Ferry (1951 film) good?", [((4,), True)]),
        ("Was Night Ferry (1591 Film) good?", [((4,), False)]),
        ("a self build cooperative", [((8,), False)]),
        ("a selfbuild co operative", [((8,), False)]),
        ("Is the Lihgthouse old?", [((7,), False)]),
        ("is the lihgthouse old", []),  # one word that is not written as a name
        ("Who can Turst?", []),  # too short to be sure
        ("trust", [((6,), True)]),
        ("how do we trust a keeper", []),
        ("What is a Consent Policy?", []),  # another word, spelt right
        ("Is it true?", []),
        ("", []),
        ("💧💧", []),
    ],
)
def test_titles_in_a_question(question: str, found: list[tuple[tuple[int, ...], bool]]) -> None:
    assert [(match.ids, match.exact) for match in INDEX.find(question)] == found


def test_a_match_says_where_it_stands_and_how_near_it_is() -> None:
    (match,) = INDEX.find("Who wrote Slat Harbour in 1951?")
    assert (match.title, match.start, match.end, match.words) == ("Salt Harbour", 2, 4, 2)
    assert match.similarity == pytest.approx(10 / 11)
    (exact,) = INDEX.find("Who wrote Salt Harbour in 1951?")
    assert exact.similarity == 1.0


def test_two_mistakes_in_a_long_word_are_forgiven_only_where_asked_for() -> None:
    strict = TitleIndex.build(TITLES, WORDS.knows, one_slip=True)
    question = "Who was Edda Lidnqivst?"
    assert [match.ids for match in INDEX.find(question)] == [(3, 9)]
    assert strict.find(question) == ()
    assert [match.ids for match in strict.find("Who was Edda Lindqivst?")] == [(3, 9)]


def test_without_a_vocabulary_the_titles_own_words_are_known() -> None:
    alone = TitleIndex.build([("a", "Trial Garden"), ("b", "Trail Map")])
    assert alone.find("the trail garden") == ()
    assert [match.ids for match in alone.find("the trial gadren")] == [("a",)]


def test_a_question_is_respelt_as_the_corpus_spells() -> None:
    respelt = respell("Who worte “Slat Harbuor”, and was Edda Lindqvist a direcotr?", INDEX, WORDS)
    assert respelt.text == "Who wrote “Salt Harbour”, and was Edda Lindqvist a director?"
    assert [match.ids for match in respelt.titles] == [(1,), (3, 9)]
    assert respelt.changes == (("worte", "wrote"), ("Slat Harbuor", "Salt Harbour"), ("direcotr", "director"))


def test_what_stands_between_a_titles_words_stays() -> None:
    assert (
        respell("when was night fery (1967 film) born?", INDEX, WORDS).text == "when was night ferry (1967 film) born?"
    )


def test_a_question_without_mistakes_stays_as_it_is() -> None:
    question = "Was  the keeper of Salt Harbour's director, born in 1951, a Zanzibari?"
    assert respell(question, INDEX, WORDS).text == question
