"""Every state of an answer, over the fake engine, which can be slow, hostile or broken on demand."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.journey import ask, finished, newest, open_page, overflow, question_box
from tests.support.browser import watched_page
from tests.support.fake_engine import HOSTILE
from tests.support.server import FAKE, Served, serving

pytestmark = pytest.mark.e2e


def test_the_answer_grows_while_it_is_written_and_the_panel_with_it(page: Page) -> None:
    ask(page, "What helps? (slow)")
    turn = newest(page)
    expect(turn.locator(".steps")).to_contain_text("Writing and checking each sentence")
    expect(turn.locator(".ans span").first).to_contain_text("Start with Visible Work")
    expect(page.locator("#cml-right .e")).to_have_count(1)
    expect(turn).to_have_class(re.compile("busy"))
    citation = turn.locator("a[data-cite]").first
    citation.click()
    expect(page.locator('.e[data-ev="1-1"]')).to_have_class(re.compile("on"))
    expect(turn.locator(".ans span").nth(1)).to_be_visible()
    # What was opened stays open while more is written.
    expect(page.locator('.e[data-ev="1-1"]')).to_have_class(re.compile("on"))
    expect(page.locator('.e[data-ev="1-1"]')).to_be_focused()
    page.get_by_role("button", name="Stop").click()
    finished(page)


def test_stop_keeps_what_was_written(page: Page) -> None:
    ask(page, "What helps? (endless)")
    expect(newest(page).locator(".ans span").first).to_be_visible()
    expect(page.get_by_role("button", name="Ask", exact=True)).to_be_hidden()
    page.get_by_role("button", name="Stop").click()
    turn = finished(page)
    expect(turn.locator(".note")).to_contain_text("What was written so far is kept.")
    expect(turn.locator(".ans")).to_contain_text("Start with Visible Work")
    expect(page.get_by_role("button", name="Ask", exact=True)).to_be_visible()
    turn.get_by_role("button", name="Try again").click()
    expect(page.locator("#cml-past .turn")).to_have_count(1)
    page.get_by_role("button", name="Stop").click()


def test_on_a_phone_the_peek_bar_and_stop_are_seen_while_it_writes(phone: Page) -> None:
    ask(phone, "What helps? (endless)")
    expect(newest(phone).locator(".ans span").first).to_be_visible()
    expect(phone.locator(".rail a").first).to_be_in_viewport()
    expect(phone.get_by_role("heading", name="Evidence", exact=True)).to_be_in_viewport()
    stop = phone.get_by_role("button", name="Stop").bounding_box()
    box = question_box(phone).bounding_box()
    assert stop and box
    assert box["y"] + box["height"] <= stop["y"]  # the question has a row of its own
    assert stop["x"] + stop["width"] <= 390
    assert stop["height"] >= 44
    assert overflow(phone) == 0
    phone.get_by_role("button", name="Stop").click()
    finished(phone)


def test_a_second_question_meanwhile_waits_for_the_first(page: Page) -> None:
    ask(page, "What helps? (endless)")
    question_box(page).fill("And who has done it?")
    question_box(page).press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("One question at a time")
    expect(question_box(page)).to_have_value("And who has done it?")
    page.get_by_role("button", name="Stop").click()
    finished(page)


def test_visitors_wait_in_line_and_are_told_their_place(browser: Browser, fake_app: Served) -> None:
    with (
        watched_page(browser, fake_app.url) as (one, _),
        watched_page(browser, fake_app.url) as (two, _),
        watched_page(browser, fake_app.url) as (three, watch),
    ):
        for page in (one, two, three):
            open_page(page, fake_app.url)
        ask(one, "What helps? (endless)")
        ask(two, "What helps? (endless)")
        expect(newest(two).locator(".steps")).to_contain_text("Writing")
        ask(three, "What helps?")
        expect(newest(three).locator(".note")).to_contain_text("You are first in line")
        # Nobody sees another's question.
        expect(three.locator(".turn")).to_have_count(1)
        one.get_by_role("button", name="Stop").click()
        expect(finished(three).locator(".ans")).to_contain_text("Visible Work")
        two.get_by_role("button", name="Stop").click()
        finished(two)
        watch.check()


def test_leaving_the_line(browser: Browser, fake_app: Served) -> None:
    with (
        watched_page(browser, fake_app.url) as (one, _),
        watched_page(browser, fake_app.url) as (two, _),
        watched_page(browser, fake_app.url) as (three, _),
    ):
        for page in (one, two, three):
            open_page(page, fake_app.url)
            ask(page, "What helps? (endless)")
        expect(newest(three).locator(".note")).to_contain_text("in line")
        three.get_by_role("button", name="Stop").click()
        expect(finished(three).locator(".note")).to_contain_text("Your question is kept.")
        for page in (one, two):
            page.get_by_role("button", name="Stop").click()
            finished(page)


def test_verdicts_are_marked_in_words_and_counted(page: Page) -> None:
    page.locator(".ex").first.click()
    turn = finished(page)
    expect(turn.locator(".ans .pt + .v")).to_contain_text("partly")
    expect(turn.locator(".ans .un + .v")).to_contain_text("no source")
    expect(turn.locator(".tally")).to_contain_text("4 of 6 sentences hold up against their source")
    expect(turn.locator(".tally")).to_contain_text("1 has none")


def test_copy_and_cite_and_why(page: Page) -> None:
    page.locator(".ex").first.click()
    turn = finished(page)
    turn.get_by_role("button", name="Copy").click()
    expect(turn.get_by_role("button", name="Copied")).to_be_visible()
    copied = str(page.evaluate("navigator.clipboard.readText()"))
    assert copied.startswith("## Start with Visible Work")
    assert "[1] Visible Work, Pattern, section “Solution”. Commons Library contributors, CC BY-SA 4.0." in copied
    turn.get_by_role("button", name="Cite").click()
    expect(turn.get_by_role("button", name="Sources copied")).to_be_visible()
    assert str(page.evaluate("navigator.clipboard.readText()")).startswith("[1] Visible Work")
    why = turn.get_by_role("button", name="Why these?")
    expect(turn.locator(".trace")).to_be_hidden()
    why.click()
    expect(why).to_have_attribute("aria-expanded", "true")
    expect(turn.locator(".trace")).to_contain_text("found by your words, meaning")


def test_a_relation_is_drawn_and_said(page: Page) -> None:
    page.locator(".ex").first.click()
    finished(page)
    page.locator('#cml-chat a[data-cite="1-3"]').click()
    path = page.locator('.e[data-ev="1-3"] .path')
    expect(path.locator(".n")).to_have_text(["Role Rotation", "Visible Work", "Gift of Attention"])
    expect(path.locator(".rl")).to_have_text(["REQUIRES", "TENSIONS WITH"])
    expect(path.locator(".tl")).to_have_text(["Written by hand", "Suggested, then approved"])


def test_not_in_the_library_is_a_proper_answer(page: Page) -> None:
    ask(page, "Which cover does a lent van need?")
    note = finished(page).locator(".note")
    expect(note.get_by_role("heading")).to_have_text("That is not in the library")
    expect(note).to_contain_text("The nearest is Tool Library. It does not answer your question.")
    note.get_by_role("button", name="See the nearest pages").click()
    expect(page.locator("#cml-right .more")).to_contain_text("Tool Library")


def test_an_inner_fault_is_told_kindly_and_logged_with_its_reference(page: Page, fake_app: Served) -> None:
    ask(page, "a fault, please")
    note = finished(page).locator(".note")
    expect(note).to_contain_text("Something went wrong here, not with you")
    expect(note).to_contain_text("Your question is kept.")
    reference = note.locator(".mono").inner_text()
    assert re.fullmatch(r"[0-9A-F]{4}", reference)
    expect(page.locator("body")).not_to_contain_text("an inner secret")
    logged = fake_app.log.read_text()
    assert reference in logged
    assert "an inner secret" in logged
    note.get_by_role("button", name="Try again").click()
    expect(page.locator("#cml-past .turn")).to_have_count(1)
    expect(finished(page).locator(".you")).to_contain_text("a fault, please")


def test_a_store_error_shows_its_way_out(page: Page) -> None:
    ask(page, "the store is gone")
    expect(finished(page).locator(".note")).to_contain_text("Run: cml index")


def test_hostile_text_stays_text(page: Page) -> None:
    ask(page, f"hostile {HOSTILE}")
    turn = finished(page)
    expect(turn.locator(".you")).to_contain_text("<script>window.pwned=1</script>")
    expect(turn.locator(".ans")).to_contain_text("<script>window.pwned=1</script>")
    turn.locator("a[data-cite]").first.click()
    turn.get_by_role("button", name="Why these?").click()
    panel = page.locator("#cml-right")
    expect(panel.locator('.e[data-ev="1-1"] mark').first).to_be_visible()
    for scope in ("#cml-left", "#cml-right"):
        assert (
            page.locator(f"{scope} :is(script, iframe, img, style, object, embed, form:not(.reask), link)").count() == 0
        )
        assert page.locator(f"{scope} a:not([href^='#']):not([href^='?view=library'])").count() == 0
    assert page.evaluate("window.pwned") is None
    assert overflow(page) == 0


def test_the_page_serves_before_the_library_is_open(browser: Browser, data: Path) -> None:
    with serving(FAKE, data, {"FAKE_OPENING": "4", "FAKE_PATTERNS": "20"}, ready=False) as served:
        assert served.health() == {"status": "ok", "ready": False, "version": served.health()["version"]}
        with watched_page(browser, served.url) as (page, watch):
            page.goto(served.url)
            expect(page.locator(".st .state")).to_contain_text("Opening the library")
            ask(page, "Asked before it was open: what helps?")
            expect(newest(page).locator(".steps")).to_contain_text("Opening the library")
            expect(finished(page).locator(".ans")).to_contain_text("Visible Work")
            expect(page.locator(".st .state")).to_contain_text("Ready, works offline")
            expect(page.locator("#cml-status")).to_contain_text("starter library, 20 patterns")
            watch.check()
        assert served.health()["ready"] is True


def test_a_lost_connection_is_told(browser: Browser, data: Path) -> None:
    with serving(FAKE, data) as served, watched_page(browser, served.url) as (page, watch):
        open_page(page, served.url)
        ask(page, "What helps? (endless)")
        expect(newest(page).locator(".ans span").first).to_be_visible()
        served.process.kill()
        expect(page.get_by_role("heading", name="The connection was lost")).to_be_visible()
        expect(newest(page).locator(".ans")).to_contain_text("Visible Work")
        assert not watch.outside
