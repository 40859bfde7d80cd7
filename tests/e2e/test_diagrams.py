"""Diagrams in a browser: read, shown, walked through, corrected, taken along; asked, and the cited arrow lit."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.e2e.journey import ask, finished, in_view, open_page, overflow, question_box
from tests.e2e.own_files import bring, brought, chip, payload
from tests.support.browser import DESKTOP, PHONE, watched_page
from tests.support.leak_diagram import leak_picture
from tests.support.server import ROOT, Served

pytestmark = pytest.mark.e2e
STARTER = ROOT / "indexes" / "starter" / "diagrams"
QUESTIONS = ROOT / "benchmarks" / "diagram_questions.jsonl"
ASKED = ("d03", "d11", "d13", "d15", "d19", "d20")  # a picture and five kinds of sources
RING = "flowchart LR\n  a[Rain falls] --> b[Pond fills]\n  b -->|slowly| c[Garden is watered]\n  c --> d[Harvest]\n"


@contextmanager
def visiting(browser: Browser, served: Served, size: tuple[int, int] = DESKTOP, **options: Any) -> Iterator[Page]:
    with watched_page(browser, served.url, size, **options) as (page, watch):
        open_page(page, served.url)
        yield page
        watch.check()


def opened(page: Page, name: str, data: bytes) -> Locator:
    """Brings a file and opens its diagram from what is said of it. Returns: the reader, filled."""
    brought(page, payload(name, data))
    page.get_by_role("button", name="Open the diagram").click()
    reader = page.get_by_role("dialog", name=name)
    expect(reader.locator(".dg-row").first).to_be_visible()
    return reader


def row(reader: Locator, words: str) -> Locator:
    return reader.locator(".dg-row").filter(has=reader.page.get_by_text(words, exact=True)).locator(".dg-b")


def lit(reader: Locator) -> set[str]:
    """Ids of the parts that are lit in the picture."""
    found = reader.locator(".dg-svg g.on").evaluate_all("parts => parts.map(part => part.dataset.part)")
    return set(found)


def exported(page: Page, reader: Locator) -> dict[str, Any]:
    link = reader.get_by_role("link", name="JSON").get_attribute("href")
    got = page.request.get(f"{page.url.split('?')[0]}{link}")
    assert got.ok
    return dict(got.json())


# Over the fake engine: how the reader behaves


def test_a_diagram_says_how_much_was_read_and_opens(page: Page) -> None:
    brought(page, payload("leak-chart.png", leak_picture()))
    expect(chip(page, "leak-chart.png")).to_contain_text("7 boxes, 7 arrows, 1 unclear")
    chip(page, "leak-chart.png").get_by_role("button", name="Open leak-chart.png").click()
    reader = page.get_by_role("dialog", name="leak-chart.png")
    expect(reader.locator(".dg-sum")).to_have_text(
        "7 boxes, 7 arrows, 1 lane, one of them unclear. Correct anything first."
    )
    expect(reader.locator(".dg-paper.came")).to_be_visible()
    assert reader.locator(".dg-paper img").evaluate("image => image.naturalWidth") == 1520
    expect(row(reader, "House meeting decides")).to_contain_text("Decision Log, 0.74")
    expect(reader.locator(".dg-paper")).to_have_attribute("aria-label", re.compile("7 boxes and 7 arrows"))
    assert overflow(page) == 0


def test_rows_and_parts_light_each_other(page: Page) -> None:
    reader = opened(page, "leak-chart.png", leak_picture())
    row(reader, "House meeting decides").hover()
    assert lit(reader) == {"n3"}
    box = reader.locator('.dg-box[data-part="n5"] .dg-shape').bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(reader.locator('.dg-row[data-part="n5"]')).to_have_class("dg-row on")
    assert lit(reader) == {"n5"}
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(row(reader, "Neighbours complain")).to_be_focused()
    # What is lit differs in more than its colour.
    width = "part => getComputedStyle(part).strokeWidth"
    assert reader.locator('.dg-box[data-part="n5"] .dg-shape').evaluate(width) == "3px"
    assert reader.locator('.dg-box[data-part="n4"] .dg-shape').evaluate(width) == "1.5px"


def test_keys_lead_through_the_parts_and_out_again(page: Page) -> None:
    reader = opened(page, "leak-chart.png", leak_picture())
    row(reader, "Leak reported").focus()
    page.keyboard.press("ArrowDown")
    expect(row(reader, "Caretaker looks")).to_be_focused()
    assert lit(reader) == {"n2"}
    page.keyboard.press("End")
    expect(row(reader, "Afterwards")).to_be_focused()
    page.keyboard.press("Home")
    assert reader.locator('.dg-b[tabindex="0"]').count() == 1
    page.keyboard.press("Enter")
    name = reader.get_by_label("Words", exact=True)
    expect(name).to_be_focused()
    expect(name).to_have_value("Leak reported")
    page.keyboard.press("Escape")
    expect(row(reader, "Leak reported")).to_be_focused()
    expect(reader).to_be_visible()
    page.keyboard.press("Escape")
    expect(reader).to_be_hidden()


def test_size_and_place_follow_keys_buttons_and_the_wheel(page: Page) -> None:
    reader = opened(page, "leak-chart.png", leak_picture())
    width = "part => Math.round(part.getBoundingClientRect().width)"
    paper, mark = reader.locator(".dg-paper"), reader.locator('.dg-mark[data-part="n1"] rect')
    whole, disc = paper.evaluate(width), mark.evaluate(width)
    expect(reader.get_by_role("button", name="Smaller")).to_be_disabled()
    reader.get_by_role("button", name="Larger").click()
    assert paper.evaluate(width) == pytest.approx(1.4 * whole, abs=2)
    assert abs(mark.evaluate(width) - disc) <= 1  # numbers keep their size
    row(reader, "Leak reported").focus()
    page.keyboard.press("+")
    row(reader, "Repair is paid").focus()
    expect(reader.locator('.dg-box[data-part="n6"]')).to_be_in_viewport(ratio=0.9)
    page.keyboard.press("0")
    assert paper.evaluate(width) == whole
    place = reader.locator('.dg-box[data-part="n4"]').bounding_box()
    assert place
    point = (place["x"] + place["width"] / 2, place["y"] + place["height"] / 2)
    page.mouse.move(*point)
    page.keyboard.down("Control")
    page.mouse.wheel(0, -300)
    page.keyboard.up("Control")
    expect(reader.get_by_role("button", name="Smaller")).to_be_enabled()
    now = reader.locator('.dg-box[data-part="n4"]').bounding_box()
    assert now
    assert now["width"] > 2 * place["width"]
    assert abs(now["x"] + now["width"] / 2 - point[0]) < 12  # it grows about the pointer
    before = reader.locator(".dg-stage").evaluate("stage => stage.scrollLeft")
    page.mouse.down()
    page.mouse.move(point[0] - 120, point[1])
    page.mouse.up()
    assert reader.locator(".dg-stage").evaluate("stage => stage.scrollLeft") == pytest.approx(before + 120, abs=2)


def test_what_was_read_wrongly_is_corrected_and_taken_back(page: Page) -> None:
    reader = opened(page, "leak-chart.png", leak_picture())
    row(reader, "Walls dry").click()
    reader.get_by_label("Words", exact=True).fill('Walls <b>"dry"</b> & painted')
    page.keyboard.press("Enter")
    expect(row(reader, 'Walls <b>"dry"</b> & painted')).to_be_focused()
    expect(reader.locator(".dg-done")).to_have_text("Corrected by you: 1 change.")

    row(reader, "5 leads to 2").click()
    expect(reader.get_by_role("radio", name="5 Neighbours complain → 2 Caretaker looks")).to_be_checked()
    reader.get_by_role("radio", name="2 Caretaker looks → 5 Neighbours complain").check()
    reader.get_by_role("button", name="Save").click()
    expect(row(reader, "2 leads to 5")).to_be_focused()
    expect(reader.locator(".dg-doubt")).to_have_count(0)
    expect(reader.locator(".dg-mark.unclear")).to_have_count(0)

    row(reader, "1 leads to 2").click()
    reader.get_by_role("radio", name="Both ways").check()
    reader.locator(".dg-row").get_by_label("Words on it").fill("by note")
    reader.get_by_role("button", name="Save").click()
    expect(row(reader, "1 and 2 lead to each other")).to_contain_text("by note")

    row(reader, "Leak reported").click()
    reader.get_by_role("button", name="Delete").click()
    expect(reader.locator(".dg-sum")).to_contain_text("6 boxes, 6 arrows")
    reader.get_by_role("button", name="Undo").click()
    expect(reader.locator(".dg-sum")).to_contain_text("7 boxes, 7 arrows")
    expect(row(reader, "Leak reported")).to_be_visible()
    expect(reader.locator(".dg-done")).to_have_text("Corrected by you: 4 changes.")

    page.keyboard.press("Escape")
    expect(chip(page, "leak-chart.png")).to_contain_text("7 boxes, 7 arrows")
    expect(chip(page, "leak-chart.png")).not_to_contain_text("unclear")


def test_boxes_and_arrows_are_added_by_two_clicks_or_by_numbers(page: Page) -> None:
    reader = opened(page, "leak-chart.md", b"any")
    reader.get_by_role("button", name="Add a box").click()
    paper = reader.locator(".dg-paper").bounding_box()
    assert paper
    for x, y in ((0.05, 0.45), (0.25, 0.6)):
        page.mouse.click(paper["x"] + x * paper["width"], paper["y"] + y * paper["height"])
    words = reader.get_by_label("Words in it")
    expect(words).to_be_focused()
    assert float(reader.get_by_label("From the left, %").input_value()) == pytest.approx(5, abs=0.3)
    assert float(reader.get_by_label("Width, %").input_value()) == pytest.approx(20, abs=0.4)
    words.fill("Insurer pays")
    page.keyboard.press("Enter")
    expect(row(reader, "Insurer pays")).to_be_focused()

    reader.get_by_role("button", name="Add an arrow").click()
    reader.get_by_role("combobox", name="From", exact=True).select_option(label="6 Repair is paid")
    reader.get_by_role("combobox", name="To", exact=True).select_option(label="8 Insurer pays")
    reader.locator(".dg-adding").get_by_label("Words on it").fill("claims")
    reader.get_by_role("button", name="Add the arrow").click()
    expect(row(reader, "6 leads to 8")).to_be_focused()
    found = exported(page, reader)
    assert len(found["nodes"]) == len(found["edges"]) == 8
    made = next(node for node in found["nodes"] if node["label"] == "Insurer pays")
    assert made["box"][0] == pytest.approx(76, abs=6)


def test_what_was_typed_stays_when_it_is_not_taken(browser: Browser, fake_app: Served) -> None:
    with watched_page(browser, fake_app.url) as (page, watch):
        open_page(page, fake_app.url)
        refused_twice(page)
        told = [error.split(":")[0] for error in watch.errors]  # the browser tells of both, and of nothing else
        assert told == ["Failed to load resource"] * 2
        assert not watch.outside


def refused_twice(page: Page) -> None:
    reader = opened(page, "leak-chart.png", leak_picture())
    row(reader, "Walls dry").click()
    words = reader.get_by_label("Words", exact=True)
    words.fill("")
    page.keyboard.press("Enter")  # a box without words is refused by whoever keeps it
    expect(reader.get_by_role("alert").filter(has_text="words")).to_be_visible()
    page.context.set_offline(True)
    words.fill("Walls are dry again")
    page.keyboard.press("Enter")
    expect(reader.get_by_role("alert").filter(has_text="The connection was lost.")).to_be_visible()
    expect(words).to_have_value("Walls are dry again")
    page.context.set_offline(False)
    page.keyboard.press("Enter")
    expect(row(reader, "Walls are dry again")).to_be_visible()


def test_looking_right_leads_to_questions_about_it(page: Page) -> None:
    brought(page, payload("other.pdf", b"other"))
    reader = opened(page, "leak-chart.png", leak_picture())
    reader.get_by_role("button", name="Looks right, ask").click()
    expect(reader).to_be_hidden()
    expect(question_box(page)).to_be_focused()
    expect(page.get_by_role("radio", name="My files")).to_be_checked()
    expect(chip(page, "leak-chart.png").locator(".pick")).to_have_attribute("aria-pressed", "true")
    expect(chip(page, "other.pdf").locator(".pick")).to_have_attribute("aria-pressed", "false")
    page.get_by_role("button", name="What comes after “Caretaker looks”?").click()
    expect(page.locator("#cml-chat .asked")).to_contain_text("What comes after “Caretaker looks”?")
    expect(page.locator(".fs-try")).to_have_count(0)
    finished(page)


def test_on_a_phone_the_picture_stays_over_the_list(browser: Browser, fake_app: Served) -> None:
    with visiting(browser, fake_app, PHONE, has_touch=True) as phone:
        reader = opened(phone, "leak-chart.png", leak_picture())
        assert overflow(phone) == 0
        last = row(reader, "Afterwards")
        last.scroll_into_view_if_needed()
        expect(reader.locator(".dg-stage")).to_be_in_viewport(ratio=0.9)
        last.tap()
        expect(reader.locator('.dg-lane[data-part="l1"]')).to_have_class(re.compile("on"))
        save = reader.get_by_role("button", name="Save")
        assert in_view(phone, save)
        size = save.bounding_box()
        assert size
        assert size["height"] >= 44
        assert reader.evaluate("one => one.scrollWidth - one.clientWidth") == 0


def test_in_the_dark_paper_keeps_its_colours_and_nothing_moves(browser: Browser, fake_app: Served) -> None:
    with visiting(browser, fake_app, color_scheme="dark", reduced_motion="reduce") as page:
        reader = opened(page, "leak-chart.md", b"any")
        colour = "(part, name) => getComputedStyle(part)[name]"
        assert reader.locator(".dg-box .dg-shape").first.evaluate(colour, "fill") == "rgb(255, 255, 255)"
        assert reader.locator(".dg-mark rect").first.evaluate(colour, "fill") == "rgb(29, 91, 76)"
        assert reader.locator(".dg-stage").evaluate(colour, "filter") == "brightness(0.9)"
        assert reader.locator(".dg-side").evaluate(colour, "backgroundColor") == "rgb(25, 31, 28)"
        moving = "() => document.getAnimations().filter(one => one.playState === 'running').length"
        row(reader, "Leak reported").hover()
        assert page.evaluate(moving) == 0


def test_hostile_labels_stay_words(page: Page) -> None:
    reader = opened(page, "leak-chart.png", leak_picture())
    words = "<img src=x onerror=\"document.title='owned'\"></svg><script>document.title='owned'</script>"
    row(reader, "Walls dry").click()
    reader.get_by_label("Words", exact=True).fill(words)
    page.keyboard.press("Enter")
    expect(row(reader, words)).to_be_visible()
    row(reader, "6 leads to 7").click()
    expect(reader.get_by_role("radio", name=f"6 Repair is paid → 7 {words}")).to_be_checked()
    assert page.title() != "owned"
    assert reader.locator(".dg-side img, .dg-side script, .dg-svg script, .dg-svg foreignObject").count() == 0


# Over the real engine: what is read, kept, asked and cited


def test_a_text_is_read_corrected_and_the_answer_follows(browser: Browser, starter_app: Served) -> None:
    with visiting(browser, starter_app) as page:
        reader = opened(page, "pond.mmd", RING.encode())
        expect(reader.locator(".dg-sum")).to_have_text("4 boxes, 3 arrows. Correct anything first.")
        expect(reader.locator(".dg-svg.drawn")).to_be_visible()
        row(reader, "Harvest").click()
        reader.get_by_label("Words", exact=True).fill("Feast in autumn")
        page.keyboard.press("Enter")
        expect(row(reader, "Feast in autumn")).to_be_focused()
        with page.expect_download() as download:
            reader.get_by_role("link", name="Mermaid").click()
        assert download.value.suggested_filename == "pond.mmd"
        assert "Feast in autumn" in Path(download.value.path()).read_text(encoding="utf-8")

        reader.get_by_role("button", name="Looks right, ask").click()
        ask(page, "What comes after the garden is watered?")
        turn = finished(page)
        expect(turn.locator(".ans")).to_contain_text("Feast in autumn")
        turn.locator("a[data-cite]").first.click()
        figure = page.locator("#cml-evidence .e.on figure.pp")
        expect(figure.locator(".dg-arrow.on")).to_have_count(1)
        expect(figure.locator(".dg-arrow.on .dg-line")).to_be_in_viewport(ratio=1)
        figure.get_by_role("button", name="Open the diagram").click()
        reader = page.get_by_role("dialog", name="pond.mmd")
        expect(reader.locator('.dg-row.on[data-kind="arrow"]')).to_contain_text("3 leads to 4")


def gold() -> list[dict[str, Any]]:
    lines = QUESTIONS.read_text(encoding="utf-8").splitlines()
    return [one for line in lines if line.strip() and (one := json.loads(line))["id"] in ASKED]


@pytest.mark.parametrize("case", gold(), ids=lambda case: f"{case['id']}-{case['file']}")
def test_a_starter_diagram_is_asked_and_the_right_part_is_lit(
    browser: Browser, starter_app: Served, case: dict[str, Any]
) -> None:
    with visiting(browser, starter_app) as page:
        bring(page, payload(case["file"], (STARTER / case["file"]).read_bytes()))
        expect(chip(page, case["file"]).locator(".pick")).to_be_visible(timeout=120_000)
        page.get_by_role("radio", name="My files").check()
        ask(page, case["question"])
        turn = finished(page, seconds=60)
        for words in case["answer"]:
            expect(turn.locator(".ans")).to_contain_text(re.compile(re.escape(str(words)), re.IGNORECASE))
        cited = page.locator("#cml-evidence .e figure.pp[data-lit]")
        expect(cited.first).to_be_attached()
        shown = {
            part for one in cited.evaluate_all("all => all.map(one => one.dataset.lit)") for part in one.split("\n")
        }
        file = cited.first.get_attribute("data-file")
        at = cited.first.get_attribute("data-diagram")
        read = page.request.get(f"{page.url.split('?')[0]}files/{file}/diagrams/{at}/json").json()
        labels = {node["id"]: node["label"] for node in read["nodes"]}
        found: set[tuple[str, ...]] = {(labels[part],) for part in shown if part in labels}
        found |= {(labels[edge["source"]], labels[edge["target"]]) for edge in read["edges"] if edge["id"] in shown}
        assert {tuple(part) for part in case["parts"]} <= found

        turn.locator("a[data-cite]").first.click()
        opened_one = page.locator("#cml-evidence .e.on figure.pp")
        mark = opened_one.locator(".pp-edge rect, .pp-arrow .pp-line, .dg-svg .on").first
        expect(mark).to_be_attached()
        expect(opened_one).to_be_in_viewport(ratio=0.2)
