"""The ways in and around: dropping, pasting, the keyboard, a phone, a reload; over the fake engine."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.journey import ask, finished, open_page, overflow, question_box
from tests.e2e.own_files import bring, brought, chip, payload
from tests.support.browser import watched_page
from tests.support.server import Served

pytestmark = pytest.mark.e2e

PDF = payload("statutes.pdf", b"one")
CARRY = """names => { const carried = new DataTransfer();
    for (const name of names) carried.items.add(new File([name], name));
    return carried; }"""


def test_files_are_dropped_anywhere_on_the_page(page: Page) -> None:
    carried = page.evaluate_handle(CARRY, ["statutes.pdf", "minutes.md"])
    page.dispatch_event(".hero", "dragenter", {"dataTransfer": carried})
    expect(page.locator("html")).to_have_attribute("data-drop", "")
    page.dispatch_event(".hero", "drop", {"dataTransfer": carried})
    expect(page.locator("html")).not_to_have_attribute("data-drop", "")
    expect(chip(page, "statutes.pdf").locator(".pick")).to_be_visible()
    expect(chip(page, "minutes.md").locator(".pick")).to_be_visible()


def test_dragging_words_is_no_bringing(page: Page) -> None:
    carried = page.evaluate_handle("() => { const c = new DataTransfer(); c.setData('text/plain', 'x'); return c; }")
    page.dispatch_event(".hero", "dragenter", {"dataTransfer": carried})
    expect(page.locator("html")).not_to_have_attribute("data-drop", "")


def test_a_picture_is_pasted_and_words_stay_words(page: Page) -> None:
    paste = """([files, text]) => {
        const given = new DataTransfer();
        for (const name of files) given.items.add(new File(["x"], name, { type: "image/png" }));
        if (text) given.setData("text/plain", text);
        const event = new ClipboardEvent("paste", { clipboardData: given, bubbles: true, cancelable: true });
        document.querySelector("#cml-ask textarea").dispatchEvent(event);
        return event.defaultPrevented; }"""
    assert page.evaluate(paste, [["image.png"], ""]) is True
    expect(chip(page, "Pasted at").locator(".pick")).to_be_visible()
    assert page.evaluate(paste, [["image.png"], "words from a letter"]) is False
    expect(page.locator("#cml-shelf .fc")).to_have_count(1)


def test_the_keyboard_alone_brings_leaves_out_opens_and_deletes(page: Page) -> None:
    page.on("filechooser", lambda chooser: chooser.set_files([PDF]))  # known to the browser before it is needed
    question_box(page).focus()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Bring files").first).to_be_focused()
    page.keyboard.press("Enter")
    pick = chip(page, "statutes.pdf").locator(".pick")
    expect(pick).to_have_attribute("aria-pressed", "true")
    expect(page.locator("#cml-live")).to_contain_text("statutes.pdf is read, 3 pages")

    pick.focus()
    page.keyboard.press("Space")
    expect(pick).to_have_attribute("aria-pressed", "false")
    expect(page.get_by_role("radio", name="Library")).to_be_checked()  # nothing else is left to ask
    page.keyboard.press("Space")
    expect(page.get_by_role("radio", name="Both")).to_be_checked()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    sheet = page.get_by_role("dialog", name="Your file")
    expect(sheet.get_by_role("heading", name="statutes.pdf")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Open statutes.pdf")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Delete", exact=True)).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Remove statutes.pdf")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    expect(chip(page, "statutes.pdf")).to_have_count(0)
    expect(question_box(page)).to_be_focused()


def test_what_is_asked_follows_the_choice(page: Page) -> None:
    brought(page, PDF, payload("minutes.md", b"two"))
    ask(page, "What helps?")
    expect(finished(page).locator(".status")).to_contain_text("from 3,616 patterns and 2 of your files")
    page.get_by_role("radio", name="My files").check()
    chip(page, "minutes.md").locator(".pick").click()
    ask(page, "What helps now?")
    turn = finished(page)
    expect(turn.locator(".status")).to_contain_text("from 1 of your files")
    expect(turn).to_contain_text("statutes.pdf says it like this")
    expect(turn).not_to_contain_text("minutes.md says")
    page.get_by_role("radio", name="Library").check()
    expect(chip(page, "statutes.pdf").locator(".pick")).to_have_attribute("aria-pressed", "false")
    turn.locator(".next button").first.click()
    expect(page.locator("#cml-past .turn")).to_have_count(2)
    expect(finished(page).locator(".status")).to_contain_text("from 3,616 patterns by")


def test_a_question_does_not_wait_for_a_file_and_says_so(page: Page) -> None:
    bring(page, payload("slow-minutes.pdf", b"three"))
    expect(chip(page, "slow-minutes.pdf")).to_contain_text("Reading page")
    ask(page, "What helps?")
    expect(finished(page).locator(".late")).to_have_text("Asked without slow-minutes.pdf, which is still being read")
    chip(page, "slow-minutes.pdf").get_by_role("button", name="Cancel slow-minutes.pdf").click()
    expect(chip(page, "slow-minutes.pdf")).to_have_count(0)
    page.wait_for_function("() => fetch('files').then(answer => answer.json()).then(got => !got.files.length)")


def test_a_reload_loses_neither_files_nor_what_is_being_read(page: Page) -> None:
    brought(page, PDF)
    bring(page, payload("slow-minutes.pdf", b"four"))
    expect(chip(page, "slow-minutes.pdf")).to_contain_text("Reading page")
    page.get_by_role("radio", name="My files").check()
    page.reload()
    expect(chip(page, "statutes.pdf").locator(".pick")).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_role("radio", name="My files")).to_be_checked()
    expect(chip(page, "slow-minutes.pdf")).to_contain_text("Reading page")
    expect(chip(page, "slow-minutes.pdf").locator(".pick")).to_be_visible()


def test_more_files_than_are_read_at_once_wait_their_turn(page: Page) -> None:
    files = [payload(f"letter-{number}.md", f"{number}".encode()) for number in range(7)]
    brought(page, *files)
    expect(page.locator("#cml-shelf .fc")).to_have_count(7)


def test_the_same_file_again_is_said_and_kept_once(page: Page) -> None:
    brought(page, PDF)
    bring(page, payload("copy.pdf", b"one"))
    expect(page.locator(".fs-notes")).to_contain_text("statutes.pdf was here already")
    expect(page.locator("#cml-shelf .fc")).to_have_count(1)


def test_a_picture_seen_before_leads_to_its_page(page: Page) -> None:
    brought(page, PDF)  # first: what is brought at once may be read in any order
    brought(page, payload("again.png", b"five"))
    page.locator(".fs-notes").get_by_role("button", name="Open that page").click()
    viewer = page.get_by_role("dialog", name="Page 2 of statutes.pdf")
    expect(viewer.locator(".pp-edge rect")).to_be_in_viewport()


def test_a_slide_is_sketched_and_its_words_boxed(page: Page) -> None:
    brought(page, payload("evening.pptx", b"six"))
    page.get_by_role("radio", name="My files").check()
    ask(page, "What of the keys?")
    finished(page).locator("a[data-cite]").first.click()
    item = page.locator(".e.on")
    expect(item.locator(".loc")).to_have_text("Slide 2 of evening.pptx")
    expect(item.locator(".pp-sketch")).to_be_visible()
    expect(item.locator(".pp-edge rect")).to_be_in_viewport()


def test_a_page_that_cannot_be_drawn_any_more_is_a_sentence(page: Page) -> None:
    brought(page, PDF)
    page.get_by_role("radio", name="My files").check()
    ask(page, "What of the keys?")
    finished(page).locator("a[data-cite]").first.click()
    expect(page.locator(".e.on .pp-paper.drawn")).to_be_visible()
    page.evaluate("document.querySelector('.e.on .pp img').dispatchEvent(new Event('error'))")
    expect(page.locator(".e.on .pp-none")).to_contain_text("could not be drawn")
    expect(page.locator(".e.on img")).to_have_count(0)
    expect(page.locator(".e.on mark")).to_be_visible()


def test_everything_about_a_visitor_is_deleted_at_one_click_and_a_yes(page: Page) -> None:
    brought(page, PDF)
    page.get_by_role("button", name="Files and privacy").click()
    page.get_by_role("button", name="Delete everything about me").click()
    page.get_by_role("button", name="Keep everything").click()
    page.get_by_role("button", name="Delete everything about me").click()
    with page.expect_navigation():
        page.get_by_role("button", name="Delete everything", exact=True).click()
    expect(page.locator(".bring")).to_be_visible()
    expect(page.locator("#cml-shelf .fc")).to_have_count(0)
    assert page.evaluate("fetch('files').then(answer => answer.json()).then(got => got.files.length)") == 0


def test_a_file_over_the_limit_is_not_even_sent(page: Page) -> None:
    big = """() => { const carried = new DataTransfer();
        const file = new File(["x"], "film.pdf"); Object.defineProperty(file, "size", { value: 90 * 2 ** 20 });
        carried.items.add(file); Object.defineProperty(carried, "files", { value: [file] }); return carried; }"""
    expect(page.locator(".bring .kept")).to_have_text("a day")
    page.wait_for_function("() => fetch('files').then(answer => answer.ok)")
    page.evaluate("() => window.cmlFiles.refresh()")
    page.dispatch_event(".hero", "drop", {"dataTransfer": page.evaluate_handle(big)})
    expect(page.locator(".fs-notes .note h3")).to_have_text("film.pdf has 90 MB. The limit is 50 MB.")


@pytest.mark.parametrize("width", [320, 390])
def test_a_phone_has_room_for_long_names_in_any_direction(browser: Browser, fake_app: Served, width: int) -> None:
    names = (
        "\u0645\u062d\u0636\u0631 \u0627\u0644\u0627\u062c\u062a\u0645\u0627\u0639.pdf",
        f"{'long-name-' * 14}.pdf",
    )
    touch = {"has_touch": True, "is_mobile": True}
    with watched_page(browser, fake_app.url, (width, 740), **touch) as (page, watch):
        open_page(page, fake_app.url)
        expect(page.get_by_role("button", name="Take a photo")).to_be_visible()
        bring(page, *(payload(name, name.encode()) for name in names))
        expect(page.locator("#cml-shelf .fc .pick")).to_have_count(2)
        assert overflow(page) == 0
        ask(page, "What of the keys?")
        finished(page).locator("a[data-cite]").last.click()
        expect(page.locator("html")).to_have_attribute("data-sheet", "half")
        expect(page.locator(".e.on .pp-edge rect")).to_be_in_viewport()
        assert overflow(page) == 0
        page.locator(".e.on .pp-larger").click()
        expect(page.locator("#cml-viewer .pp-edge rect")).to_be_in_viewport()
        assert overflow(page) == 0
        page.keyboard.press("Escape")
        page.locator(".e.on .src .lnk").click()
        expect(page.locator("#cml-files-one h3")).to_be_visible()
        assert overflow(page) == 0
        page.get_by_role("button", name="All files").filter(visible=True).click()
        page.get_by_role("button", name=f"Delete {names[0]}").click()
        page.locator(".fl-ask").get_by_role("button", name="Delete", exact=True).click()
        expect(page.locator(".fl li")).to_have_count(1)
        watch.check()
