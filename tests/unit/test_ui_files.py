"""The visitor's files as the page asks for them: what a browser may say, and what the sheet shows."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import pytest

from cml_mm.types import Box
from cml_mm.ui.files_view import FilesView, facts_words, file_html, scope_html, sheet_html, sight_html
from cml_mm.ui.opening import Opening
from cml_mm.ui.turns import Asked
from cml_mm.visits import COOKIE, FileCard, Sight, new_token, visitor_key
from tests.support.fake_engine import FakeEngine

TOKEN = new_token()


@dataclass(frozen=True)
class Asking:
    """A request with this browser's cookie."""

    cookies: Mapping[str, str] = field(default_factory=lambda: {COOKIE: TOKEN})


def bring(engine: FakeEngine, name: str) -> FileCard:
    content = engine.files.inbox() / "arriving"
    content.write_bytes(name.encode())
    card = engine.files.add(visitor_key(TOKEN), name, content, lambda *_: None, lambda: False)
    assert card is not None
    return card


@pytest.fixture
def engine() -> FakeEngine:
    return FakeEngine(pace=0)


@pytest.fixture
def view(engine: FakeEngine) -> FilesView:
    return FilesView(Opening.of(engine))


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        (None, Asked()),
        ("both", Asked()),
        ({"where": "everything"}, Asked()),
        ({"where": ["both"]}, Asked()),
        ({"where": "both", "files": "file-1"}, Asked("both")),
        ({"where": "files", "files": ["file-1", 3, "", None]}, Asked("files", ("file-1",))),
        ({"where": "both", "late": ["minutes.pdf"], "count": 9, "visitor": "x"}, Asked("both", late=("minutes.pdf",))),
    ],
)
def test_what_a_browser_says_is_read_with_care(sent: object, read: Asked) -> None:
    assert Asked.read(sent) == read


def test_what_a_browser_says_is_bounded() -> None:
    asked = Asked.read({"where": "both", "files": ["f" * 999] * 999, "late": ["n" * 999] * 99})
    assert len(asked.files) == 60
    assert len(asked.files[0]) == 80
    assert len(asked.late) == 5
    assert len(asked.late[0]) == 200


def test_one_file_is_shown_with_its_headings_and_their_pages(engine: FakeEngine, view: FilesView) -> None:
    card = bring(engine, "statutes.pdf")
    out = str(view.look({"file": card.id}, Asking())["html"])
    assert "<bdi>statutes.pdf</bdi>" in out
    assert "PDF, 3 pages, 1 kB" in out
    assert "Visible to you only." in out
    assert "Page 3 was read from its picture; check its words." in out
    assert len(re.findall(r'data-act="view" data-file="' + card.id, out)) == 3


def test_pages_are_turned_one_by_one(engine: FakeEngine, view: FilesView) -> None:
    card = bring(engine, "statutes.pdf")
    first = view.face({"file": card.id, "face": "page-1"}, Asking())
    assert (first["words"], first["place"], first["before"], first["after"]) == (
        "Page 1 of statutes.pdf",
        "1 of 3",
        "",
        "page-2",
    )
    last = view.face({"file": card.id, "face": "page-3", "box": "72,300,100,14,612,792"}, Asking())
    assert (last["before"], last["after"]) == ("page-2", "")
    assert 'class="pp-edge"' in last["html"]
    assert f'src="files/{card.id}/faces/page-3"' in last["html"]


@pytest.mark.parametrize("box", ["", "1,2,3", "a,b,c,d,e,f", "1,2,3,4,0,0", "nan,0,0,0,1,1", "1,2,3,4,5,6,7", None, 7])
def test_a_box_that_is_none_lights_nothing(engine: FakeEngine, view: FilesView, box: object) -> None:
    card = bring(engine, "statutes.pdf")
    told = view.face({"file": card.id, "face": "page-1", "box": box}, Asking())
    assert "pp-edge" not in told["html"]


@pytest.mark.parametrize("cookies", [{}, {COOKIE: ""}, {COOKIE: "guess"}, {COOKIE: new_token()}])
def test_nobody_else_is_told_anything(engine: FakeEngine, view: FilesView, cookies: dict[str, str]) -> None:
    card = bring(engine, "statutes.pdf")
    stranger = Asking(cookies)
    nothing = view.look({"file": "file-unknown"}, Asking())
    assert view.look({"file": card.id}, stranger) == nothing
    assert view.face({"file": card.id, "face": "page-1"}, stranger) == nothing
    assert nothing == {"trouble": "This file is no longer here. It may have been deleted. Bring it again."}


@pytest.mark.parametrize("data", [None, [], "x", {"file": None}, {"file": 3, "face": {}}])
def test_nonsense_is_answered_in_a_sentence(view: FilesView, data: object) -> None:
    assert "no longer here" in view.look(data, Asking())["trouble"]
    assert "no longer here" in view.face(data, Asking())["trouble"]


def test_while_the_library_opens_the_words_say_so() -> None:
    closed = FilesView(Opening(lambda _tell: None))  # type: ignore[arg-type,return-value]
    assert closed.look({"file": "file-1"}, Asking()) == {"trouble": "Opening the library. Try again in a moment."}


def test_a_lone_picture_is_shown_itself(engine: FakeEngine, view: FilesView) -> None:
    card = bring(engine, "notice.png")
    out = str(view.look({"file": card.id}, Asking())["html"])
    assert f'src="files/{card.id}/faces/picture-1"' in out
    assert "What is in it" not in out


def test_a_sight_leads_to_the_place_where_the_picture_was_seen() -> None:
    sight = Sight("file-1", "statutes.pdf", "page-7", "Page 7", 40, Box(1, 2, 3, 4, 50, 60))
    out = sight_html(sight)
    assert 'data-file="file-1" data-face="page-7" data-box="1,2,3,4,50,60"' in out
    assert "<bdi>page 7 of statutes.pdf</bdi>" in out


def test_facts_in_words() -> None:
    card = FileCard("f", "a", "ready", 3_500_000, format="pptx", pages=1)
    assert facts_words(card) == "Slides, 1 slide, 3.3 MB"
    assert facts_words(replace(card, format="docx", pages=0, size_bytes=20)) == "Word document, 1 kB"
    assert facts_words(replace(card, format="png", pages=0, size_bytes=2048)) == "Picture, 2 kB"


def test_hostile_names_and_headings_stay_text(engine: FakeEngine) -> None:
    bad = "<script>x</script>\u202e.pdf"
    card = bring(engine, "statutes.pdf")
    read = engine.files.read(visitor_key(TOKEN), card.id)
    sections = tuple(replace(section, heading=bad) for section in read.document.sections)
    read = replace(read, document=replace(read.document, sections=sections))
    sights = (Sight(bad, bad, bad, bad, 1),)
    out = file_html(replace(card, name=bad, title=bad, notices=(bad,), sights=sights), read)
    assert "<script" not in out
    assert "\u202e" not in out


def test_every_control_has_a_name() -> None:
    for out in (sheet_html(), scope_html()):
        for tag, body in re.findall(r"<button([^>]*)>(.*?)</button>", out, re.DOTALL):
            assert "aria-label=" in tag or re.sub(r"<[^>]+>", "", body).strip()
