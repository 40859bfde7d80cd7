"""Who is asking: chips that are read, changed, taken away, and the same question as somebody else."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.e2e.journey import ask, finished, open_page, overflow, question_box
from tests.support.browser import watched_page
from tests.support.server import Served

pytestmark = pytest.mark.e2e

QUESTION = "The same three people in our housing co-op of twelve do everything. What helps?"


def _row(page: Page) -> Locator:
    return page.get_by_role("group", name="Asking as")


def _chips(page: Page) -> Locator:
    return _row(page).locator(".what")


def _asked(page: Page, question: str = QUESTION) -> Locator:
    ask(page, question)
    return finished(page)


def test_what_was_read_is_shown_with_its_words(page: Page) -> None:
    expect(_row(page).get_by_role("button", name="Founder")).to_be_visible()  # before anything is asked
    turn = _asked(page)
    expect(turn.locator(".meant")).to_have_text("Read as Co-op member (“our housing co-op”), Team (“co-op of twelve”)")
    expect(_chips(page)).to_have_text(["Co-op member", "Team"])
    expect(_chips(page).first).to_have_attribute("title", "Read from “our housing co-op”")


def test_a_chip_stays_for_the_next_question_until_it_is_removed(page: Page) -> None:
    _asked(page)
    turn = _asked(page, "And what does that one require?")
    expect(turn.locator(".meant").first).to_have_text("Understood as: And what does Visible Work require?")
    expect(turn.locator(".meant").last).to_contain_text("Co-op member (“our housing co-op”, said earlier)")
    page.get_by_role("button", name="Remove Co-op member").click()
    expect(_chips(page)).to_have_text(["Team"])
    expect(_chips(page).first).to_be_focused()
    turn = _asked(page, "Who cooks in our housing co-op?")  # what was taken away is not read again
    expect(turn.locator(".meant")).to_have_text("Read as Team (“co-op of twelve”, said earlier)")


def test_another_persona_is_chosen_and_the_last_question_asked_again(page: Page) -> None:
    _asked(page)
    expect(page.get_by_role("button", name="Ask the last one again")).to_have_count(0)
    _chips(page).first.click()
    menu = page.get_by_role("dialog", name="Who is asking")
    expect(menu.get_by_role("button", name="Co-op member")).to_have_attribute("aria-pressed", "true")
    expect(menu.get_by_role("button", name="Co-op member")).to_be_focused()
    menu.get_by_role("button", name="City official").click()
    expect(_chips(page)).to_have_text(["City official", "Team"])
    expect(menu.get_by_role("button", name="City official")).to_be_focused()
    page.keyboard.press("Escape")
    expect(menu).to_be_hidden()
    expect(_chips(page).first).to_be_focused()
    expect(page.locator(".as-next")).to_contain_text("The next question is asked as City official, Team.")
    page.get_by_role("button", name="Ask the last one again").click()
    expect(page.locator("#cml-past .turn")).to_have_count(1)
    turn = finished(page)
    expect(turn.locator(".you")).to_contain_text(QUESTION)
    expect(turn.locator(".meant")).to_contain_text("Read as City official (chosen)")
    expect(turn.get_by_role("heading", level=2)).to_have_text("Start with Visible Work Ordinance")
    expect(page.get_by_role("button", name="Ask the last one again")).to_have_count(0)


def test_one_click_asks_again_as_somebody_else(page: Page) -> None:
    _asked(page)
    finished(page).get_by_role("button", name="Ask this again as City official").click()
    expect(page.locator("#cml-past .turn")).to_have_count(1)
    turn = finished(page)
    expect(turn.get_by_role("heading", level=2)).to_have_text("Start with Visible Work Ordinance")
    expect(page.locator("#cml-past .meant")).to_contain_text("Read as Co-op member")
    # Taking the choice back leaves what was read.
    page.get_by_role("button", name="Remove City official").click()
    expect(_chips(page)).to_have_text(["Co-op member", "Team"])


def test_somebody_is_chosen_before_the_first_question(page: Page) -> None:
    _row(page).get_by_role("button", name="Founder").click()
    expect(_chips(page)).to_have_text(["Founder"])
    _row(page).get_by_role("button", name="Add: say more of who is asking").click()
    page.get_by_role("dialog", name="Who is asking").get_by_role("button", name="Team").click()
    expect(_chips(page)).to_have_text(["Founder", "Team"])
    page.locator(".hero h1").click()
    expect(page.get_by_role("dialog", name="Who is asking")).to_be_hidden()
    turn = _asked(page, "What helps?")
    expect(turn.locator(".meant")).to_have_text("Read as Founder (chosen), Team (chosen)")


def test_the_keyboard_alone_changes_who_asks(page: Page) -> None:
    _asked(page)
    _chips(page).first.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")  # from the chosen persona to the next
    page.keyboard.press("Space")
    expect(_chips(page)).to_have_text(["City official", "Team"])
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Remove City official")).to_be_focused()
    page.keyboard.press("Enter")
    expect(_chips(page)).to_have_text(["Co-op member", "Team"])


def test_a_new_conversation_forgets_everything(page: Page) -> None:
    _asked(page)
    _asked(page, "And who has done it?")
    _row(page).get_by_role("button", name="New conversation").click()
    expect(page.locator(".turn")).to_have_count(0)
    expect(page.locator(".hero")).to_be_visible()
    expect(_chips(page)).to_have_count(0)
    expect(question_box(page)).to_be_focused()
    turn = _asked(page, "What helps?")
    expect(turn.locator(".meant")).to_have_count(0)
    expect(page.locator("#cml-past .turn")).to_have_count(0)
    turn.locator("a[data-cite]").first.click()
    expect(page.locator('.e[data-ev="1-1"]')).to_have_class(re.compile("on"))


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [(320, 640), (390, 844), (1440, 1000)])
def test_nothing_overflows_and_targets_are_large_enough(
    browser: Browser, fake_app: Served, size: tuple[int, int], scheme: str
) -> None:
    least = 44 if size[0] <= 760 else 24
    with watched_page(browser, fake_app.url, size, color_scheme=scheme) as (page, watch):
        open_page(page, fake_app.url)
        _asked(page)
        expect(_chips(page)).to_have_count(2)
        assert overflow(page) == 0
        _chips(page).first.click()
        menu = page.get_by_role("dialog", name="Who is asking")
        menu.get_by_role("button", name="Founder").click()
        expect(page.get_by_role("button", name="Ask the last one again")).to_be_visible()
        assert overflow(page) == 0
        box = menu.bounding_box()
        assert box
        assert box["y"] >= 0
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= size[0]
        small = page.locator("#cml-lens button:visible, .as-again button:visible").evaluate_all(
            """(buttons, least) => buttons.map((b) => [b.getAttribute("aria-label") || b.textContent,
                b.getBoundingClientRect().width, b.getBoundingClientRect().height])
                .filter(([, width, height]) => Math.min(width, height) < least)""",
            least,
        )
        assert small == []
        page.keyboard.press("Escape")
        watch.check()


def test_a_hostile_question_shows_its_words_as_words(page: Page) -> None:
    turn = _asked(page, 'Who helps in our <img/src=x/onerror=window.pwned=7> "co-op" or our <b>bold co-op?')
    expect(turn.locator(".ans, .note").first).to_be_visible()
    assert page.locator("#cml-left :is(img, script)").count() == 0
    assert page.evaluate("window.pwned") is None
