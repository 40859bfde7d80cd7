"""What a file is by its bytes, names made fit for showing, XML and packages before they are parsed."""

from __future__ import annotations

import io
import struct
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from cml_mm.errors import LimitExceeded, MediaUnreadable, UnsupportedMedia
from cml_mm.media.intake import clean_name, hash_file
from cml_mm.media.picture_heads import refuse_large_picture
from cml_mm.media.signatures import without_prolog
from cml_mm.media.sniffing import misnamed, sniff
from cml_mm.media.svg import read_svg
from cml_mm.visits import DEFAULT_LIMITS, FileFormat, Limits
from tests.support import made_files as made

SVG = f"{made.SVG_HEAD}<text x='9' y='20'>Pool</text></svg>"
HTML = b"<!DOCTYPE html><html><body><p>Words.</p></body></html>"


@pytest.mark.parametrize(
    ("data", "name", "kind"),
    [
        (made.pdf_file(), "a.pdf", "pdf"),
        (made.pdf_file(), "a.docx", "pdf"),
        (b"\n\n  " + made.pdf_file(), "a", "pdf"),
        (made.word_file(), "a.zip", "docx"),
        (made.deck_file(), "a.pdf", "pptx"),
        (made.picture("PNG"), "a.txt", "picture"),
        (made.picture("JPEG"), "a.png", "picture"),
        (made.picture("WEBP"), "a.jpg", "picture"),
        (made.picture("GIF"), "a.gif", "picture"),
        (HTML, "a.txt", "html"),
        (b"<!-- note --><?xml version='1.0'?>" + HTML, "a.pdf", "html"),
        (b"<p>Part of a page.</p>", "a.html", "html"),
        (b"<p>Markdown may hold this.</p>", "a.md", "md"),
        (SVG.encode(), "a.txt", "svg"),
        (b'<?xml version="1.0"?>\n<!-- made by hand -->\n' + SVG.encode(), "a.xml", "svg"),
        (SVG.encode("utf-16"), "a.svg", "svg"),
        (b"\xef\xbb\xbf# Heading", "a.MD", "md"),
        (b"Words.", "a.txt", "txt"),
        (b"Words.", "a", "txt"),
        (b"Words.", "Minutes of 3.5.2024", "txt"),
        (b"1\n00:00:01,000 --> 00:00:02,000\nWords.\n", "a.srt", "captions"),
        (b"WEBVTT\n\n00:01.000 --> 00:02.000\nWords.\n", "a.vtt", "captions"),
        (b"name;cost\nWater;3\n", "a.csv", "csv"),
        (b"name\tcost\nWater\t3\n", "a.tsv", "csv"),
        ("Wörter, 会议".encode("utf-16"), "a.txt", "txt"),
        (b"BMW is a maker of cars.", "a.txt", "txt"),
        (b"MZ stands for nothing here.", "a.txt", "txt"),
        (b"Great minds think alike.", "a.txt", "txt"),
        (b"ID card: none.", "a.txt", "txt"),
        (b"P6 is the sixth point.", "a.txt", "txt"),
        (b"Can you read %PDF- here?", "a.pdfs.txt", "pdf"),
    ],
)
def test_content_says_what_a_file_is(data: bytes, name: str, kind: FileFormat) -> None:
    assert sniff(data, name) == kind


def test_a_recording_is_known_by_its_bytes() -> None:
    assert sniff(made.sound(1), "a.txt") == "sound"
    assert sniff(made.film("mp3", "libmp3lame"), "a.mp3") == "sound"
    assert sniff(made.film("mp4", "mpeg4"), "a.mp4") == "film"


def test_captions_are_known_by_their_words() -> None:
    cue = b"1\n00:00:01,000 --> 00:00:02,500\nWelcome.\n"
    assert sniff(cue, "a.srt") == "captions" and sniff(b"WEBVTT\n\n" + cue, "a.vtt") == "captions"
    assert sniff(b"Only words.\n", "a.srt") == "txt"
    assert sniff(cue, "a.txt") == "captions"


@pytest.mark.parametrize(
    "text",
    [
        "09:00 -> 10:00 Welcome\n10:00 -> 11:00 Dues\n",
        "09:00 --> 10:00\nWelcome\n",
        "Dialogue: Socrates and a beekeeper, on dues.\n",
        "WEBVTT is a format for captions.\n",
    ],
)
def test_text_that_only_looks_like_captions_is_text(text: str) -> None:
    assert sniff(text.encode(), "talk.txt") == "txt"


@pytest.mark.parametrize(
    ("kind", "name", "notice"),
    [
        ("pdf", "photo.png", "photo.png is a PDF, whatever its name says, and was read as one."),
        ("picture", "photo.pdf", "photo.pdf is a picture, whatever its name says, and was read as one."),
        ("picture", "photo.jpg", ""),
        ("sound", "talk.pdf", "talk.pdf is a sound recording, whatever its name says, and was read as one."),
        ("film", "talk.png", "talk.png is a film, whatever its name says, and was read as one."),
        ("sound", "talk.mp4", ""),
        ("film", "talk.webm", ""),
        ("html", "page.htm", ""),
        ("pdf", "statutes", ""),
        ("txt", "a.srt", ""),
    ],
)
def test_a_wrong_name_is_said(kind: FileFormat, name: str, notice: str) -> None:
    assert misnamed(kind, name) == notice


def test_a_head_of_many_comments_is_passed_at_once() -> None:
    head = b"<!---->" * 8_000  # an expression that tries every way to part these would never end
    assert without_prolog(head + b"<svg>") == b"<svg>"
    assert sniff(head + b"words", "a.html") == "html"
    assert sniff(b"<!--" + head, "a.txt") == "txt"


def test_comments_of_a_pixmap_are_passed_at_once() -> None:
    assert sniff(b"P1 " + b"# " * 98 + b"no sizes follow", "a.txt") == "txt"  # tried in every way, it would never end
    with pytest.raises(UnsupportedMedia, match="pixmap"):
        sniff(b"P1\n# made by hand # twice\n  # and so on\n 10 20\n0 1", "a.txt")


# --- names ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Minutes May 2024.pdf", "Minutes May 2024.pdf"),
        ("../../etc/passwd", "passwd"),
        ("..\\..\\Windows\\win.ini", "win.ini"),
        ("a/b/c.pdf/", "c.pdf"),
        ("photo\u202egnp.exe", "photognp.exe"),
        ("two\nlines\t.txt", "two lines .txt"),
        ("\x00\x1b[2Jx.pdf", "[2Jx.pdf"),
        ("<b>bold</b>.pdf", "b).pdf"),
        ("<b>bold.pdf", "(b)bold.pdf"),
        (".htaccess", "htaccess"),
        ("", "Unnamed file"),
        ("....", "Unnamed file"),
        ("/", "Unnamed file"),
        ("\u202e\u200b", "Unnamed file"),
        ("con", "con_"),
        ("NUL.txt", "NUL_.txt"),
        ("console.txt", "console.txt"),
        ("\ud800.pdf", "pdf"),
        ("سند.pdf", "سند.pdf"),
        ("می\u200cخواهم.txt", "می\u200cخواهم.txt"),
        ("क\u094d\u200dष.txt", "क\u094d\u200dष.txt"),
        ("会议记录.docx", "会议记录.docx"),
        ("👩\u200d🌾.txt", "👩🌾.txt"),
        ("e\u0301" + "\u0301" * 9 + ".md", "é" + "\u0301" * 4 + ".md"),
    ],
)
def test_names_are_made_fit_for_showing(name: str, shown: str) -> None:
    assert clean_name(name) == shown


def test_long_names_keep_their_ending() -> None:
    shown = clean_name("word " * 1_000 + ".pdf")
    assert len(shown) <= 120 and shown.startswith("word word") and shown.endswith("….pdf")
    assert len(clean_name("x" * 121)) == 120
    assert clean_name("x" * 120) == "x" * 120
    assert clean_name(clean_name("../" + "é" * 300 + ".txt")) == clean_name("../" + "é" * 300 + ".txt")


def test_a_file_is_told_apart_by_its_hash(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"abc")
    assert hash_file(tmp_path / "x") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


# --- sizes ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["PNG", "JPEG", "GIF", "WEBP"])
def test_the_size_is_read_from_the_head(form: str) -> None:
    data = made.picture(form, 70, 50)
    refuse_large_picture(data, "a", DEFAULT_LIMITS)
    with pytest.raises(LimitExceeded, match="a has 70 × 50 pixels"):
        refuse_large_picture(data, "a", _pixels(3_499))
    refuse_large_picture(data, "a", _pixels(3_500))


def test_all_kinds_of_webp_state_their_size() -> None:
    for kind, body in (
        (b"VP8 ", b"\x00" * 3 + b"\x9d\x01\x2a" + struct.pack("<HH", 9_000, 8_000)),
        (b"VP8L", b"\x2f" + struct.pack("<I", 8_999 | 7_999 << 14)),
        (b"VP8X", bytes(4) + struct.pack("<I", 8_999)[:3] + struct.pack("<I", 7_999)[:3]),
    ):
        data = b"RIFF" + struct.pack("<I", 4 + 8 + len(body)) + b"WEBP" + kind + struct.pack("<I", len(body)) + body
        with pytest.raises(LimitExceeded, match="9000 × 8000"):
            refuse_large_picture(data, "a.webp", DEFAULT_LIMITS)


def _pixels(count: int) -> Limits:
    return replace(DEFAULT_LIMITS, picture_pixels=count)


# --- packages ------------------------------------------------------------------------------------


def test_office_files_with_links_and_templates_of_their_own_are_read() -> None:
    relations = (
        b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1"'
        b' Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/%s"'
        b' Target="%s" TargetMode="External"/></Relationships>'
    )
    for kind, target in (
        (b"hyperlink", b"https://example.org/"),
        (b"image", b"https://example.org/a.png"),
        (b"attachedTemplate", b"file:///C:\\Templates\\Normal.dotm"),
    ):
        linked = made.with_member(made.word_file(), {"word/_rels/settings.xml.rels": relations % (kind, target)})
        assert sniff(linked, "a.docx") == "docx"
    for target in (b"http://example.org/a.dotm", b"\\\\server\\a.dotm", b"//server/a.dotm", b" HTTPS://example.org/"):
        linked = made.with_member(
            made.word_file(), {"word/_rels/settings.xml.rels": relations % (b"attachedTemplate", target)}
        )
        with pytest.raises(MediaUnreadable, match="from the network"):
            sniff(linked, "a.docx")


def test_a_package_is_measured_against_the_limits() -> None:
    data = made.word_file()
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = len(archive.namelist())
    assert sniff(data, "a.docx", replace(DEFAULT_LIMITS, members=members)) == "docx"
    with pytest.raises(LimitExceeded, match=f"in {members} parts"):
        sniff(data, "a.docx", replace(DEFAULT_LIMITS, members=members - 1))
    with pytest.raises(LimitExceeded, match="levels deep"):
        sniff(data, "a.docx", replace(DEFAULT_LIMITS, depth=1))


# --- drawings ------------------------------------------------------------------------------------


def test_a_drawing_is_read_label_by_label() -> None:
    text = f"""{made.SVG_HEAD}<title>Our plan</title><script>alert(1)</script><style>@import url(http://x);</style>
    <a href="https://example.org/"><text x="10" y="20" font-size="10">Pool</text></a>
    <g transform="translate(30 40) scale(2)"><rect width="20" height="10"/>
    <text x="10" y="5" style="font-size:4px" text-anchor="middle">Ask
      <tspan x="10" dy="5">the circle</tspan></text></g>
    <g display="none"><text>Hidden</text></g><defs><text>Never shown</text></defs>
    <foreignObject x="1" y="2" width="30" height="10"><div xmlns="http://www.w3.org/1999/xhtml">A <b>box</b></div>
    </foreignObject></svg>"""
    read = read_svg(text.encode(), "our-plan.svg", "file-1", DEFAULT_LIMITS)
    section, placing = read.document.sections[0], read.placings[0]
    assert read.document.title == "Our plan" and read.document.source.owner == "visitor"
    assert section.text == "Pool\n\nAsk the circle\n\nA box"
    assert [section.text[run.start : run.end] for run in placing.runs] == ["Pool", "Ask the circle", "A box"]
    pool, ask, box = (run.box for run in placing.runs)
    assert (pool.x, pool.y, pool.of_w, pool.of_h) == (10, 12, 90, 90)
    assert ask.x < 50 < ask.x + ask.w and abs((ask.x + ask.w / 2) - 50) < 1e-6  # the middle of 30 + 2 × 10
    assert (box.x, box.y, box.w, box.h) == (1, 2, 30, 10)
    (face,) = read.faces
    assert not face.drawable and [(shape.x, shape.y, shape.w, shape.h) for shape in face.outline] == [(30, 40, 40, 20)]


def test_a_drawing_without_words_says_so_and_graphviz_is_read() -> None:
    read = read_svg(f"{made.SVG_HEAD}<circle r='9'/></svg>".encode(), "a.svg", "file-1", DEFAULT_LIMITS)
    assert read.document.sections == () and read.notices == ("No words were found in this drawing.",)
    drawn = (
        '<?xml version="1.0" encoding="UTF-8" standalone="no"?>\n<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN"\n'
        ' "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">\n<svg width="62pt" height="116pt"'
        ' viewBox="0.00 0.00 62.00 116.00" xmlns="http://www.w3.org/2000/svg">\n<g class="graph"'
        ' transform="scale(1 1) rotate(0) translate(4 112)">\n<title>G</title>\n<g class="node"><title>a</title>'
        '<ellipse cx="27" cy="-90" rx="27" ry="18"/><text text-anchor="middle" x="27" y="-85.8" font-size="14.00">'
        "Pool</text></g></g></svg>"
    )
    assert sniff(drawn.encode(), "a.svg") == "svg"
    read = read_svg(drawn.encode(), "a.svg", "file-1", DEFAULT_LIMITS)
    assert read.document.sections[0].text == "Pool" and read.document.title == "a"
    label, node = read.placings[0].runs[0].box, read.faces[0].outline[0]
    assert node.x < label.x and label.x + label.w < node.x + node.w
    assert node.y < label.y and label.y + label.h < node.y + node.h
