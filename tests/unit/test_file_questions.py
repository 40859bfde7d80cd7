"""What questions about a visitor's own files are read as, in many phrasings; and which are none."""

from __future__ import annotations

import pytest

from cml_mm import prose
from cml_mm.answering.file_evidence import boxes_of
from cml_mm.answering.file_followups import resolve_of_files
from cml_mm.answering.file_opposites import points_apart
from cml_mm.answering.file_places import Place, clause_of, places_in
from cml_mm.answering.file_questions import NamedFile, read_file_question
from cml_mm.answering.file_sentences import blocks, is_heading, sentences
from cml_mm.prose import Span
from cml_mm.talk import PastTurn, Talk
from cml_mm.types import Box, Section
from cml_mm.visits import Run
from tests.unit import test_intent_table

FILES = (
    NamedFile("file-n", "notice", "notice.jpg", "picture"),
    NamedFile("file-r", "rents", "rents.csv", "csv"),
    NamedFile("file-k", "Kick-off", "kickoff.pptx", "pptx"),
    NamedFile("file-j", "Minutes of June 2024", "minutes-june.docx", "docx"),
    NamedFile("file-m", "Minutes of May 2024", "minutes-may.docx", "docx"),
    NamedFile("file-s", "Statutes of Millrace Housing Co-operative", "statutes.pdf", "pdf"),
)
PATTERNS = ("Role Rotation", "Graduated Sanctions", "Open Books")
LATEST = ("file-s",)


def told(question: str) -> str:
    """A question in one line: kind, files by their letter, places, what it looks for."""
    named = [name for name in PATTERNS if name in question]
    read = read_file_question(question, FILES, named, LATEST)
    if not read.of_files:
        return "none"
    parts = [read.kind, "".join(sorted(file[-1] for file in read.files)), *(place.words for place in read.places)]
    parts += ["against"] if read.against and read.kind == "links" else []
    return " ".join(part for part in parts if part)


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("What is in my files?", "inventory"),
        ("what's in my documents", "inventory"),
        ("List my files.", "inventory"),
        ("Show me all my documents", "inventory"),
        ("What did I upload?", "inventory"),
        ("What have we uploaded?", "inventory"),
        ("Which files do I have?", "inventory"),
        ("What is this document about?", "summary s"),
        ("What are the minutes about?", "summary jm"),
        ("Summarise the minutes.", "summary jm"),
        ("Summarize the minutes of May.", "summary m"),
        ("Please sum up our statutes", "summary s"),
        ("Give me the main points of this file", "summary s"),
        ("What do the minutes say?", "summary jm"),
        ("Tell me about this file.", "summary s"),
        ("What does the picture show?", "summary n"),
        ("How many pages do the statutes have?", "pages s"),
        ("How many pages does statutes.pdf have?", "pages s"),
        ("How long is this document?", "pages s"),
        ("How many slides has the presentation?", "pages k"),
        ("What does page 7 say?", "place page 7"),
        ("What stands on slide 3?", "place slide 3"),
        ("Read me page 2 of the statutes", "place s page 2"),
        ("clause 12", "place clause 12"),
        ("§ 14 (2)?", "place clause 14 (2)"),
        ("What does § 14 of the statutes say?", "place s clause 14"),
        ("What is written in article 4.2?", "place clause 4.2"),
        ("Quote section 3 please", "place clause 3"),
        ("What is on the last page?", "place the last page"),
        ("What does the second slide say?", "place slide 2"),
        ("Which of my files mention the treasurer?", "mentions"),
        ("Do any of my documents mention compost?", "mentions"),
        ("Which documents talk about the roof in my files?", "mentions"),
        ("Where is the quorum mentioned in our statutes?", "mentions s"),
        ("In which of my files is there anything that mentions loans?", "mentions"),
        ("Compare the two minutes on the fee", "compare jm"),
        ("Compare the minutes of May and June on the roof.", "compare jm"),
        ("How do the minutes differ on the budget?", "compare jm"),
        ("What is the difference between the minutes of May and the minutes of June?", "compare jm"),
        ("Which of our statutes' clauses go against these patterns?", "links s against"),
        ("Do the statutes conflict with Role Rotation?", "links s against"),
        ("Does our charter fit what the library says about conflict?", "links"),
        ("Which patterns speak to clause 5?", "links clause 5"),
        ("Which patterns speak about this page?", "links s"),
        ("What does the library say about this page?", "links s"),
        ("Compare our rules with Graduated Sanctions", "links"),
        ("Does clause 7 go against Role Rotation?", "links clause 7 against"),
        ("Is § 6 in line with Graduated Sanctions?", "links clause 6"),
        ("Which patterns does our charter go against?", "links against"),
        ("Which patterns of the library fit our statutes?", "links s"),
        ("Are our statutes compatible with the patterns?", "links s"),
        ("Who decides about loans in our statutes?", "ask s"),
        ("What do our statutes say about loans?", "ask s"),
        ("How much is the fee according to the minutes of June?", "ask j"),
        ("How much is the fee on page 4?", "ask page 4"),
        ("When does the notice say that the water is off?", "ask n"),
        ("In the minutes of May, who took the chair?", "ask m"),
        ("What does statutes.pdf say about audits?", "ask s"),
        ("Is there anything in my files about insurance?", "ask"),
        ("Who was present according to these minutes?", "ask jm"),
        ("What do the slides say about money?", "ask k"),
        ("How much rent does the table say that Okafor pays?", "ask r"),
        ("How long is the term of the board in the statutes?", "ask s"),
        ("Does the attached document allow pets?", "ask"),
        ("What is the deadline in clause 9?", "ask clause 9"),
    ],
)
def test_questions_about_files_are_read(question: str, expected: str) -> None:
    assert told(question) == expected


@pytest.mark.parametrize(
    "question",
    [
        "What is the quorum?",
        "How do we enforce our rules?",
        "How long are board terms?",
        "Which patterns require Role Rotation?",
        "What is in tension with Open Books?",
        "Compare Role Rotation and Open Books.",
        "Our meetings last three hours and the minutes are never read. What helps?",
        "How do we write good minutes?",
        "Does our policy go too far?",
        "Our agreements are broken all the time, what now?",
        "The first ten minutes are always lost, how do we begin on time?",
        "Who has adopted Nested Councils?",
        "We have a plan but no money.",
        "How can we make the budget visible to everyone?",
        "What helps against burnout?",
        "What does the library say about conflict?",
        "Which patterns speak about power?",
        "How do we share the notes of a meeting?",
        "List all patterns about money.",
        "What should be in a charter?",
        "How should a constitution be changed?",
        "People never read the notice board.",
        "Is there a pattern for house rules?",
    ],
)
def test_questions_to_the_library_are_no_questions_about_files(question: str) -> None:
    assert told(question) == "none"


def library_questions() -> list[str]:
    """Every question of the table of library questions."""
    found = []
    for name in dir(test_intent_table):
        for mark in getattr(getattr(test_intent_table, name), "pytestmark", ()):
            if mark.name == "parametrize":
                found += [row if isinstance(row, str) else row[0] for row in mark.args[1]]
    return [question for question in found if isinstance(question, str)]


def test_no_library_question_of_the_intent_table_is_read_as_one_about_files() -> None:
    questions = library_questions()
    assert len(questions) > 150
    wrong = [
        question
        for question in questions
        for files in ((), FILES)
        if read_file_question(question, files, (), LATEST).of_files
    ]
    assert wrong == []


@pytest.mark.parametrize(
    ("question", "topic"),
    [
        ("What do our statutes say about loans?", "loans?"),
        ("Who decides about loans in our statutes?", "Who decides about loans?"),
        ("Which of my files mention the treasurer?", "treasurer"),
        ("Compare the two minutes on the fee", "the fee"),
        ("Where is the quorum mentioned in our statutes?", "quorum"),
        ("Compare our rules with Graduated Sanctions", ""),
        ("Which of our statutes' clauses go against these patterns?", ""),
        ("Does our charter fit what the library says about conflict?", "conflict"),
        ("What does the library say about page 2?", ""),
    ],
)
def test_the_topic_is_what_remains_to_be_looked_for(question: str, topic: str) -> None:
    named = [name for name in PATTERNS if name in question]
    read = read_file_question(question, FILES, named, LATEST)
    assert prose.terms(read.topic) == prose.terms(topic)


def test_places_are_read_with_their_parts() -> None:
    assert places_in("pages 3 and § 14 (2), art. 4.2") == (
        Place("page", "3"),
        Place("clause", "14", "(2)"),
        Place("clause", "4.2"),
    )
    assert places_in("We have 7 members and 3 minutes") == ()


@pytest.mark.parametrize(
    ("asked", "whole"),
    [
        ("and page 5?", "What does page 5 of Statutes of Millrace Housing Co-operative say?"),
        ("And § 6?", "What does clause 6 of Statutes of Millrace Housing Co-operative say?"),
        ("What does it say about leaving?", "What does Statutes of Millrace Housing Co-operative say about leaving?"),
        ("and the minutes of May?", "What does Minutes of May 2024 say about loans?"),
        ("What else does it say?", "What do our statutes say about loans?"),
        ("what else?", "What do our statutes say about loans?"),
        ("Go on", "What do our statutes say about loans?"),
        ("What does Role Rotation require?", "What does Role Rotation require?"),
        ("How do we deal with conflict?", "How do we deal with conflict?"),
        ("What else does it take to rotate roles well in a small team?", None),
    ],
)
def test_follow_ups_after_an_answer_from_files(asked: str, whole: str | None) -> None:
    past = PastTurn("What do our statutes say about loans?", "What do our statutes say about loans?", ("file-s",))
    resolved = resolve_of_files(asked, Talk((past,)), FILES)
    assert resolved.question == (whole or asked)


def test_a_follow_up_without_files_before_it_is_left_alone() -> None:
    past = PastTurn("What is Open Books?", "What is Open Books?", ("open-books",))
    assert resolve_of_files("what else?", Talk((past,)), FILES).changed is False


def test_these_patterns_are_those_of_the_last_answer_and_no_files() -> None:
    past = PastTurn("What is Open Books?", "What is Open Books?", ("open-books", "file-s"))
    resolved = resolve_of_files("Which clauses go against these patterns?", Talk((past,)), FILES)
    assert resolved.patterns == ("open-books",)


@pytest.mark.parametrize(
    ("rule", "advice", "words"),
    [
        ("Only the board decides on money.", "Let everyone who is bound decide.", ("Only the board", "everyone")),
        ("The chair is elected for life.", "Give each role a fixed term.", ("for life", "term")),
        ("The books are confidential.", "Publish the figures every month.", ("confidential", "Publish")),
        ("Members may not see the books.", "Show everyone where the money goes.", ("not see", "Show")),
        ("Whoever is late is expelled immediately.", "Begin with a warning.", ("expelled", "warning")),
        ("Work is mandatory.", "Joining in is voluntary.", ("mandatory", "voluntary")),
        ("The minutes are not published.", "Minutes are published by all groups.", ("not published", "published")),
        ("The board decides by simple majority.", "Decide by consent.", ("simple majority", "consent")),
    ],
)
def test_words_that_point_apart_are_found(rule: str, advice: str, words: tuple[str, str]) -> None:
    found = points_apart(rule, advice)
    assert found is not None
    assert (found.rule, found.advice) == words


@pytest.mark.parametrize(
    ("rule", "advice"),
    [
        ("Every member has one vote.", "Give each member one vote."),
        (
            "The accounts are shown to all members.",
            "Show the books, so that people who are not accountants can read them.",
        ),
        ("Members pay 20 euros.", "The reserve belongs to no member."),
        ("Roles rotate every year.", "Rotate each role on a fixed day."),
        ("The books are confidential.", "Open an account for each member."),
        ("The garden is watered at noon.", "Give each role a fixed term."),
    ],
)
def test_words_that_agree_or_have_nothing_to_do_with_each_other_are_not_set_apart(rule: str, advice: str) -> None:
    assert points_apart(rule, advice) is None


def test_a_box_is_cut_to_the_quoted_part_of_its_line() -> None:
    runs = (Run(0, 40, Box(0, 0, 240, 12, 600, 800)), Run(40, 80, Box(0, 14, 240, 12, 600, 800)))
    first, second = boxes_of(runs, 30, 60)
    assert (first.x, first.w) == (180.0, 60.0)
    assert (second.x, second.w) == (0.0, 120.0)
    assert boxes_of(runs, 80, 90) == ()


def test_a_frame_of_several_lines_is_kept_whole() -> None:
    frame = Box(50, 50, 200, 200, 720, 540)
    assert boxes_of((Run(0, 120, frame),), 10, 20) == (frame,)


def test_rows_items_and_abbreviations_make_no_wrong_sentences() -> None:
    text = "| Flat | Rent |\n| --- | --- |\n| 2 | 610 euros |\n\n1. First point.\n2. See art. 5 of the law. Then paint."
    found = [span.of(text) for block in blocks(text, Span(0, len(text))) for span in sentences(text, block)]
    assert found == ["| Flat | Rent |", "| 2 | 610 euros |", "First point.", "See art. 5 of the law.", "Then paint."]


def test_headings_of_clauses_are_known_and_told() -> None:
    section = Section("other", "Page 1", "§ 1 Name\n\nWe are Millrace.\n\n§ 2 Purpose\n\nHomes.", 1)
    assert is_heading("§ 2 Purpose")
    assert not is_heading("12 members were present.")
    assert clause_of(section, section.text.index("Homes")) == "§ 2 Purpose"
    assert clause_of(section, 12) == "§ 1 Name"
