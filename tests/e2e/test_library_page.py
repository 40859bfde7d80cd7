"""The Library page as a visitor meets it: browse, type, read, follow, come back. Over the fake engine."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.e2e.journey import ask, finished, in_view, open_page, overflow, question_box
from tests.support.browser import DESKTOP, PHONE, watched_page
from tests.support.fake_library import CARDS
from tests.support.server import FAKE, Served, serving

pytestmark = pytest.mark.e2e


def _search(page: Page) -> Locator:
    return page.get_by_label("Search the library")


def _cards(page: Page) -> Locator:
    return page.locator("#lib-cards .cards a")


def _title(page: Page) -> Locator:
    return page.locator("#cml-reader h1")


def _count(page: Page) -> Locator:
    return page.get_by_role("status").filter(has_text=re.compile("page"))


def _library(page: Page) -> Page:
    """From the Ask page through the tab."""
    page.get_by_role("link", name="Library", exact=True).click()
    expect(_cards(page).first).to_be_visible()
    return page


def _seen(page: Page, url: str, query: str) -> Page:
    page.goto(f"{url}?{query}")
    expect(page.locator("#lib-count")).to_contain_text("page")
    return page


# The tab and the address


def test_the_tab_leads_there_and_the_conversation_is_kept(page: Page) -> None:
    ask(page, "What helps?")
    finished(page)
    question_box(page).fill("Half a question")
    page.evaluate("scrollTo(0, 40)")
    _library(page)
    expect(page.get_by_role("link", name="Library", exact=True)).to_have_attribute("aria-current", "page")
    expect(question_box(page)).to_be_hidden()
    expect(page.locator("main")).to_have_count(1)
    page.get_by_role("link", name="Ask", exact=True).click()
    expect(finished(page).locator(".ans")).to_contain_text("Visible Work")
    expect(question_box(page)).to_have_value("Half a question")
    assert "view=" not in page.url
    page.go_back()
    expect(_cards(page).first).to_be_visible()
    page.go_forward()
    expect(question_box(page)).to_have_value("Half a question")


def test_an_address_opens_what_it_names(browser: Browser, fake_app: Served) -> None:
    with watched_page(browser, fake_app.url) as (page, watch):
        _seen(page, fake_app.url, "view=library&read=role-rotation&section=Solution&q=rot&domain=governance")
        expect(_title(page)).to_have_text("Role Rotation")
        expect(_search(page)).to_have_value("rot")
        expect(_cards(page)).to_have_count(1)
        expect(_cards(page).first).to_have_attribute("aria-current", "page")
        expect(page).to_have_title("Role Rotation, CML library")
        heading = page.get_by_role("heading", name="Solution", exact=True)
        expect(heading).to_be_in_viewport()
        assert in_view(page, heading)
        watch.check()


def test_an_address_that_names_nothing_is_told_and_leads_on(browser: Browser, fake_app: Served) -> None:
    with watched_page(browser, fake_app.url) as (page, watch):
        _seen(page, fake_app.url, "view=library&read=no-such-page")
        expect(page.locator("#cml-reader .note")).to_contain_text("No page is called “no-such-page”")
        page.locator("#cml-reader").get_by_role("link", name="All pages").click()
        expect(_title(page)).to_have_text("The library")
        watch.check()


def test_back_and_forward_go_through_what_was_read(page: Page) -> None:
    _library(page)
    _search(page).fill("rotation")
    expect(_cards(page)).to_have_count(1)
    _cards(page).first.click()
    expect(_title(page)).to_have_text("Role Rotation")
    page.locator("#s-relations").get_by_role("link", name="Deep Craft").click()
    expect(_title(page)).to_have_text("Deep Craft")
    assert page.evaluate("scrollY") == 0
    page.go_back()
    expect(_title(page)).to_have_text("Role Rotation")
    page.wait_for_function("scrollY > 200")  # back where the link was
    page.go_back()
    expect(_title(page)).to_have_text("The library")
    page.go_forward()
    expect(_title(page)).to_have_text("Role Rotation")
    expect(_search(page)).to_have_value("rotation")


# Browse


def test_the_index_narrows_the_list_and_chips_take_it_back(page: Page) -> None:
    _library(page)
    expect(_cards(page)).to_have_count(60)
    index = page.locator("#cml-reader")
    index.get_by_role("button", name="Governance").click()
    index.get_by_role("button", name=re.compile("^Team")).click()
    fitting = [card for card in CARDS if "governance" in card.domains and "Team" in card.personas]
    expect(_cards(page)).to_have_count(len(fitting))
    expect(_count(page)).to_have_text(f"{len(fitting)} of {len(CARDS)} pages")
    expect(index.get_by_role("button", name=re.compile("^Team"))).to_be_focused()
    assert "domain=governance" in page.url
    page.get_by_role("button", name="Remove the filter Governance").click()
    expect(page.locator("#lib-chosen .chip")).to_have_count(1)
    page.go_back()
    expect(_cards(page)).to_have_count(len(fitting))
    page.get_by_role("button", name="Remove all").click()
    expect(_cards(page)).to_have_count(60)


def test_filters_beside_a_page_that_is_read(page: Page) -> None:
    _library(page)
    _cards(page).first.click()
    title = _cards(page).first.locator("b").inner_text()
    expect(_title(page)).to_have_text(title)
    button = page.get_by_role("button", name="Filter", exact=True)
    button.click()
    expect(button).to_have_attribute("aria-expanded", "true")
    group = page.get_by_role("group", name="Takes part in")
    group.get_by_role("button", name="Tensions with").click()
    expect(_cards(page)).to_have_count(4)
    expect(group.get_by_role("button", name="Tensions with")).to_have_attribute("aria-pressed", "true")
    expect(group.get_by_role("button", name="Tensions with")).to_be_focused()
    expect(_title(page)).to_have_text(title)
    page.keyboard.press("Escape")
    expect(group).to_be_hidden()
    expect(button).to_be_focused()


def test_further_cards_come_when_asked_for(page: Page) -> None:
    _library(page)
    assert page.locator("#lib-cards li").count() == 60
    page.get_by_role("button", name=re.compile("^Show the last")).click()
    expect(_cards(page)).to_have_count(len(CARDS))
    expect(_cards(page).nth(60)).to_be_focused()


# Type


def test_typing_finds_and_an_overtaken_answer_is_dropped(page: Page) -> None:
    _library(page)
    with page.expect_response(lambda reply: "slow" in (reply.request.post_data or "")) as overtaken:
        _search(page).fill("slow")
        page.wait_for_function("document.getElementById('lib-cards').getAttribute('aria-busy') === 'true'")
        _search(page).fill("huerta")
        expect(_cards(page)).to_have_count(1)
    overtaken.value.finished()
    page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    expect(_cards(page)).to_have_count(1)
    expect(_cards(page).first).to_contain_text("The Huerta of Valencia")
    expect(_count(page)).to_have_text("1 page")
    page.get_by_role("button", name="Clear the search").click()
    expect(_cards(page)).to_have_count(60)
    expect(_search(page)).to_be_focused()


def test_letters_do_not_fill_the_history(page: Page) -> None:
    _library(page)
    _search(page).press_sequentially("rotation")
    expect(_cards(page)).to_have_count(1)
    page.go_back()
    expect(question_box(page)).to_be_visible()


def test_nothing_found_has_a_way_out_and_a_question(page: Page) -> None:
    _library(page)
    _search(page).fill("zzz nothing")
    note = page.locator("#lib-cards .note")
    expect(note).to_contain_text("No page fits")
    note.get_by_role("button", name="Ask this as a question").click()
    expect(question_box(page)).to_have_value("zzz nothing")
    page.go_back()
    note.get_by_role("button", name="Clear the search").click()
    expect(_cards(page)).to_have_count(60)


def test_a_fault_is_told_and_typing_goes_on(page: Page) -> None:
    _library(page)
    _search(page).fill("fault")
    expect(page.locator("#lib-cards .note")).to_contain_text("Something went wrong here, not with you")
    expect(page.locator("body")).not_to_contain_text("an inner secret")
    _search(page).fill("rotation")
    expect(_cards(page)).to_have_count(1)


# Read


def test_a_page_reads_with_contents_relations_and_adopters(page: Page) -> None:
    _library(page)
    _search(page).fill("rotation")
    expect(_cards(page)).to_have_count(1)
    _cards(page).first.click()
    expect(_title(page)).to_be_focused()
    contents = page.get_by_role("navigation", name="On this page")
    contents.get_by_role("link", name="Relations").click()
    relations = page.locator("#s-relations")
    expect(relations.get_by_role("heading", name="Relations")).to_be_focused()
    assert in_view(page, relations.get_by_role("heading", name="Relations"))
    expect(contents.get_by_role("link", name="Relations")).to_have_attribute("aria-current", "true")
    expect(relations.locator(".rl")).to_have_text(["TENSIONS WITH", "REQUIRES", "ENABLES", "COMPLEMENTS", "RELATED TO"])
    adopters = page.locator("#s-adopters")
    expect(adopters).to_contain_text("The guards are chosen among the irrigators")
    adopters.get_by_role("link", name="The Huerta of Valencia").last.click()
    expect(_title(page)).to_have_text("The Huerta of Valencia")
    assert "section=Story" in page.url


def test_asking_about_a_page_keeps_a_draft(page: Page) -> None:
    question_box(page).fill("My own words")
    _library(page)
    _search(page).fill("rotation")
    expect(_cards(page)).to_have_count(1)
    _cards(page).first.click()
    page.get_by_role("button", name="Ask about this").click()
    expect(question_box(page)).to_be_focused()
    expect(question_box(page)).to_have_value("My own words\nHow do we start with Role Rotation, and what does it need?")
    question_box(page).press("Enter")
    expect(finished(page).locator(".you")).to_contain_text("How do we start with Role Rotation")


def test_the_link_that_is_copied_leads_back(page: Page, browser: Browser, fake_app: Served) -> None:
    _library(page)
    _search(page).fill("rotation")
    expect(_cards(page)).to_have_count(1)
    _cards(page).first.click()
    page.get_by_role("button", name="Copy the link").click()
    expect(page.get_by_role("button", name="Link copied")).to_be_visible()
    link = str(page.evaluate("navigator.clipboard.readText()"))
    with watched_page(browser, fake_app.url) as (other, watch):
        other.goto(link)
        expect(_title(other)).to_have_text("Role Rotation")
        watch.check()


def test_evidence_opens_its_page_at_its_section_and_back_returns(page: Page) -> None:
    page.locator(".ex").first.click()
    finished(page).locator('a[data-cite="1-2"]').first.click()
    link = page.locator('.e[data-ev="1-2"] h3 a')
    link.click()
    expect(_title(page)).to_have_text("Role Rotation")
    heading = page.get_by_role("heading", name="Solution", exact=True)
    expect(heading).to_be_focused()
    assert in_view(page, heading)
    page.go_back()
    expect(finished(page).locator(".ans")).to_be_visible()
    expect(link).to_be_focused()


def test_hostile_text_stays_text(page: Page) -> None:
    _library(page)
    page.get_by_role("button", name=re.compile("^Show the last")).click()
    card = page.locator('#lib-cards a[data-page="hostile-page"]')
    expect(card).to_contain_text("<script>window.pwned=1</script>")
    card.click()
    expect(_title(page)).to_contain_text("<script>window.pwned=1</script>")
    scope = "#cml-library"
    assert page.locator(f"{scope} :is(script, iframe, img, style, object, embed, form, link)").count() == 0
    assert page.locator(f"{scope} a:not([href^='#']):not([href^='?view=library'])").count() == 0
    assert page.evaluate("window.pwned") is None
    assert overflow(page) == 0
    page.locator("#lib-filter").click()
    page.locator("#lib-choices .chip", has_text="window.pwned").click()
    expect(_cards(page)).to_have_count(1)
    page.get_by_role("button", name="Ask about this").click()
    expect(question_box(page)).to_have_value(re.compile("window.pwned=1"))
    assert page.evaluate("window.pwned") is None


# About


def test_about_this_library(page: Page) -> None:
    page.get_by_role("link", name="3,616 patterns").click()
    expect(_title(page)).to_have_text("About this library")
    assert "about=1" in page.url
    about = page.locator("#cml-reader")
    expect(about).to_contain_text("commit 0f3a9c2 of 9 October 2026")
    expect(about.get_by_role("link", name="https://example.org/commons-library")).to_have_attribute(
        "rel", "noopener noreferrer"
    )
    mended = about.locator("details", has_text="it was mended")
    mended.locator("summary").click()
    expect(mended).to_contain_text("patterns/b.md")
    page.reload()
    expect(_title(page)).to_have_text("About this library")


# Keyboard, phone, dark, zoom


def test_the_keyboard_alone_goes_all_the_way(page: Page) -> None:
    page.keyboard.press("Tab")
    for _ in range(6):
        if page.evaluate("document.activeElement.dataset.lib") == "to-library":
            break
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(_cards(page).first).to_be_visible()
    page.keyboard.press("/")
    expect(_search(page)).to_be_focused()
    page.keyboard.type("wa")
    expect(_count(page)).to_contain_text("nearest first")
    page.keyboard.press("ArrowDown")
    expect(_cards(page).first).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(_cards(page).nth(1)).to_be_focused()
    page.keyboard.press("End")
    expect(_cards(page).last).to_be_focused()
    page.keyboard.press("Home")
    page.keyboard.press("ArrowUp")
    expect(_search(page)).to_be_focused()
    page.keyboard.press("ArrowDown")
    title = _cards(page).first.locator("b").inner_text()
    page.keyboard.press("Enter")
    expect(_title(page)).to_have_text(title)
    expect(_title(page)).to_be_focused()
    page.keyboard.press("Escape")
    expect(_cards(page).first).to_be_focused()
    expect(_title(page)).to_have_text("The library")
    page.keyboard.press("Escape")
    expect(_search(page)).to_be_focused()
    page.keyboard.press("Escape")
    expect(_search(page)).to_have_value("")
    expect(_cards(page)).to_have_count(60)


def test_the_first_tab_stop_leads_to_the_search(browser: Browser, fake_app: Served) -> None:
    with watched_page(browser, fake_app.url) as (page, watch):
        _seen(page, fake_app.url, "view=library")
        page.keyboard.press("Tab")
        expect(page.get_by_role("link", name="Go to the search")).to_be_focused()
        page.keyboard.press("Enter")
        expect(_search(page)).to_be_focused()
        watch.check()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_on_a_phone_the_list_and_the_page_take_turns(browser: Browser, fake_app: Served, scheme: str) -> None:
    options = {"color_scheme": scheme, "has_touch": True, "is_mobile": True}
    with watched_page(browser, fake_app.url, PHONE, **options) as (page, watch):
        open_page(page, fake_app.url)
        _library(page)
        assert overflow(page) == 0
        expect(page.locator("#cml-reader")).to_be_hidden()
        card = _cards(page).nth(20)
        card.scroll_into_view_if_needed()
        name = card.locator("b").inner_text()
        card.click()
        expect(_title(page)).to_have_text(name)
        expect(_cards(page).first).to_be_hidden()
        assert page.evaluate("scrollY") == 0
        page.locator("#cml-reader").get_by_role("link", name="All pages").click()
        expect(card).to_be_in_viewport()
        expect(card).to_be_focused()
        page.go_back()
        expect(_title(page)).to_have_text(name)
        page.go_back()
        page.get_by_role("link", name="About this library").click()
        expect(_title(page)).to_have_text("About this library")
        assert overflow(page) == 0
        page.goto(f"{fake_app.url}?view=library&read=role-rotation")
        contents = page.get_by_role("button", name="On this page")
        expect(contents).to_have_attribute("aria-expanded", "false")
        expect(page.locator("#toc-list")).to_be_hidden()
        contents.click()
        page.locator("#toc-list").get_by_role("link", name="Solution").click()
        assert in_view(page, page.get_by_role("heading", name="Solution", exact=True))
        assert overflow(page) == 0
        for control in page.locator("#cml-reader :is(button, .to-list a):visible").all():
            box = control.bounding_box()
            assert box and box["height"] >= 44
        surface = page.evaluate("getComputedStyle(document.getElementById('cml-reader')).backgroundColor")
        assert surface == ("rgb(25, 31, 28)" if scheme == "dark" else "rgb(253, 253, 251)")
        watch.check()


@pytest.mark.parametrize("query", ["", "read=role-rotation", "read=hostile-page", "about=1", "q=zzz"])
@pytest.mark.parametrize("size", [(320, 640), (720, 500), (1100, 700), DESKTOP])
def test_nothing_is_wider_than_the_window(
    browser: Browser, fake_app: Served, size: tuple[int, int], query: str
) -> None:
    """320 px is a desktop at 400 %, 720 px one at 200 %."""
    with watched_page(browser, fake_app.url, size) as (page, watch):
        _seen(page, fake_app.url, f"view=library&{query}")
        expect(page.locator("#cml-reader .rd")).to_be_attached()
        assert overflow(page) == 0
        watch.check()


# Opening, and losing the connection


def test_opening_is_told_without_widening_a_narrow_window(browser: Browser, data: Path) -> None:
    with (
        serving(FAKE, data, {"FAKE_OPENING": "4"}, ready=False) as served,
        watched_page(browser, served.url, (320, 640)) as (page, watch),
    ):
        page.goto(f"{served.url}?view=library")
        expect(page.locator(".st .state")).to_contain_text("Opening the library")
        expect(page.locator(".st .state")).to_be_visible()
        assert overflow(page) == 0
        watch.check()


def test_while_the_library_is_opened_the_page_says_so(browser: Browser, data: Path) -> None:
    with (
        serving(FAKE, data, {"FAKE_OPENING": "4"}, ready=False) as served,
        watched_page(browser, served.url) as (page, watch),
    ):
        page.goto(f"{served.url}?view=library&read=role-rotation")
        expect(page.locator("#lib-count")).to_contain_text("Opening the library")
        expect(_search(page)).to_be_visible()
        expect(_title(page)).to_have_text("Role Rotation")
        expect(_cards(page)).to_have_count(60)
        watch.check()


def test_a_lost_connection_is_told_and_what_is_read_is_kept(browser: Browser, data: Path) -> None:
    with serving(FAKE, data) as served, watched_page(browser, served.url) as (page, watch):
        _seen(page, served.url, "view=library&read=role-rotation")
        expect(_title(page)).to_have_text("Role Rotation")
        served.process.kill()
        _search(page).fill("water")
        expect(page.locator("#lib-cards .note")).to_contain_text("The connection was lost")
        expect(_title(page)).to_have_text("Role Rotation")
        assert not watch.outside
