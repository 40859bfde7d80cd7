"""The evidence panel for every kind of place: text, pages, slides, pictures, moments, in one's own files."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from cml_mm.types import AnswerReady, Box, Evidence, Page, PictureArea, Source, TextSpan, TimeSpan
from cml_mm.ui.evidence import locator_words, panel_html
from cml_mm.ui.file_section import NO_FILES, FileLook, clock
from cml_mm.ui.page_picture import Shown, boxes_svg, made_face, paper_html, picture_html, window
from cml_mm.ui.render import status_line, turn_html
from cml_mm.ui.turns import Asked, Turn
from cml_mm.visits import Face, FileCard
from tests.support.fake_engine import ANSWER, FakeEngine
from tests.support.fake_files import HEIGHT, WIDTH, FakeFiles, file_evidence, line_box

ME = "me"
RECT = re.compile(r'<rect x="([-\d.]+)" y="([-\d.]+)" width="([\d.]+)" height="([\d.]+)"')


@pytest.fixture
def files() -> FakeFiles:
    return FakeFiles(pace=0)


def bring(files: FakeFiles, name: str) -> FileCard:
    content = files.inbox() / "arriving"
    content.write_bytes(name.encode())
    card = files.add(ME, name, content, lambda *_: None, lambda: False)
    assert card is not None
    return card


def panel(item: Evidence, look: FileLook) -> str:
    answer = replace(ANSWER, evidence=(item,), considered=())
    return panel_html((Turn(1, "What of the keys?").moved(AnswerReady(answer)),), look)


def look_of(files: FakeFiles) -> FileLook:
    return FileLook(lambda: files, ME)


def rects(html: str, name: str) -> list[tuple[float, ...]]:
    drawn = re.search(f'<svg class="{name}".*?</svg>', html)
    assert drawn, f"no {name} in {html}"
    return [tuple(float(part) for part in found) for found in RECT.findall(drawn.group())]


def test_a_page_is_shown_with_its_words_boxed_and_the_passage_below(files: FakeFiles) -> None:
    card = bring(files, "statutes.pdf")
    out = panel(file_evidence(card, 1), look_of(files))
    assert f'<img src="files/{card.id}/faces/page-2" loading="lazy"' in out
    assert 'alt="Page 2 of statutes.pdf"' in out
    assert '<p class="loc">Page 2 of statutes.pdf</p>' in out
    assert "<mark>The keys are handed on at the first meeting of the quarter.</mark>" in out
    (x, y, w, h) = rects(out, "pp-edge")[0]
    box = line_box(1)
    assert x <= box.x < box.x + box.w <= x + w
    assert y <= box.y < box.y + box.h <= y + h
    assert w < box.w + 10
    assert h < box.h + 10


def test_a_private_source_says_who_sees_it_and_until_when(files: FakeFiles) -> None:
    card = bring(files, "statutes.pdf")
    out = panel(file_evidence(card, 1), look_of(files))
    assert 'Your file, visible to you only, deleted <time class="when" datetime="20' in out
    assert f'data-act="file-open" data-file="{card.id}"' in out
    assert 'class="own"' not in out  # no link into the library


def test_a_file_that_was_deleted_leaves_a_sentence_and_the_words(files: FakeFiles) -> None:
    card = bring(files, "statutes.pdf")
    item = file_evidence(card, 1)
    files.remove(ME, card.id)
    out = panel(item, look_of(files))
    assert "This file has been deleted." in out
    assert "<img" not in out
    assert "Your file, deleted since" in out
    assert "<mark>The keys are handed on" in out


def test_another_visitor_sees_neither_the_picture_nor_the_time(files: FakeFiles) -> None:
    card = bring(files, "statutes.pdf")
    out = panel(file_evidence(card, 1), FileLook(lambda: files, "somebody else"))
    assert "<img" not in out
    assert "deleted <time" not in out


def test_a_slide_is_sketched_from_its_shapes(files: FakeFiles) -> None:
    card = bring(files, "evening.pptx")
    item = file_evidence(card, 1)
    out = panel(item, look_of(files))
    assert "<img" not in out
    assert len(rects(out, "pp-sketch")) == 5
    assert len(rects(out, "pp-edge")) == 1
    assert locator_words(item) == "Slide 2 of evening.pptx"
    assert 'aria-label="A sketch of Slide 2 of evening.pptx"' in out


def test_a_picture_is_told_as_recognised(files: FakeFiles) -> None:
    item = file_evidence(bring(files, "notice.png"), 1)
    assert locator_words(item) == "Picture notice.png, recognised by OCR"
    assert 'alt="notice.png"' in panel(item, look_of(files))


def test_a_section_of_running_text_has_its_heading(files: FakeFiles) -> None:
    item = file_evidence(bring(files, "minutes.md"), 1)
    out = panel(item, look_of(files))
    assert locator_words(item) == "minutes.md, section “Section 2. The keys to the workshop”"
    assert '<p class="q-head">Section 2. The keys to the workshop</p>' in out
    assert "<img" not in out


def test_a_moment_is_played_only_from_an_address_of_ours() -> None:
    source = Source("f", "Talk", "document", "file-1", "talk.mp4", "", "", "files/file-1/media", "visitor")
    item = Evidence(1, source, TimeSpan("Talk", 0, 4, 724, 740), "Talk", "Look at the water.", "Look")
    out = panel(item, NO_FILES)
    assert '<video controls preload="metadata" src="files/file-1/media#t=724,740"' in out
    assert "Play from 12:04" in out
    assert locator_words(item) == "talk.mp4, from 12:04 to 12:20"
    for url in ("", "https://example.org/talk.mp4", "files/../me", "//evil.example/a/media"):
        assert "<video" not in panel(replace(item, source=replace(source, url=url)), NO_FILES)
    sound = replace(item, source=replace(source, path="talk.mp3"))
    assert "<audio controls" in panel(sound, NO_FILES)


def test_the_clock() -> None:
    assert [clock(seconds) for seconds in (0, 59.9, 724, 3723)] == ["0:00", "0:59", "12:04", "1:02:03"]


def test_the_window_holds_what_is_lit_wherever_it_stands() -> None:
    height = HEIGHT / WIDTH
    for top in (0, 10, 300, 640, 778):
        box = Box(72, top, 300, 14, WIDTH, HEIGHT)
        for across in (0, 72, 300):
            seen = window((replace(box, x=across),), height)
            assert 0 <= seen.top <= seen.zoom * top / WIDTH
            assert seen.top + seen.part <= seen.height + 1e-9
            assert seen.top + seen.part >= seen.zoom * (top + 14) / WIDTH
            assert 0 <= seen.left <= seen.zoom * across / WIDTH
            assert seen.left + 1 >= seen.zoom * (across + 300) / WIDTH
            assert seen.left + 1 <= seen.zoom + 1e-9
            assert 1 < seen.zoom <= 1.5
    assert window((), height).top == 0
    low = window((Box(0, 0, 10, 10, 100, 30),), 0.3)  # a low picture is shown whole
    assert (low.left, low.top, low.zoom, low.part) == (0, 0, 1, 0.3)
    wide = window((Box(0, 20, 612, 14, WIDTH, HEIGHT),), height)
    assert wide.zoom == 1
    high = (Box(72, 20, 400, 14, WIDTH, HEIGHT), Box(72, 770, 400, 14, WIDTH, HEIGHT))
    whole = window(high, height)
    assert whole.part == pytest.approx(whole.height)


def test_lines_of_a_block_share_one_outline_and_columns_do_not() -> None:
    lines = tuple(Box(72, 100 + 16 * row, 200, 12, WIDTH, HEIGHT) for row in range(3))
    column = Box(330, 100, 200, 12, WIDTH, HEIGHT)
    out = boxes_svg((*lines, column), WIDTH, HEIGHT)
    assert len(rects(out, "pp-fill")) == 4
    assert len(rects(out, "pp-edge")) == 2


def test_boxes_in_another_unit_stand_at_the_same_place() -> None:
    doubled = Box(144, 200, 400, 24, 2 * WIDTH, 2 * HEIGHT)
    one, two = boxes_svg((doubled,), WIDTH, HEIGHT), boxes_svg((Box(72, 100, 200, 12, WIDTH, HEIGHT),), WIDTH, HEIGHT)
    assert one == two


def test_hostile_names_stay_text() -> None:
    name = '\u202e"><script>alert(1)</script>.pdf'
    face = Face('page-1"><i>', "Page 1", 1, 10, 10)
    for out in (picture_html(Shown('f"><b>', name, face)), paper_html(Shown("f", name, face))):
        assert "<script" not in out
        assert "<i>" not in out
        assert "<b>" not in out
        assert "\u202e" not in out
    source = Source("f", name, "document", "file-1", name, "", "", owner="visitor")
    item = Evidence(1, source, Page(1, "", 0, 1), "", "a", "a")
    assert "<script" not in panel(item, NO_FILES)


def test_a_face_without_a_reader_is_made_from_its_key_and_its_boxes() -> None:
    face = made_face("page-7", (line_box(0),))
    assert face == Face("page-7", "Page 7", 7, WIDTH, HEIGHT)
    assert made_face("page-7", ()) is None
    slide = made_face("slide-3", (line_box(0),))
    assert slide is not None
    assert not slide.drawable


def test_the_line_under_an_answer_says_what_was_asked() -> None:
    status = FakeEngine().status()
    both = Asked("both", count=2)
    assert "from 3,616 patterns and 2 of your files by" in status_line(ANSWER, status, both)
    assert "from 1 of your files by" in status_line(ANSWER, status, Asked("files", count=1))
    assert "from 3,616 patterns by" in status_line(ANSWER, status)


def test_files_that_were_still_being_read_are_named_at_the_question() -> None:
    turn = Turn(1, "What?", asked=Asked("both", late=("a<b>.pdf",)))
    assert "Asked without <bdi>a&lt;b&gt;.pdf</bdi>, which is still being read" in turn_html(turn, None)
    more = replace(turn, asked=Asked(late=("a.pdf", "b.pdf")))
    assert "which are still being read" in turn_html(more, None)


def test_a_picture_area_of_the_whole_picture_is_not_cut(tmp_path: Path) -> None:
    wide = Face("picture-1", "Picture", 0, 400, 200)
    out = picture_html(Shown("file-1", "map.png", wide, (Box(10, 10, 20, 10, 400, 200),)))
    assert "cut-top" not in out
    assert "cut-foot" not in out
    area = PictureArea("", 0, 1, (), "")
    source = Source("f", "Map", "document", "file-1", "map.png", "", "", owner="visitor")
    assert "<figure" not in panel(Evidence(1, source, area, "", "North", "North"), NO_FILES)
    assert TextSpan("a", 0, 1).fragment() == "char=0,1"


def test_an_answer_goes_with_the_file_that_it_quotes(files: FakeFiles) -> None:
    card = bring(files, "statutes.pdf")
    item = file_evidence(card, 5)
    quoting = Turn(1, "What?").moved(AnswerReady(replace(ANSWER, evidence=(*ANSWER.evidence, item))))
    seen = Turn(1, "What?").moved(AnswerReady(replace(ANSWER, considered=(item,))))
    other = Turn(2, "What?").moved(AnswerReady(ANSWER))
    for turn in (quoting, seen):
        after = turn.without(card.id)
        assert (after.answer, after.sentences, after.evidence) == (None, (), ())
        assert "This answer quoted a file that has been deleted." in turn_html(after, None)
    assert other.without(card.id) == other
    assert quoting.without("file-other") == quoting
