"""The diagram reader without a browser: escaped overlays, lists, forms, words, and what a citation shows."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import cast
from xml.etree import ElementTree

import pytest

from cml_mm.diagrams.values import (
    Diagram,
    DiagramContainer,
    DiagramEdge,
    DiagramNode,
    FreeText,
    Heads,
    LegendEntry,
    NodeShape,
)
from cml_mm.errors import InputError
from cml_mm.ports import FileDesk
from cml_mm.types import Box, Evidence, PictureArea, Source
from cml_mm.ui.diagram_list import SHOWN_ROWS, forms_html, lists_html
from cml_mm.ui.diagram_overlay import halfway, line_points, numbered, overlay_svg, part_boxes
from cml_mm.ui.diagram_shapes import head_path, label_text, shape_path
from cml_mm.ui.diagram_view import diagram_reply, near_reply, opens_html, reader_html
from cml_mm.ui.diagram_words import (
    arrow_sentence,
    arrow_words,
    cited_words,
    corrected_words,
    count_words,
    example_questions,
    read_words,
)
from cml_mm.ui.file_section import FileLook, place_html, place_words
from cml_mm.ui.files_view import FilesView
from cml_mm.ui.opening import Opening
from cml_mm.ui.page_picture import Marked, Shown, lit_svg, paper_html, picture_html, window_of
from cml_mm.visits import COOKIE, Face, FileCard, ReadFile, count_parts, new_token, visitor_key
from tests.support.fake_engine import FakeEngine
from tests.support.fake_files import FakeFiles
from tests.support.leak_diagram import HEIGHT, UNCLEAR_ARROW, WIDTH, leak_arrow, leak_diagram

TOKEN = new_token()
WHO = visitor_key(TOKEN)
HOSTILE = "\"><img src=x onerror=alert(1)>'&amp;</svg><script>alert(2)</script>\u202e{}"


@dataclass(frozen=True)
class Asking:
    """A request with this browser's cookie."""

    cookies: Mapping[str, str] = field(default_factory=lambda: {COOKIE: TOKEN})


@pytest.fixture
def engine() -> FakeEngine:
    return FakeEngine(pace=0)


def bring(engine: FakeEngine, name: str, who: str = WHO) -> FileCard:
    content = engine.files.inbox() / "arriving"
    content.write_bytes(name.encode())
    card = engine.files.add(who, name, content, lambda *_: None, lambda: False)
    assert card is not None
    return card


def hostile() -> Diagram:
    """Other people's words wherever there can be any."""
    box = Box(10, 10, 80, 40, 200, 100)
    return Diagram(
        HOSTILE,
        "mermaid",
        (
            DiagramNode(HOSTILE, HOSTILE, "box", box, 0.2, f"{HOSTILE}l", HOSTILE),
            DiagramNode("b", HOSTILE, "diamond", replace(box, x=110)),
        ),
        (DiagramEdge(f"{HOSTILE}e", HOSTILE, "b", HOSTILE, "both", (), 0.1),),
        (DiagramContainer(f"{HOSTILE}l", HOSTILE, Box(0, 0, 190, 90, 200, 100)),),
        (LegendEntry("#fff;background:url(//evil)", HOSTILE), LegendEntry("#a1B2c3", "good")),
        (FreeText(HOSTILE, box),),
        200,
        100,
        notices=(HOSTILE,),
    )


@pytest.mark.parametrize("drawn", [True, False])
def test_an_overlay_is_sound_svg_with_every_part_whatever_the_words_are(drawn: bool) -> None:
    svg = overlay_svg(hostile(), (HOSTILE,), drawn=drawn)
    tree = ElementTree.fromstring(svg)  # escaped throughout, or it would not parse
    assert {element.tag for element in tree.iter()} <= {"svg", "g", "path", "rect", "text", "tspan"}
    names = {name for element in tree.iter() for name in element.attrib}
    assert not [name for name in names if name.startswith("on") or name in {"href", "src"}]
    clean = HOSTILE.replace("\u202e", "")
    groups = {element.get("data-part") for element in tree.iter("g")}
    assert {clean, "b", f"{clean}e", f"{clean}l"} <= groups
    (box,) = [g for g in tree.iter("g") if g.get("data-part") == clean and "dg-box" in g.get("class", "")]
    assert box.get("class") == "dg-box unclear on"
    assert ("onerror" in "".join(tree.itertext())) is drawn  # as words, and only where words are drawn


def test_lists_and_forms_hold_hostile_words_as_text_only() -> None:
    out = lists_html(hostile()) + forms_html(hostile())
    assert "<img" not in out
    assert "<script" not in out
    assert "\u202e" not in out
    assert "url(" not in re.sub(r">[^<]*<", "><", out)
    assert 'style="background: #a1B2c3"' in out
    assert out.count("style=") == 1
    assert not re.search(r"<[^>]*\son\w+=", re.sub(r'"[^"]*"', '""', out))


def test_boxes_are_numbered_lanes_lettered_and_what_is_unclear_is_marked() -> None:
    diagram = leak_diagram("picture-1")
    ends = numbered(diagram)
    assert (ends["n1"], ends["n7"], ends["l1"], ends["nobody"]) == ("1", "7", "A", "?")
    many = replace(diagram, containers=tuple(DiagramContainer(f"c{n}", "") for n in range(30)))
    assert [numbered(many)[f"c{n}"] for n in (0, 25, 26, 27)] == ["A", "Z", "AA", "AB"]
    tree = ElementTree.fromstring(overlay_svg(diagram))
    marks = {g.get("data-part"): "".join(g.itertext()) for g in tree.iter("g") if "dg-mark" in g.get("class", "")}
    assert marks == {"l1": "A", **{f"n{n}": str(n) for n in range(1, 8)}, UNCLEAR_ARROW: "?"}
    doubtful = replace(diagram, nodes=(replace(diagram.nodes[0], confidence=0.3), *diagram.nodes[1:]))
    assert ">1?</text>" in overlay_svg(doubtful)
    assert "dg-mark" not in overlay_svg(diagram, numbers=False)


def test_parts_without_a_place_are_listed_and_not_drawn() -> None:
    nodes = (DiagramNode("a", "Here", box=Box(0, 0, 10, 10, 100, 100)), DiagramNode("b", "Nowhere"))
    diagram = Diagram("", "dot", nodes, (DiagramEdge("e", "a", "b"),), width=100, height=100)
    svg = overlay_svg(diagram, drawn=True)
    assert 'data-part="a"' in svg
    assert 'data-part="b"' not in svg
    assert 'data-part="e"' not in svg
    assert lists_html(diagram).count('class="dg-row"') == 3
    assert overlay_svg(replace(diagram, width=0.0)) == ""


def test_lines_without_points_run_from_rim_to_rim() -> None:
    one, other = Box(0, 0, 20, 20, 200, 100), Box(100, 0, 20, 20, 200, 100)
    places = {"a": one, "b": other}
    assert line_points(DiagramEdge("e", "a", "b"), places) == ((20, 10), (100, 10))
    assert line_points(DiagramEdge("e", "a", "b", polyline=((1, 2), (3, 4))), places) == ((1, 2), (3, 4))
    assert line_points(DiagramEdge("e", "a", "gone"), places) == ()
    assert len(line_points(DiagramEdge("e", "a", "a"), places)) == 5
    assert line_points(DiagramEdge("e", "a", "b"), {"a": one, "b": one})  # one upon the other: no division by nothing


def test_the_middle_of_a_bent_line_lies_on_it() -> None:
    assert halfway(((0, 0), (10, 0), (10, 30))) == (10, 10)
    assert halfway(((5, 5), (5, 5))) == (5, 5)


@pytest.mark.parametrize(("heads", "count"), [("target", 1), ("both", 2), ("none", 0)])
def test_an_arrow_has_as_many_heads_as_it_was_read_with(heads: Heads, count: int) -> None:
    diagram = leak_diagram()
    one = replace(diagram, edges=(replace(diagram.edges[0], heads=heads),))
    found = re.findall(r'class="dg-head" d="([^"]*)"', overlay_svg(one))
    assert sum(path.count("Z") for path in found) == count


def test_a_head_points_where_the_line_goes() -> None:
    tip, *wings = re.findall(r"(-?[\d.]+) (-?[\d.]+)", head_path(((0, 0), (100, 0)), 10))
    assert tip == ("100.00", "0.00")
    assert {float(x) for x, _ in wings} == {90.0}
    assert {float(y) for _, y in wings} == {-4.71, 4.71}


@pytest.mark.parametrize("shape", ["box", "rounded", "ellipse", "circle", "diamond", "cylinder", "note", "other"])
def test_every_shape_has_an_outline(shape: NodeShape) -> None:
    assert shape_path(Box(0, 0, 100, 40, 200, 200), shape).startswith("M")


def test_long_words_are_wrapped_and_made_smaller() -> None:
    box = Box(0, 0, 100, 40, 500, 500)
    short, long = label_text("Board", box, 1.0), label_text("The general assembly of all members decides", box, 1.0)
    size = re.compile(r'font-size="([\d.]+)"')
    assert float(size.findall(short)[0]) > float(size.findall(long)[0])
    assert long.count("<tspan") > 1
    assert label_text("", box, 1.0) == ""


def test_words_of_count_and_correction() -> None:
    diagram = leak_diagram()
    assert count_words(count_parts((diagram,))) == "7 boxes, 7 arrows, 1 unclear"
    assert count_words(count_parts((diagram, diagram))) == "14 boxes, 14 arrows, 2 unclear"
    assert count_parts((replace(diagram, edges=()),)).diagrams == 0
    assert read_words(diagram) == "7 boxes, 7 arrows, 1 lane, one of them unclear. Correct anything first."
    assert corrected_words(diagram) == ""
    assert corrected_words(replace(diagram, corrections=1)) == "Corrected by you: 1 change."
    assert corrected_words(replace(diagram, corrections=3)) == "Corrected by you: 3 changes."


def test_arrows_in_words() -> None:
    diagram, ends = leak_diagram(), numbered(leak_diagram())
    edge = diagram.edges[2]
    assert arrow_words(edge, ends) == "3 leads to 4"
    assert arrow_words(replace(edge, heads="both"), ends) == "3 and 4 lead to each other"
    assert arrow_words(replace(edge, heads="none"), ends) == "3 is joined to 4"
    assert arrow_sentence(diagram, edge) == (
        "Arrow from 3 House meeting decides to 4 Plumber is called, labelled agreed"
    )


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        (("n3",), "box “House meeting decides”"),
        (("l1",), "lane “Afterwards”"),
        (("e3",), "arrow from “House meeting decides” to “Plumber is called”"),
        (("e3", "n3", "n4"), "arrow from “House meeting decides” to “Plumber is called”"),
        (("n1", "n2"), "2 boxes"),
        (("n1", "e1", "e2"), "1 box and 2 arrows"),
        (("gone",), ""),
        ((), ""),
    ],
)
def test_which_part_a_citation_means(parts: tuple[str, ...], words: str) -> None:
    assert cited_words(leak_diagram(), parts) == words


def test_examples_are_made_of_the_diagrams_own_labels() -> None:
    assert example_questions(leak_diagram()) == (
        "What comes after “Caretaker looks”?",
        "How do you get from “Leak reported” to “Walls dry”?",
        "What is in the lane “Afterwards”?",
    )
    lone = Diagram("", "dot", (DiagramNode("a", "Alone"),))
    assert example_questions(lone) == ("Is there a loop in this diagram?", "How many boxes and arrows are there?")
    ring = Diagram("", "dot", (DiagramNode("a", "A"), DiagramNode("b", "B")), (
        DiagramEdge("1", "a", "b"), DiagramEdge("2", "b", "a"),
    ))  # fmt: skip
    assert example_questions(ring)[0] == "What comes after “A”?"


def test_rows_carry_what_corrections_need() -> None:
    out = lists_html(leak_diagram())
    row = re.search(rf'<li class="dg-row" data-part="{UNCLEAR_ARROW}"[^>]*>', out)
    assert row
    assert 'data-kind="arrow" data-unclear data-label="" data-source="n5" data-target="n2" data-heads="target"' in (
        row.group()
    )
    assert out.count("Which way?") == 1
    assert '<button type="button" class="dg-b" aria-expanded="false">' in out
    assert "holds 6, 7" in out
    assert "Since 2021" in out


def test_many_rows_are_folded_away() -> None:
    nodes = tuple(DiagramNode(f"n{n}", f"Box {n}") for n in range(SHOWN_ROWS + 5))
    out = lists_html(Diagram("", "dot", nodes))
    assert "5 more boxes" in out
    assert out.count('class="dg-row"') == SHOWN_ROWS + 5


def test_the_forms_ask_which_way_and_offer_a_place_that_is_free() -> None:
    out = forms_html(leak_diagram())
    assert re.findall(r'name="way" value="(\w+)"', out) == ["keep", "turn", "both", "none"]
    assert 'maxlength="300"' in out
    assert out.count("<option") > 2 * 8
    values = {
        name: float(value) for name, value in re.findall(r'name="(left|top|wide|high)"[^>]*value="([\d.]+)"', out)
    }
    new = Box(values["left"], values["top"], values["wide"], values["high"], 100, 100)
    for box in part_boxes(leak_diagram(lane=False)).values():
        x, y, w, h = box.x / WIDTH * 100, box.y / HEIGHT * 100, box.w / WIDTH * 100, box.h / HEIGHT * 100
        assert new.x + new.w <= x or x + w <= new.x or new.y + new.h <= y or y + h <= new.y


def test_the_reader_shows_the_picture_or_draws_it(engine: FakeEngine) -> None:
    picture, text = bring(engine, "leak-chart.png"), bring(engine, "leak-chart.md")
    over = diagram_reply(engine.files, WHO, {"file": picture.id, "diagram": 0})
    assert f'src="files/{picture.id}/faces/picture-1"' in over["stage"]
    assert 'class="dg-svg"' in over["stage"]
    drawn = diagram_reply(engine.files, WHO, {"file": text.id, "diagram": "0"})
    assert "<img" not in drawn["stage"]
    assert 'class="dg-svg drawn"' in drawn["stage"]
    assert (over["title"], over["count"], over["place"]) == ("leak-chart.png", "7 boxes, 7 arrows, 1 unclear", "")
    assert len(over["ask"]) == 3
    assert f'href="files/{picture.id}/diagrams/0/mermaid" download' in over["take"]
    assert "Undo" not in over["side"]


@pytest.mark.parametrize("at", [-1, 1, "x", None, "٣", 10**9])
def test_a_diagram_that_is_not_there_is_told(engine: FakeEngine, at: object) -> None:
    card = bring(engine, "leak-chart.png")
    with pytest.raises(InputError, match="no longer here"):
        diagram_reply(engine.files, WHO, {"file": card.id, "diagram": at})


def test_another_visitors_diagram_is_not_there(engine: FakeEngine) -> None:
    card = bring(engine, "leak-chart.png", visitor_key(new_token()))
    view = FilesView(Opening.of(engine))
    functions = {function.__name__: function for function in view._functions()}
    for name in ("diagram", "near"):
        told = functions[name]({"file": card.id, "diagram": 0}, Asking())
        assert set(told) == {"trouble"}


@dataclass(frozen=True)
class TwoDiagrams:
    """A desk whose files each hold a diagram, one without boxes, and another diagram."""

    desk: FakeFiles

    def files(self, visitor: str) -> tuple[FileCard, ...]:
        return self.desk.files(visitor)

    def read(self, visitor: str, file: str) -> ReadFile:
        read = self.desk.read(visitor, file)
        one = read.diagrams[0]
        return replace(read, diagrams=(one, replace(one, nodes=(), edges=()), one))

    def __getattr__(self, name: str) -> object:
        return getattr(self.desk, name)


def test_several_diagrams_of_a_file_are_turned_like_pages(engine: FakeEngine) -> None:
    card = bring(engine, "leak-chart.png")
    desk = cast("FileDesk", TwoDiagrams(engine.files))
    first = diagram_reply(desk, WHO, {"file": card.id, "diagram": 0})
    last = diagram_reply(desk, WHO, {"file": card.id, "diagram": 2})
    assert (first["place"], first["before"], first["after"]) == ("1 of 2", -1, 2)
    assert (last["place"], last["before"], last["after"]) == ("2 of 2", 0, -1)
    assert first["count"] == "14 boxes, 14 arrows, 2 unclear"
    sheet = opens_html(card, desk.read(WHO, card.id))
    assert re.findall(r'data-diagram="(\d)"', sheet) == ["0", "2"]


def test_a_drawing_is_shown_whole_unless_its_words_would_be_too_small() -> None:
    diagram = leak_diagram("drawing-1")
    face = Face("drawing-1", "Diagram", 0, diagram.width, diagram.height, drawable=False)
    box = diagram.nodes[0].box
    assert box
    whole = window_of(Shown("f", "plan.mmd", face, (box,), marked=Marked(diagram, ("n1",))))
    assert (whole.zoom, whole.left, whole.top) == (1.0, 0.0, 0.0)
    tall = replace(face, width=500.0, height=2000.0)
    narrow = window_of(Shown("f", "plan.mmd", tall, (), marked=Marked(replace(diagram, width=500, height=2000))))
    assert narrow.part == pytest.approx(0.9)
    assert narrow.left == pytest.approx((narrow.zoom - 1) / 2)  # in the middle
    small = replace(diagram, nodes=tuple(
        replace(node, box=replace(node.box, w=60, h=20)) for node in diagram.nodes if node.box
    ))  # fmt: skip
    last = replace(box, x=1400, y=800, w=60, h=20)
    near = window_of(Shown("f", "plan.mmd", face, (last,), marked=Marked(small, ("n7",))))
    assert near.zoom > 1
    assert near.left <= 1400 / WIDTH * near.zoom <= near.left + 1
    assert near.top <= 800 / WIDTH * near.zoom <= near.top + near.part


def test_the_nearest_pattern_of_each_box_is_told_with_its_score(engine: FakeEngine) -> None:
    card = bring(engine, "leak-chart.png")
    near = {one["part"]: one for one in near_reply(engine.files, WHO, {"file": card.id, "diagram": 0})["near"]}
    assert near["n3"]["title"] == "Decision Log"
    assert near["n3"]["score"] == "0.74"
    assert "from 0.55" in near["n3"]["words"]


def test_the_sheet_of_a_file_opens_its_diagram(engine: FakeEngine) -> None:
    card = bring(engine, "leak-chart.png")
    assert count_words(card.diagrams) == "7 boxes, 7 arrows, 1 unclear"
    out = opens_html(card, engine.files.read(WHO, card.id))
    assert f'data-act="dg-open" data-file="{card.id}" data-diagram="0"' in out
    assert "7 boxes, 7 arrows, 1 unclear" in out
    plain = bring(engine, "minutes.pdf")
    assert opens_html(plain, engine.files.read(WHO, plain.id)) == ""


def test_nothing_on_the_reader_acts_by_itself() -> None:
    assert not re.search(r"\son\w+=", reader_html())


def cited(card: FileCard, face: str) -> Evidence:
    source = Source(card.id, card.name, "document", card.id, card.name, "", "", owner="visitor")
    quote = "House meeting decides → Plumber is called: agreed"
    return Evidence(1, source, leak_arrow(face, "Diagram", len(quote)), "Diagram", quote, quote)


def test_a_citation_lights_its_arrow_on_the_picture(engine: FakeEngine) -> None:
    card = bring(engine, "leak-chart.png")
    item, look = cited(card, "picture-1"), FileLook(lambda: engine.files, WHO)
    assert place_words(item, look) == (
        "Diagram in leak-chart.png, arrow from “House meeting decides” to “Plumber is called”"
    )
    out = place_html(item, look)
    assert '<img src="files/' in out
    assert 'data-diagram="0" data-lit="e3"' in out
    assert 'class="pp-line" d="M1180.00 232.00 L1180.00 420.00"' in out
    assert out.count("Z") == 1  # one head


def test_a_citation_into_a_text_lights_its_arrow_in_the_drawing(engine: FakeEngine) -> None:
    card = bring(engine, "leak-chart.md")
    out = place_html(cited(card, "drawing-1"), FileLook(lambda: engine.files, WHO))
    assert "<img" not in out
    assert re.findall(r'class="dg-(\w+) [^"]*\bon" data-part="(\w+)"', out) == [("arrow", "e3")]


def test_a_citation_of_a_part_that_was_deleted_since_still_shows_its_line(engine: FakeEngine) -> None:
    from cml_mm.diagrams.values import Delete

    card = bring(engine, "leak-chart.png")
    engine.files.correct(WHO, card.id, 0, (Delete("e3"),))
    item, look = cited(card, "picture-1"), FileLook(lambda: engine.files, WHO)
    assert place_words(item, look) == "Diagram in leak-chart.png"
    out = place_html(item, look)
    assert 'class="pp-line"' in out
    assert "data-diagram" not in out


def test_lit_lines_are_placed_by_the_unit_of_their_boxes() -> None:
    face = Face("page-1", "Page 1", 1, 100, 50)
    of = Box(0, 0, 10, 10, 200, 100)
    shown = Shown("f", "plan.pdf", face, (of,), (((20, 20), (120, 20)),))
    assert 'class="pp-line" d="M10.00 10.00 L60.00 10.00"' in lit_svg(shown)
    assert [box.w for box in shown.lit] == [10, 100]
    assert lit_svg(Shown("f", "plan.pdf", face)) == ""


def test_a_drawing_stands_in_for_a_side_that_cannot_be_drawn() -> None:
    diagram = leak_diagram("drawing-1")
    face = Face("drawing-1", "Diagram", 0, diagram.width, diagram.height, drawable=False)
    shown = Shown("f", "plan.mmd", face, marked=Marked(diagram, ("n1",)))
    assert 'class="dg-box on" data-part="n1"' in paper_html(shown)
    assert "pp-sketch" not in paper_html(shown)
    assert 'data-diagram="0"' in picture_html(shown)


def test_the_place_of_a_picture_without_a_diagram_is_as_before() -> None:
    source = Source("f", "notice.png", "document", "f", "notice.png", "", "", owner="visitor")
    item = Evidence(1, source, PictureArea("", 0, 4, (), "picture-1"), "", "Text", "Text")
    assert place_words(item) == "Picture notice.png, recognised by OCR"
