"""Answers that a model writes, in the browser: real classes over tiny checkpoints, from an upload to a cited answer.

CML_SHOTS names a folder for pictures of what was seen on the way.
"""

from __future__ import annotations

import io
import os
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import Browser, FilePayload, Page, expect

from tests.e2e.journey import ask, finished, newest, open_page, overflow, question_box
from tests.e2e.own_files import brought
from tests.support.browser import DESKTOP, PHONE, watched_page
from tests.support.made_files import tones
from tests.support.server import REAL, Served, serving
from tests.support.tiny_models import build_speaking
from tests.support.tiny_senses import tiny_clip, tiny_whisper
from tests.support.transformers_server import transformers_server

pytestmark = pytest.mark.e2e

LAUNDRY = "The laundry room opens at seven."
SAYS = f"{LAUNDRY[:-1]} [1]."
RULES: FilePayload = {
    "name": "rules.md",
    "mimeType": "text/markdown",
    "buffer": f"# House rules\n\n{LAUNDRY}\n".encode(),
}
LOADS_SECONDS = 180.0  # a model's libraries, on a busy machine
QUESTION = "When does the laundry room open?"


def _sign() -> bytes:
    picture = Image.new("RGB", (320, 200), "white")
    ImageDraw.Draw(picture).rectangle((40, 40, 200, 160), fill=(20, 120, 60))
    kept = io.BytesIO()
    picture.save(kept, "PNG")
    return kept.getvalue()


SIGN: FilePayload = {"name": "sign.png", "mimeType": "image/png", "buffer": _sign()}
SPEECH: FilePayload = {"name": "meeting.wav", "mimeType": "audio/wav", "buffer": tones("wav", "pcm_s16le")}


def _profile(folder: Path, generator: Mapping[str, object]) -> Path:
    """A profile of tiny models: CLIP, Whisper, and who writes."""
    clip, whisper = tiny_clip(folder / "clip"), tiny_whisper(folder / "whisper.pt", says=LAUNDRY)
    lines = "\n".join(f"{key} = {_toml(value)}" for key, value in generator.items())
    text = (
        'title = "Tiny"\nabout = "Tiny models for tests."\n\n[text_encoder]\nengine = "minilm"\n\n'
        f'[image_encoder]\nengine = "open-clip"\nmodel = "local-dir:{clip}"\n\n'
        f'[transcriber]\nengine = "whisper"\nmodel = "{whisper}"\n\n[generator]\n{lines}\n'
    )
    place = folder / "tiny.toml"
    place.write_text(text, "utf-8")
    return place


def _toml(value: object) -> str:
    return f'"{value}"' if isinstance(value, (str, Path)) else str(value).lower()


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One index for all; the first app builds it, and who writes does not change it."""
    return tmp_path_factory.mktemp("models") / "index"


@contextmanager
def _served(folder: Path, index: Path, generator: Mapping[str, object], **environ: str) -> Iterator[Served]:
    settings = {"CML_INDEX": str(index), "CML_PROFILE": str(_profile(folder, generator)), **environ}
    with serving(REAL, folder, settings) as served:
        yield served


@contextmanager
def _visiting(browser: Browser, served: Served, size: tuple[int, int] = DESKTOP) -> Iterator[Page]:
    with watched_page(browser, served.url, size) as (page, watch):
        open_page(page, served.url)
        yield page
        watch.check()


def _shoot(page: Page, name: str) -> None:
    if folder := os.environ.get("CML_SHOTS"):
        page.screenshot(path=Path(folder) / f"models-{name}.png", full_page=True)


def _upload_and_ask(page: Page, who: str, *files: FilePayload) -> None:
    """Files are brought, a question is asked, the model's sentence stands with its source."""
    brought(page, *files)
    ask(page, QUESTION)
    turn = finished(page, LOADS_SECONDS)
    expect(turn.locator(".ans")).to_contain_text(LAUNDRY)
    expect(turn.locator(".ans a.c")).to_have_text("1")
    expect(turn.locator(".tally")).to_contain_text("1 of 1 sentence holds up against its source")
    expect(turn.locator(".status")).to_contain_text(who)
    turn.locator(".ans a.c").click()
    expect(page.locator(".evs .e.on .q mark")).to_have_text(LAUNDRY)


def _choose(page: Page, served: Served, title: str) -> None:
    """Takes another profile into use, on the page about the library."""
    page.goto(f"{served.url}?view=library&about=1")
    about = page.locator("#cml-reader")
    expect(about.locator(".who")).to_contain_text("Tiny")
    about.get_by_role("button", name=f"Use {title}").press("Enter")
    expect(about.locator(".who > p").nth(1)).to_contain_text(title, timeout=60_000)
    expect(about.locator("#who-said")).to_be_focused()
    open_page(page, served.url)


@pytest.mark.parametrize(
    ("family", "files", "place"),
    [("qwen2.5-vl", (RULES, SIGN), "rules.md"), ("mllama", (SPEECH,), "meeting.wav, from 0:00 to 0:0")],
)
def test_a_local_model_that_sees_answers_from_an_upload(
    family: str, files: tuple[FilePayload, ...], place: str, browser: Browser, index: Path, tmp_path: Path
) -> None:
    """From a document with a picture, and from a recording that Whisper has heard."""
    model = build_speaking(family, tmp_path / "speaker", SAYS)
    generator = {"engine": "local", "model": model, "device": "cpu", "max_pictures": 1}
    with _served(tmp_path, index, generator) as served, _visiting(browser, served) as page:
        _upload_and_ask(page, "speaker", *files)
        expect(page.locator(".evs .e.on .loc")).to_contain_text(place)
        _shoot(page, family)
        # What is exact is not left to it.
        ask(page, "What does Role Rotation require?")
        expect(finished(page, LOADS_SECONDS).locator(".status")).to_contain_text("built-in composer")


def test_a_served_model_answers_from_an_upload(browser: Browser, index: Path, tmp_path: Path) -> None:
    model = build_speaking("qwen2.5-vl", tmp_path / "speaker", SAYS)
    with ExitStack() as stack:
        url = stack.enter_context(transformers_server(model, tmp_path / "server.log"))
        generator = {"engine": "server", "model": model, "base_url": url, "max_pictures": 1, "context_tokens": 8192}
        served = stack.enter_context(_served(tmp_path, index, generator))
        page = stack.enter_context(_visiting(browser, served))
        _upload_and_ask(page, "speaker", RULES, SIGN)


def test_what_a_model_makes_up_is_marked_or_withheld_and_can_be_had_without_it(
    browser: Browser, index: Path, tmp_path: Path
) -> None:
    model = build_speaking("qwen2.5-vl", tmp_path / "speaker", "Seven purple whales signed the lease in Paris [1].")
    generator = {"engine": "local", "model": model, "device": "cpu"}
    (marks := tmp_path / "marks").mkdir()
    with _served(marks, index, generator) as served, _visiting(browser, served) as page:
        ask(page, "The same three people do all the invisible work. What helps?")
        turn = finished(page, LOADS_SECONDS)
        expect(turn.locator(".ans .un")).to_contain_text("purple whales")
        expect(turn.locator(".ans .v")).to_contain_text("no source")
        expect(turn.locator(".ans .v svg")).to_be_visible()  # not by colour alone
        expect(turn.locator(".tally")).to_contain_text("1 has none")
        _shoot(page, "marked")
        _choose(page, served, "Nothing to download")
        ask(page, "The same three people do all the invisible work. What helps?")
        expect(finished(page, LOADS_SECONDS).locator(".status")).to_contain_text("built-in composer")
    (withholds := tmp_path / "withholds").mkdir()
    environ = {"CML_WITHHOLD": "withhold"}
    with _served(withholds, index, generator, **environ) as served, _visiting(browser, served, PHONE) as page:
        ask(page, "The same three people do all the invisible work. What helps?")
        turn = finished(page, LOADS_SECONDS)
        expect(turn).not_to_contain_text("purple whales")
        expect(turn).to_contain_text("1 sentence was withheld")
        assert overflow(page) <= 0
        _shoot(page, "withheld")
        turn.get_by_role("button", name="Answer without the model").press("Enter")
        expect(newest(page).locator(".status")).to_contain_text("built-in composer", timeout=60_000)
        expect(finished(page, LOADS_SECONDS).locator(".ans a.c").first).to_be_visible()
        expect(question_box(page)).to_have_value("")
