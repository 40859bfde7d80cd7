"""Answers about diagrams, through the engine's own answerer: every kind, with the very parts that are cited."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from cml_mm.answering.generating import Writer
from cml_mm.diagrams.values import Diagram, LegendEntry
from cml_mm.engine import Engine
from cml_mm.engine.opened import Opened
from cml_mm.graph.snapshot import open_snapshot
from cml_mm.models.minilm import MiniLM
from cml_mm.ports import Picture
from cml_mm.settings import Settings
from cml_mm.talk import NO_TALK, PastTurn, Scope, ScopeKind, Talk
from cml_mm.types import Answer, AnswerReady, Evidence, PictureArea
from cml_mm.visits import StoredFile
from tests.support import own_files
from tests.support.drawn_files import edge, laid_out, lane, node, stored
from tests.support.said_generator import SaidGenerator, in_pieces

GOVERNANCE = laid_out(
    Diagram(
        "How we decide",
        "picture",
        (
            node("a", "General assembly", colour="#2e7d32"),
            node("b", "Board"),
            node("c", "Audit committee", colour="#2e7d32"),
            node("t", "Treasurer"),
            node("r", "Repairs circle"),
            node("q", "Serious objection?", shape="diamond"),
            node("w", "Write it down"),
            node("m", "Amend proposal"),
            node("k", "Clear boundaries"),
            node("x", "Tea kitchen"),
            node("i", "Inspects the plot", "lane"),
            node("j", "Invites the next in line", "lane", confidence=0.4),
        ),
        (
            edge("ab", "a", "b", "elects"),
            edge("ac", "a", "c"),
            edge("bt", "b", "t", "appoints"),
            edge("ct", "c", "t"),
            edge("br", "b", "r"),
            edge("qw", "q", "w", "no"),
            edge("qm", "q", "m", "yes"),
            edge("mq", "m", "q"),
            edge("ij", "i", "j", confidence=0.3),
            edge("rk", "r", "k", heads="none"),
            edge("wk", "w", "k", heads="both"),
        ),
        (lane("lane", "Plot group"),),
        (LegendEntry("#2e7d32", "elected bodies"),),
        face="picture-1",
    )
)
FISH = laid_out(
    Diagram(
        "Fish",
        "picture",
        (node("f", "Fish stock"), node("y", "Young fish"), node("c", "Catch"), node("b", "Boats"), node("p", "Price")),
        (
            edge("fy", "f", "y", "+"),
            edge("yf", "y", "f", "+"),
            edge("fc", "f", "c", "+"),
            edge("cb", "c", "b", "more"),
            edge("bf", "b", "f", "−"),
            edge("cp", "c", "p", "-"),
            edge("pc", "p", "c"),
        ),
        face="picture-1",
    )
)
SECOND = replace(
    GOVERNANCE,
    nodes=tuple(
        replace(one, label="Repairs and garden circle")
        if one.id == "r"
        else replace(one, container="")
        if one.id == "i"
        else one
        for one in GOVERNANCE.nodes
        if one.id != "x"
    ),
    edges=tuple(
        replace(one, source="t", target="b", label="reports to")
        if one.id == "bt"
        else replace(one, label="chooses")
        if one.id == "ab"
        else one
        for one in GOVERNANCE.edges
        if one.id != "ct"
    ),
)


class Asked:
    """One opened library, asked of some files."""

    def __init__(self, opened: Opened, *files: StoredFile) -> None:
        self.opened, self.files = opened, files
        self.source = opened.source(files)

    def __call__(self, question: str, talk: Talk = NO_TALK, where: ScopeKind = "files") -> Answer:
        scope = Scope(where, "visitor", ())
        for event in self.opened.answerer.ask(question, lambda: False, talk, scope, self.source):
            if isinstance(event, AnswerReady):
                return event.answer
        raise AssertionError("no answer")


@pytest.fixture(scope="module")
def opened(settings: Settings, encoder: MiniLM, engine: Engine) -> Iterator[Opened]:
    snapshot = open_snapshot(settings.index, encoder.name, encoder.dimension, settings.graph_buffer_bytes)
    yield Opened.over(snapshot, encoder)
    snapshot.close()


@pytest.fixture(scope="module")
def ask(opened: Opened, encoder: MiniLM) -> Asked:
    return Asked(opened, stored(encoder, 1, "governance-v1.png", GOVERNANCE))


@pytest.fixture(scope="module")
def fish(opened: Opened, encoder: MiniLM) -> Asked:
    return Asked(opened, stored(encoder, 2, "fish.png", FISH))


def told(answer: Answer) -> str:
    return "\n".join(sentence.text for sentence in answer.sentences)


def cited(answer: Answer) -> set[str]:
    """The ids of all parts that its sentences cite."""
    used = {number for sentence in answer.sentences for number in sentence.cites}
    places = [item.locator for item in answer.evidence if item.number in used]
    return {part for place in places if isinstance(place, PictureArea) for part in place.parts}


def follow(*answers: Answer) -> Talk:
    turns = (PastTurn(a.question, a.understood, a.subjects, a.relation, a.status == "not_in_library") for a in answers)
    return Talk(tuple(turns))


# Question, what the answer says, and the ids of exactly the parts that it cites.
KINDS: tuple[tuple[str, str, str], ...] = (
    ("What is the repairs circle?", "“Board” leads to “Repairs circle”.", "br rk r"),
    (
        "Who decides after the general assembly?",
        "After “General assembly” come “Board” (“elects”) and “Audit committee”.",
        "ab ac",
    ),
    ("What comes before the treasurer?", "“Board” (“appoints”) and “Audit committee” lead to “Treasurer”.", "bt ct"),
    ("What comes after the treasurer?", "Nothing comes after “Treasurer”: no arrow leaves it.", "t bt ct"),
    (
        "What comes before the general assembly?",
        "Nothing comes before “General assembly”: no arrow leads to it.",
        "a ab ac",
    ),
    (
        "What depends on the general assembly?",
        "Further after “General assembly” come “Treasurer” (“appoints”)",
        "ab ac bt br",
    ),
    (
        "What must happen before the treasurer?",
        "Further before “Treasurer” comes “General assembly” (“elects”).",
        "bt ct ab",
    ),
    ("How do you get from the assembly to the repairs circle?", "then to “Repairs circle”", "ab br"),
    ("How do you get from the assembly to the treasurer?", "as short a way", "ab bt ac ct"),
    ("How do you get from the treasurer to the assembly?", "It is the other way round", "t a bt ct ab"),
    ("How do you get from the treasurer to the tea kitchen?", "No line leads", "t x bt ct"),
    ("Does the assembly lead to the treasurer?", "Yes: from “General assembly”", "ab bt"),
    ("Does the treasurer lead to the board?", "No: no arrows lead from “Treasurer” to “Board”.", "t b bt ct"),
    (
        "Who connects the assembly and the repairs circle?",
        "“Board” connects “General assembly” and “Repairs circle”.",
        "ab br",
    ),
    (
        "Are the repairs circle and clear boundaries connected?",
        "“Repairs circle” is joined with “Clear boundaries”.",
        "rk",
    ),
    ("What does the arrow from the board to the treasurer say?", "“Board” leads to “Treasurer” (“appoints”).", "bt"),
    ("What happens if there is no serious objection?", "“Serious objection?” leads to “Write it down” (“no”).", "qw"),
    ("What happens if the answer is yes?", "“Serious objection?” leads to “Amend proposal” (“yes”).", "qm"),
    ("Who elects the board?", "“General assembly” leads to “Board” (“elects”).", "ab"),
    ("Whom does the board appoint?", "“Board” leads to “Treasurer” (“appoints”).", "bt"),
    ("Is there a loop?", "and “Amend proposal” back to “Serious objection?”.", "qm mq"),
    ("Is the board part of a loop?", "No loop is in the diagram through “Board”", "ALL b"),
    ("Where does it start?", "It starts at “General assembly” and “Inspects the plot”.", "a i ab ac ij"),
    (
        "Where does it end?",
        "It ends at “Treasurer”, “Repairs circle” and “Invites the next in line” (read with doubt)",
        "t r j bt ct br rk ij",
    ),
    ("How many boxes are there?", "It has 12 boxes", "a b c t r q w m k x i j"),
    ("How many arrows are there?", "It has 11 arrows.", "ALL"),
    ("How many arrows leave the board?", "2 arrows leave “Board”.", "bt br"),
    ("How many arrows point to the treasurer?", "2 arrows lead to “Treasurer”.", "bt ct"),
    ("How many diamonds are there?", "It has 1 diamond: “Serious objection?”.", "q"),
    ("How many boxes are in the plot group?", "In the lane “Plot group” are 2 boxes", "i j lane"),
    ("How many loops are there?", "It has 1 loop.", "qm mq"),
    ("How many steps are there from the assembly to the treasurer?", "The shortest way has 2 arrows.", "ab bt"),
    ("Which box has the most arrows?", "“Board” has the most arrows: 3.", "b ab bt br q qw qm mq"),
    ("Which boxes are not connected?", "“Tea kitchen” has no arrow.", "ALL x"),
    (
        "Which arrows are unclear?",
        "The arrow from “Inspects the plot” to “Invites the next in line” was read with doubt.",
        "ij",
    ),
    ("Which boxes are unclear?", "“Invites the next in line” was read with doubt.", "j"),
    ("What does the plot group do?", "In the lane “Plot group” are “Inspects the plot” and “Invites", "i j lane"),
    ("Who inspects the plot?", "“Inspects the plot” is in the lane “Plot group”.", "i lane"),
    ("Which lane is the board in?", "“Board” is in no lane.", "b lane"),
    ("Which lanes are there?", "In the lane “Plot group” are", "lane i j"),
    ("Which boxes are green?", "Of that colour are “General assembly” and “Audit committee”.", "a c"),
    ("Is there a box called Treasurer?", "Yes: “Treasurer” is in the diagram.", "t"),
    ("What comes after the write it down box?", "After “Write it down” comes “Clear boundaries”.", "wk"),
)


@pytest.mark.parametrize(("question", "words", "parts"), KINDS, ids=[row[0] for row in KINDS])
def test_each_kind_is_answered_exactly_and_cites_what_it_says(
    ask: Asked, question: str, words: str, parts: str
) -> None:
    answer = ask(question)
    assert answer.status == "answered"
    assert words in told(answer)
    assert {one.verdict for one in answer.sentences} <= {"supported", "not_checked"}, answer.sentences
    assert answer.withheld == 0
    every = {one.id for one in GOVERNANCE.edges} if "ALL" in parts else set()
    assert cited(answer) == every | set(parts.replace("ALL", "").split())
    assert answer.subjects[0] == ask.files[0].card.id
    assert len(answer.evidence) >= 1
    for item in (*answer.evidence, *answer.considered):
        opens_its_parts(item, ask.files[0])


def opens_its_parts(item: Evidence, file: StoredFile) -> None:
    """Each citation has the boxes and lines of its parts, and quotes their words."""
    nodes = {one.id: one for one in (*GOVERNANCE.nodes, *GOVERNANCE.containers)}
    edges = {one.id: one for one in GOVERNANCE.edges}
    place = item.locator
    assert isinstance(place, PictureArea)
    assert place.face == "picture-1"
    assert file.read.document.sections[0].text[place.start : place.end] == item.quote
    assert item.quote in item.passage
    assert item.source.slug == file.card.id and item.source.owner == "visitor"
    labels = [edges[part].label_box for part in place.parts if part in edges]
    boxes = [nodes[part].box for part in place.parts if part in nodes]
    assert sorted(map(repr, place.boxes)) == sorted(repr(box) for box in (*boxes, *labels) if box)
    assert place.lines == tuple(edges[part].polyline for part in place.parts if part in edges)
    for part in place.parts:
        ends = (edges[part].source, edges[part].target) if part in edges else (part,)
        assert all(nodes[end].label in item.quote for end in ends)


def test_loops_reinforce_or_balance_by_their_signs(fish: Asked) -> None:
    answer = fish("Which loop is a balancing one?")
    assert "This loop is balancing: 1 minus sign, an odd number." in told(answer)
    assert cited(answer) == {"fc", "cb", "bf"}
    answer = fish("Which loop is a reinforcing one?")
    assert "“Fish stock” leads to “Young fish” (+), and “Young fish” back to “Fish stock” (+)." in told(answer)
    assert cited(answer) == {"fy", "yf"}
    answer = fish("Is the loop through the price reinforcing or balancing?")
    assert "A sign is missing on the arrow from “Price” to “Catch”" in told(answer)
    assert cited(answer) == {"cp", "pc"}
    assert all(sentence.verdict in ("supported", "not_checked") for sentence in answer.sentences)
    assert fish("How many loops are there?").sentences[0].text == "It has 3 loops."


def test_without_signs_no_loop_is_called_reinforcing(ask: Asked) -> None:
    assert "no plus or minus signs" in told(ask("Is it reinforcing or balancing?"))


def test_what_is_not_there_is_said_with_what_comes_near(ask: Asked) -> None:
    answer = ask("Who decides after the parliament?")
    assert answer.status == "not_in_library"
    assert answer.title == "Not in the diagram"
    assert told(answer).startswith("“parliament” is not in the diagram governance-v1.")
    answer = ask("What comes after the repair shop?")
    assert "Nearest in its words" in told(answer) and "“Repairs circle”" in told(answer)


def test_doubt_is_told_in_the_sentence_and_beside_it(ask: Asked) -> None:
    answer = ask("What comes after “Inspects the plot”?")
    assert told(answer) == "After “Inspects the plot” comes “Invites the next in line” (read with doubt)."
    assert any("2 parts of governance-v1 were read with doubt" in notice.text for notice in answer.notices)


def test_a_description_says_sizes_ends_lanes_and_arrows(ask: Asked) -> None:
    answer = ask("Describe this diagram")
    text = told(answer)
    assert text.startswith("It has 12 boxes and 11 arrows.")
    assert "It starts at" in text and "It ends at" in text and "A loop goes through" in text
    assert "“General assembly” leads to “Board” (“elects”)." in text
    assert {one.verdict for one in answer.sentences} == {"supported"}


def test_two_versions_are_compared_part_by_part(opened: Opened, encoder: MiniLM) -> None:
    old, new = stored(encoder, 1, "governance-v1.png", GOVERNANCE), stored(encoder, 2, "governance-v2.png", SECOND)
    both = Asked(opened, new, old)
    answer = both("What changed between governance-v1 and governance-v2?")
    text = told(answer)
    for words in (
        "The box “Tea kitchen” was removed.",
        "The box “Repairs circle” is now called “Repairs and garden circle”.",
        "The box “Inspects the plot” moved from the lane “Plot group” to no lane.",
        "The arrow was turned round and now leads from “Treasurer” to “Board”.",
        "The arrow from “General assembly” to “Board” now says “chooses”; before, it said “elects”.",
        "The arrow from “Audit committee” to “Treasurer” was removed.",
    ):
        assert words in text
    assert all(sentence.verdict == "supported" for sentence in answer.sentences), answer.sentences
    places = {item.source.slug: set[str]() for item in answer.evidence}
    for item in answer.evidence:
        assert isinstance(item.locator, PictureArea)
        places[item.source.slug] |= set(item.locator.parts)
    assert {"x", "r", "ct", "bt"} <= places[old.card.id]
    assert {"r", "bt", "ab"} <= places[new.card.id]
    assert set(answer.subjects) == {old.card.id, new.card.id}


def test_versions_without_a_difference_are_said_to_be_the_same(opened: Opened, encoder: MiniLM) -> None:
    both = Asked(opened, stored(encoder, 1, "one.png", GOVERNANCE), stored(encoder, 2, "two.png", GOVERNANCE))
    answer = both("What changed between one and two?")
    assert told(answer) == "Both have the same boxes and the same arrows."


def test_of_several_diagrams_the_named_one_is_read_else_the_one_that_holds_the_boxes_else_the_newest(
    opened: Opened, encoder: MiniLM
) -> None:
    both = Asked(opened, stored(encoder, 1, "governance.png", GOVERNANCE), stored(encoder, 2, "fish.png", FISH))
    assert "“Fish stock”" in told(both("Which box has the most arrows?"))
    assert "This was read from fish, one of 2 diagrams" in told(both("Which box has the most arrows?"))
    named = both("Which box has the most arrows in governance.png?")
    assert "“Board”" in told(named) and "one of 2" not in told(named)
    assert "“Treasurer”" in told(both("What comes after the board?"))


def test_a_conversation_goes_on_along_the_arrows(ask: Asked) -> None:
    first = ask("Who elects the board?")
    second = ask("And after that?", follow(first))
    assert second.understood == "What comes after “General assembly”?"
    third = ask("and then?", follow(first, second))
    assert third.understood == "What comes after “Board” and “Audit committee”?"
    assert cited(third) == {"bt", "br", "ct"}
    back = ask("What about the repairs circle?", follow(first, second, third))
    assert back.understood == "What comes after “Repairs circle”?"
    assert ask("And before that?", follow(back)).understood == "What comes before “Repairs circle”?"
    loop = ask("Is there a loop?")
    assert "no plus or minus" in told(ask("Is it reinforcing or balancing?", follow(loop)))


def test_two_questions_in_one_are_answered_in_turn(ask: Asked) -> None:
    text = told(ask("Where does it start and which box has the most arrows?"))
    assert "It starts at" in text and "“Board” has the most arrows: 3." in text


def test_patterns_are_named_and_what_is_missing_is_a_suggestion_with_its_relation(ask: Asked) -> None:
    answer = ask("Which commons patterns are in here, and what is missing?")
    assert answer.status == "answered"
    assert "“Clear boundaries” fits the pattern Clear Boundaries." in told(answer)
    assert "clear-boundaries" in answer.subjects
    assert "Suggestions:" in told(answer)
    relations = [item for item in answer.evidence if item.path]
    assert relations and any("suggestion" in notice.text for notice in answer.notices)
    held = {slug for slug in answer.subjects if slug in ask.opened.answerer.composer.library.entries}
    for item in relations:
        ends = {item.path[0].subject, item.path[0].object}
        assert len(ends & held) == 1
    assert all(sentence.verdict in ("supported", "not_checked") for sentence in answer.sentences), answer.sentences
    node_cited = [item for item in answer.evidence if isinstance(item.locator, PictureArea)]
    assert any(item.locator.parts == ("k",) for item in node_cited if isinstance(item.locator, PictureArea))


def test_one_traversal_goes_from_a_box_over_an_arrow_to_a_pattern_and_what_it_requires(ask: Asked) -> None:
    answer = ask("What comes after write it down, and which pattern is that?")
    assert "After “Write it down” comes “Clear boundaries”." in told(answer)
    assert "“Clear boundaries” fits the pattern Clear Boundaries." in told(answer)
    answer = ask("What does the pattern in box Clear boundaries enable?")
    assert answer.status == "answered"
    assert any(item.path and item.path[0].subject == "clear-boundaries" for item in answer.evidence)
    assert "No pattern of the library is near enough to “Board”" not in told(answer)


def test_beside_the_library_a_diagram_answers_only_what_names_its_boxes(ask: Asked) -> None:
    assert "“Board” (“elects”)" in told(ask("Who decides after the general assembly?", where="both"))
    answer = ask("How do we deal with people who break the rules?", where="both")
    assert answer.ranked and not cited(answer)


def test_other_files_keep_their_answers(opened: Opened, encoder: MiniLM) -> None:
    every = Asked(opened, *own_files.household(encoder), stored(encoder, 9, "governance.png", GOVERNANCE))
    answer = every("Who decides on loans?")
    assert "treasurer" in told(answer) and answer.evidence[0].source.path == "statutes.pdf"
    assert "“Board” (“elects”)" in told(every("Who decides after the general assembly?"))
    assert "four years" in told(every("How long is the board elected for?"))


SPOTS = laid_out(
    Diagram(
        "Spots",
        "picture",
        (
            node("b", "Board"),
            node("c", "Commons"),
            node("t", "Trust"),
            node("m", "Money"),
            node("p", "Peer governance"),
        ),
        (edge("bc", "b", "c"), edge("ct", "c", "t"), edge("tb", "t", "b"), edge("mt", "m", "t"), edge("tp", "t", "p")),
        face="picture-1",
    )
)


@pytest.fixture(scope="module")
def spots(opened: Opened, encoder: MiniLM) -> Asked:
    return Asked(opened, stored(encoder, 3, "spots.png", SPOTS))


@pytest.mark.parametrize(
    "question",
    ["What do boards need?", "What does peer governance require?", "What does trust depend on?",
     "How does trust relate to the commons?", "What do feedback loops need?", "Is there a scheme for loans?"],
)  # fmt: skip
def test_beside_the_library_ordinary_questions_are_not_the_diagrams(spots: Asked, question: str) -> None:
    assert not cited(spots(question, where="both"))


@pytest.mark.parametrize(
    ("question", "parts"),
    [("In the chart, what does trust depend on?", {"ct", "mt"}), ("What does “Trust” depend on?", {"ct", "mt"}),
     ("What comes after trust?", {"tb", "tp"}), ("What does trust depend on in spots.png?", {"ct", "mt"})],
)  # fmt: skip
def test_beside_the_library_a_diagram_that_is_meant_answers(spots: Asked, question: str, parts: set[str]) -> None:
    assert parts <= cited(spots(question, where="both"))


@pytest.mark.parametrize(
    "question",
    ["How many boxes of apples did we sell?", "Where does the money for the scheme come from?",
     "How long are water loops?", "What does the board need?", "What comes after the map of Lower Wharf?"],
)  # fmt: skip
def test_beside_a_text_ordinary_questions_are_not_the_diagrams(opened: Opened, encoder: MiniLM, question: str) -> None:
    beside = Asked(opened, own_files.minutes(encoder, "May"), stored(encoder, 3, "spots.png", SPOTS))
    answer = beside(question)
    assert not cited(answer) and "in the diagram" not in told(answer)
    assert cited(beside("What comes before trust?")) >= {"ct", "mt"}
    assert "is not in the diagram" in told(beside("What comes after the lamp in the diagram?"))


def test_two_diagrams_with_little_in_common_are_no_versions(opened: Opened, encoder: MiniLM) -> None:
    two = Asked(opened, stored(encoder, 1, "governance.png", GOVERNANCE), stored(encoder, 2, "fish.png", FISH))
    answer = two("What changed?")
    assert "do not look like versions of one diagram: no box is in both." in told(answer)
    assert "was added" not in told(answer)
    assert "The box “Fish stock” was added." in told(two("What changed between governance.png and fish.png?"))
    versions = Asked(opened, stored(encoder, 1, "old.png", GOVERNANCE), stored(encoder, 2, "new.png", SECOND))
    assert "The box “Tea kitchen” was removed." in told(versions("What changed?"))


def test_a_loop_is_never_denied_where_not_all_could_be_followed(opened: Opened, encoder: MiniLM) -> None:
    rows = [(f"s{at}", f"{side}{at}", f"s{at + 1}") for at in range(24) for side in "lr"]
    pairs = [pair for one, two, three in rows for pair in ((one, two), (two, three))] + [("s24", "s0")]
    names = dict.fromkeys(end for pair in pairs for end in pair)
    dense = laid_out(
        Diagram(
            "Rows",
            "picture",
            tuple(node(one, f"Stop {one}") for one in names),
            tuple(edge(f"{a}-{b}", a, b, "+") for a, b in pairs),
            face="picture-1",
        )
    )
    ask = Asked(opened, stored(encoder, 4, "rows.png", dense))
    assert "Not all loops could be followed" in told(ask("Is there a loop?"))
    answer = told(ask("Which loop is a balancing one?"))
    assert "not all loops of the diagram could be followed" in answer and "is in the diagram" not in answer


def see(file: str, face: str) -> Picture:
    return np.full((40, 50, 3), 255, dtype=np.uint8)


def written(
    opened: Opened, files: tuple[StoredFile, ...], says: str, question: str, pictures: int = 1
) -> tuple[Answer, SaidGenerator]:
    """What becomes of a model's text; its prompts are kept in the generator."""
    generator = SaidGenerator(in_pieces(says), pictures=pictures)
    answerer = replace(opened.answerer, writer=Writer(generator, withhold=False))
    scope = Scope("files", "visitor", (), "model")
    for event in answerer.ask(question, lambda: False, NO_TALK, scope, opened.source(files), see):
        if isinstance(event, AnswerReady):
            return event.answer, generator
    raise AssertionError("no answer")


def test_a_model_that_sees_gets_the_picture_and_the_structure_and_is_checked_against_it(
    opened: Opened, ask: Asked
) -> None:
    says = "The board comes after the general assembly [1]. The board leads to the general assembly [1]."
    answer, generator = written(opened, ask.files, says, "Who decides after the general assembly?")
    prompt = generator.asked[0]
    assert len(prompt.stills) == 1
    assert "General assembly → Board: elects" in prompt.user
    assert [sentence.verdict for sentence in answer.sentences] == ["supported", "unsupported"]
    says = "There are 11 arrows [2]. There are 9 boxes [1]. It starts at the general assembly [3]."
    answer, generator = written(opened, ask.files, says, "Describe this diagram")
    assert [sentence.verdict for sentence in answer.sentences] == ["supported", "unsupported", "supported"]


def test_a_model_without_eyes_may_describe_but_not_tell_what_is_exact(opened: Opened, ask: Asked) -> None:
    answer, generator = written(opened, ask.files, "The board [1].", "Who decides after the general assembly?", 0)
    assert not generator.asked
    assert "“Board” (“elects”)" in told(answer)
    _, generator = written(opened, ask.files, "The assembly comes first [1].", "Describe this diagram", 0)
    assert generator.asked
