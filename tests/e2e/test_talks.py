"""Conversations that are kept, edited and handed out, over the real engine and the starter library.

CML_SHOTS names a folder for pictures of what was seen on the way.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from tests.e2e.journey import ask, finished, in_view, newest, open_page, overflow, question_box
from tests.e2e.own_files import brought
from tests.support.browser import DESKTOP, PHONE, watched_page
from tests.support.server import REAL, Served, serving

pytestmark = pytest.mark.e2e

ROTATION = "What does Role Rotation require?"
BOOKS = "What does Open Books enable?"


@pytest.fixture
def starter(browser: Browser, starter_app: Served) -> Iterator[Page]:
    """A visitor at a desk, over the starter library."""
    with watched_page(browser, starter_app.url) as (page, watch):
        open_page(page, starter_app.url)
        yield page
        watch.check()


def _shoot(page: Page, name: str, whole: bool = False) -> None:
    if folder := os.environ.get("CML_SHOTS"):
        dark = "dark" if page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches") else "light"
        width = page.viewport_size["width"] if page.viewport_size else 0
        page.screenshot(path=Path(folder) / f"talks-{name}-{width}-{dark}.png", full_page=whole)


def _asked(page: Page, question: str) -> Locator:
    """Asks, and waits until the answer stands and is kept."""
    ask(page, question)
    turn = finished(page)
    page.wait_for_function("document.documentElement.dataset.talk")
    return turn


def _sheet(page: Page) -> Locator:
    return page.get_by_role("dialog", name="Conversations")


def _rows(page: Page) -> Locator:
    return _sheet(page).locator("#tk-list li")


def _open_list(page: Page, count: int) -> Locator:
    page.get_by_role("button", name="Conversations", exact=True).click()
    expect(_rows(page)).to_have_count(count)
    return _sheet(page)


def _answers(page: Page) -> list[str]:
    return page.locator(".turn .ans").all_text_contents()


def _new_conversation(page: Page) -> None:
    page.locator(".as-new").click()
    expect(page.locator(".turn")).to_have_count(0)


def test_a_conversation_is_resumed_after_a_reload_as_it_was(starter: Page) -> None:
    page = starter
    _asked(page, ROTATION)
    _asked(page, "And what does that enable?")
    before, panel = _answers(page), page.locator("#cml-right .e").count()
    page.reload()
    expect(question_box(page)).to_be_visible()
    expect(page.locator(".turn")).to_have_count(0)
    _shoot(page, "offer")
    page.get_by_role("button", name=f"Go on with: {ROTATION}").click()
    expect(page.locator("#cml-past .turn")).to_have_count(1)
    expect(newest(page)).to_be_focused()
    assert _answers(page) == before
    expect(page.locator("#cml-right .e")).to_have_count(panel)

    citation = newest(page).locator("a[data-cite]").first
    citation.click()
    item = page.locator(f'.e[data-ev="{citation.get_attribute("data-cite")}"]')
    expect(item).to_be_focused()
    lit = item.locator("mark, .n.lit").first
    expect(lit).to_be_visible()
    assert in_view(page, lit)
    page.locator("#cml-past summary").click()
    page.locator("#cml-past a[data-cite]").first.click()
    expect(page.locator('.e[data-ev="1-1"]')).to_be_focused()

    page.keyboard.press("Escape")
    turn = _asked(page, "And who uses that?")  # understood from what was resumed
    expect(turn.locator(".meant").first).to_contain_text("Understood as: ")
    expect(turn.locator(".meant").first).not_to_contain_text("that?")
    _open_list(page, 1)
    expect(_rows(page).first).to_contain_text("3 questions")


def test_the_list_marks_the_open_one_and_opens_another(starter: Page) -> None:
    page = starter
    _asked(page, ROTATION)
    _new_conversation(page)
    expect(page.get_by_role("button", name=f"Go on with: {ROTATION}")).to_be_visible()
    _asked(page, BOOKS)
    sheet = _open_list(page, 2)
    expect(sheet.get_by_role("heading", name="Conversations")).to_be_focused()
    here = sheet.locator('[aria-current="true"]')
    expect(here).to_have_count(1)
    expect(here).to_contain_text(BOOKS)
    _shoot(page, "list")
    sheet.get_by_role("button", name=ROTATION).first.click()
    expect(sheet).to_be_hidden()
    expect(newest(page).locator(".asked")).to_contain_text(ROTATION)
    expect(newest(page)).to_be_focused()
    expect(page.locator("#cml-past .turn")).to_have_count(0)
    sheet = _open_list(page, 2)
    expect(sheet.locator('[aria-current="true"]')).to_contain_text(ROTATION)
    page.mouse.click(20, 400)  # beside it
    expect(sheet).to_be_hidden()

    page.get_by_role("link", name="Library", exact=True).click()
    expect(page.locator("#lib-search")).to_be_visible()
    _open_list(page, 2).get_by_role("button", name=BOOKS).first.click()
    expect(newest(page).locator(".asked")).to_contain_text(BOOKS)
    expect(newest(page)).to_be_in_viewport()


def test_a_name_is_changed_in_place(starter: Page) -> None:
    page = starter
    _asked(page, ROTATION)
    sheet = _open_list(page, 1)
    sheet.get_by_role("button", name=f"Rename, print or delete: {ROTATION}").click()
    sheet.get_by_role("button", name="Rename", exact=True).click()
    field = sheet.get_by_label("New name")
    expect(field).to_be_focused()
    field.fill("Something else")
    page.keyboard.press("Escape")  # one step back, and nothing is changed
    expect(field).to_be_hidden()
    expect(sheet).to_be_visible()
    expect(sheet.get_by_role("button", name="Rename", exact=True)).to_be_focused()
    expect(_rows(page).first).to_contain_text(ROTATION)

    sheet.get_by_role("button", name="Rename", exact=True).click()
    field.fill("  ")
    field.press("Enter")
    expect(page.locator("#tk-said")).not_to_be_empty()
    expect(field).to_be_focused()
    field.fill("Chores <b>& keys</b>")
    _shoot(page, "rename")
    field.press("Enter")
    name = sheet.get_by_role("button", name="Chores <b>& keys</b>").first
    expect(name).to_be_focused()
    page.keyboard.press("Escape")
    _asked(page, "And who uses it?")  # what is kept next does not take the name back
    expect(_open_list(page, 1).locator(".tk-open b")).to_have_text("Chores <b>& keys</b>")
    page.reload()
    expect(page.get_by_role("button", name="Go on with: Chores <b>& keys</b>")).to_be_visible()


def test_deleting_asks_once_and_then_it_is_gone(starter: Page) -> None:
    page = starter
    _asked(page, ROTATION)
    _new_conversation(page)
    _asked(page, BOOKS)
    sheet = _open_list(page, 2)
    row = _rows(page).filter(has_text=ROTATION)
    row.get_by_role("button", name="Rename, print or delete").click()
    row.get_by_role("button", name="Delete", exact=True).click()
    expect(row.get_by_role("button", name="Keep it")).to_be_focused()
    _shoot(page, "delete")
    page.keyboard.press("Enter")
    expect(_rows(page)).to_have_count(2)
    expect(row.get_by_role("button", name="Delete", exact=True)).to_be_focused()
    page.keyboard.press("Enter")
    row.get_by_role("button", name="Delete it").click()
    expect(_rows(page)).to_have_count(1)
    expect(sheet.get_by_role("button", name=BOOKS).first).to_be_focused()
    expect(newest(page).locator(".asked")).to_contain_text(BOOKS)  # the other one stays on the page

    open_one = _rows(page).first
    open_one.get_by_role("button", name="Rename, print or delete").click()
    open_one.get_by_role("button", name="Delete", exact=True).click()
    open_one.get_by_role("button", name="Delete it").click()
    expect(_rows(page)).to_have_count(0)
    expect(sheet).to_contain_text("Nothing here yet")
    page.keyboard.press("Escape")
    expect(page.locator(".turn")).to_have_count(0)
    page.reload()
    expect(question_box(page)).to_be_visible()
    expect(page.locator(".go")).to_have_count(0)


def test_it_is_still_there_after_the_app_was_restarted(browser: Browser, tmp_path: Path) -> None:
    with serving(REAL, tmp_path) as first, watched_page(browser, first.url) as (page, watch):
        open_page(page, first.url)
        _asked(page, ROTATION)
        _asked(page, "And who uses it?")
        before = _answers(page)
        cookies = page.context.cookies()
        watch.check()
    with serving(REAL, tmp_path) as second, watched_page(browser, second.url) as (page, watch):
        _bring_cookies(page.context, cookies, second)
        open_page(page, second.url)
        page.get_by_role("button", name=f"Go on with: {ROTATION}").click()
        expect(page.locator("#cml-past .turn")).to_have_count(1)
        assert _answers(page) == before
        watch.check()


def _bring_cookies(context: BrowserContext, cookies: list, served: Served) -> None:  # type: ignore[type-arg]
    """The browser as it was; the app only has another port."""
    assert cookies
    context.add_cookies([{"name": one["name"], "value": one["value"], "url": served.url} for one in cookies])


def test_an_earlier_question_is_edited_and_both_conversations_stay(starter: Page) -> None:
    page = starter
    _asked(page, ROTATION)
    _asked(page, "And who uses it?")
    before = _answers(page)
    first = page.locator("#cml-past .turn")
    first.get_by_role("button", name="Edit", exact=True).click()
    field = first.get_by_label("This question, edited")
    expect(field).to_be_focused()
    expect(field).to_have_value(ROTATION)
    page.keyboard.press("Escape")
    expect(field).to_be_hidden()
    expect(first.get_by_role("button", name="Edit", exact=True)).to_be_focused()
    page.keyboard.press("Enter")
    field.fill(BOOKS)
    _shoot(page, "edit")
    first.get_by_role("button", name="Ask again").click()

    expect(page.locator("#cml-past .turn")).to_have_count(0)
    expect(finished(page).locator(".asked")).to_contain_text(BOOKS)
    expect(finished(page).locator(".ans")).to_contain_text("Open Books")
    expect(page.locator("#cml-live")).to_contain_text("source")
    sheet = _open_list(page, 2)
    expect(sheet.locator('[aria-current="true"]')).to_contain_text(BOOKS)
    expect(sheet.locator('[aria-current="true"]')).to_contain_text("1 question")
    sheet.get_by_role("button", name=ROTATION).first.click()
    expect(page.locator("#cml-past .turn")).to_have_count(1)
    assert _answers(page) == before

    # The newest, asked again as it is: what was answered before is not lost either.
    here = page.evaluate("document.documentElement.dataset.talk")
    newest(page).get_by_role("button", name="Edit", exact=True).click()
    page.keyboard.press("Enter")
    page.wait_for_function("here => ![undefined, here].includes(document.documentElement.dataset.talk)", arg=here)
    expect(finished(page).locator(".asked")).to_contain_text("And who uses it?")
    expect(page.locator(".reask:visible")).to_have_count(0)
    _open_list(page, 3)


def test_an_edited_question_without_an_answer_leaves_nothing_behind(starter: Page) -> None:
    page = starter
    _asked(page, ROTATION)
    ask(page, "!!! ???")
    finished(page).get_by_role("button", name="Edit the question").click()
    field = newest(page).get_by_label("This question, edited")
    expect(field).to_be_focused()
    field.fill("And who uses it?")
    field.press("Enter")
    expect(page.locator("#cml-past .turn")).to_have_count(1)
    expect(finished(page).locator(".asked")).to_contain_text("And who uses it?")
    expect(_open_list(page, 1).locator(".meta")).to_contain_text("2 questions")


def test_two_windows_of_one_conversation_never_lose_a_question(starter: Page) -> None:
    one = starter
    _asked(one, ROTATION)
    two = one.context.new_page()
    open_page(two, one.url)
    two.get_by_role("button", name=f"Go on with: {ROTATION}").click()
    expect(newest(two)).to_be_visible()
    _asked(two, "And who uses it?")
    _asked(one, "And what does it enable?")
    _open_list(one, 2)
    expect(_rows(one).locator(".meta").filter(has_text="2 questions")).to_have_count(2)
    two.close()


def test_the_handout_leads_from_every_citation_to_its_evidence(starter: Page) -> None:
    page = starter
    _asked(page, ROTATION)
    _asked(page, "And who uses it?")
    sheet = _open_list(page, 1)
    _rows(page).get_by_role("button", name="Rename, print or delete").click()
    with page.expect_popup() as opened:
        sheet.get_by_role("link", name=f"Print: {ROTATION}").click()
    paper = opened.value
    expect(paper.get_by_role("heading", level=1)).to_have_text(ROTATION)
    expect(paper.locator("article")).to_have_count(2)
    assert paper.locator("script").count() == 0
    for article in paper.locator("article").all():
        links = {link.get_attribute("href") or "" for link in article.locator(".ans a.c").all()}
        assert links
        for link in links:
            assert paper.locator(link).locator("mark, .n.lit").count(), link
    cited = paper.locator("article").nth(1).locator(".ans a.c").first
    cited.click()
    target = paper.locator(cited.get_attribute("href") or "")
    expect(target).to_be_in_viewport()
    target.locator("a.c").first.click()
    assert re.search(r"#s-2-\d+$", paper.url)
    expect(paper.locator("footer")).to_contain_text("CC")
    expect(paper.locator(".by").first).to_contain_text("no language model")
    _shoot(paper, "handout", whole=True)
    for width, scheme in ((390, "dark"), (320, "light")):
        paper.set_viewport_size({"width": width, "height": 844})
        paper.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        assert overflow(paper) == 0
        _shoot(paper, "handout", whole=True)
    paper.emulate_media(media="print", color_scheme="dark")
    assert paper.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert paper.evaluate("getComputedStyle(document.querySelector('.ans')).color") == "rgb(0, 0, 0)"
    paper.close()


def test_the_handout_is_saved_as_markdown_whole_or_one_answer(starter: Page) -> None:
    page = starter
    _asked(page, ROTATION)
    turn = _asked(page, "And who uses it?")
    with page.expect_download() as one:
        turn.get_by_role("button", name="Markdown").click()
    alone = Path(one.value.path()).read_text(encoding="utf-8")
    assert "## 2. And who uses it?" in alone
    assert ROTATION not in alone.splitlines()[0]
    sheet = _open_list(page, 1)
    _rows(page).get_by_role("button", name="Rename, print or delete").click()
    with page.expect_download() as every:
        sheet.get_by_role("link", name=f"Markdown: {ROTATION}").click()
    assert every.value.suggested_filename.endswith(".md")
    whole = Path(every.value.path()).read_text(encoding="utf-8")
    assert whole.startswith(f"# {ROTATION}\n")
    for part in (f"## 1. {ROTATION}", "## 2. And who uses it?", "\n> ", "### Evidence", "CC"):
        assert part in whole
    page.keyboard.press("Escape")
    with page.expect_popup() as opened:
        turn.get_by_role("button", name="Print").click()
    expect(opened.value.locator("article")).to_have_count(1)
    expect(opened.value.get_by_role("heading", level=1)).to_have_text("And who uses it?")
    opened.value.close()


def test_a_page_of_a_file_is_handed_out_with_its_words_lit(page: Page) -> None:
    brought(page, {"name": "statutes.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 our own"})
    expect(page.get_by_role("radio", name="Both")).to_be_checked()
    turn = _asked(page, "What do our statutes say?")
    expect(turn.locator(".ans")).to_contain_text("statutes.pdf says")
    with page.expect_popup() as opened:
        turn.get_by_role("button", name="Print").click()
    paper = opened.value
    picture = paper.get_by_alt_text("Page 2 of statutes.pdf")
    expect(picture).to_be_visible()
    assert picture.evaluate("async image => { await image.decode(); return image.naturalWidth > 0 }")
    box = paper.locator(".pp-fill rect").first.bounding_box()
    seen = paper.locator(".pp").first.bounding_box()
    assert box and seen
    assert seen["y"] <= box["y"]
    assert box["y"] + box["height"] <= seen["y"] + seen["height"]
    _shoot(paper, "handout-file", whole=True)
    paper.close()


def test_without_cookies_nothing_is_kept_and_nothing_breaks(starter: Page) -> None:
    page = starter
    page.context.clear_cookies()
    ask(page, ROTATION)
    turn = finished(page)
    expect(turn.locator(".ans")).to_contain_text("Role Rotation")
    expect(turn.get_by_role("button", name="Print")).to_be_hidden()
    page.get_by_role("button", name="Conversations", exact=True).click()
    expect(_sheet(page)).to_contain_text("keeps no cookies")


def test_many_conversations_are_searched_by_name(page: Page) -> None:
    for number in range(11):
        _asked(page, f"What helps group {number} with its chores?")
        _new_conversation(page)
    sheet = _open_list(page, 11)
    search = sheet.get_by_label("Search the conversations")
    search.fill("GROUP 7")
    expect(_rows(page).locator("visible=true").locator("b")).to_have_text(["What helps group 7 with its chores?"])
    expect(page.locator("#tk-said")).to_have_text("1 of 11 conversations")
    _shoot(page, "search")
    search.fill("zebra")
    expect(sheet.locator(".tk-no")).to_be_visible()


def test_while_an_answer_is_written_the_conversation_stays(page: Page) -> None:
    _asked(page, "What helps?")
    ask(page, "And then? (endless)")
    expect(newest(page).locator(".ans span").first).to_be_visible()
    expect(page.locator(".ed:visible")).to_have_count(0)
    sheet = _open_list(page, 1)
    sheet.get_by_role("button", name="New conversation").click()
    expect(page.locator("#tk-said")).to_contain_text("One question at a time")
    sheet.get_by_role("button", name="What helps?").first.click()
    expect(sheet).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Stop").click()
    finished(page)
    expect(page.locator("#cml-past .turn")).to_have_count(1)


def test_the_keyboard_alone_finds_opens_and_edits(starter: Page) -> None:
    page = starter
    _asked(page, ROTATION)
    _new_conversation(page)
    page.get_by_role("button", name="Conversations", exact=True).focus()
    page.keyboard.press("Enter")
    expect(_rows(page)).to_have_count(1)
    for _ in range(3):  # new conversation, close, the conversation
        page.keyboard.press("Tab")
    expect(_rows(page).locator(".tk-open")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Conversations", exact=True)).to_be_focused()
    page.keyboard.press("Enter")
    expect(_rows(page)).to_have_count(1)
    for _ in range(3):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(newest(page)).to_be_focused()
    page.keyboard.press("Tab")
    expect(newest(page).get_by_role("button", name="Edit", exact=True)).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.type(" And why?")
    page.keyboard.press("Enter")
    expect(finished(page).locator(".asked")).to_contain_text(f"{ROTATION} And why?")
    expect(page.locator("#cml-right .e").first).to_be_visible()


@pytest.mark.parametrize(("size", "scheme"), [((320, 640), "light"), (PHONE, "dark"), (DESKTOP, "dark")])
def test_nothing_overflows_and_targets_are_large_enough(
    browser: Browser, fake_app: Served, size: tuple[int, int], scheme: str
) -> None:
    least = 44 if size[0] <= 760 else 24
    with watched_page(browser, fake_app.url, size, color_scheme=scheme, reduced_motion="reduce") as (page, watch):
        open_page(page, fake_app.url)
        _asked(page, "Which of our neighbours still keep the key to a shed that nobody has opened since the flood?")
        page.reload()
        expect(page.locator(".go")).to_be_visible()
        assert overflow(page) == 0
        _shoot(page, "offer")
        page.locator(".go").click()
        newest(page).get_by_role("button", name="Edit", exact=True).click()
        assert overflow(page) == 0
        assert _small(page, "#cml-left .you :is(button, textarea):visible, #cml-top .tk-b", least) == []
        _shoot(page, "edit")
        page.keyboard.press("Escape")
        sheet = _open_list(page, 1)
        box = sheet.bounding_box()
        assert box
        assert box["width"] == size[0] if size[0] <= 440 else box["width"] < size[0] / 2
        for opened, shut in (("Rename", "Leave it"), ("Delete", "Keep it")):
            if sheet.get_by_role("button", name=opened, exact=True).is_hidden():
                sheet.get_by_role("button", name="Rename, print or delete").click()
            _shoot(page, "list")
            sheet.get_by_role("button", name=opened, exact=True).click()
            _shoot(page, opened.lower())
            assert _small(page, "#cml-talks :is(button, a, input):visible", least) == []
            assert sheet.locator(".tk-in").evaluate("e => e.scrollWidth - e.clientWidth") == 0
            sheet.get_by_role("button", name=shut).locator("visible=true").click()
        watch.check()


def _small(page: Page, selector: str, least: int) -> list[object]:
    return list(
        page.locator(selector).evaluate_all(
            """(elements, least) => elements.map((e) => [e.getAttribute("aria-label") || e.textContent,
                e.getBoundingClientRect().width, e.getBoundingClientRect().height])
                .filter(([, width, height]) => Math.min(width, height) < least)""",
            least,
        )
    )
