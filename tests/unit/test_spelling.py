from __future__ import annotations

import pytest

from cml_mm.retrieval.spelling import NearWords, Vocabulary, mend

TEXTS = [
    "The garden of the village has a pond, and children plant beans near the water in spring.",
    "Every village keeps a garden register; beans are counted in autumn.",
    "A register of tools hangs in the shed of the garden.",
    "Martial arts are taught in the village hall; the trial lasted a day.",
]
WORDS = Vocabulary.of_texts(TEXTS)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("vilalge", "village"),  # swapped
        ("vilage", "village"),  # missing
        ("villlage", "village"),  # doubled
        ("villoge", "village"),  # wrong
        ("gadren", "garden"),  # swapped in the middle
        ("chidlern", "children"),  # two swaps
    ],
)
def test_a_misspelt_word_is_put_right(written: str, meant: str) -> None:
    assert mend(f"Where is the {written}?", WORDS).text == f"Where is the {meant}?"


@pytest.mark.parametrize(
    "question",
    [
        "Is a trail marital?",  # near to words of the corpus, but also to each other
        "Which gardens count?",  # another form of a known word
        "Who is Gardner?",  # a stranger's name
        "ungarden the ogarden",  # a prefix makes another word
        "GARDN and gaRden2, gArdne",  # abbreviations
        "the year 1894, or 5S",
        "an ox, a hat, a pan",
        "",
        "💧💧",
    ],
)
def test_what_is_not_clearly_a_mistake_stays(question: str) -> None:
    known = Vocabulary({**{word: 3 for word in ("trail", "marital", "martial", "trial", "garden")}, "count": 1})
    assert mend(question, known).text == question


def test_a_short_name_is_put_right_only_where_letters_are_swapped() -> None:
    assert mend("is gardn or Gardn or Gadren meant", WORDS).text == "is garden or Gardn or Garden meant"


def test_two_words_equally_near_leave_the_mistake_as_it_is_unless_one_is_far_more_common() -> None:
    assert Vocabulary({"barley": 3, "barney": 3}).meant("barkey") is None
    assert Vocabulary({"barley": 90, "barney": 3}).meant("barkey") == "barley"


def test_a_slip_of_the_corpus_itself_does_not_hide_the_right_word() -> None:
    words = Vocabulary({"manager": 400, "manaegr": 1, "manage": 60, "warden": 2, "wander": 5})
    assert words.meant("manaegr") == "manager"
    assert not words.knows("manaegr")
    assert words.knows("warden")
    assert words.knows("manager")


def test_words_known_by_their_stem_only_are_known() -> None:
    words = Vocabulary({"garden": 3}, stem_frequency=lambda stem: 7 if stem == "harden" else 0)
    assert words.frequency("hardening") == 7
    assert words.meant("harden") is None


def test_capitals_possessives_and_all_else_stay_as_they_were() -> None:
    mended = mend("VILALGE's pond:  Vilalge, vilalge!", WORDS)
    assert mended.text == "VILLAGE's pond:  Village, village!"
    assert mended.changes == (("VILALGE", "VILLAGE"), ("Vilalge", "Village"), ("vilalge", "village"))


def test_near_words_are_ordered_and_hold_neither_the_word_nor_far_ones() -> None:
    words = NearWords(["wardens", "garden", "gardens", "harden", "warden", "pond"])
    assert [(one.word, one.distance, one.swapped) for one in words.near("gadren", 1)] == [("garden", 1, True)]
    assert [one.word for one in words.near("garden", 2)] == ["gardens", "harden", "warden", "wardens"]
    assert NearWords([]).near("garden", 1) == ()


def test_most_alike_by_shared_trigrams() -> None:
    names = NearWords(["village garden", "village hall", "tool shed"])
    assert names.most_alike("vilage gardens", 2, least=0.3)[0] == "village garden"
    assert names.most_alike("xylophone quartz", 2, least=0.3) == ()


def test_half_an_emoji_is_like_nothing_and_breaks_nothing() -> None:
    near = NearWords(["garden"])
    assert near.most_alike("\ud83c", 3) == ()
    assert near.most_alike("garden \ud83c", 3) == ("garden",)
    assert NearWords([]).most_alike("garden", 3) == ()
