"""Numbered clauses: their headings on a printed page, their own pieces, and how answers name their places."""

from __future__ import annotations

import numpy as np
import pytest

from cml_mm.answering.file_places import Place, find_place, place_words
from cml_mm.answering.file_questions import NamedFile, read_file_question
from cml_mm.media import read_document
from cml_mm.media.placed_pdf import placed_pdf
from cml_mm.retrieval.chunks import chunk_document
from cml_mm.retrieval.function_words import function_words
from cml_mm.types import Document, Section, Source
from cml_mm.visits import DEFAULT_LIMITS, FileCard, ReadFile, StoredFile
from tests.support.pdf import Line, flow, write_pdf

FULL = "The house is kept for its members for good and for nobody else, and whoever lives in it"
RULES = (
    "3. The board",
    "Only the board decides about loans. The board has three",
    "members.",
    "4. Accounts",
    "The accounts are open to every member of the house at any time.",
)


def document(text: str, heading: str = "Rules of the mill", title: str = "Rules of the mill") -> Document:
    source = Source("0" * 64, title, "document", "file-1", "rules.pdf", "", "", owner="visitor")
    return Document("file-1", title, source, sections=(Section("other", heading, text, 1),))


def kept(read: Document) -> StoredFile:
    vectors = np.zeros((0, 4), np.float32)
    return StoredFile(FileCard("file-1", "rules.pdf", "ready"), "0" * 64, ReadFile(read, ()), (), vectors, "none")


def page(*lines: Line) -> list[str]:
    read = read_document(write_pdf([list(lines)]), "rules.pdf", "rules")
    return [paragraph for section in read.sections for paragraph in section.text.split("\n\n")]


def test_a_numbered_heading_is_a_paragraph_of_its_own_though_its_text_follows_at_once() -> None:
    found = page(*flow(FULL, "is asked to care for it.", *RULES))
    assert "3. The board" in found
    assert "Only the board decides about loans. The board has three members." in found
    assert "4. Accounts" in found


def test_a_numbered_line_that_goes_on_below_is_no_heading() -> None:
    found = page(*flow(FULL, "is asked to care for it.", "2. Whoever lives here may keep cats and", "small birds."))
    assert "2. Whoever lives here may keep cats and small birds." in found


def test_a_bold_clause_heading_begins_a_paragraph() -> None:
    lines = flow(FULL, "cares for it.")
    found = page(*lines, Line("§ 4 Deposit", 692, bold=True), *flow("It is three rents.", top=678))
    assert found[-2:] == ["§ 4 Deposit", "It is three rents."]


def test_rows_of_a_printed_table_stay_apart() -> None:
    rows = (("Two rooms", "54 m", "655 euros"), ("Three rooms", "76 m", "890 euros"), ("Garage", "9 m", "45 euros"))
    cells = [
        Line(cell, 650 - 14 * row, x=x)
        for row, told in enumerate(rows)
        for cell, x in zip(told, (72, 200, 330), strict=True)
    ]
    found = page(*flow(FULL, "pays what stands here."), *cells)
    assert "Three rooms 76 m 890 euros" in found
    assert "Garage 9 m 45 euros" in found


def test_a_stated_title_that_is_only_the_files_name_or_an_address_is_none() -> None:
    lines = [Line("Rules of the mill", 720, size=20), *flow(*RULES, top=680)]
    for stated in ("scan-17", "about:blank"):
        read = placed_pdf(write_pdf([lines], title=stated), "scan-17.pdf", None, DEFAULT_LIMITS, lambda *_: None)
        assert read.title == "Rules of the mill"


def test_a_numbered_heading_begins_a_piece_that_bears_it() -> None:
    text = "3. The board\n\nOnly the board decides.\n\n4. Accounts\n\nThe accounts are open."
    chunks = chunk_document(document(text), "file-1")
    assert [chunk.text.split("\n")[0] for chunk in chunks] == ["3. The board", "4. Accounts"]
    assert [chunk.title.split(" (")[0] for chunk in chunks] == ["The board", "Accounts"]


def test_a_list_of_numbered_names_is_no_row_of_clauses() -> None:
    text = "Present were these members of the house:\n\n1. Ada Brook\n\n2. Joris Veld\n\n3. Mina Okafor\n"
    assert len(chunk_document(document(text), "file-1")) == 1


def test_a_place_is_named_by_its_clause_and_not_by_what_the_file_or_the_page_is_called() -> None:
    text = "Dogs need consent.\n\n13. Garden\n\nThe garden is shared."
    at = text.index("The garden")
    assert place_words(Section("other", "12. Pets", text, 3), at, "Page 3") == "page 3, 13. Garden"
    assert place_words(Section("other", "12. Pets", text, 3), 0, "Page 3") == "page 3, 12. Pets"
    named = Section("other", "Rules of the mill", "It is kept.", 1)
    assert place_words(named, 0, "Page 1", "Rules of the mill") == "page 1"


def test_a_part_that_is_numbered_inside_a_paragraph_is_found() -> None:
    text = "4. Membership\n\n4.1 Anybody may apply. 4.2 The board decides. 4.3 Each takes four shares.\n\n5. Fees"
    (stretch,) = find_place(kept(document(text)), Place("clause", "4.2"))
    assert stretch.span.of(text).strip() == "4.2 The board decides."
    assert place_words(Section("other", "", text, 1), text.index("4.3"), "Page 1") == "page 1, clause 4.3"
    assert find_place(kept(document(text)), Place("clause", "4.7")) == ()


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("How many pages are there?", "pages"),
        ("Summarise it in three sentences", "summary"),
        ("What is it about?", "summary"),
        ("What are loans about?", "ask"),
        ("How long is the notice period?", "ask"),
        ("List all decisions", "decisions"),
        ("What was decided?", "decisions"),
        ("What was decided about the roof?", "ask"),
    ],
)
def test_where_files_alone_are_asked_they_need_not_be_named(question: str, kind: str) -> None:
    files = (NamedFile("file-1", "Rules of the mill", "rules.pdf", "pdf"),)
    assert read_file_question(question, files, alone=True).kind == kind
    assert not read_file_question(question, files).of_files


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("Wie hoch ist die Pacht?", {"wie", "hoch", "ist", "die"}),
        ("¿Cuánto cuesta el garaje?", {"cuanto", "cuesta", "el"}),
        ("When did the men die in the war?", set()),
        ("How much is the Pacht?", set()),
        ("What does the letter say about Wasser?", set()),
    ],
)
def test_words_of_other_languages_that_say_nothing(question: str, words: set[str]) -> None:
    assert function_words(question) == words
