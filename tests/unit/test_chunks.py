"""How documents are cut into pieces, and what the pieces are called."""

from __future__ import annotations

import pytest

from cml_mm import prose
from cml_mm.retrieval.chunks import MOST_WORDS, TOO_MANY_CHARACTERS, TOO_MANY_WORDS, chunk_document, is_written
from cml_mm.types import Document, Section, Source
from cml_mm.visits import Chunk


def document(*sections: tuple[str, str], title: str = "Statutes of the Mill") -> Document:
    source = Source("0" * 64, title, "document", "file-1", "statutes.pdf", "", "", owner="visitor")
    return Document("file-1", title, source, sections=tuple(Section("other", h, text) for h, text in sections))


def cut(text: str, heading: str = "Dues") -> tuple[Chunk, ...]:
    return chunk_document(document((heading, text)), "file-1")


def sized(words: int, word: str = "word") -> str:
    """A paragraph of so many words, in sentences of ten."""
    return " ".join(word + "." if n % 10 == 9 else word for n in range(words))


MIXED = (
    ("Page 1", "§ 1 Name\n\nThe society is called Mill.\n\n§ 2\n\nMembers pay by § 14 (2). The rate is R-204.\n"),
    ("Fees", "| Kind | Rate |\n| --- | --- |\n" + "\n".join(f"| kind {n} of boat | {n} |" for n in range(60))),
    ("Slide 4", "Bring:\n\n- tools\n- food\n\n  for two\n- a friend\n\nThen we start."),
    ("Transcript", "so we go on " * 700),
    ("Notes", "数" * 5_000 + "。" + "字。" * 900),
    ("Page 2 (2)", "\n\n---\n\n"),
    ("Page 3", "A. " * 3_000),
    ("Code", "```\nx = 1\n\ny = 2\n```\n\n#### Deeper\n\nMore."),
)


def test_every_piece_is_cut_out_letter_for_letter_and_nothing_is_lost() -> None:
    made = document(*MIXED)
    chunks = chunk_document(made, "file-1")
    assert len({chunk.id for chunk in chunks}) == len(chunks)
    for chunk in chunks:
        assert made.sections[chunk.section].text[chunk.start : chunk.end] == chunk.text == chunk.text.strip()
        assert chunk.id == f"file-1/{chunk.section}/{chunk.start}"
        assert len(chunk.text) <= TOO_MANY_CHARACTERS
        assert len(prose.words(chunk.text)) <= TOO_MANY_WORDS
    for number, section in enumerate(made.sections):
        kept = "".join(chunk.text for chunk in chunks if chunk.section == number)
        whole = "" if number == 5 else section.text  # a rule is no text
        assert "".join(kept.split()) == "".join(whole.split())


def test_paragraphs_are_grouped_and_sections_kept_apart() -> None:
    paragraphs = "\n\n".join(sized(40) for _ in range(9))
    made = document(("Dues", paragraphs), ("Costs", "Short."))
    chunks = chunk_document(made, "f")
    assert [len(prose.words(chunk.text)) for chunk in chunks] == [120, 120, 120, 1]
    assert [chunk.section for chunk in chunks] == [0, 0, 0, 1]


def test_a_short_end_joins_the_piece_before() -> None:
    assert len(cut(sized(130) + "\n\n" + sized(20))) == 1
    assert len(cut(sized(130) + "\n\n" + sized(40))) == 2


def test_a_long_paragraph_is_cut_at_the_end_of_a_sentence() -> None:
    chunks = cut(sized(400))
    assert len(chunks) == 3
    assert all(chunk.text.endswith(".") and len(prose.words(chunk.text)) <= MOST_WORDS for chunk in chunks)


def test_lists_and_tables_stay_whole_where_they_fit() -> None:
    items = "\n".join(f"- {sized(10)}" for _ in range(6))
    first, second = cut(f"{sized(90)}\n\nBring these:\n\n{items}")
    assert second.text.startswith("Bring these:")
    assert second.text.count("- ") == 6
    assert first.text == sized(90)
    long = cut("\n".join(f"- {sized(30)}" for _ in range(9)))
    assert all(chunk.text.startswith("- ") for chunk in long)
    rows = cut("| Kind | Rate |\n| --- | --- |\n" + "\n".join(f"| {sized(8)} | 3 |" for _ in range(40)))
    assert len(rows) > 2
    assert all(chunk.text.startswith("|") and chunk.text.endswith("|") for chunk in rows)
    assert "Kind, Rate" in rows[1].title


@pytest.mark.parametrize("number", ["§ 7", "§7a", "§ 14 (2)", "Article 4.2", "Clause 9", "12.3", "12.3.1", "Art. IV"])
def test_a_clause_begins_a_piece_and_names_it(number: str) -> None:
    first, second = cut(f"The members meet in May.\n\n{number} The chair presides over the meeting.\nShe may vote.")
    assert first.text == "The members meet in May."
    assert second.text.startswith(number)
    assert number in second.title


def test_a_heading_of_a_clause_stays_with_what_follows() -> None:
    chunks = cut("§ 7 Terms of office\n\n7.1 Two years.\n7.2 Not more than twice in a row.")
    assert [chunk.text.split()[0] for chunk in chunks] == ["§", "7.2"]
    assert chunks[0].title == "§ 7 Terms of office (Statutes of the Mill)"


@pytest.mark.parametrize(
    "text",
    [
        "The members are bound, in every matter that concerns dues, by\nArticle 4 of the house rules.",
        "In the long summer of that year the rate went from two to about\n12.3 per cent of the rent.",
        "On 12.03.2024 we met. The fee is\n\n14.05.2024 was the day.",
    ],
)
def test_a_number_inside_a_sentence_is_no_clause(text: str) -> None:
    assert len(cut(text)) == 1


def test_titles_are_written_ones_or_made() -> None:
    made = document(
        ("Terms of office", "They last two years."),
        ("Page 7", "The Tidal Clock is a clock with two hands. It stands in the porch."),
        ("Costs (2)", "Forty crowns."),
        ("Rows 1 to 50", ""),
        ("Statutes of the Mill", "Of 1911."),
        title="Statutes of the Mill",
    )
    assert [chunk.title for chunk in chunk_document(made, "f")] == [
        "Terms of office (Statutes of the Mill)",
        "The Tidal Clock",
        "Costs (Statutes of the Mill)",
        "Statutes of the Mill",
    ]


@pytest.mark.parametrize(
    "heading", ["Page 7", "Slide 12 (2)", "Picture 2", "Rows 1 to 50", "Text", "12", "", "…", "iv"]
)
def test_headings_that_only_name_a_place(heading: str) -> None:
    assert not is_written(heading)


@pytest.mark.parametrize(
    "heading", ["Dues", "Slide rules", "Page one news", "5S", "1. Name and seat", "Part-time work"]
)
def test_headings_that_say_something(heading: str) -> None:
    assert is_written(heading)


def test_nothing_is_made_of_nothing() -> None:
    assert chunk_document(document(), "f") == ()
    assert cut("***\n\n---") == ()
