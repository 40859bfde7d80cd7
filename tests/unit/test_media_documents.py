"""Documents that are no patterns: every format, its places, its damage, its limits."""

from __future__ import annotations

import hashlib
import io
import zipfile
from pathlib import Path

import docx
import pptx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from cml_mm import prose
from cml_mm.errors import InputError, LimitExceeded, MediaUnreadable, UnsupportedMedia
from cml_mm.media import read_document
from cml_mm.ports import DOCUMENT_ENDINGS
from cml_mm.types import Document
from tests.support.pdf import Line, flow, write_pdf

LEDGER = "The pool keeps a ledger that every member may read."


def read(data: bytes, name: str) -> Document:
    return read_document(data, f"documents/{name}", "a-slug")


def texts(document: Document) -> list[tuple[str, str, int]]:
    return [(section.heading, section.text, section.page) for section in document.sections]


def paragraphs(document: Document) -> list[str]:
    return [span.of(section.text) for section in document.sections for span in prose.paragraphs(section.text)]


# --- what every document has ---------------------------------------------------------------------


def test_a_document_carries_its_source() -> None:
    data = b"# Pool rules\n\nLicence: CC0-1.0\n\n" + LEDGER.encode()
    found = read(data, "pool-rules.md")
    assert (found.slug, found.title, found.format) == ("a-slug", "Pool rules", "md")
    assert (found.source.kind, found.source.slug, found.source.title) == ("document", "a-slug", "Pool rules")
    assert found.source.path == "documents/pool-rules.md"
    assert found.source.id == hashlib.sha256(data).hexdigest()
    assert found.source.licence == "CC0-1.0"
    assert found.summary == LEDGER


@pytest.mark.parametrize(
    ("line", "licence"),
    [
        ("License: MIT", "MIT"),
        ("**Licence:** CC-BY-SA-4.0.", "CC-BY-SA-4.0"),
        ("> licence – our own", "our own"),
        ("The licence: everybody may hold it in their hand while they walk around, "
         "and when they come home they hang it up again.", "unknown licence"),
        ("No word of it.", "unknown licence"),
    ],
)  # fmt: skip
def test_the_licence_is_what_the_first_lines_say(line: str, licence: str) -> None:
    assert read(f"{line}\n\n{LEDGER}\n".encode(), "a.txt").source.licence == licence


def test_a_licence_far_below_is_not_the_documents_own() -> None:
    assert read(b"Some line.\n" * 40 + b"Licence: MIT\n", "a.txt").source.licence == "unknown licence"


def test_the_summary_is_whole_sentences_within_300_characters() -> None:
    found = read(f"Minutes\n\n{LEDGER} {'Nobody owns it alone. ' * 30}".encode(), "a.txt")
    assert found.summary.startswith(LEDGER) and found.summary.endswith("alone.") and len(found.summary) <= 300
    found = read(b"word " * 200, "a.txt")
    assert found.summary.endswith("word…") and len(found.summary) <= 300


def test_every_ending_is_read_and_no_other_is_named() -> None:
    assert sorted(DOCUMENT_ENDINGS) == [".docx", ".htm", ".html", ".md", ".pdf", ".pptx", ".txt"]


# --- text and Markdown ---------------------------------------------------------------------------


def test_markdown_is_cut_at_its_headings() -> None:
    found = read(
        b"\xef\xbb\xbf# Pool\r\n\r\nOpening words.\r\n\r\n## Costs ##\r\n\r\nWater.\r\n\r\n"
        b"```\r\n# no heading\r\n```\r\n"
        b"### Costs\r\n\r\nHeat.\r\n\r\n#### Detail\r\n\r\nGas.\r\n## Empty\r\n",
        "x.md",
    )
    assert found.title == "Pool"
    assert texts(found) == [
        ("Opening", "Opening words.", 0),
        ("Costs", "Water.\n\n```\n# no heading\n```", 0),
        ("Costs (2)", "Heat.\n\n#### Detail\n\nGas.", 0),
    ]


def test_fields_of_a_simple_front_matter_are_taken() -> None:
    found = read(b'---\ntitle: "Our pool"\nlicense: CC0-1.0\nauthor: Ana\n---\nWater for all.\n', "x.md")
    assert (found.title, found.source.licence, found.source.attribution) == ("Our pool", "CC0-1.0", "Ana")
    assert texts(found) == [("Text", "Water for all.", 0)]
    assert texts(read(b"---\nTwo rules around prose.\n---\nMore.\n", "x.md"))[0][1].startswith("Two rules")


def test_plain_text_is_named_after_its_file() -> None:
    found = read("Größe zählt.\n\nA second paragraph.\n".encode("utf-16"), "2024-minutes_May.txt")
    assert (found.title, found.format) == ("2024 minutes May", "txt")
    assert paragraphs(found) == ["Größe zählt.", "A second paragraph."]
    assert read(b"A text.", "README").title == "README"


def test_text_of_another_encoding_is_refused_rather_than_guessed() -> None:
    with pytest.raises(MediaUnreadable, match="UTF-8") as caught:
        read("Größe".encode("cp1252"), "a.txt")
    assert "UTF-8" in caught.value.hint


# --- HTML ----------------------------------------------------------------------------------------

PAGE = b"""<!DOCTYPE html><html><head><title>Pool | Town</title><style>p{}</style><meta name="author" content="Ana">
<link rel="license" href="https://example.org/cc0"></head><body><nav>Home About</nav><header>Town of Lima</header>
<main><h1>The pool</h1><p>Everyone may <b>swim</b>,<br>even <a href="x">at night</a>.</p><script>evil()</script>
<h2>Rules</h2><ul><li>Shower<li>Sing<ol><li>softly</li><li>well</li></ol></li></ul>
<blockquote><p>Be kind.</p></blockquote>
<p hidden>secret</p><div>Loose words<table><tr><th>Day</th><th>Hour</th></tr><tr><td>Monday</td><td>8 | 9</td></tr>
</table>after</div><pre>a  b
c</pre></main><footer>Imprint</footer></body></html>"""


def test_html_gives_its_main_part_in_reading_order() -> None:
    found = read(PAGE, "pool.html")
    assert (found.title, found.format, found.source.attribution) == ("The pool", "html", "Ana")
    assert found.source.licence == "https://example.org/cc0"
    assert texts(found) == [
        ("Opening", "Everyone may swim,\neven at night.", 0),
        (
            "Rules",
            "- Shower\n- Sing\n   1. softly\n   2. well\n\n> Be kind.\n\nLoose words\n\n"
            "| Day | Hour |\n| --- | --- |\n| Monday | 8 \\| 9 |\n\nafter\n\n```\na  b\nc\n```",
            0,
        ),
    ]


def test_html_in_its_stated_encoding_and_tables_that_lay_out() -> None:
    data = '<html><meta charset="iso-8859-1"><table><tr><td><h1>Größe</h1><p>Wie groß?</td></tr></table>'
    found = read(data.encode("latin-1"), "x.htm")
    assert (found.title, texts(found)) == ("Größe", [("Text", "Wie groß?", 0)])


def test_html_fetches_nothing_and_expands_no_entities(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("do not read me")
    secret = (tmp_path / "secret.txt").as_uri()
    inner = '<!ENTITY b "boom"><!ENTITY c "' + "&b;" * 1000 + '">'
    page = f'<!DOCTYPE html [<!ENTITY a SYSTEM "{secret}">{inner}]><html><body><p>Seen: &a; &c;</p></body></html>'
    found = read(page.encode(), "x.html")
    assert "do not read me" not in str(found) and "boomboom" not in str(found) and "Seen:" in found.sections[0].text


def test_html_nested_without_end_is_read_or_refused() -> None:
    data = b"<html>" + b"<div><blockquote>" * 20_000 + b"deep words"
    try:
        assert "deep words" in read(data, "x.html").sections[0].text
    except MediaUnreadable as exc:
        assert exc.hint


# --- PDF -----------------------------------------------------------------------------------------


def test_the_text_of_a_page_is_on_that_page() -> None:
    pages = [flow(f"This is sentence number {number} of the statutes.") for number in range(1, 6)]
    found = read(write_pdf([*pages[:3], [], *pages[3:]]), "statutes.pdf")
    assert texts(found) == [
        (f"Page {page}", f"This is sentence number {number} of the statutes.", page)
        for number, page in enumerate((1, 2, 3, 5, 6), 1)
    ]
    assert (found.title, found.format) == ("statutes", "pdf")


def test_headings_come_from_the_outline_then_from_the_page() -> None:
    pages = [
        [Line("Statutes of the Pool", 720, size=22), *flow("Words of the preface, in small.", top=650)],
        [Line("Members", 720, size=16), *flow("Everybody may join by asking.", top=690)],
        flow("They may leave again whenever they like."),
        [Line("Money", 720, bold=True), *flow("Each pays what they can.", "Nobody pays for another.", top=700)],
    ]
    bare = read(write_pdf(pages), "x.pdf")
    assert bare.title == "Statutes of the Pool"
    assert [s.heading for s in bare.sections] == ["Statutes of the Pool", "Members", "Page 3", "Money"]
    assert bare.sections[1].text == "Everybody may join by asking."
    marked = read(write_pdf(pages, [("Joining", 2), ("Paying", 4)], title="Pool statutes"), "x.pdf")
    assert [s.heading for s in marked.sections] == ["Statutes of the Pool", "Joining", "Joining (2)", "Paying"]
    assert marked.title == "Pool statutes"
    assert read(write_pdf(pages, title="Microsoft Word - x.doc"), "x.pdf").title == "Statutes of the Pool"


def test_lines_become_paragraphs_and_broken_words_are_joined() -> None:
    page = flow(
        "The pool belongs to everybody who swims in it, and whoever swims in it looks after it by infor-",
        "mation and by work, all through the year.",
        "",
        "A second paragraph speaks of self-help, which is good. It goes on for a while, and then of self-",
        "help again.",
        "• one thing",
        "• another thing",
    )
    assert paragraphs(read(write_pdf([page]), "x.pdf")) == [
        "The pool belongs to everybody who swims in it, and whoever swims in it looks after it by information "
        "and by work, all through the year.",
        "A second paragraph speaks of self-help, which is good. It goes on for a while, and then of self-help again.",
        "- one thing",
        "- another thing",
    ]


def test_running_headers_and_page_numbers_go() -> None:
    pages = [
        [
            Line("Annual report", 770, size=9),
            *flow(words, f"It was written down in year {number}."),
            Line(f"Page {number} of 5", 30, x=280, size=9),
        ]
        for number, words in enumerate(("Swim more.", "Pay less.", "Sing softly.", "Shower first.", "Be kind."), 1)
    ]
    found = read(write_pdf(pages), "x.pdf")
    assert [(s.text.split(".")[0], s.page) for s in found.sections][:2] == [("Swim more", 1), ("Pay less", 2)]
    assert not any("Annual report" in s.text or "of 5" in s.text for s in found.sections)
    assert len(found.sections) == 5
    assert any("Annual report" in s.text for s in read(write_pdf(pages[:2]), "x.pdf").sections)  # may be chance


def test_two_columns_stay_apart() -> None:
    left = flow("Left side of the page, which", "ends here.", x=72)
    right = flow("Right side of the page, which", "ends too.", x=330)
    assert paragraphs(read(write_pdf([left + right]), "x.pdf")) == [
        "Left side of the page, which ends here.",
        "Right side of the page, which ends too.",
    ]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (write_pdf([flow("Hidden.")], locked=True), "password"),
        (write_pdf([[], []]), "pictures"),
        (write_pdf([flow("Cut off.")])[:200], "damaged"),
        (b"%PDF-1.7\n" + bytes(range(256)) * 20, "damaged"),
    ],
)
def test_a_pdf_without_readable_text_says_why_and_what_to_do(data: bytes, words: str) -> None:
    with pytest.raises(MediaUnreadable, match=words) as caught:
        read(data, "x.pdf")
    assert "documents/x.pdf" in caught.value.message and caught.value.hint


def test_a_pdf_of_too_many_pages_is_refused() -> None:
    with pytest.raises(LimitExceeded, match="2001 pages"):
        read(write_pdf([[]] * 2001), "x.pdf")


# --- Word ----------------------------------------------------------------------------------------


def word_file() -> bytes:
    document = docx.Document()
    document.add_heading("Pool rules", 0)
    document.add_paragraph(LEDGER)
    document.add_heading("Costs", 1)
    for text in ("Water", "Heat"):
        document.add_paragraph(text, style="List Bullet")
    for text in ("Ask", "Pay"):
        document.add_paragraph(text, style="List Number")
    table = document.add_table(2, 2)
    for cell, text in zip(table._cells, ("What", "How much", "Water", "3 | 4"), strict=True):
        cell.text = text
    document.add_heading("Costs", 2)
    document.add_paragraph("A line.\nAnother line.")
    box = document.add_table(1, 1)
    box.cell(0, 0).text = "Framed words."
    body = document.element.body
    inserted = f"<w:p {nsdecls('w')}><w:ins><w:r><w:t>Put in.</w:t></w:r></w:ins>"
    deleted = "<w:del><w:r><w:delText>Taken out.</w:delText></w:r></w:del></w:p>"
    body.insert(len(body) - 1, parse_xml(inserted + deleted))
    control = f"<w:sdt {nsdecls('w')}><w:sdtContent><w:p><w:r><w:t>In a field.</w:t></w:r></w:p></w:sdtContent></w:sdt>"
    body.insert(len(body) - 1, parse_xml(control))
    return saved(document)


def saved(document: object) -> bytes:
    kept = io.BytesIO()
    document.save(kept)  # type: ignore[attr-defined]
    return kept.getvalue()


def test_word_gives_headings_lists_and_tables() -> None:
    found = read(word_file(), "rules.docx")
    assert (found.title, found.format, found.summary) == ("Pool rules", "docx", LEDGER)
    assert texts(found) == [
        ("Opening", LEDGER, 0),
        (
            "Costs",
            "- Water\n- Heat\n1. Ask\n2. Pay\n\n| What | How much |\n| --- | --- |\n| Water | 3 \\| 4 |",
            0,
        ),
        ("Costs (2)", "A line.\nAnother line.\n\nFramed words.\n\nPut in.\n\nIn a field.", 0),
    ]


# --- slides --------------------------------------------------------------------------------------


def deck_file() -> bytes:
    deck = pptx.Presentation()
    slide = deck.slides.add_slide(deck.slide_layouts[0])
    slide.shapes.title.text = "Pool evening"
    slide = deck.slides.add_slide(deck.slide_layouts[1])
    slide.shapes.title.text = "Costs"
    slide.placeholders[1].text = "Water\nHeat"
    slide.placeholders[1].text_frame.paragraphs[1].level = 1
    slide.notes_slide.notes_text_frame.text = LEDGER
    deck.slides.add_slide(deck.slide_layouts[6])  # a picture slide, say
    slide = deck.slides.add_slide(deck.slide_layouts[5])
    slide.shapes.title.text = "Costs"
    table = slide.shapes.add_table(2, 2, 0, 0, 100_000, 100_000).table
    for cell, text in zip(table.iter_cells(), ("What", "How much", "Water", "3"), strict=True):
        cell.text = text
    group = slide.shapes.add_group_shape()
    group.shapes.add_textbox(0, 0, 100_000, 100_000).text_frame.text = "In a group."
    return saved(deck)


def test_slides_keep_their_numbers_titles_and_notes() -> None:
    found = read(deck_file(), "evening.pptx")
    assert (found.title, found.format) == ("Pool evening", "pptx")
    assert texts(found) == [
        ("Pool evening", "Pool evening", 1),
        ("Costs", f"- Water\n  - Heat\n\nNotes:\n\n{LEDGER}", 2),
        ("Costs (2)", "| What | How much |\n| --- | --- |\n| Water | 3 |\n\nIn a group.", 4),
    ]


# --- what a file says it is, and what it is ------------------------------------------------------


def zipped(**members: bytes) -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr({"types": "[Content_Types].xml"}.get(name, name), data)
    return kept.getvalue()


def test_content_decides_not_the_name() -> None:
    assert read(b"Only words.", "x.docx").format == "txt"
    assert read(word_file(), "x.pdf").format == "docx"
    assert read(write_pdf([flow("A page of text.")]), "x.txt").format == "pdf"
    assert read(PAGE, "x.txt").format == "html"
    assert read(b"<div>Not a page, but Markdown.</div>\n\nText.", "x.md").format == "md"


@pytest.mark.parametrize(
    ("data", "name", "words"),
    [
        (b"\x89PNG\r\n\x1a\n\x00\x00", "x.png", r"\.png"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "x.txt", "no text"),
        (b"a,b\n1,2\n", "x.csv", r"\.csv"),
        (b"{\\rtf1 Words}", "x.docx", "RTF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "x.doc", "old Office"),
        (zipped(a=b"b"), "x.docx", "a zip file"),
        (zipped(mimetype=b"application/vnd.oasis.opendocument.text"), "x.odt", "OpenDocument"),
        (zipped(types=b"spreadsheetml.sheet.main+xml"), "x.xlsx", "spreadsheet"),
    ],
)
def test_other_kinds_are_refused_by_name(data: bytes, name: str, words: str) -> None:
    with pytest.raises(UnsupportedMedia, match=words) as caught:
        read(data, name)
    assert ".pdf" in caught.value.hint


@pytest.mark.parametrize("data", [b"", b" \n\t", b"\xef\xbb\xbf\n", b"\n# \n\n---\n"])
@pytest.mark.parametrize("ending", ["txt", "md", "html", "pdf", "docx", "pptx"])
def test_empty_files_are_refused(data: bytes, ending: str) -> None:
    with pytest.raises(MediaUnreadable, match=r"is empty|holds no text"):
        read(data, f"x.{ending}")


def test_a_locked_office_file_says_so() -> None:
    locked = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100) + "EncryptedPackage".encode("utf-16-le")
    with pytest.raises(MediaUnreadable, match="password"):
        read(locked, "x.docx")


@pytest.mark.parametrize("name", ["x.docx", "x.pptx"])
def test_damaged_office_files_are_refused(name: str) -> None:
    data = word_file() if name.endswith("docx") else deck_file()
    kind = b"wordprocessingml.document" if name.endswith("docx") else b"presentationml.presentation"
    spoiled = (data[: len(data) // 2], b"PK\x03\x04" + bytes(200), zipped(types=kind + b".main+xml"), without(data))
    for broken in spoiled:
        with pytest.raises(MediaUnreadable, match="damaged"):
            read(broken, name)


def without(data: bytes) -> bytes:
    """The package with the XML of its main part cut short."""
    kept = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(kept, "w") as new:
        for name in old.namelist():
            member = old.read(name)
            new.writestr(name, member[:300] if name in {"word/document.xml", "ppt/presentation.xml"} else member)
    return kept.getvalue()


def test_limits_hold() -> None:
    with pytest.raises(LimitExceeded, match="20 MB"):
        read(b"a" * (20 * 2**20 + 1), "x.txt")
    bomb = zipped(types=b"wordprocessingml.document.main+xml", **{"word/document.xml": b" " * (41 * 2**20)})
    assert len(bomb) < 100_000
    with pytest.raises(LimitExceeded, match="41 MB"):
        read(bomb, "x.docx")
    many = zipped(**{f"m{number}": b"" for number in range(10_001)})
    with pytest.raises(LimitExceeded, match="10001 parts"):
        read(many, "x.docx")
    with pytest.raises(LimitExceeded, match="10 million"):
        read(b"word \n" * 1_700_000, "x.txt")


def test_a_zip_that_lies_about_its_size_is_damaged() -> None:
    data = bytearray(zipped(types=b"wordprocessingml.document.main+xml" + b" " * 10_000))
    for place in (data.find(b"PK\x01\x02") + 24, data.find(b"PK\x03\x04") + 22):
        data[place : place + 4] = (20).to_bytes(4, "little")
    with pytest.raises(MediaUnreadable, match="damaged"):
        read(bytes(data), "x.docx")


def test_no_broken_file_escapes_as_a_foreign_error() -> None:
    """Bytes changed in whole files: each is read or refused in our words."""
    for name, data in (
        ("x.pdf", write_pdf([flow("Some words.")] * 3)),
        ("x.docx", word_file()),
        ("x.pptx", deck_file()),
    ):
        refused = 0
        for step in range(1, 40):
            spoiled = bytearray(data)
            for place in range(step, len(data), len(data) // (step % 7 + 2)):
                spoiled[place] ^= step
            try:
                assert read(bytes(spoiled), name).sections
            except InputError as exc:
                refused += 1
                assert exc.hint
        assert refused
