"""Lectures in a browser: brought, asked, played from the cited second, followed, searched, linked to, taken along."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from cml_mm.lectures.export import to_vtt
from cml_mm.settings import STARTER_LECTURES
from tests.e2e.journey import ask, finished, in_view, open_page, overflow
from tests.e2e.own_files import bring, brought, chip, payload
from tests.support.browser import DESKTOP, PHONE, watched_page
from tests.support.drawn_lecture import CUES, SLIDES, STEPS, lecture_film, lecture_sound
from tests.support.drawn_lecture import lecture as read_talk
from tests.support.made_decks import deck_pdf
from tests.support.made_files import film
from tests.support.server import Served

pytestmark = pytest.mark.e2e
AT, SAID = CUES[STEPS]
TALK = "evening-talk.webm"
NEAR = 0.3  # seconds


@contextmanager
def visiting(browser: Browser, served: Served, size: tuple[int, int] = DESKTOP, **options: Any) -> Iterator[Page]:
    with watched_page(browser, served.url, size, **options) as (page, watch):
        open_page(page, served.url)
        yield page
        watch.check()


def asked(page: Page, name: str = TALK, data: bytes | None = None) -> Locator:
    """Brings a talk and asks about it. Returns: the citation of what is said there."""
    brought(page, payload(name, lecture_film() if data is None else data))
    ask(page, "What happens the third time?")
    return finished(page).locator("a[data-cite]").last


def opened(page: Page, name: str = TALK, data: bytes | None = None) -> Locator:
    """Brings a talk and opens it from its chip. Returns: the dialog, filled."""
    brought(page, payload(name, lecture_film() if data is None else data))
    chip(page, name).get_by_role("button", name=f"Open {name}").click()
    lecture = page.locator("#cml-lecture")
    expect(lecture.locator(".lv-side h2")).to_be_visible()
    # Where a player was sent before it knows its recording's length is where it begins.
    lecture.locator("video, audio").evaluate(
        "one => new Promise(done => one.readyState && !one.dataset.to ? done()"
        " : one.addEventListener('loadedmetadata', () => setTimeout(done)))"
    )
    return lecture


def began(player: Locator) -> float:
    """From which second it has been playing, once it plays."""
    player.evaluate(
        """one => new Promise(done => {
            const timer = setInterval(() => { if (one.played.length) { clearInterval(timer); done(); } }, 20);
        })"""
    )
    return float(player.evaluate("one => one.played.start(one.played.length - 1)"))


def place(player: Locator) -> float:
    return float(player.evaluate("one => one.currentTime"))


def stands(player: Locator, seconds: float) -> None:
    """Waits until it has gone to a second."""
    player.evaluate(
        """(one, goal) => new Promise(done => {
            const there = () => !one.seeking && Math.abs(one.currentTime - goal) < 0.3;
            const timer = setInterval(() => { if (there()) { clearInterval(timer); done(); } }, 20);
        })""",
        seconds,
    )


def playing(player: Locator) -> bool:
    return not player.evaluate("one => one.paused")


# From a question to the second


@pytest.mark.parametrize(("name", "codec"), [(TALK, "vp8"), ("evening-talk.mp4", "libx264")])
def test_a_citation_plays_from_its_second_with_the_slide_beside_it(page: Page, name: str, codec: str) -> None:
    container = "webm" if codec == "vp8" else "mp4"
    bring(page, payload(name, lecture_film(container, codec)))
    expect(chip(page, name).get_by_role("progressbar")).to_be_visible()
    expect(chip(page, name).locator(".pick")).to_be_visible()
    expect(chip(page, name)).to_contain_text("1:30")
    expect(page.locator(".fs-notes .note")).to_contain_text(f"{name} is ready to be asked")
    ask(page, "What happens the third time?")
    finished(page).locator("a[data-cite]").last.click()
    item = page.locator(".e.on")
    player = item.locator("video")
    assert began(player) == pytest.approx(AT, abs=NEAR)
    assert playing(player)
    assert player.evaluate("one => [one.videoWidth, one.playsInline, one.preload]") == [480, True, "metadata"]
    expect(item.locator(".loc")).to_have_text(f"{name}, from 0:47 to 0:54, captions by the file")
    expect(item.locator("mark")).to_have_text(SAID)
    slide = item.locator(".lv-slide .pp-paper.drawn img")
    expect(slide).to_be_visible()
    assert "frame-55000" in str(slide.get_attribute("src"))
    assert slide.evaluate("one => one.naturalWidth") == 480
    expect(item.locator(".lv-now")).to_have_text("In chapter 2 of 3, Small steps first")
    assert in_view(page, item.locator("mark"))
    assert overflow(page) == 0


def test_everything_works_with_keys_alone(page: Page) -> None:
    citation = asked(page)
    citation.focus()
    page.keyboard.press("Enter")
    item = page.locator(".e.on")
    player = item.locator("video")
    assert began(player) == pytest.approx(AT, abs=NEAR)
    expect(item).to_be_focused()
    page.keyboard.press(" ")
    assert not playing(player)
    at = place(player)
    page.keyboard.press("ArrowRight")
    stands(player, at + 5)
    item.get_by_role("button", name="Open the lecture").focus()
    page.keyboard.press("Enter")
    lecture = page.get_by_role("dialog", name="Caring for a shared well")
    expect(lecture.locator(".lv-cue.on")).to_contain_text(SAID)
    page.keyboard.press("ArrowLeft")
    player = lecture.locator("video")
    stands(player, at)
    page.keyboard.press(" ")
    expect(lecture.locator("video")).to_have_js_property("paused", False)
    page.keyboard.press("k")
    lecture.locator('.lv-ch[tabindex="0"]').focus()
    page.keyboard.press("End")
    expect(lecture.locator(".lv-ch").last).to_be_focused()
    page.keyboard.press("Enter")
    stands(player, 60)
    expect(lecture.locator(".lv-now")).to_have_text("3 of 3, What we keep")
    lecture.locator('.lv-c[tabindex="0"]').focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    stands(player, CUES[1][0])
    expect(lecture.locator(".lv-cue.on")).to_contain_text(CUES[1][1])
    page.keyboard.press("Escape")
    expect(lecture).to_be_hidden()
    expect(item.get_by_role("button", name="Open the lecture")).to_be_focused()
    expect(item.locator("video")).to_have_js_property("paused", True)
    page.keyboard.press("Escape")
    expect(citation).to_be_focused()


def test_a_slide_that_is_cited_again_does_not_begin_a_second_player(page: Page) -> None:
    citation = asked(page)
    citation.click()
    began(page.locator(".e.on video"))
    page.keyboard.press("Escape")
    expect(page.locator(".lv video")).to_have_js_property("paused", True)
    citation.click()
    stands(page.locator(".e.on video"), AT)
    assert page.locator("video").count() == 1


# The whole lecture


def test_sentences_chapters_and_slides_lead_to_their_second_and_follow_it(page: Page) -> None:
    lecture = opened(page)
    player = lecture.locator("video")
    expect(lecture.locator(".lv-about")).to_contain_text("1:30 long, 3 slides, 3 chapters, 11 captions")
    expect(lecture.locator(".lv-origin")).to_have_text("Captions by the file.")
    assert lecture.locator(".lv-part h3 span:nth-child(2)").all_inner_texts() == [
        "Caring for a shared well",
        "Small steps first",
        "What we keep",
    ]
    lecture.get_by_role("button", name=re.compile("Whoever draws water")).click()
    stands(player, CUES[2][0])
    expect(lecture.locator(".lv-cue.on")).to_have_count(1)
    expect(lecture.locator(".lv-cue.on")).to_contain_text(CUES[2][1])
    lecture.get_by_role("button", name=re.compile("^Slide 3")).click()
    stands(player, 60)
    expect(lecture.locator(".lv-frame[aria-current]")).to_contain_text("What we keep")
    player.evaluate("one => { one.currentTime = 40 }")
    expect(lecture.locator(".lv-cue.on")).to_contain_text(CUES[5][1])
    expect(lecture.locator(".lv-frame[aria-current]")).to_contain_text("Small steps first")
    expect(lecture.locator(".lv-now")).to_have_text("2 of 3, Small steps first")
    assert overflow(page) == 0


def test_it_follows_until_the_reader_scrolls(browser: Browser, fake_app: Served) -> None:
    with visiting(browser, fake_app, (1100, 420), reduced_motion="reduce") as page:
        lecture = opened(page)
        player = lecture.locator("video")
        player.evaluate("one => { one.currentTime = 70 }")
        expect(lecture.locator(".lv-cue.on")).to_contain_text(CUES[9][1])
        expect(lecture.locator(".lv-cue.on")).to_be_in_viewport()
        lecture.locator(".lv-cues").hover()
        page.mouse.wheel(0, -2000)
        button = lecture.get_by_role("button", name="Follow along")
        expect(button).to_be_visible()
        player.evaluate("one => { one.currentTime = 79 }")
        expect(lecture.locator(".lv-cue.on")).to_contain_text(CUES[10][1])
        expect(lecture.locator(".lv-cue.on")).not_to_be_in_viewport()
        button.click()
        expect(lecture.locator(".lv-cue.on")).to_be_in_viewport()
        expect(button).to_be_hidden()


def test_what_is_said_can_be_searched(page: Page) -> None:
    lecture = opened(page)
    field = lecture.get_by_label("Search what is said")
    field.fill("BOOK")
    expect(lecture.locator(".lv-cue:visible")).to_have_count(2)
    expect(lecture.locator("#lv-found")).to_have_text("2 places")
    assert lecture.locator(".lv-hit").all_inner_texts() == ["book", "book"]
    field.press("ArrowDown")
    page.keyboard.press("Enter")
    stands(lecture.locator("video"), CUES[2][0])
    field.fill("nobody says this")
    expect(lecture.locator("#lv-found")).to_have_text("0 places")
    field.press("Escape")
    expect(lecture.locator(".lv-cue:visible")).to_have_count(len(CUES))
    expect(lecture.locator(".lv-hit")).to_have_count(0)
    expect(lecture).to_be_visible()


def test_a_moment_has_an_address_of_its_own(page: Page) -> None:
    lecture = opened(page)
    lecture.get_by_role("button", name=re.compile("The second time")).click()
    lecture.locator("video").evaluate("one => { one.pause(); one.currentTime = 39.5 }")
    stands(lecture.locator("video"), 39.5)
    lecture.get_by_role("button", name="Copy link").click()
    expect(lecture.locator('[data-act="lv-link"]')).to_have_text("Copied, 0:39")
    address = str(page.evaluate("navigator.clipboard.readText()"))
    assert re.search(r"\?lecture=file-\w+#t=39\.5$", address)
    page.goto(address)
    lecture = page.locator("#cml-lecture")
    stands(lecture.locator("video"), 39.5)
    expect(lecture.locator(".lv-cue.on")).to_contain_text(CUES[5][1])
    page.evaluate("location.hash = '#t=0:01:09,0:01:20'")
    stands(lecture.locator("video"), 69)
    expect(lecture.locator(".lv-cue.on")).to_contain_text(CUES[9][1])


def test_cited_moments_are_marked_on_the_strip(page: Page) -> None:
    asked(page).click()
    page.locator(".e.on").get_by_role("button", name="Open the lecture").click()
    lecture = page.locator("#cml-lecture")
    mark = lecture.get_by_role("button", name="Source 5, at 0:47")
    expect(mark).to_be_visible()
    where = mark.evaluate("one => parseFloat(one.style.left)")
    assert where == pytest.approx(100 * AT / 90, abs=0.5)
    lecture.locator(".lv-ch").first.click()
    stands(lecture.locator("video"), 0)
    mark.click()
    stands(lecture.locator("video"), AT)


def test_words_and_chapters_can_be_taken_along(page: Page) -> None:
    lecture = opened(page)
    names = {}
    for link in lecture.locator(".dg-take a").all():
        with page.expect_download() as download:
            link.click()
        names[link.inner_text()] = download.value.suggested_filename
    assert names == {
        "Captions, VTT": "evening-talk.vtt",
        "SRT": "evening-talk.srt",
        "Markdown": "evening-talk.md",
        "Chapters, VTT": "evening-talk chapters.vtt",
    }
    tracks = lecture.locator("video").evaluate("one => [...one.textTracks].map(track => [track.kind, track.label])")
    assert tracks == [["captions", "Captions"]]
    count = lecture.locator("video").evaluate(
        """one => new Promise(done => {
            const [track] = one.textTracks;
            one.querySelector("track").addEventListener("load", () => done(track.cues.length));
            track.mode = "hidden";
        })"""
    )
    assert count == len(CUES)


def test_who_heard_it_stands_at_the_head_and_at_the_quote(page: Page) -> None:
    citation = asked(page, "heard-talk.webm")
    citation.click()
    expect(page.locator(".e.on .loc")).to_have_text(
        "heard-talk.webm, from 0:47 to 0:54, heard by Whisper base, 83 % sure, words may be wrong"
    )
    page.locator(".e.on").get_by_role("button", name="Open the lecture").click()
    expect(page.locator(".lv-origin")).to_have_text("Heard by Whisper base, 83 % sure: words may be wrong.")


def test_a_sound_has_an_audio_player_and_no_slides(page: Page) -> None:
    lecture = opened(page, "weak-talk.wav", lecture_sound())
    expect(lecture.locator(".lv-origin")).to_contain_text("A weak recogniser: searched, never quoted.")
    assert lecture.locator("audio").count() == 1
    assert lecture.locator("video, .lv-frame").count() == 0
    lecture.get_by_role("button", name=re.compile("Small steps keep")).click()
    assert began(lecture.locator("audio")) == pytest.approx(CUES[7][0], abs=NEAR)
    page.keyboard.press("Escape")
    ask(page, "What of the third time?")
    finished(page).locator("a[data-cite]").last.click()
    stands(page.locator(".e.on audio"), AT)
    assert page.locator(".e.on .lv-slide").count() == 0


def test_a_recording_that_the_browser_cannot_play_says_so_and_keeps_its_words(page: Page) -> None:
    citation = asked(page, "old-talk.mp4", film("mp4", "mpeg4"))
    citation.click()
    item = page.locator(".e.on")
    expect(item.get_by_role("alert")).to_contain_text(re.compile("cannot play this kind|not its pictures"))
    expect(item.locator("mark")).to_have_text(SAID)
    expect(item.locator(".lv-slide img")).to_be_visible()
    item.get_by_role("button", name="Open the lecture").click()
    lecture = page.locator("#cml-lecture")
    expect(lecture.get_by_role("alert")).to_be_visible()
    expect(lecture.locator(".lv-cue")).to_have_count(len(CUES))


def test_a_recording_that_breaks_off_is_loaded_anew_at_its_second(page: Page) -> None:
    lecture = opened(page)
    player = lecture.locator("video")
    for seconds in (70, 79):
        player.evaluate("(one, goal) => { one.currentTime = goal }", seconds)
        stands(player, seconds)
        player.evaluate(
            "one => new Promise(done => { one.addEventListener('loadedmetadata', done, { once: true });"
            " one.dispatchEvent(new Event('error')); })"
        )
        stands(player, seconds)
    player.evaluate("one => { for (const time of [1, 2, 3]) one.dispatchEvent(new Event('error')) }")  # given up
    expect(lecture.get_by_role("alert")).to_contain_text("cannot play this kind")
    lecture.locator(".lv-stage").get_by_role("button", name=re.compile("Play")).click()
    began(player)
    player.evaluate("one => { one.pause(); one.currentTime = 79 }")
    expect(lecture.locator(".lv-cue.on")).to_contain_text(CUES[10][1])


def test_a_deleted_recording_is_told_as_such(browser: Browser, fake_app: Served) -> None:
    with watched_page(browser, fake_app.url) as (page, watch):
        open_page(page, fake_app.url)
        citation = asked(page)
        page.evaluate(
            "async () => { for (const file of (await (await fetch('files')).json()).files)"
            " await fetch(`files/${file.id}`, { method: 'DELETE' }) }"
        )
        citation.click()
        expect(page.locator(".e.on").get_by_role("alert")).to_contain_text("has been deleted")
        assert not watch.outside
        assert all("404" in error for error in watch.errors)


def test_a_phone_keeps_a_small_player_in_sight(browser: Browser, fake_app: Served) -> None:
    with visiting(browser, fake_app, PHONE, has_touch=True, is_mobile=True, reduced_motion="reduce") as page:
        lecture = opened(page)
        player = lecture.locator("video")
        player.evaluate("one => { one.currentTime = 79 }")
        expect(lecture.locator(".lv-cue.on")).to_be_in_viewport(ratio=0.9)
        box, said = player.bounding_box(), lecture.locator(".lv-cue.on").bounding_box()
        assert box and said
        assert abs(box["y"]) <= 1
        assert box["height"] < 0.34 * PHONE[1]
        assert said["y"] >= box["y"] + box["height"]
        assert overflow(page) == 0
        small = lecture.locator(".lv-c, .lv-find input, .dg-take a, .dg-h button").evaluate_all(
            "all => all.filter(one => one.checkVisibility() && one.getBoundingClientRect().height < 36).length"
        )
        assert small == 0


# Corrected by hand


def test_a_sentence_its_speaker_and_a_chapter_are_corrected(page: Page) -> None:
    lecture = opened(page)
    amend = lecture.get_by_role("button", name="Correct it")
    amend.click()
    expect(amend).to_have_attribute("aria-pressed", "true")
    row = lecture.locator(f'[data-cue="{STEPS}"]')
    row.locator(".lv-c").click()
    words = lecture.get_by_label("What is said", exact=True)
    expect(words).to_be_focused()
    expect(words).to_have_value(SAID)
    words.fill("Only the <b>fourth</b> time does anyone lose a day.")
    lecture.get_by_label("Who speaks").fill("Ida Brook")
    expect(lecture.get_by_label("Wherever Ada Brook speaks")).to_be_checked()
    words.press("Enter")
    expect(row.locator(".lv-said")).to_have_text("Only the <b>fourth</b> time does anyone lose a day.")
    expect(row.locator(".lv-c")).to_be_focused()
    expect(lecture.locator(".lv-who")).to_have_text(["Ida Brook", "Lev Sand"])
    assert lecture.locator('.lv-cue[data-speaker="Ida Brook"]').count() == 8
    lecture.get_by_role("button", name="Rename chapter 2").click()
    title = lecture.get_by_label("What the chapter is called")
    title.fill("Four small steps")
    title.press("Enter")
    expect(lecture.locator(".lv-part h3").nth(1)).to_contain_text("Four small steps")
    expect(lecture.get_by_role("button", name="Chapter 2, Four small steps")).to_have_count(1)
    # Escape leaves the form first, then the lecture; outside of correcting a sentence plays again.
    row.locator(".lv-c").click()
    page.keyboard.press("Escape")
    expect(lecture.locator(".lv-form")).to_have_count(0)
    expect(row.locator(".lv-c")).to_be_focused()
    amend.click()
    row.locator(".lv-c").click()
    stands(lecture.locator("video"), AT)
    expect(lecture.locator(".lv-form")).to_have_count(0)
    page.keyboard.press("Escape")
    expect(lecture).to_be_hidden()


def test_a_correction_that_is_refused_keeps_what_was_typed(browser: Browser, fake_app: Served) -> None:
    with watched_page(browser, fake_app.url) as (page, watch):
        open_page(page, fake_app.url)
        lecture = opened(page)
        lecture.get_by_role("button", name="Correct it").click()
        lecture.get_by_role("button", name="Rename chapter 2").click()
        title = lecture.get_by_label("What the chapter is called")
        title.fill(" ")
        title.press("Enter")
        expect(lecture.get_by_role("alert")).to_have_text("A chapter needs a title. Write what it is about.")
        expect(title).to_have_value(" ")
        assert not watch.outside
        assert all("400" in error for error in watch.errors)


def test_changes_are_taken_back_with_keys_alone(page: Page) -> None:
    lecture = opened(page)
    lecture.get_by_role("button", name="Correct it").press("Enter")
    for cue in (STEPS, 2):
        lecture.locator(f'[data-cue="{cue}"] .lv-c').press("Enter")
        lecture.get_by_label("What is said", exact=True).fill("Something else.")
        page.keyboard.press("Enter")
        expect(lecture.locator(f'[data-cue="{cue}"] .lv-said')).to_have_text("Something else.")
    expect(lecture.locator(".lv-done > p").first).to_have_text("Corrected by you: 2 changes.")
    undo = lecture.get_by_role("button", name="Undo")
    undo.press("Enter")
    expect(lecture.locator('[data-cue="2"] .lv-said')).to_have_text(CUES[2][1])
    expect(lecture.locator(f'[data-cue="{STEPS}"] .lv-said')).to_have_text("Something else.")
    expect(undo).to_be_focused()
    # Words that are being typed are not lost to it.
    lecture.locator('[data-cue="2"] .lv-c').press("Enter")
    lecture.get_by_label("What is said", exact=True).fill("Half a sent")
    undo.press("Enter")
    expect(lecture.locator(".lv-form").get_by_role("alert")).to_have_text("Save this first, or cancel it.")
    expect(lecture.get_by_label("What is said", exact=True)).to_have_value("Half a sent")
    page.keyboard.press("Escape")
    restore = lecture.get_by_role("button", name="As it was read")
    restore.press("Enter")
    expect(lecture.get_by_role("button", name="Take it back")).to_be_focused()
    page.keyboard.press("Escape")
    expect(restore).to_be_focused()
    restore.press("Enter")
    page.keyboard.press("Enter")
    expect(lecture.locator(f'[data-cue="{STEPS}"] .lv-said')).to_have_text(SAID)
    expect(lecture.locator(".lv-done")).to_have_count(0)
    expect(lecture.get_by_role("button", name="Correct it")).to_be_focused()


# What it has to do with the library


def test_patterns_lead_to_their_seconds_and_to_their_pages(browser: Browser, fake_app: Served) -> None:
    with visiting(browser, fake_app, PHONE, reduced_motion="reduce") as page:
        lecture = opened(page, "weak-talk.webm")
        section = lecture.locator(".lv-lib")
        expect(section.locator("mark").first).to_be_hidden()  # folded where there is little room
        section.locator("summary").focus()
        page.keyboard.press(" ")
        expect(section.locator("mark")).to_have_text(["book", "writes", "book", "repairs", "third time"])
        expect(section).to_contain_text("What is said was heard by pocketsphinx, 41 % sure, a weak recogniser.")
        section.get_by_role("button", name="0:47, Role Rotation").press("Enter")
        stands(lecture.locator("video"), AT)
        section.get_by_role("button", name="0:55, Small steps").press("Enter")
        stands(lecture.locator("video"), 55)
        assert overflow(page) == 0
        link = section.get_by_role("link", name="Role Rotation")
        assert link.get_attribute("href") == "?view=library&read=role-rotation"
        link.press("Enter")
        expect(lecture).to_be_hidden()
        expect(page.get_by_role("heading", name="Role Rotation", level=1)).to_be_visible()
        expect(page).to_have_url(re.compile("read=role-rotation"))


def test_a_recording_over_the_limit_is_told_what_makes_it_smaller(page: Page) -> None:
    big = """() => { const carried = new DataTransfer();
        const file = new File(["x"], "talk.mp4"); Object.defineProperty(file, "size", { value: 500 * 2 ** 20 });
        carried.items.add(file); Object.defineProperty(carried, "files", { value: [file] }); return carried; }"""
    page.evaluate("() => window.cmlFiles.refresh()")
    page.dispatch_event(".hero", "drop", {"dataTransfer": page.evaluate_handle(big)})
    note = page.locator(".fs-notes .note")
    expect(note.locator("h3")).to_have_text("talk.mp4 has 500 MB. The limit is 400 MB.")
    expect(note).to_contain_text("Shorten it, or save it at a lower resolution or bit rate.")


# Over the real engine


def from_files_alone(page: Page, question: str) -> Locator:
    """Asks the visitor's files only. Returns: the turn, when it is over."""
    page.locator("#cml-scope label").filter(has_text="My files").click()
    ask(page, question)
    return finished(page)


def test_a_film_and_its_captions_are_read_asked_and_played(browser: Browser, starter_app: Served) -> None:
    with visiting(browser, starter_app) as page:
        bring(page, payload(TALK, lecture_film()))
        expect(chip(page, TALK)).to_contain_text(re.compile("film|slide"), timeout=120_000)
        expect(chip(page, TALK).locator(".pick")).to_be_visible(timeout=120_000)
        bring(page, payload("evening-talk.vtt", to_vtt(read_talk()).encode()))
        expect(page.locator(".fs-notes")).to_contain_text(f"evening-talk.vtt is joined to {TALK}", timeout=60_000)
        turn = from_files_alone(page, "What happens the third time somebody takes more than their share?")
        item = page.locator(".e").filter(has=page.locator("mark").get_by_text(SAID))
        expect(item).to_have_count(1)
        turn.locator(f'a[data-cite="{item.get_attribute("data-ev")}"]').first.press("Enter")
        assert began(item.locator("video")) == pytest.approx(AT, abs=NEAR)
        expect(item.locator(".loc")).to_contain_text("captions by evening-talk.vtt")
        slide = item.locator(".lv-slide .pp-paper.drawn img")
        expect(slide).to_be_visible()
        assert slide.evaluate("one => one.naturalWidth") > 200
        item.get_by_role("button", name="Open the lecture").press("Enter")
        shown = page.locator("#cml-lecture")
        expect(shown.locator(".lv-cue.on")).to_contain_text(SAID)
        assert shown.locator(".lv-frame").count() == len(SLIDES)
        shown.get_by_role("button", name="Correct it").press("Enter")
        shown.locator(f'[data-cue="{STEPS}"] .lv-c').press("Enter")
        words = shown.get_by_label("What is said", exact=True)
        words.fill("Only the seventh time does anyone lose a bucket of marmalade.")
        words.press("Enter")
        expect(shown.locator(f'[data-cue="{STEPS}"]')).to_contain_text("marmalade")
        page.keyboard.press("Escape")
        from_files_alone(page, "Who loses a bucket of marmalade?")
        expect(page.locator(".evs:not([hidden]) mark").first).to_contain_text("a bucket of marmalade")


def test_a_film_and_the_pages_that_it_shows_lead_to_each_other(browser: Browser, starter_app: Served) -> None:
    with visiting(browser, starter_app) as page:
        brought(page, payload("deck.pdf", deck_pdf()), payload(TALK, lecture_film()))
        expect(page.locator(".fs-notes")).to_contain_text("Its slides are the pages of deck.pdf: 3 of 3 found.")
        from_files_alone(page, "How many keys are there?")
        items = page.locator(".evs:not([hidden]) .e")
        sheet = items.filter(has=page.get_by_text(f"Page 5 of deck.pdf, shown at 0:59 in {TALK}", exact=True))
        sheet.get_by_role("button", name=f"Shown at 0:59 in {TALK}").press("Enter")
        lecture = page.locator("#cml-lecture")
        stands(lecture.locator("video"), SLIDES[2][0])
        expect(lecture.locator(".lv-frame[aria-current]")).to_contain_text("What we keep")
        lecture.get_by_role("button", name="Open page 3 of deck.pdf").press("Enter")
        viewer = page.locator("#cml-viewer")
        expect(viewer.get_by_role("heading", name="Page 3 of deck.pdf")).to_be_visible()
        page.keyboard.press("Escape")
        expect(viewer).to_be_hidden()
        page.keyboard.press("Escape")
        slide = items.filter(
            has=page.get_by_text(re.compile("^Slide at 0:59 .*, page 5 of deck.pdf, recognised by OCR$"))
        )
        slide.get_by_role("button", name="Page 5 of deck.pdf").press("Enter")
        expect(viewer.get_by_role("heading", name="Page 5 of deck.pdf")).to_be_visible()


def test_the_starter_lecture_is_one_click_away(browser: Browser, starter_app: Served) -> None:
    if not list(STARTER_LECTURES.glob("*.mp4")):
        pytest.skip("No lecture ships with this copy.")
    with visiting(browser, starter_app) as page:
        page.get_by_role("button", name="try a short lecture").click()
        told = "is joined to" if list(STARTER_LECTURES.glob("*.vtt")) else "is ready to be asked"
        expect(page.locator(".fs-notes")).to_contain_text(told, timeout=180_000)
        page.get_by_role("button", name="Open the lecture").first.click()
        shown = page.locator("#cml-lecture")
        expect(shown.locator(".lv-cue").first).to_be_visible()
        assert shown.locator(".lv-frame").count() > 1
        shown.locator(".lv-c").nth(2).press("Enter")
        stands(shown.locator("video"), float(str(shown.locator(".lv-cue").nth(2).get_attribute("data-at"))))
