"""The way every visitor goes, over the fake engine and over the real one with the starter library."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.journey import ask, finished, in_view, newest, open_page, overflow, question_box
from tests.support.alone import REFUSED
from tests.support.browser import watched_page
from tests.support.server import Served

pytestmark = pytest.mark.e2e


def test_an_example_leads_to_an_answer_and_a_citation_to_its_lit_quote(any_page: Page) -> None:
    page = any_page
    expect(page.get_by_role("heading", name="Ask the library")).to_be_visible()
    cards = page.locator(".ex")
    expect(cards).to_have_count(3)
    question = cards.first.inner_text()
    cards.first.click()

    turn = finished(page)
    expect(turn.locator(".you")).to_contain_text(question)
    expect(page.get_by_role("heading", name="Ask the library")).to_be_hidden()
    expect(turn.locator(".tally")).to_contain_text("against")
    expect(turn.locator(".status")).to_contain_text("no language model")

    citation = turn.locator("a[data-cite]").first
    citation.click()
    key = citation.get_attribute("data-cite")
    item = page.locator(f'.e[data-ev="{key}"]')
    expect(item).to_be_focused()
    expect(citation).to_have_attribute("aria-current", "true")
    lit = item.locator("mark, .n.lit").first
    expect(lit).to_be_visible()
    assert in_view(page, lit)
    expect(item.locator(".src")).to_contain_text("CC")

    page.keyboard.press("Escape")
    expect(citation).to_be_focused()
    expect(citation).not_to_have_attribute("aria-current", "true")


def test_answers_with_no_network_and_nothing_tries_to_leave(browser: Browser, starter_app: Served) -> None:
    with watched_page(browser, starter_app.url) as (page, watch):
        open_page(page, starter_app.url)
        ask(page, "Citizens are heard too late in our planning process. What would change that?")
        expect(finished(page).locator(".ans")).to_contain_text("Early Hearing")
        watch.check()  # the page asked nobody but the app
    assert REFUSED not in starter_app.log.read_text(errors="replace")  # the app asked nobody at all


def test_every_citation_has_its_evidence_and_its_quote(any_page: Page) -> None:
    page = any_page
    page.locator(".ex").first.click()
    turn = finished(page)
    keys = {a.get_attribute("data-cite") for a in turn.locator("a[data-cite]").all()}
    assert keys
    for key in keys:
        expect(page.locator(f'.e[data-ev="{key}"]').locator("mark, .n.lit").first).to_be_attached()


def test_a_follow_up_folds_the_first_answer_which_opens_again(any_page: Page) -> None:
    page = any_page
    page.locator(".ex").first.click()
    first = finished(page)
    sentence = first.locator(".ans p").first.inner_text()
    follow = first.locator(".next button").first
    asked = follow.inner_text()
    follow.click()

    old = page.locator("#cml-past .turn.old")
    expect(old).to_have_count(1)
    expect(finished(page).locator(".you")).to_contain_text(asked)
    expect(old.locator(".ans")).to_be_hidden()
    old.locator("summary").click()
    expect(old.locator(".ans")).to_be_visible()
    assert old.locator(".ans p").first.inner_text() == sentence

    citation = old.locator("a[data-cite]").first
    citation.click()
    key = citation.get_attribute("data-cite") or ""
    assert key.startswith("1-")
    expect(page.locator(f'.e[data-ev="{key}"]')).to_be_focused()


def test_the_keyboard_alone_goes_all_the_way(any_page: Page) -> None:
    page = any_page
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    expect(question_box(page)).to_be_focused()
    page.keyboard.type("The same three people do all the invisible work.")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("What helps?")
    page.keyboard.press("Enter")
    turn = finished(page)
    expect(turn.locator(".you")).to_contain_text("What helps?")
    expect(page.locator("#cml-live")).to_contain_text("source")

    page.keyboard.press("Shift+Tab")
    for _ in range(60):
        if page.evaluate("!!document.activeElement.dataset.cite"):
            break
        page.keyboard.press("Shift+Tab")
    key = page.evaluate("document.activeElement.dataset.cite")
    assert key
    page.keyboard.press("Enter")
    expect(page.locator(f'.e[data-ev="{key}"]')).to_be_focused()
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.dataset.cite") == key


def test_on_a_phone_a_citation_opens_the_sheet_at_half_height(any_phone: Page) -> None:
    page = any_phone
    assert overflow(page) == 0
    page.locator(".ex").first.click()
    citation = finished(page).locator("a[data-cite]").last
    citation.scroll_into_view_if_needed()
    assert overflow(page) == 0
    sheet = page.locator("#cml-right")
    html = page.locator("html")
    expect(html).to_have_attribute("data-sheet", "peek")

    citation.click()
    expect(html).to_have_attribute("data-sheet", "half")
    item = page.locator(f'.e[data-ev="{citation.get_attribute("data-cite")}"]')
    expect(item).to_be_focused()
    page.wait_for_function("document.getElementById('cml-right').offsetHeight > innerHeight * 0.5")
    expect(item.locator("h3")).to_be_in_viewport()
    assert in_view(page, item.locator("h3"))

    page.locator(".grab:visible").click()
    expect(html).to_have_attribute("data-sheet", "full")
    page.wait_for_function("document.getElementById('cml-right').offsetHeight > innerHeight * 0.9")
    page.get_by_role("button", name="Close evidence").click()
    expect(html).to_have_attribute("data-sheet", "peek")
    expect(citation).to_be_focused()
    expect(sheet.locator(".evb:visible")).to_have_count(0)
    assert overflow(page) == 0


@pytest.mark.parametrize("question", ["", "   \n "])
def test_an_empty_question_gets_a_sentence(any_page: Page, question: str) -> None:
    page = any_page
    question_box(page).fill(question)
    page.get_by_role("button", name="Ask", exact=True).click()
    note = page.get_by_role("alert")
    expect(note).to_have_text("Write a question first, or pick one of the examples.")
    page.wait_for_timeout(1500)  # the step after it, which answers, has nothing to do and must not take it away
    expect(note).to_be_visible()
    expect(newest(page)).to_have_count(0)


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("x" * 50_000, "50,000 characters"),
        ("🌱🌱🌱", "words"),
    ],
)
def test_a_question_that_cannot_be_read_is_kept_and_can_be_edited(any_page: Page, question: str, words: str) -> None:
    page = any_page
    ask(page, question)
    turn = finished(page)
    expect(turn.locator(".note")).to_contain_text(words)
    turn.get_by_role("button", name="Edit the question").click()
    field = turn.get_by_label("This question, edited")  # where it stands: asked again, it takes its own place
    expect(field).to_have_value(question)
    expect(field).to_be_focused()


def test_the_theme_is_the_systems_until_chosen_and_then_stays(any_page: Page) -> None:
    page = any_page
    body = page.locator("body")
    canvas = "getComputedStyle(document.body).backgroundColor"
    assert page.evaluate(canvas) == "rgb(244, 244, 239)"
    page.emulate_media(color_scheme="dark")
    page.wait_for_function("document.body.classList.contains('dark')")
    assert page.evaluate(canvas) == "rgb(18, 23, 21)"
    page.emulate_media(color_scheme="light")
    page.wait_for_function("!document.body.classList.contains('dark')")
    page.get_by_role("button", name="Switch between light and dark").click()
    page.wait_for_function("document.body.classList.contains('dark')")
    page.reload()
    expect(question_box(page)).to_be_visible()
    page.wait_for_function("document.body.classList.contains('dark')")
    assert "dark" in (body.get_attribute("class") or "")
