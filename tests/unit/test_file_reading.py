"""A visitor's files: text with the place of every line, recognised pages, drawn pages, limits."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import replace

import docx
import numpy as np
import pptx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from PIL import Image
from pptx.util import Emu

from cml_mm import prose
from cml_mm.errors import InputError, LimitExceeded, MediaUnreadable, UnsupportedMedia
from cml_mm.media import file_reading
from cml_mm.models.rapid_ocr import RapidOcr
from cml_mm.ports import Ocr, Picture
from cml_mm.types import Box, around
from cml_mm.visits import DEFAULT_LIMITS, FileFormat, Limits, ReadFile, Run
from tests.support.pdf import Line, Photo, flow, write_pdf
from tests.support.pictures import Words, below, drawn, saved, scan

LEDGER = "The pool keeps a ledger that every member may read."
NOTICE = below(
    "The pool is closed on Monday from eight to ten,",
    "because the water is changed on that morn-",
    "ing. We are sorry.",
    "",
    "Ask Ana if you have any questions.",
)
NOTICE_TEXT = (
    "The pool is closed on Monday from eight to ten, because the water is changed on that morning. We are sorry.\n\n"
    "Ask Ana if you have any questions."
)


@pytest.fixture(scope="module")
def ocr() -> RapidOcr:
    return RapidOcr()


def read(
    data: bytes,
    kind: FileFormat,
    ocr: Ocr | None = None,
    name: str = "",
    limits: Limits = DEFAULT_LIMITS,
    heard: list[tuple[str, int, int]] | None = None,
) -> ReadFile:
    told = [] if heard is None else heard
    return file_reading.read_file(
        data, kind, name or f"my-file.{kind}", "file-1", ocr, limits, lambda *step: told.append(step)
    )


def texts(found: ReadFile) -> list[tuple[str, str, int]]:
    return [(section.heading, section.text, section.page) for section in found.document.sections]


def runs(found: ReadFile) -> list[tuple[str, Run]]:
    return [
        (section.text[run.start : run.end], run)
        for section, placing in zip(found.document.sections, found.placings, strict=True)
        for run in placing.runs
    ]


def picture_of(data: bytes, kind: FileFormat, face: str, longest_px: int = 1600) -> Picture:
    drawing = file_reading.draw_face(data, kind, face, longest_px, DEFAULT_LIMITS)
    image = Image.open(io.BytesIO(drawing.data))
    assert (drawing.media_type, drawing.width_px, drawing.height_px) == ("image/webp", *image.size)
    return np.asarray(image.convert("RGB"))


def words_in(picture: Picture, boxes: Sequence[Box], ocr: Ocr) -> str:
    """What is read in a part of a drawn page, cut out with a small margin."""
    box = around(boxes)
    across, down = picture.shape[1] / box.of_w, picture.shape[0] / box.of_h
    assert across == pytest.approx(down, rel=0.01)
    left, top = max(int((box.x - 3) * across), 0), max(int((box.y - 2) * down), 0)
    cut = picture[top : int((box.y + box.h + 2) * down), left : int((box.x + box.w + 3) * across)]
    return " ".join(line.text for line in ocr.recognise(cut))


def alike(one: str, other: str) -> float:
    """Share of the first text's words that stand in the other."""
    wanted = prose.words(one)
    return sum(word in prose.words(other) for word in wanted) / len(wanted)


def assert_in_their_boxes(data: bytes, kind: FileFormat, found: ReadFile, ocr: Ocr, every: int = 1) -> None:
    for section, placing in zip(found.document.sections, found.placings, strict=True):
        picture = picture_of(data, kind, placing.face)
        for run in placing.runs[::every]:
            assert alike(section.text[run.start : run.end], words_in(picture, [run.box], ocr)) >= 0.5, run


# --- PDF -----------------------------------------------------------------------------------------


def test_a_pdf_page_knows_where_its_lines_stand(ocr: RapidOcr) -> None:
    page = flow(
        "The pool belongs to everybody who looks", "after it by infor-", "mation and by work.", "", "• one thing"
    )
    data = write_pdf([page, flow(LEDGER)], title="Pool statutes")
    found = read(data, "pdf")
    assert (found.document.title, found.document.slug, found.document.format) == ("Pool statutes", "file-1", "pdf")
    assert (found.document.source.owner, found.document.source.path, found.document.source.licence) == (
        "visitor",
        "my-file.pdf",
        "",
    )
    assert (
        texts(found)[0][1]
        == "The pool belongs to everybody who looks after it by information and by work.\n\n- one thing"
    )
    assert [text for text, _ in runs(found)] == [
        "The pool belongs to everybody who looks",
        "after it by infor",
        "mation and by work.",
        "- one thing",
        LEDGER,
    ]
    assert [(placing.face, placing.origin, placing.confidence) for placing in found.placings] == [
        ("page-1", "file", 1.0),
        ("page-2", "file", 1.0),
    ]
    assert [(face.key, face.label, face.number, face.width, face.height) for face in found.faces] == [
        ("page-1", "Page 1", 1, 612, 792),
        ("page-2", "Page 2", 2, 612, 792),
    ]
    assert_in_their_boxes(data, "pdf", found, ocr)


@pytest.mark.parametrize("turned", [90, 180, 270])
def test_turned_and_cropped_pages_are_boxed_as_they_are_shown(turned: int, ocr: RapidOcr) -> None:
    data = write_pdf([flow(LEDGER, "Anybody may ask Ana for it.")], turned=turned, crop=(40, 500, 500, 780))
    found = read(data, "pdf")
    size = (280, 460) if turned % 180 else (460, 280)
    assert (found.faces[0].width, found.faces[0].height) == size
    boxes = {text: run.box for text, run in runs(found)}
    picture = np.rot90(picture_of(data, "pdf", "page-1"), turned // 90)  # upright again
    for text, box in boxes.items():
        for _ in range(turned // 90):
            box = Box(box.y, box.of_w - box.x - box.w, box.h, box.w, box.of_h, box.of_w)
        assert alike(text, words_in(picture, [box], ocr)) >= 0.8


def test_headers_and_headings_leave_no_runs() -> None:
    pages = [
        [
            Line("Annual report", 770, size=9),
            Line(heading, 730, size=18),
            *flow(f"{heading} was what we looked after.", f"{heading} is dear.", top=690),
            Line(f"Page {number}", 30, size=9),
        ]
        for number, heading in enumerate(("Water", "Heat", "Money"), 1)
    ]
    found = read(write_pdf(pages), "pdf")
    assert [heading for heading, _, _ in texts(found)] == ["Water", "Heat", "Money"]
    assert [text for text, _ in runs(found)][:2] == ["Water was what we looked after.", "Water is dear."]
    assert len(runs(found)) == 6


def test_a_scan_is_recognised_page_by_page(ocr: RapidOcr) -> None:
    data = write_pdf([flow(LEDGER), [scan(NOTICE)], []])
    heard: list[tuple[str, int, int]] = []
    found = read(data, "pdf", ocr, heard=heard)
    assert texts(found) == [("Page 1", LEDGER, 1), ("Page 2", NOTICE_TEXT, 2)]
    assert ("Recognising page", 1, 1) in heard and ("Reading page", 1, 3) in heard
    placing = found.placings[1]
    assert (placing.face, placing.origin) == ("page-2", "ocr") and placing.confidence > 0.9
    assert found.notices == () and len(found.faces) == 3
    assert {face.face for face in found.features} == {"page-1", "page-2"}  # an empty page has nothing to know it by
    assert_in_their_boxes(data, "pdf", found, ocr)


def test_a_stamped_scan_and_a_picture_between_text(ocr: RapidOcr) -> None:
    photo = saved(drawn(NOTICE), "JPEG")
    beside = [*flow("These words stand above the picture."), Photo(photo, (760, 360), 100, 100, 400, 190)]
    full = [Photo(photo, (760, 360), 100, 100, 400, 190), *flow(*[LEDGER] * 3, x=120, top=300)]
    data = write_pdf([[scan(NOTICE), *flow("Copy 7", top=30)], beside, full])
    found = read(data, "pdf", ocr)
    pages = [(heading, page) for heading, _, page in texts(found)]
    assert pages == [("Page 1", 1), ("Page 2", 2), ("Picture on page 2", 2), ("Page 3", 3)]
    assert NOTICE_TEXT in texts(found)[0][1] and texts(found)[2][1] == NOTICE_TEXT
    assert [placing.origin for placing in found.placings] == ["ocr", "file", "ocr", "file"]
    assert all(run.box.y > 500 for run in found.placings[2].runs)


def test_text_without_letters_is_recognised_instead(ocr: RapidOcr) -> None:
    page = [*flow(LEDGER), *flow("Page 1 of 1", top=30)]
    data = write_pdf([page], readable=False)
    with pytest.raises(MediaUnreadable, match="letters"):
        read(data, "pdf")
    found = read(data, "pdf", ocr)
    assert (texts(found)[0][1].split("\n")[0], found.placings[0].origin) == (LEDGER, "ocr")


def test_what_is_not_recognised_is_said(ocr: RapidOcr) -> None:
    data = write_pdf([flow(LEDGER), [scan(NOTICE)], [scan(NOTICE)], [scan([])]])
    few = read(data, "pdf", ocr, limits=replace(DEFAULT_LIMITS, scanned_pages=1))
    assert few.notices == ("The words on pages 3 to 4, which are pictures, were not read.",)
    assert read(data, "pdf").notices == ("The words on pages 2 to 4, which are pictures, were not read.",)
    late = read(data, "pdf", ocr, limits=replace(DEFAULT_LIMITS, cpu_seconds=0.001))
    assert late.notices == read(data, "pdf").notices
    with pytest.raises(MediaUnreadable, match="pictures"):
        read(write_pdf([[scan(NOTICE)]]), "pdf")


def test_a_pdf_of_pictures_without_words_says_so(ocr: RapidOcr) -> None:
    stripes = Image.effect_noise((600, 800), 90).convert("RGB").resize((60, 80)).resize((600, 800))
    found = read(write_pdf([[Photo(saved(stripes, "JPEG"), (600, 800))]]), "pdf", ocr)
    assert found.document.sections == () and found.placings == () and len(found.faces) == 1
    assert found.notices == ("No words were found on page 1.",)


def test_pdf_limits_and_locks() -> None:
    with pytest.raises(LimitExceeded, match="3 pages; 2 are read"):
        read(write_pdf([flow(LEDGER)] * 3), "pdf", limits=replace(DEFAULT_LIMITS, pages=2))
    with pytest.raises(LimitExceeded, match="characters"):
        read(write_pdf([flow(LEDGER)] * 3), "pdf", limits=replace(DEFAULT_LIMITS, characters=100))
    with pytest.raises(MediaUnreadable, match="password"):
        read(write_pdf([flow(LEDGER)], locked=True), "pdf")


# --- pictures ------------------------------------------------------------------------------------


def test_a_picture_has_boxes_in_its_pixels(ocr: RapidOcr) -> None:
    data = saved(drawn([Words("Pool notice", 60, 20, 56), *below(*(word.text for word in NOTICE), y=130)], height=400))
    found = read(data, "picture", ocr, name="IMG_1.png")
    assert (found.document.title, found.document.format) == ("Pool notice", "picture")
    assert [(face.key, face.label, face.width, face.height) for face in found.faces] == [
        ("picture-1", "Picture", 760, 400)
    ]
    assert texts(found)[0][0] == "Picture" and texts(found)[0][1].startswith("Pool notice\n\nThe pool is closed")
    assert_in_their_boxes(data, "picture", found, ocr)
    assert [one.face for one in found.features] == ["picture-1"]


@pytest.mark.parametrize("turns", [1, 2, 3])
def test_a_turned_photo_is_read_upright_and_boxed_as_it_lies(turns: int, ocr: RapidOcr) -> None:
    upright = drawn(NOTICE)
    found = read(saved(upright.rotate(-90 * turns, expand=True)), "picture", ocr)
    assert texts(found)[0][1] == NOTICE_TEXT
    box = runs(found)[0][1].box
    place = {1: box.x > 0.6 * box.of_w, 2: box.y > 0.6 * box.of_h, 3: box.x < 0.4 * box.of_w}
    assert place[turns] and (box.h > box.w) == (turns != 2)


def test_exif_turns_the_picture_before_anything_else(ocr: RapidOcr) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was held upright: turn clockwise to see it
    data = saved(drawn(NOTICE).rotate(90, expand=True), "JPEG", exif=exif, quality=90)
    found = read(data, "picture", ocr)
    assert (found.faces[0].width, found.faces[0].height) == (760, 360)
    assert texts(found)[0][1].startswith("The pool is closed on Monday")
    assert_in_their_boxes(data, "picture", found, ocr, every=3)


def test_every_kind_of_picture_is_read(ocr: RapidOcr) -> None:
    words = drawn([Words("Closed on Monday", 40, 60, 40)], 420, 160)
    clear = words.convert("RGBA")
    clear.putalpha(Image.eval(words.convert("L"), lambda value: 255 - value))  # only the letters are there
    deep = Image.fromarray(np.asarray(words.convert("L")).astype(np.uint16) * 256)
    moving = saved(words.convert("P"), "GIF", save_all=True, append_images=[drawn([], 420, 160).convert("P")])
    files = {
        "clear": saved(clear),
        "palette": saved(clear.quantize(4)),
        "deep": saved(deep),
        "print": saved(words.convert("CMYK"), "JPEG", quality=90),
        "webp": saved(words, "WEBP"),
        "moving": moving,
    }
    for name, data in files.items():
        found = read(data, "picture", ocr, name=name)
        assert [text for _, text, _ in texts(found)] == ["Closed on Monday"], name
        assert found.notices == (("moving moves; only its first picture was read.",) if name == "moving" else ()), name


def test_a_picture_without_words_is_kept_and_said(ocr: RapidOcr) -> None:
    found = read(saved(drawn([])), "picture", ocr, name="sunset-2.png")
    assert (found.document.title, found.document.sections, found.placings) == ("sunset 2", (), ())
    assert found.notices == ("No words were found on this picture.",)


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", MediaUnreadable),
        (saved(drawn(NOTICE))[:3000], MediaUnreadable),
        (saved(Image.new("1", (20_000, 20_000))), LimitExceeded),
        (saved(Image.new("1", (9_000, 9_000))), LimitExceeded),
    ],
)
def test_pictures_that_are_damaged_or_too_large_are_refused(data: bytes, error: type[InputError]) -> None:
    with pytest.raises(error) as caught:
        read(data, "picture")
    assert caught.value.hint


# --- office files --------------------------------------------------------------------------------


def word_file() -> bytes:
    document = docx.Document()
    document.add_heading("Pool rules", 0)
    document.add_paragraph(LEDGER)
    table = document.add_table(3, 3)
    rows = ("Day", "Opens", "Closes", "Monday", "8", "20", "Sunday", "9", "12")
    for cell, text in zip(table._cells, rows, strict=True):
        cell.text = text
    document.add_picture(io.BytesIO(saved(drawn([], 40, 40))))  # an icon
    for _ in range(2):  # the same one twice
        document.add_picture(io.BytesIO(saved(drawn(NOTICE))))
    document.add_picture(io.BytesIO(saved(drawn([Words("A second sign", 20, 40, 60)], 500, 150), "JPEG")))
    return saved_office(document)


def saved_office(document: object) -> bytes:
    kept = io.BytesIO()
    document.save(kept)  # type: ignore[attr-defined]
    return kept.getvalue()


def test_word_files_with_pictures_and_tables(ocr: RapidOcr) -> None:
    data = word_file()
    heard: list[tuple[str, int, int]] = []
    found = read(data, "docx", ocr, heard=heard)
    assert texts(found) == [
        ("Text", f"{LEDGER}\n\n- Day: Monday; Opens: 8; Closes: 20\n- Day: Sunday; Opens: 9; Closes: 12", 0),
        ("Picture 1", NOTICE_TEXT, 0),
        ("Picture 2", "A second sign", 0),
    ]
    assert [placing.face for placing in found.placings] == ["", "picture-1", "picture-2"]
    assert ("Recognising picture", 2, 2) in heard
    assert alike("A second sign", words_in(picture_of(data, "docx", "picture-2"), [runs(found)[-1][1].box], ocr)) == 1
    assert read(data, "docx").notices == ("The words on the pictures in it were not read.",)


def test_footnotes_are_read() -> None:
    from docx.opc.constants import RELATIONSHIP_TYPE
    from docx.opc.packuri import PackURI
    from docx.opc.part import Part

    document = docx.Document()
    document.add_paragraph(LEDGER)
    note = "<w:footnote w:id='2'><w:p><w:r><w:t>Kept since 1987.</w:t></w:r></w:p></w:footnote>"
    rule = "<w:footnote w:type='separator' w:id='0'><w:p><w:r><w:t>-</w:t></w:r></w:p></w:footnote>"
    blob = f"<w:footnotes {nsdecls('w')}>{rule}{note}</w:footnotes>".encode()
    assert parse_xml(blob) is not None
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
    part = Part(PackURI("/word/footnotes.xml"), kind, blob, document.part.package)
    document.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)
    assert texts(read(saved_office(document), "docx"))[1:] == [("Footnotes", "1. Kept since 1987.", 0)]


def deck_file() -> bytes:
    deck = pptx.Presentation()
    slide = deck.slides.add_slide(deck.slide_layouts[0])
    slide.shapes.title.text = "Pool evening"
    slide = deck.slides.add_slide(deck.slide_layouts[5])
    slide.shapes.title.text = "Costs"
    slide.shapes.add_textbox(1_000_000, 2_000_000, 3_000_000, 500_000).text_frame.text = "Water is dear."
    group = slide.shapes.add_group_shape()
    group.shapes.add_textbox(5_000_000, 3_000_000, 1_000_000, 400_000).text_frame.text = "In a group."
    group.left, group.top, group.width, group.height = (
        Emu(1_000_000),
        Emu(4_000_000),
        Emu(2_000_000),
        Emu(800_000),
    )  # twice as large
    slide.notes_slide.notes_text_frame.text = LEDGER
    table = slide.shapes.add_table(2, 2, 0, 0, 100_000, 100_000).table
    for cell, text in zip(table.iter_cells(), ("What", "How much", "Water", "3"), strict=True):
        cell.text = text
    slide.shapes.add_picture(io.BytesIO(saved(drawn(NOTICE))), 0, 0, 900_000)
    return saved_office(deck)


def test_slides_with_shapes_notes_and_pictures(ocr: RapidOcr) -> None:
    data = deck_file()
    found = read(data, "pptx", ocr)
    assert texts(found) == [
        ("Pool evening", "Pool evening", 1),
        ("Costs", "Water is dear.\n\nIn a group.\n\n- What: How much\n- Water: 3", 2),
        ("Notes to slide 2", LEDGER, 2),
        ("Picture 1 on slide 2", NOTICE_TEXT, 2),
    ]
    assert [placing.face for placing in found.placings] == ["slide-1", "slide-2", "slide-2", "picture-1"]
    boxes = {text: run.box for text, run in runs(found)}
    assert boxes["Water is dear."] == Box(1_000_000, 2_000_000, 3_000_000, 500_000, 9_144_000, 6_858_000)
    assert boxes["In a group."] == Box(1_000_000, 4_000_000, 2_000_000, 800_000, 9_144_000, 6_858_000)
    assert "Pool evening" in boxes
    slide = found.faces[1]
    assert (slide.key, slide.label, slide.number, slide.drawable, len(slide.outline)) == (
        "slide-2",
        "Slide 2",
        2,
        False,
        5,
    )
    assert found.faces[2].key == "picture-1" and picture_of(data, "pptx", "picture-1").shape == (360, 760, 3)


def test_a_chart_that_is_not_read_is_said() -> None:
    from pptx.chart.data import CategoryChartData
    from pptx.enum.chart import XL_CHART_TYPE

    deck = pptx.Presentation()
    slide = deck.slides.add_slide(deck.slide_layouts[5])
    slide.shapes.title.text = "Costs"
    numbers = CategoryChartData()
    numbers.categories = ["Water"]
    numbers.add_series("Year", (3.0,))
    slide.shapes.add_chart(XL_CHART_TYPE.PIE, 0, 0, 1_000_000, 1_000_000, numbers)
    found = read(saved_office(deck), "pptx")
    assert found.notices == ("Charts and drawings on slide 1 were not read, only the text around them.",)


# --- text and tables -----------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_every_row_of_a_table_can_be_quoted(encoding: str, delimiter: str) -> None:
    lines = ["Name,Hours,Task", 'Ana Sól,3,"wash, dry"', "Ben,,sing", "Cleo,5,swim,late", '"Dee\nDoe",1,"say ""no"""']
    table = "\r\n".join(lines).replace("wash, dry", "wash; dry" if delimiter != "," else "wash, dry")
    if delimiter != ",":
        table = table.replace(",", delimiter)
    found = read(table.encode(encoding), "csv", name="rota.csv")
    quoted = [span.of(found.document.sections[0].text) for span in prose.paragraphs(found.document.sections[0].text)]
    assert quoted == [
        f"- Name: Ana Sól; Hours: 3; Task: {'wash, dry' if delimiter == ',' else 'wash; dry'}",
        "- Name: Ben; Task: sing",
        "- Name: Cleo; Hours: 5; Task: swim; Column 4: late",
        '- Name: Dee Doe; Hours: 1; Task: say "no"',
    ]
    assert (found.document.title, texts(found)[0][0]) == ("rota", "Rows 1 to 4")
    assert found.notices == ("Some rows hold more values than there are columns: row 3.",)


def test_long_tables_are_cut_and_need_no_header() -> None:
    found = read("\n".join(f"{row},{row * row}" for row in range(1, 102)).encode(), "csv")
    assert [heading for heading, _, _ in texts(found)] == ["Rows 1 to 50", "Rows 51 to 100", "Row 101"]
    assert texts(found)[2][1] == "- Column 1: 101; Column 2: 10201"
    with pytest.raises(LimitExceeded, match="characters"):
        read(b"a,b\n" * 1000, "csv", limits=replace(DEFAULT_LIMITS, characters=2000))
    with pytest.raises(MediaUnreadable, match="table"):
        read(b'a,"b\n' + b"c,d\n" * 60_000, "csv")


def test_web_pages_and_texts_are_read_as_ever() -> None:
    page = b"<html><body><h1>Pool</h1><p>Swim.</p><table><tr><th>Day<th>Hour<th>By<tr><td>Mo<td>8<td>Ana</table>"
    assert texts(read(page, "html")) == [("Text", "Swim.\n\n- Day: Mo; Hour: 8; By: Ana", 0)]
    found = read(b"# Pool rules\n\nLicence: CC0-1.0\n\n" + LEDGER.encode(), "md")
    assert (found.document.title, found.document.source.licence, found.document.summary) == (
        "Pool rules",
        "CC0-1.0",
        LEDGER,
    )
    assert found.placings[0].runs == () and found.faces == ()
    assert texts(read(LEDGER.encode("utf-16"), "txt")) == [("Text", LEDGER, 0)]


@pytest.mark.parametrize("kind", ["pdf", "docx", "pptx", "html", "md", "txt", "csv", "picture"])
def test_empty_and_damaged_files_are_refused_in_words(kind: FileFormat) -> None:
    for data in (b"", b" \n", b"\xff\x00\xff" * 40):
        with pytest.raises(InputError) as caught:
            read(data, kind)
        assert caught.value.hint


def test_a_kind_that_is_not_read_is_refused() -> None:
    with pytest.raises(UnsupportedMedia):
        read(b"<svg/>", "svg")


# --- drawing -------------------------------------------------------------------------------------


def test_faces_are_drawn_no_larger_than_asked() -> None:
    data = write_pdf([flow(LEDGER)])
    assert picture_of(data, "pdf", "page-1", 400).shape == (400, 310, 3)
    assert picture_of(saved(drawn(NOTICE)), "picture", "picture-1", 400).shape == (189, 400, 3)
    assert picture_of(saved(drawn(NOTICE)), "picture", "picture-1", 3000).shape == (360, 760, 3)


@pytest.mark.parametrize(
    ("kind", "face"),
    [
        ("pdf", "page-2"),
        ("pdf", "page-0"),
        ("pdf", "page--1"),
        ("pdf", "page-1; x"),
        ("pdf", "picture-1"),
        ("pdf", ""),
        ("docx", "picture-9"),
        ("docx", "page-1"),
        ("pptx", "slide-1"),
        ("txt", "page-1"),
    ],
)
def test_faces_that_are_not_there_are_refused(kind: FileFormat, face: str) -> None:
    data = {"pdf": write_pdf([flow(LEDGER)]), "docx": word_file(), "pptx": deck_file()}.get(kind, b"Words.")
    with pytest.raises(InputError) as caught:
        file_reading.draw_face(data, kind, face, 400, DEFAULT_LIMITS)
    assert caught.value.hint


def test_no_broken_file_escapes_as_a_foreign_error() -> None:
    files: dict[FileFormat, bytes] = {
        "pdf": write_pdf([flow("Some words."), [scan(NOTICE)]]),
        "docx": word_file(),
        "pptx": deck_file(),
        "picture": saved(drawn(NOTICE, 300, 200)),
    }
    for kind, data in files.items():
        refused = 0
        for step in range(1, 20):
            spoiled = bytearray(data)
            for place in range(step, len(data), len(data) // (step % 7 + 2)):
                spoiled[place] ^= step
            try:
                read(bytes(spoiled), kind)
            except InputError as exc:
                refused += 1
                assert exc.hint
        assert refused, kind
