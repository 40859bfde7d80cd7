"""What questions want of a diagram: many wordings, and which boxes they name."""

from __future__ import annotations

import time

import pytest

from cml_mm.answering.diagram_questions import DiagramQuestion, read_diagram_question
from cml_mm.diagrams.structure import DiagramGraph
from cml_mm.diagrams.values import Diagram
from tests.support.drawn_files import edge, lane, node

CO_OP = DiagramGraph(
    Diagram(
        "How we decide",
        "picture",
        (
            node("assembly", "Members' assembly"),
            node("board", "Board"),
            node("audit", "Audit committee"),
            node("purse", "Treasurer"),
            node("roof", "Roof repairs"),
            node("fund", "Maintenance fund"),
            node("ask", "Does anybody object?", shape="diamond"),
            node("note", "Write it in the minutes"),
            node("mend", "Mend the proposal"),
            node("key", "Hands over the key", "crew"),
            node("check", "Check the meter", "crew"),
            node("year", "Look again after a year"),
        ),
        (
            edge("1", "assembly", "board", "elects"),
            edge("2", "assembly", "audit"),
            edge("3", "board", "purse", "appoints"),
            edge("4", "purse", "fund", "pays into"),
            edge("5", "fund", "roof"),
            edge("6", "ask", "note", "no"),
            edge("7", "ask", "mend", "yes"),
            edge("8", "mend", "ask"),
            edge("9", "note", "year"),
            edge("10", "check", "key"),
        ),
        (lane("crew", "House crew"),),
    )
)

# Wording, kind, the boxes that it names (ids, in order).
WORDINGS: tuple[tuple[str, str, str], ...] = (
    ("Who decides after the assembly?", "after", "assembly"),
    ("What comes after the members' assembly?", "after", "assembly"),
    ("what comes next after the board", "after", "board"),
    ("Which step follows the maintenance fund?", "after", "fund"),
    ("What does the treasurer lead to?", "after", "purse"),
    ("Where does the board lead?", "after", "board"),
    ("What does the maintenance fund feed?", "after", "fund"),
    ("Where do we go from the board?", "after", "board"),
    ("What happens right after mending the proposal?", "after", "mend"),
    ("After the treasurer, who is next?", "after", "purse"),
    ("What stands below the board?", "after", "board"),
    ("Which boxes come directly after the board?", "after", "board"),
    ("What follows writing it in the minutes?", "after", "note"),
    ("Can you tell me what comes after the bord?", "after", "board"),
    ("What is the next step after the treasurer?", "after", "purse"),
    ("Which arrows leave the assembly?", "after", "assembly"),
    ("Once the board has decided, what happens?", "condition|after", "board"),
    ("What are the outputs of the treasurer?", "after", "purse"),
    ("What does the maintenance fund affect?", "after", "fund"),
    ("In our chart, what comes after the audit committee?", "after", "audit"),
    ("What comes before the treasurer?", "before", "purse"),
    ("What feeds the maintenance fund?", "before", "fund"),
    ("Who leads to the board?", "before", "board"),
    ("What leads to roof repairs?", "before", "roof"),
    ("Where does the maintenance fund come from?", "before", "fund"),
    ("What precedes the board?", "before", "board"),
    ("Which boxes point to the treasurer?", "before", "purse"),
    ("Who stands above the treasurer?", "before", "purse"),
    ("What goes into the maintenance fund?", "before", "fund"),
    ("What acts on the roof repairs?", "before", "roof"),
    ("What happens directly before the roof repair?", "before", "roof"),
    ("Before the board, who decides?", "before", "board"),
    ("What are the inputs to the maintenance fund?", "before", "fund"),
    ("Which arrows end at the treasurer?", "before", "purse"),
    ("What influences roof repairs?", "before", "roof"),
    ("Who does the treasurer report to?", "before", "purse"),
    ("What comes anywhere after the assembly?", "all_after", "assembly"),
    ("What is everything downstream of the board?", "all_after", "board"),
    ("What depends on the treasurer?", "all_after", "purse"),
    ("Which boxes depend on the board?", "all_after", "board"),
    ("What does the assembly eventually lead to?", "all_after", "assembly"),
    ("List everything after the board", "all_after", "board"),
    ("What lies upstream of the roof repairs?", "all_before", "roof"),
    ("What all has to happen before the roof repairs?", "all_before", "roof"),
    ("Everything that must happen before the roof repairs?", "all_before", "roof"),
    ("What must be done before the roof repairs?", "all_before", "roof"),
    ("What does the maintenance fund depend on?", "all_before", "fund"),
    ("How do you get from the assembly to the roof repairs?", "path", "assembly roof"),
    ("How does money get from the treasurer to the roof repairs?", "path", "purse roof"),
    ("What is the path from the board to the maintenance fund?", "path", "board fund"),
    ("Which way leads from the board to the roof repairs?", "path", "board roof"),
    ("How does the assembly reach the roof repairs?", "path", "assembly roof"),
    ("Show me the steps from the board to the roof repairs", "path", "board roof"),
    ("Trace the way from the assembly to the maintenance fund", "path", "assembly fund"),
    ("From the board to the maintenance fund?", "path", "board fund"),
    ("How do we get from writing it in the minutes to look again after a year?", "path", "note year"),
    ("Who connects the assembly and the treasurer?", "connects", "assembly purse"),
    ("What links the board with the maintenance fund?", "connects", "board fund"),
    ("How are the assembly and the treasurer connected?", "connects", "assembly purse"),
    ("Who stands between the assembly and the treasurer?", "connects", "assembly purse"),
    ("What is between the board and the maintenance fund?", "connects|between", "board fund"),
    ("How is the board connected to the fund?", "connects", "board fund"),
    ("Does the assembly lead to the roof repairs?", "leads", "assembly roof"),
    ("Can you get from the board to the maintenance fund?", "leads", "board fund"),
    ("Is there an arrow from the board to the treasurer?", "leads", "board purse"),
    ("Is there a way from the roof repairs to the board?", "leads", "roof board"),
    ("Does the board come before the treasurer?", "leads", "board purse"),
    ("Does the treasurer come after the board?", "leads", "purse board"),
    ("Does the maintenance fund depend on the treasurer?", "leads", "fund purse"),
    ("Is the treasurer below the board?", "leads", "purse board"),
    ("Does the board affect the roof repairs?", "leads", "board roof"),
    ("Is the board joined to the treasurer?", "joined", "board purse"),
    ("Are the board and the audit committee connected?", "joined", "board audit"),
    ("Is there a line between the board and the audit committee?", "joined", "board audit"),
    ("What does the arrow from the board to the treasurer say?", "arrow_label", "board purse"),
    ("What passes from the treasurer to the maintenance fund?", "arrow_label", "purse fund"),
    ("What does the assembly have to do with the board?", "arrow_label", "assembly board"),
    ("How does the board relate to the treasurer?", "arrow_label", "board purse"),
    ("Is there a loop?", "loops", ""),
    ("Are there any loops in here?", "loops", ""),
    ("Which loops are there?", "loops", ""),
    ("Is it circular?", "loops", ""),
    ("Does it go round in circles?", "loops", ""),
    ("Where is the feedback?", "loops", ""),
    ("Is there a loop in how we decide?", "loops", ""),
    ("What loops back to mend the proposal?", "loop_of", "mend"),
    ("Is mending the proposal part of a loop?", "loop_of", "mend"),
    ("Which loops go through mend the proposal?", "loop_of", "mend"),
    ("What leads back to mend the proposal?", "loop_of", "mend"),
    ("Is it reinforcing or balancing?", "loop_sign", ""),
    ("Is the loop through mend the proposal reinforcing or balancing?", "loop_sign", "mend"),
    ("Which loop is a balancing one?", "loop_sign", ""),
    ("Are there vicious circles?", "loop_sign|loops", ""),
    ("Where does it start?", "roots", ""),
    ("Where does it all begin?", "roots", ""),
    ("What is the first step?", "roots", ""),
    ("What comes first?", "roots", ""),
    ("Which boxes have no incoming arrows?", "roots", ""),
    ("Where does the money come from in the first place?", "roots", ""),
    ("What are the starting points?", "roots", ""),
    ("Who is at the top?", "roots", ""),
    ("Where does it end?", "leaves", ""),
    ("What is the last step?", "leaves", ""),
    ("What comes out at the end?", "leaves", ""),
    ("Which boxes have no outgoing arrows?", "leaves", ""),
    ("Are there dead ends?", "leaves", ""),
    ("What is the outcome?", "leaves", ""),
    ("Where does the whole thing finish?", "leaves", ""),
    ("How many boxes are there?", "count", ""),
    ("How many arrows does it have?", "count", ""),
    ("How many arrows leave the assembly?", "count", "assembly"),
    ("How many arrows point to the treasurer?", "count", "purse"),
    ("How many boxes are in the lane House crew?", "count", "crew"),
    ("How many steps are there from the board to the roof repairs?", "count", "board roof"),
    ("How many diamonds are there?", "count", ""),
    ("How many decisions does it have?", "count", ""),
    ("How many loops are there?", "count", ""),
    ("How many lanes are there?", "count", ""),
    ("Count the boxes", "count", ""),
    ("How many boxes come after the board?", "count", "board"),
    ("Which box has the most arrows?", "hub", ""),
    ("Who is the best connected?", "hub", ""),
    ("What is in the middle of it all?", "hub", ""),
    ("Which boxes are not connected?", "unjoined", ""),
    ("Is anything isolated?", "unjoined", ""),
    ("Which arrows are unclear?", "unclear", ""),
    ("What were you unsure about?", "unclear", ""),
    ("Which parts could not be read?", "unclear", ""),
    ("What happens if the answer is no?", "condition", ""),
    ("What happens if nobody objects?", "condition", ""),
    ("What happens when somebody objects?", "condition", ""),
    ("What if the answer is yes?", "condition", ""),
    ("If anybody objects, what do we do?", "condition", ""),
    ("What is in the lane House crew?", "in_lane", "crew"),
    ("What does the house crew do?", "in_lane", "crew"),
    ("What does the house crew have to do when somebody moves out?", "in_lane", "crew"),
    ("Which steps belong to the house crew?", "in_lane", "crew"),
    ("What are the tasks of the house crew?", "in_lane", "crew"),
    ("Which lane is check the meter in?", "lane_of", "check"),
    ("Who hands over the key?", "lane_of", "key"),
    ("Who checks the meter?", "lane_of", "check"),
    ("Whose job is it to check the meter?", "lane_of", "check"),
    ("Who is responsible for checking the meter?", "lane_of", "check"),
    ("Which lanes are there?", "lanes", ""),
    ("Who takes part?", "lanes", ""),
    ("Who appoints the treasurer?", "verb_by", "purse"),
    ("Whom does the assembly elect?", "verb_of", "assembly"),
    ("Who pays into the maintenance fund?", "before|verb_by", "fund"),
    ("What do the colours mean?", "legend", ""),
    ("What does green mean?", "colour", ""),
    ("Which boxes are blue?", "colour", ""),
    ("Which boxes are there?", "boxes", ""),
    ("List all boxes", "boxes", ""),
    ("Which arrows are there?", "arrows", ""),
    ("List all the arrows", "arrows", ""),
    ("Is there a box called Treasurer?", "is_there", "purse"),
    ("Does it mention the treasurer?", "is_there", "purse"),
    ("Describe this diagram", "describe", ""),
    ("What does this chart show?", "describe", ""),
    ("Walk me through it", "describe", ""),
    ("Explain the diagram to me", "describe", ""),
    ("What is this about?", "describe", ""),
    ("Explain the treasurer", "about", "purse"),
    ("What is the audit committee?", "about", "audit"),
    ("What is the role of the board?", "about", "board"),
    ("What changed between v1 and v2?", "changed", ""),
    ("What is different in the new version?", "changed", ""),
    ("Compare the two diagrams", "changed", ""),
    ("What was added?", "changed", ""),
    ("Which commons patterns are in here, and what is missing?", "patterns", ""),
    ("Which patterns do you see?", "patterns", ""),
    ("What is missing?", "patterns", ""),
    ("Which pattern is the board?", "pattern_of", "board"),
    ("Is there a pattern for the maintenance fund?", "pattern_of", "fund"),
    ("What does the pattern in box Board require?", "pattern_asks", "board"),
    ("What does the pattern behind the audit committee enable?", "pattern_asks", "audit"),
)


def named(asked: DiagramQuestion) -> str:
    return " ".join(part for subject in (*asked.subjects, *asked.others) for part in subject.parts)


@pytest.mark.parametrize(("wording", "kind", "parts"), WORDINGS, ids=[row[0] for row in WORDINGS])
def test_a_wording_is_read_as_its_kind_with_the_boxes_that_it_names(wording: str, kind: str, parts: str) -> None:
    asked = read_diagram_question(wording, CO_OP)
    assert asked is not None
    assert asked.kind in kind.split("|")
    if asked.kind != "condition":
        assert named(asked) == parts


def test_there_are_many_wordings() -> None:
    assert len(WORDINGS) >= 120


@pytest.mark.parametrize(
    ("wording", "edges"),
    [
        ("What happens if the answer is no?", ("6",)),
        ("What happens if nobody objects?", ("6",)),
        ("What happens when somebody objects?", ("7",)),
        ("If there is no objection, what happens?", ("6",)),
        ("What if the answer is yes?", ("7",)),
        ("Who elects the board?", ("1",)),
        ("Whom does the board appoint?", ("3",)),
        ("What does the treasurer pay into?", ("4",)),
    ],
)
def test_conditions_and_verbs_find_the_arrows_that_say_them(wording: str, edges: tuple[str, ...]) -> None:
    asked = read_diagram_question(wording, CO_OP)
    assert asked is not None
    assert asked.edges == edges


@pytest.mark.parametrize(
    ("wording", "said", "near"),
    [
        ("What comes after the parliament?", "parliament", ()),
        ("What comes before the boiler?", "boiler", ()),
        ("How do you get from the board to the roof garden?", "roof garden", ("Roof repairs",)),
        ("Does the mayor lead to the board?", "mayor", ()),
        ("Is there a box called Bursar?", "Bursar", ()),
    ],
)
def test_a_box_that_is_not_there_is_kept_with_what_comes_near(wording: str, said: str, near: tuple[str, ...]) -> None:
    asked = read_diagram_question(wording, CO_OP)
    assert asked is not None
    assert [subject.said for subject in asked.missing] == [said]
    assert set(near) <= set(asked.missing[0].near)


@pytest.mark.parametrize(
    "wording",
    [
        "What is the weather like today?",
        "How much is the rent?",
        "How long is the board elected for?",
        "When does the meeting begin?",
        "What does this chart say about loans?",
        "What do my files say about the house rules?",
        "Why do commons fail?",
        "How can we share work fairly?",
        "Thank you",
        "",
        "?",
    ],
)
def test_other_questions_are_not_of_the_structure(wording: str) -> None:
    assert read_diagram_question(wording, CO_OP) is None
    assert read_diagram_question(wording, CO_OP, spoken=False) is None


@pytest.mark.parametrize(
    "wording",
    [
        "What comes after the parliament?",
        "Where does it start?",
        "Who decides on loans?",
        "What is missing?",
        "How many members are there?",
        "What happens if somebody leaves the house?",
        "Is there a pattern for conflict?",
    ],
)
def test_where_other_files_are_asked_too_only_what_names_boxes_counts(wording: str) -> None:
    assert read_diagram_question(wording, CO_OP, spoken=False) is None


def test_a_tail_asks_for_the_patterns_of_what_is_found() -> None:
    asked = read_diagram_question("Who decides after the assembly, and which pattern is that?", CO_OP)
    assert asked is not None
    assert (asked.kind, asked.patterns, asked.relation) == ("after", True, "")
    asked = read_diagram_question("What comes after the board, and what does that pattern require?", CO_OP)
    assert asked is not None
    assert (asked.kind, asked.patterns, asked.relation) == ("after", True, "REQUIRES")


def test_several_boxes_in_one_place() -> None:
    asked = read_diagram_question("What comes after “Board” and “Audit committee”?", CO_OP)
    assert asked is not None
    assert named(asked) == "board audit"


def test_what_comes_before_is_turned_round() -> None:
    for wording, turned in (
        ("Does the board come before the treasurer?", False),
        ("Does the treasurer come after the board?", True),
        ("Does the fund depend on the treasurer?", True),
        ("Does the board lead to the treasurer?", False),
    ):
        asked = read_diagram_question(wording, CO_OP)
        assert asked is not None
        assert asked.turned is turned


def test_a_long_or_hostile_question_is_read_quickly() -> None:
    began = time.process_time()
    for wording in (
        "what " * 50,
        "what comes after " + "a and " * 40,
        "from to " * 30,
        "how many steps are there " + "from x to y " * 15,
        "(((((" * 40,
        "if " * 80,
        "what is in the " * 16,
        "a" * 255,
        "x" * 100_000,
    ):
        read_diagram_question(wording, CO_OP)
    assert time.process_time() - began < 60  # a regular expression that backtracks without end takes hours
