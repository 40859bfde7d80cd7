"""Bringing files over the real engine: to the page and the box, across the library, and gone again."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.e2e.journey import ask, finished, in_view, open_page
from tests.e2e.own_files import (
    LEAVING,
    LEAVING_PAGE,
    LEAVING_TOP,
    NOTICE,
    RARE,
    bring,
    brought,
    chip,
    minutes,
    payload,
    places_of,
    scan_pdf,
    statutes_pdf,
)
from tests.support.browser import watched_page
from tests.support.server import Served

pytestmark = pytest.mark.e2e


@pytest.fixture
def page(browser: Browser, starter_app: Served) -> Iterator[Page]:
    """A visitor of their own over the real engine."""
    with visitor(browser, starter_app) as page:
        yield page


@contextmanager
def visitor(browser: Browser, served: Served) -> Iterator[Page]:
    with watched_page(browser, served.url) as (page, watch):
        open_page(page, served.url)
        yield page
        watch.check()


def cited(page: Page, words: str) -> Locator:
    """Opens the citation whose evidence holds these words."""
    item = page.locator(".e").filter(has=page.locator("mark", has_text=words)).first
    expect(item).to_be_attached()
    key = item.get_attribute("data-ev")
    page.locator(f'#cml-chat a[data-cite="{key}"]').first.click()
    expect(item).to_be_focused()
    return item


def drawn(item: Locator) -> Locator:
    """The picture of a page, once it has come."""
    image = item.locator(".pp img")
    expect(item.locator(".pp-paper.drawn")).to_be_visible(timeout=60_000)
    assert image.evaluate("image => image.complete && image.naturalWidth > 300")
    return image


def box_shares(item: Locator) -> tuple[float, float, float, float]:
    """Left, top, right and foot of the outline, in shares of the page, as they are seen."""
    shares = item.evaluate(
        """item => {
            const page = item.querySelector(".pp-paper").getBoundingClientRect();
            const box = item.querySelector(".pp-edge rect").getBoundingClientRect();
            return [(box.left - page.left) / page.width, (box.top - page.top) / page.height,
                    (box.right - page.left) / page.width, (box.bottom - page.top) / page.height];
        }"""
    )
    left, top, right, foot = (float(share) for share in shares)
    return left, top, right, foot


def ink(page: Page, image: Locator, shares: tuple[float, float, float, float]) -> float:
    """The share of dark pixels in a part of the drawn page, from the picture that the server gave."""
    from PIL import Image

    got = page.request.get(page.url.split("?")[0] + str(image.get_attribute("src")))
    assert got.ok
    picture = Image.open(io.BytesIO(got.body())).convert("L")
    left, top, right, foot = shares
    width, height = picture.size
    part = picture.crop((int(left * width), int(top * height), int(right * width), int(foot * height)))
    dark = sum(part.histogram()[:128])
    return dark / (part.width * part.height)


def test_thirty_pages_are_asked_and_the_right_one_shows_with_its_words_boxed(page: Page) -> None:
    brought(page, payload("statutes.pdf", statutes_pdf()))
    expect(chip(page, "statutes.pdf")).to_contain_text("30 pages")
    expect(page.get_by_role("radio", name="Both")).to_be_checked()

    ask(page, "When does a member who leaves receive the loan back?")
    turn = finished(page)
    expect(turn.locator(".status")).to_contain_text("and 1 of your files")
    item = cited(page, LEAVING)
    expect(item.locator(".loc")).to_have_text(f"Page {LEAVING_PAGE} of statutes.pdf")
    expect(item.locator(".src")).to_contain_text("Your file, visible to you only, deleted")

    image = drawn(item)
    expect(image).to_have_attribute("alt", f"Page {LEAVING_PAGE} of statutes.pdf")
    assert in_view(page, item.locator(".pp-edge rect").first)
    left, top, right, foot = box_shares(item)
    baseline = 1 - LEAVING_TOP / 792
    assert abs(left - 72 / 612) < 0.02
    assert top < baseline - 6 / 792
    assert baseline - 0.001 < foot < baseline + 8 / 792
    assert 0.35 < right < 0.8
    assert ink(page, image, (left, top, right, foot)) > 0.05
    assert ink(page, image, (left, 0, right, 0.04)) == 0  # the upper margin, to know that ink is measured


def test_a_scan_is_recognised_and_its_line_boxed(page: Page) -> None:
    brought(page, payload("notice.pdf", scan_pdf()))
    page.get_by_role("radio", name="My files").check()
    ask(page, "When is the boiler switched off?")
    expect(finished(page)).to_contain_text(NOTICE)
    item = cited(page, "boiler")
    expect(item.locator(".loc")).to_have_text("Page 1 of notice.pdf, recognised by OCR")
    image = drawn(item)
    left, top, right, foot = box_shares(item)
    middle = (420 + 22) / 1650  # the second line
    assert top < middle < foot
    assert foot - top < 0.08
    assert abs(left - 150 / 1275) < 0.03
    assert ink(page, image, (left, top, right, foot)) > 0.05


def test_the_large_view_turns_pages_and_gives_the_focus_back(page: Page) -> None:
    brought(page, payload("statutes.pdf", statutes_pdf()))
    ask(page, "When does a member who leaves receive the loan back?")
    finished(page)
    item = cited(page, LEAVING)
    larger = item.get_by_role("button", name=f"Enlarge Page {LEAVING_PAGE} of statutes.pdf")
    larger.click()
    viewer = page.get_by_role("dialog", name=f"Page {LEAVING_PAGE} of statutes.pdf")
    expect(viewer.locator("#cml-viewer-place")).to_have_text(f"{LEAVING_PAGE} of 30")
    expect(viewer.locator(".pp-edge rect")).to_be_in_viewport()
    small = viewer.locator(".pp-paper").evaluate("paper => paper.offsetWidth")
    viewer.get_by_role("button", name="Larger").click()
    assert viewer.locator(".pp-paper").evaluate("paper => paper.offsetWidth") > small
    viewer.get_by_role("button", name="Fit").click()
    assert viewer.locator(".pp-paper").evaluate("paper => paper.offsetWidth") == small
    page.keyboard.press("PageDown")
    after = page.get_by_role("dialog", name=f"Page {LEAVING_PAGE + 1} of statutes.pdf")
    expect(after.locator(".pp-paper.drawn")).to_be_visible(timeout=60_000)
    expect(after.locator(".pp-edge")).to_have_count(0)
    page.keyboard.press("Escape")
    expect(page.locator("#cml-viewer")).to_be_hidden()
    expect(larger).to_be_focused()
    expect(item).to_have_class("e on")  # Escape closed the picture, not the source


def test_one_question_cites_the_file_and_the_library(page: Page) -> None:
    text = "Role Rotation: every chore changes hands at the turn of the quarter, and nobody keeps one for a year."
    brought(page, payload("house-minutes.md", minutes("March", text)))
    ask(page, "Which patterns does our file speak about, and what does it say about role rotation?")
    turn = finished(page)
    cites = turn.locator("a[data-cite]")
    expect(cites.first).to_be_visible()
    ours = page.locator("#cml-evidence .e").filter(has_text="Your file")
    theirs = page.locator("#cml-evidence .e").filter(has_text="CC")
    expect(ours.first).to_be_attached()
    expect(theirs.first).to_be_attached()


def test_a_file_that_is_left_out_is_not_asked(page: Page) -> None:
    brought(
        page,
        payload("north.md", minutes("North", "The north boiler is repaired by Ottilie every October.")),
        payload("south.md", minutes("South", "The south boiler is repaired by Benedikt every April.")),
    )
    pick = chip(page, "south.md").locator(".pick")
    pick.click()
    expect(pick).to_have_attribute("aria-pressed", "false")
    page.get_by_role("radio", name="My files").check()
    ask(page, "Who repairs the boiler?")
    turn = finished(page)
    expect(turn).to_contain_text("Ottilie")
    expect(turn.locator(".status")).to_contain_text("from 1 of your files")
    expect(page.locator("#cml-evidence")).not_to_contain_text("Benedikt")


def test_a_removed_file_is_gone_from_the_page_and_from_the_disk(page: Page, starter_app: Served) -> None:
    everything, word = starter_app.log.parent, "Zephyrine"
    name = f"{word}-statutes.pdf"
    brought(page, payload(name, statutes_pdf(word)))
    ask(page, "When does a member who leaves receive the loan back?")
    expect(finished(page).locator(".ans")).to_contain_text("eighteen months")
    drawn(cited(page, LEAVING))
    held = places_of(everything, word)
    assert any(place.endswith("original") for place in held)
    assert any("sqlite" in place for place in held)

    page.get_by_role("button", name=f"Remove {name}").click()
    page.get_by_role("button", name="Keep it").click()
    expect(chip(page, name)).to_be_visible()
    page.get_by_role("button", name=f"Remove {name}").click()
    page.locator("#cml-shelf").get_by_role("button", name="Delete", exact=True).click()
    expect(chip(page, name)).to_have_count(0)
    expect(page.locator(".fs-scope")).to_be_hidden()
    expect(finished(page)).to_contain_text("This answer quoted a file that has been deleted.")
    expect(page.locator(".e")).to_have_count(0)
    assert places_of(everything, word) == []
    ask(page, "What is Role Rotation?")  # keeps the conversation once more, as it now is
    expect(finished(page).locator(".tally")).to_be_visible()
    assert places_of(everything, word) == []
    page.reload()
    expect(page.locator(".fs-in")).to_be_visible()
    assert page.evaluate("fetch('files').then(answer => answer.json()).then(got => got.files.length)") == 0


def test_reading_is_cancelled_and_leaves_nothing(page: Page, starter_app: Served) -> None:
    bring(page, payload(f"{RARE}-scan.pdf", scan_pdf(pages=60)))
    busy = chip(page, f"{RARE}-scan.pdf")
    expect(busy).to_contain_text("page", timeout=60_000)
    busy.get_by_role("button", name="Cancel").click()
    expect(busy).to_have_count(0)
    page.wait_for_function("() => fetch('files').then(answer => answer.json()).then(got => !got.files.length)")
    assert places_of(starter_app.log.parent, f"{RARE}-scan") == []


def test_what_cannot_be_read_is_said_with_a_way_out(page: Page) -> None:
    bring(page, payload("plan.pdf", b"%PDF-1.4\nnothing of a document"), payload("tune.xyz", bytes(range(256)) * 40))
    notes = page.locator(".fs-notes .note")
    expect(notes).to_have_count(2, timeout=60_000)
    for note in notes.all():
        assert len(note.locator("h3").inner_text()) > 15
        assert len(note.locator("p").inner_text()) > 15
    expect(page.locator(".fs-notes")).to_contain_text("plan.pdf")
    for _ in range(2):
        page.locator(".fs-notes").get_by_role("button", name="Dismiss").first.click()
    expect(notes).to_have_count(0)
    page.reload()
    expect(page.locator(".fs-in")).to_be_visible()
    expect(notes).to_have_count(0)


def test_two_visitors_see_nothing_of_each_other(browser: Browser, page: Page, starter_app: Served) -> None:
    brought(page, payload(f"{RARE}.md", minutes("May", f"The {RARE} key hangs behind the second door.")))
    ask(page, f"Where does the {RARE} key hang?")
    expect(finished(page)).to_contain_text("second door")
    mine = page.evaluate("fetch('files').then(answer => answer.json()).then(got => got.files[0].id)")
    with visitor(browser, starter_app) as other:
        expect(other.locator("#cml-shelf .fc")).to_have_count(0)
        expect(other.locator(".fs-scope")).to_be_hidden()
        brought(other, payload("own.md", minutes("June", "The green key hangs in the hall.")))
        ask(other, f"Where does the {RARE} key hang?")
        expect(finished(other)).not_to_contain_text("second door")
        assert RARE not in other.locator("#cml-right").inner_text()
        assert f"{RARE}.md" not in other.content()
        assert other.request.delete(f"{starter_app.url}files/{mine}").status in {403, 404}
    expect(chip(page, f"{RARE}.md")).to_be_visible()
