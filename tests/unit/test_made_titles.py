from __future__ import annotations

import pytest

from cml_mm.retrieval.made_titles import make_titles


@pytest.mark.parametrize(
    ("text", "titles"),
    [
        (
            "Salt Harbour is a 1951 drama film directed by Edda Berg.",
            ("Salt Harbour", "Salt Harbour (1951 film)", "Salt Harbour (film)"),
        ),
        (
            "The Keeper of Salt Harbour (Danish: Fyret) has three acts.",
            ("The Keeper of Salt Harbour", "Keeper of Salt Harbour"),
        ),
        (
            "Edda Marie Berg (born 4 May 1911) was a Danish director.",
            ("Edda Marie Berg", "Edda Berg", "Marie Berg"),
        ),
        ('Johan "Jo" Berg (3 June 1900 – 1971) was a sailor.', ("Johan Jo Berg", "Jo Berg", "Johan Berg")),
        ("Sir Jon Berg, OBE (1900–1971) was a sailor.", ("Sir Jon Berg, OBE", "Sir Jon Berg", "Jon Berg")),
        ("Don L. Berg (1904–2001) was an actor.", ("Don L. Berg", "Don Berg")),
        (
            "The Tidal Clock (also known as the Harbour Clock) has two hands.",
            ("The Tidal Clock", "Tidal Clock", "Harbour Clock"),
        ),
        ("Whitby Lane or Chapel Lane runs north.", ("Whitby Lane", "Chapel Lane")),
        ("Whitby, Yorkshire, the old port, has a pier.", ("Whitby, Yorkshire", "Whitby")),
        ("“It Rained on Us” was heard by many.", ("It Rained on Us",)),
    ],
)
def test_the_subject_of_the_first_sentence(text: str, titles: tuple[str, ...]) -> None:
    assert make_titles(text) == titles


def test_a_text_that_opens_otherwise_is_about_the_name_it_says_most() -> None:
    text = "Since then it has grown. Many joined the Tidal Society, and Berg left. The Tidal Society won."
    assert make_titles(text)[0] == "Tidal Society"


def test_a_text_without_names_is_about_its_repeated_rare_phrase() -> None:
    text = "we pruned the pear trees, then the pear trees fruited, so the good people were glad, the good people"
    common = {"good": 500, "peopl": 800}
    assert make_titles(text, frequency=lambda stem: common.get(stem, 2)) == ("pear trees",)


@pytest.mark.parametrize(
    ("heading", "caption", "first"),
    [
        ("Chapter 3: Tending the Orchard", "", "Tending the Orchard"),
        ("## 2. Tending", "", "Tending"),
        ("Overview", "", "Rain"),
        ("Slide 4", "Figure 2. A map of the harbour", "A map of the harbour"),
        ("Orchards", "A map of the harbour", "Orchards"),
        ("***", "12", "Rain"),
    ],
)
def test_headings_and_captions_come_first_unless_they_say_nothing(heading: str, caption: str, first: str) -> None:
    assert make_titles("Rain is wet.", heading, caption)[0] == first


@pytest.mark.parametrize("text", ["", "… 12 —", "They were late.", "💧💧", "(((", "it is as it was"])
def test_no_title_where_there_is_none(text: str) -> None:
    assert make_titles(text) == ()


def test_titles_are_few_short_and_different() -> None:
    names = ", also known as ".join(f"Harbour {letter}" for letter in "ABCDEFGHIJ")
    made = make_titles(f"Salt Harbour, also known as SALT HARBOUR, also known as {names}, is a harbour.")
    assert made[0] == "Salt Harbour"
    assert len(made) <= 6
    assert len({title.lower() for title in made}) == len(made)
