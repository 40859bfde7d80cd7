"""What a library may be made of: patterns, documents, repositories; and what is answered from each."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import docx
import pytest
from pptx import Presentation

from cml_mm.engine import Engine
from cml_mm.errors import InputError
from cml_mm.settings import Settings, library_names
from cml_mm.types import Document, Lighthouse, Page, Pattern, TextSpan
from tests.support.pdf import flow, write_pdf

STATUTES = (
    ["Statutes of the Harbour Laundry", "The Harbour Laundry is a co-operative of its washers."],
    ["Quorum", "A general meeting can decide when eleven members or a third of them are in the room."],
)


@pytest.fixture
def documents(tmp_path: Path) -> Path:
    """A folder with the kinds of files that a small association keeps."""
    folder = tmp_path / "papers"
    (folder / "minutes").mkdir(parents=True)
    (folder / "statutes.pdf").write_bytes(write_pdf([flow(*lines) for lines in STATUTES]))
    minutes = docx.Document()
    minutes.add_heading("Minutes of the spring meeting", 1)
    minutes.add_paragraph("The boiler fund shall never fall below four thousand francs, the meeting resolved.")
    minutes.save(str(folder / "minutes" / "spring.docx"))
    slides = Presentation()
    slide = slides.slides.add_slide(slides.slide_layouts[1])
    slide.shapes.title.text = "Laundry tour"
    slide.placeholders[1].text = "Visitors are shown the drying loft on the first Sunday."
    slides.save(str(folder / "tour.pptx"))
    (folder / "notes.txt").write_text("Keys\n\nThe spare key of the drying loft hangs behind the third dryer.\n")
    (folder / "page.html").write_text("<h1>Opening hours</h1><p>The laundry opens at six on market days.</p>")
    (folder / "essay.md").write_text("# On soap\n\nSoap from ash was boiled in the yard until the war.\n")
    (folder / "broken.pdf").write_bytes(b"%PDF-1.7 and nothing more")
    return folder


@pytest.fixture
def indexed(settings: Settings, documents: Path, tmp_path: Path) -> Settings:
    index = tmp_path / "index"
    shutil.copytree(settings.index, index)
    made = replace(settings, index=index, libraries=(*settings.libraries, str(documents)))
    Engine.build(made)
    return made


def test_documents_are_indexed_beside_patterns(indexed: Settings) -> None:
    with Engine.open(indexed) as engine:
        status = engine.status()
        assert (status.documents, status.patterns) == (6, 75)
        assert [source.name for source in status.sources] == ["starter", "papers"]
        assert [problem.path for problem in status.problems] == ["broken.pdf"]
        assert status.problems[0].skipped and "." in status.problems[0].message
        for question, slug in (
            ("How many members must be in the room for a quorum at the laundry?", "statutes"),
            ("How low may the boiler fund fall?", "spring"),
            ("Where does the spare key of the drying loft hang?", "notes"),
            ("When does the laundry open on market days?", "page"),
            ("Until when was soap boiled from ash in the yard?", "essay"),
            ("When are visitors shown the drying loft?", "tour"),
        ):
            answer = engine.answer(question)
            assert answer.ranked[0] == slug, question
            assert answer.evidence[0].source.kind == "document"


def test_a_document_is_cited_to_its_page(indexed: Settings) -> None:
    with Engine.open(indexed) as engine:
        answer = engine.answer("How many members must be in the room for a quorum at the laundry?")
        cited = answer.evidence[0]
        assert isinstance(cited.locator, Page)
        assert (cited.locator.number, cited.locator.fragment()) == (2, "page=2")
        page = engine.read("statutes").page
        assert isinstance(page, Document)
        section = next(section for section in page.sections if section.heading == cited.locator.section)
        assert section.page == 2
        assert section.text[cited.locator.start : cited.locator.end] == cited.quote
        assert "eleven members" in cited.quote
        minutes = engine.answer("How low may the boiler fund fall?").evidence[0]
        assert isinstance(minutes.locator, TextSpan)


def test_a_library_of_documents_alone_can_be_asked(settings: Settings, documents: Path, tmp_path: Path) -> None:
    alone = replace(settings, index=tmp_path / "alone", libraries=(str(documents / "statutes.pdf"),))
    assert Engine.build(alone).documents == 1
    with Engine.open(alone) as engine:
        assert engine.answer("When can a general meeting decide?").evidence
        assert engine.answer("Who won the football on Sunday?").status == "not_in_library"
        assert engine.examples() and engine.cards() and engine.find("stat")


def git(folder: Path, *words: str) -> str:
    command = ["git", "-C", str(folder), "-c", "user.name=A", "-c", "user.email=a@example.org", *words]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def test_a_repository_is_indexed_and_kept_up(settings: Settings, tmp_path: Path) -> None:
    repository = tmp_path / "commons"
    shutil.copytree(Path(settings.libraries[0]) / "patterns", repository / "patterns")
    git(tmp_path, "init", "-q", "-b", "main", str(repository))
    git(repository, "add", ".")
    git(repository, "commit", "-q", "-m", "Begin")
    url = repository.as_uri()
    own = replace(settings, index=tmp_path / "index", libraries=library_names(url))
    shutil.copytree(settings.index, own.index)
    first = Engine.build(own)
    assert first.sources[0].commit == git(repository, "rev-parse", "HEAD")
    assert first.sources[0].url == url
    with Engine.open(own) as engine:
        (repository / "patterns" / "open-books.md").unlink()
        git(repository, "commit", "-q", "-am", "Take a page out")
        assert engine.update()
        assert engine.status().patterns == first.patterns - 1
        assert engine.status().sources[0].commit == git(repository, "rev-parse", "HEAD")
        shutil.rmtree(repository)  # out of reach: the copy made before serves, and that is said
        engine.update()
        assert engine.status().patterns == first.patterns - 1
        assert engine.status().sources[0].notice


def test_names_in_the_environment() -> None:
    assert library_names("/a:/b/c") == ("/a", "/b/c")
    both = "https://example.org/x.git#main\n/a"
    assert library_names(both) == ("https://example.org/x.git#main", "/a")
    assert library_names("git@example.org:x/y.git /a") == ("git@example.org:x/y.git", "/a")
    assert library_names("") == ()


def test_adopters_are_answered_with_the_sentence_that_says_so(engine: Engine) -> None:
    uses = engine.answer("What patterns does the Internet Engineering Task Force use?")
    assert {item.source.slug for item in uses.evidence} == {
        "clear-mandate",
        "declared-interests",
        "objections-improve-proposals",
    }
    assert all("Internet Engineering Task Force" in item.quote for item in uses.evidence)
    assert all(sentence.verdict == "supported" for sentence in uses.sentences)
    for item in uses.evidence:
        page = engine.read(item.source.slug).page
        assert isinstance(item.locator, TextSpan)
        section = next(section for section in page.sections if section.heading == item.locator.section)
        assert section.text[item.locator.start : item.locator.end] == item.quote
    assert engine.answer("Which practices has Zorbotron adopted?").status == "not_in_library"


@pytest.mark.parametrize("asked", ["O'Malley Works", "O’Malley Works", "o'malley works"])
def test_an_adopter_with_an_apostrophe_is_found(settings: Settings, tmp_path: Path, asked: str) -> None:
    folder = tmp_path / "library" / "patterns"
    folder.mkdir(parents=True)
    used = "O'Malley Works uses Key Board to keep the keys of its boats."
    (folder / "key-board.md").write_text(
        f"---\nslug: key-board\ntitle: Key Board\n---\n\n## Solution\n\nHang the keys on one board.\n\n"
        f"## Known Uses\n\n{used}\n",
        encoding="utf-8",
    )
    own = replace(settings, index=tmp_path / "index", libraries=(tmp_path / "library",))
    Engine.build(own)
    with Engine.open(own) as engine:
        answer = engine.answer(f"What does {asked} use?")
    assert [item.quote for item in answer.evidence] == [used]


def test_an_adopter_is_told_from_the_pattern_that_bears_its_name(settings: Settings, tmp_path: Path) -> None:
    """A "Rowan Model" can be called Rowan, but what Rowan uses is asked of the firm."""
    library = tmp_path / "library"
    shutil.copytree(settings.libraries[0], library)
    patterns = library / "patterns"
    text = (patterns / "open-books.md").read_text("utf-8")
    model = text.replace("slug: open-books", "slug: rowan-model").replace("title: Open Books", "title: Rowan Model")
    (patterns / "rowan-model.md").write_text(model.replace("id: pat_", "id: pat_r"), encoding="utf-8")
    said = "### Section 6: Known Uses\n\nAt Rowan, a bakery owned by its bakers, the accounts hang beside the oven."
    (patterns / "open-books.md").write_text(text.replace("### Section 6: Known Uses", said), encoding="utf-8")
    own = replace(settings, index=tmp_path / "index", libraries=(str(library),))
    shutil.copytree(settings.index, own.index)
    Engine.build(own)
    with Engine.open(own) as engine:
        answer = engine.answer("What patterns does Rowan use?")
        assert [item.source.slug for item in answer.evidence] == ["open-books"]
        assert "beside the oven" in answer.evidence[0].quote
        assert engine.answer("What is the Rowan Model?").title == "Rowan Model"


def test_who_uses_a_pattern_names_declared_adopters_and_quoted_ones(engine: Engine) -> None:
    answer = engine.answer("Who uses Community Land Trust?")
    said = " ".join(sentence.text for sentence in answer.sentences)
    assert "Champlain Housing Trust has adopted Community Land Trust" in said
    assert "Dudley Street Neighbourhood Initiative" in said
    reading = engine.read("community-land-trust")
    assert {item.adopter for item in reading.adoptions} >= {"Dudley Street Neighbourhood Initiative"}


def test_cards_and_what_is_typed(engine: Engine) -> None:
    cards = engine.cards()
    assert len(cards) == engine.status().patterns + engine.status().lighthouses
    assert [card.title.casefold() for card in cards] == sorted(card.title.casefold() for card in cards)
    assert cards is engine.cards()
    assert engine.find("open bo")[0].slug == "open-books"
    assert engine.find("dugnad") or engine.find("irrigation")  # words of the page, not of its title
    assert engine.find("", limit=5) == cards[:5]
    assert engine.find("zzzzqqq") == ()
    books = next(card for card in cards if card.slug == "open-books")
    assert books.related > 5 and "ENABLES" in books.relation_kinds


def test_pages_of_every_kind_are_read_whole(engine: Engine) -> None:
    pattern = engine.read("Open Books")
    assert isinstance(pattern.page, Pattern) and pattern.outgoing and pattern.incoming
    house = engine.read("mondragon-corporation")
    assert isinstance(house.page, Lighthouse) and house.page.sector and house.page.adopts
    assert {relation.kind for relation in house.outgoing} == {"ADOPTS"}
    with pytest.raises(InputError, match="nothing called"):
        engine.read("no-such-page-here")
