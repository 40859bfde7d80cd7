"""Diagrams on their way from a file into its sections: every word kept, every line in the box of what it says."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence

import docx
import pytest
from PIL import Image, ImageDraw, ImageFont

from cml_mm.diagrams.values import Diagram, DiagramEdge, DiagramNode, FreeText
from cml_mm.diagrams.wording import worded
from cml_mm.errors import LimitExceeded, MediaUnreadable
from cml_mm.media import file_reading
from cml_mm.media.diagram_sections import DiagramPart, placed_with_diagrams, structured_share, without_losses
from cml_mm.media.file_wire import decode_read, encode_read
from cml_mm.media.sniffing import sniff
from cml_mm.models.rapid_ocr import RapidOcr
from cml_mm.ports import Ocr
from cml_mm.types import Box, Section
from cml_mm.visits import DEFAULT_LIMITS, FileFormat, Placing, ReadFile
from tests.support.bad_diagrams import saved
from tests.support.pdf import flow, write_pdf
from tests.support.pictures import below, scan

MERMAID = "flowchart TD\n  a[Spring] -->|drives| b[Mill]\n  b --> c[Flour]\n"


@pytest.fixture(scope="module")
def ocr() -> RapidOcr:
    return RapidOcr()


def read(data: bytes, name: str, ocr: Ocr | None = None) -> ReadFile:
    kind = sniff(data, name)
    found = file_reading.read_file(data, kind, name, "file-1", ocr, DEFAULT_LIMITS, lambda *_: None)
    assert decode_read(encode_read(found), "file-1", DEFAULT_LIMITS).diagrams == found.diagrams
    return found


def said_of(found: ReadFile, diagram: Diagram) -> tuple[Section, Placing]:
    """The section that a diagram's face and heading lead to."""
    said = worded(diagram)
    (at,) = [
        number
        for number, section in enumerate(found.document.sections)
        if section.heading == said.heading and found.placings[number].face == diagram.face
    ]
    assert found.document.sections[at].text == said.text
    return found.document.sections[at], found.placings[at]


def flow_chart(labels: Sequence[str] = ("Spring", "Mill", "Flour"), below_it: Sequence[str] = ()) -> Image.Image:
    """Boxes below each other, joined by arrows; `below_it` are lines of words under them."""
    picture = Image.new("RGB", (900, 150 * len(labels) + 40 * len(below_it) + 60), "white")
    pen = ImageDraw.Draw(picture)
    for row, label in enumerate(labels):
        top = 30 + 150 * row
        pen.rectangle((330, top, 570, top + 80), outline="black", width=3)
        pen.text((450, top + 40), label, fill="black", font=ImageFont.load_default(26), anchor="mm")
        if row:
            pen.line((450, top - 70, 450, top - 12), fill="black", width=3)
            pen.polygon([(450, top - 3), (439, top - 25), (461, top - 25)], fill="black")
    for row, line in enumerate(below_it):
        pen.text((60, 150 * len(labels) + 40 * row + 20), line, fill="black", font=ImageFont.load_default(26))
    return picture


@pytest.mark.parametrize(
    ("data", "name", "kind"),
    [
        (b"digraph { a -> b }", "a.txt", "dot"),
        (b"// made by hand\nstrict graph \"x y\" {\n a -- b }", "a", "dot"),
        (b"# 1 \"x\"\ndigraph g {}", "a.gv", "dot"),
        (b"Nothing of the kind.", "a.dot", "dot"),
        (b"graph of costs {see below}", "a.txt", "txt"),
        (b"graph TD\n a --> b", "a.txt", "mermaid"),
        (b"\n%% note\nflowchart LR;\n a --> b", "a.md", "mermaid"),
        (b"---\ntitle: T\n---\nflowchart TD\n a --> b", "a", "mermaid"),
        (b"---\ntitle: T\n---\n# Flowchart TD\n", "a.md", "md"),
        (b"graph theory is a part of mathematics", "a.txt", "txt"),
        (b"mindmap\n  root", "a.mmd", "mermaid"),
        ("\ufeffflowchart TD\n a --> b".encode(), "a.txt", "mermaid"),
        ("flowchart TD\n a --> b".encode("utf-16"), "a.mermaid", "mermaid"),
        (b"@startuml\n[a] --> [b]\n@enduml", "a.txt", "plantuml"),
        (b"' note\n@startuml\n[a] --> [b]\n@enduml", "a.pu", "plantuml"),
        (b"'twas a dark night\n@startuml", "a.txt", "txt"),
        (b"[a] --> [b]", "a.puml", "plantuml"),
        (b"<mxfile><diagram/></mxfile>", "a.xml", "drawio"),
        (b"<?xml version='1.0'?>\n<!-- x -->\n<mxGraphModel><root/></mxGraphModel>", "a.drawio", "drawio"),
        (b"flowchart TD\n a --> b", "a.csv", "csv"),
    ],
)  # fmt: skip
def test_sources_are_known_by_their_first_words(data: bytes, name: str, kind: FileFormat) -> None:
    assert sniff(data, name) == kind


def test_a_source_becomes_a_section_that_can_be_sketched() -> None:
    found = read(MERMAID.encode(), "how-we-grind.mmd")
    (diagram,) = found.diagrams
    (face,) = found.faces
    assert (face.key, face.drawable, face.number, len(face.outline)) == ("drawing-1", False, 0, 3)
    assert (found.document.format, diagram.face, diagram.title) == ("mermaid", "drawing-1", "how we grind")
    section, placing = said_of(found, diagram)
    assert section.text.endswith("Spring → Mill: drives\n\nMill → Flour")
    assert len(placing.runs) == 5 and placing.origin == "file" and placing.confidence == 1
    spring = next(run.box for run in placing.runs if section.text[run.start : run.end] == "Box: Spring")
    assert spring == diagram.nodes[0].box
    arrow = next(run.box for run in placing.runs if section.text[run.start : run.end].endswith("drives"))
    ends = diagram.edges[0].polyline
    assert all(arrow.x - 1 <= x <= arrow.x + arrow.w + 1 and arrow.y - 1 <= y <= arrow.y + arrow.h + 1 for x, y in ends)
    assert arrow.w > 0 and arrow.h > 0
    assert found.document.summary.startswith("Diagram “how we grind” of 3 boxes and 2 arrows.")


def test_fences_of_a_text_become_sections_and_stay_in_it() -> None:
    fence = "```mermaid\nflowchart TD\n  a[{}] --> b[Fund]\n```"
    dues, gifts = fence.format("Dues"), fence.format("Gifts")
    text = f"# Water\n\n## Costs\n\n{dues}\n\nAnd then:\n\n{gifts}\n\n## Diagram: Costs\n\nNone."
    found = read(text.encode(), "notes.md")
    assert [one.title for one in found.diagrams] == ["Costs (2)", "Costs (3)"]
    assert [one.face for one in found.diagrams] == ["", ""] and found.faces == ()
    for one, label in zip(found.diagrams, ("Dues", "Gifts"), strict=True):
        section, placing = said_of(found, one)
        assert f"{label} → Fund" in section.text and placing.runs == ()
        assert all(node.box is not None for node in one.nodes)
    assert "a[Dues] --> b[Fund]" in found.document.sections[0].text


def test_a_text_that_only_begins_like_a_diagram_stays_text() -> None:
    found = read(b"graph TD\n\nThat is how a flowchart begins, says the manual.\n", "manual.txt")
    assert found.document.format == "txt" and found.diagrams == ()
    assert "says the manual" in found.document.sections[0].text
    assert any("begins like a diagram" in notice for notice in found.notices)
    with pytest.raises(MediaUnreadable, match=r"^manual\.mmd cannot be read: "):
        read(b"graph TD\n\nThat is how a flowchart begins, says the manual.\n", "manual.mmd")


def test_more_than_a_diagram_can_hold_is_refused_by_name() -> None:
    arrows = " ".join(f"n{number} -> n{(number + 1) % 1500};" for number in range(1_500) for _ in range(3))
    with pytest.raises(LimitExceeded, match=r"^a\.dot .*more than 5,000 parts"):
        read(f"digraph {{ {arrows} }}".encode(), "a.dot")


def test_a_picture_of_a_diagram_is_said_in_words_that_stand_in_its_boxes(ocr: RapidOcr) -> None:
    found = read(saved(flow_chart()), "mill.png", ocr)
    (diagram,) = found.diagrams
    section, placing = said_of(found, diagram)
    assert [one.heading for one in found.document.sections] == [section.heading]
    assert "Spring → Mill" in section.text and "Mill → Flour" in section.text
    assert (placing.face, placing.origin) == ("picture-1", "ocr")
    mill = next(run.box for run in placing.runs if re.fullmatch(r"\w+: Mill", section.text[run.start : run.end]))
    assert abs(mill.x - 330) < 8 and abs(mill.y - 180) < 8 and (mill.of_w, mill.of_h) == (900, 510)
    assert found.notices == ()


def test_words_beside_a_small_diagram_keep_their_section_too(ocr: RapidOcr) -> None:
    lines = [
        "The mill was built in the spring of that year by",
        "the members themselves, and paid out of what they",
        "had saved. It grinds for whoever brings grain.",
    ]
    found = read(saved(flow_chart(("Spring", "Mill"), lines)), "mill.png", ocr)
    assert [one.heading.split(":")[0] for one in found.document.sections] == ["Diagram on picture 1", "Picture"]
    assert "grinds for whoever brings grain" in found.document.sections[1].text


def test_a_picture_without_a_diagram_is_read_as_before_and_says_so_in_its_place(ocr: RapidOcr) -> None:
    from tests.support.pictures import drawn

    words = below("The pool is closed on Monday", "because the water is changed.")
    found = read(saved(drawn(words)), "notice.png", ocr)
    (diagram,) = found.diagrams
    assert not diagram.has_structure and diagram.notices
    assert [one.heading for one in found.document.sections] == ["Picture"] and found.notices == ()
    blank = read(saved(Image.new("RGB", (1, 1), "white")), "dot.png", ocr)
    assert not blank.diagrams[0].has_structure


def test_pictures_in_a_document_are_read_as_diagrams(ocr: RapidOcr) -> None:
    document = docx.Document()
    document.add_paragraph("How the mill runs is shown here, for all who work in it.")
    document.add_picture(io.BytesIO(saved(flow_chart())))
    kept = io.BytesIO()
    document.save(kept)
    found = read(kept.getvalue(), "mill.docx", ocr)
    (diagram,) = found.diagrams
    section, placing = said_of(found, diagram)
    assert (section.heading, placing.face) == ("Diagram on picture 1", "picture-1")
    assert found.document.sections[0].text.startswith("How the mill runs")


def vector_pdf() -> bytes:
    """A page with two boxes and an arrow drawn as lines, and their labels as text."""
    marks = ["1.5 w"]
    for y, label in ((600, "Spring"), (420, "Mill"), (240, "Flour")):
        marks += [f"200 {y} 180 60 re S", f"BT /F1 18 Tf 250 {y + 24} Td ({label}) Tj ET"]
    for y in (600, 420):
        marks += [f"290 {y} m 290 {y - 108} l S", f"290 {y - 118} m 283 {y - 104} l 297 {y - 104} l f"]
    content = "\n".join(marks).encode()
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R "
        b"/Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    out = b"%PDF-1.4\n"
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    head = b"xref\n0 6\n0000000000 65535 f \n" + table
    return out + head + b"trailer << /Size 6 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % len(out)


def test_a_page_of_a_pdf_that_is_a_drawing_is_read_with_its_own_words(ocr: RapidOcr) -> None:
    found = read(vector_pdf(), "mill.pdf", ocr)
    (diagram,) = found.diagrams
    section, placing = said_of(found, diagram)
    assert (placing.face, section.page, placing.origin) == ("page-1", 1, "file")
    assert "Spring → Mill" in section.text and "Mill → Flour" in section.text
    box = next(node.box for node in diagram.nodes if node.label == "Spring")
    assert box is not None and (box.of_w, box.of_h) == (612, 792)
    assert abs(box.x - 200) < 4 and abs(box.y - 132) < 4 and abs(box.w - 180) < 8


def test_pages_of_prose_are_no_diagrams(ocr: RapidOcr) -> None:
    prose = flow(*["The mill is run by its members, who meet on the first Monday of the month."] * 20)
    found = read(write_pdf([prose, [scan(below(*["The pool is closed on Monday from eight."] * 8))]]), "rules.pdf", ocr)
    assert found.diagrams == () and len(found.document.sections) == 2


def test_no_two_sections_of_one_face_have_one_name() -> None:
    one = Diagram("Costs", "dot", (DiagramNode("a", "A"), DiagramNode("b", "B")), (DiagramEdge("e", "a", "b"),))
    placed = placed_with_diagrams(
        [(Section("other", "Diagram: costs", "Words."), Placing()), DiagramPart(one), DiagramPart(one, page=3)]
    )
    assert [section.heading for section in placed.sections] == [
        "Diagram: costs", "Diagram: Costs (2)", "Diagram: Costs (3)",
    ]  # fmt: skip
    assert [worded(each).heading for each in placed.diagrams] == ["Diagram: Costs (2)", "Diagram: Costs (3)"]
    assert placed.sections[2].page == 3


def test_no_word_of_a_picture_is_lost() -> None:
    def place(x: float, y: float) -> Box:
        return Box(x, y, 20, 10, 200, 200)

    node = DiagramNode("a", "Water board", box=place(0, 0))
    diagram = Diagram("", "picture", (node,), (DiagramEdge("e", "a", "a", "no fee"),), width=200, height=200)
    texts = [
        FreeText("water BOARD", place(150, 150)),  # said already
        FreeText("Watr bord", place(1, 1)),  # stands in the box, so it is what the box was read as
        FreeText("fee", place(100, 100)),
        FreeText("Wat", place(120, 120)),  # no word of its own in what is said
        FreeText("· ·", place(90, 90)),
        FreeText("Drawn by Ana", place(50, 180)),
    ]
    kept = without_losses(diagram, texts)
    assert [text.text for text in kept.unplaced] == ["Wat", "Drawn by Ana"]
    assert without_losses(kept, texts) == kept
    assert 0.4 < structured_share(kept) < 0.7
