"""Pictures found by how they look: brought through the sandbox, kept with their vectors, asked, cited."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from cml_mm.engine import Engine
from cml_mm.errors import SchemaMismatch
from cml_mm.models.minilm import MiniLM
from cml_mm.record import Record
from cml_mm.retrieval.picture_index import PictureIndex
from cml_mm.settings import Settings
from cml_mm.talk import Scope
from cml_mm.types import Answer, PictureArea
from cml_mm.visits import FileCard, StoredFile
from tests.support.seeing_clip import png, seeing_clip, sheet
from tests.support.tiny_senses import tiny_clip

ANNA = "a" * 40


@pytest.fixture(scope="session")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return seeing_clip(tmp_path_factory.mktemp("clip") / "seeing")


def with_clip(settings: Settings, folder: Path, data: Path) -> Settings:
    """The settings with a profile of one's own that sees by the CLIP in this folder."""
    data.mkdir(exist_ok=True)
    profile = data / "sees.toml"
    profile.write_text(f'[image_encoder]\nengine = "open-clip"\nmodel = "local-dir:{folder}"\n', encoding="utf-8")
    return replace(settings, profile=str(profile), data=data / "kept")


@pytest.fixture(scope="module")
def seen(settings: Settings, clip: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """An engine that sees, and a visitor who has brought three pictures without words."""
    made = with_clip(settings, clip, tmp_path_factory.mktemp("seen"))
    with Engine.open(made) as engine:
        for name, colour, seed in (("Gate.png", "red", 7), ("Door.png", "blue", 8), ("Wall.png", "red", 9)):
            bring(engine, name, png(sheet(colour, seed=seed)))
        yield engine


def bring(engine: Engine, name: str, data: bytes) -> FileCard:
    content = engine.files.inbox() / f"arriving-{name}"
    content.write_bytes(data)
    card = engine.files.add(ANNA, name, content, lambda *_: None, lambda: False)
    assert card is not None
    return card


def ask(engine: Engine, question: str) -> Answer:
    return engine.answer(question, scope=Scope("files", ANNA))


def kept(settings: Settings) -> tuple[StoredFile, ...]:
    record = Record(settings.data, settings.keep_files_seconds, settings.keep_talks_seconds, settings.limits)
    try:
        return record.files.load(ANNA)
    finally:
        record.close()


def test_a_question_about_looks_cites_the_picture_that_fits_best(seen: Engine) -> None:
    answer = ask(seen, "Which picture shows a blue sheet?")
    assert answer.status == "answered"
    first = answer.sentences[0]
    assert first.text == "Door fits your words best."
    assert first.verdict == "supported"
    cited = answer.evidence[first.cites[0] - 1]
    assert (cited.source.title, cited.source.owner) == ("Door", "visitor")
    assert isinstance(cited.locator, PictureArea)
    assert cited.locator.face == "picture-1"
    assert cited.locator.fragment() == "xywh=percent:0,0,100,100"
    assert cited.found_by == ("how it looks",)
    assert any("nobody judged them" in notice.text for notice in answer.notices)


def test_what_no_picture_shows_is_not_found_by_looks(seen: Engine) -> None:
    answer = ask(seen, "Which picture shows a green sheet?")
    assert not any(item.found_by == ("how it looks",) for item in answer.evidence)


def test_pictures_that_look_alike_lead_to_each_other(seen: Engine) -> None:
    answer = ask(seen, "Which picture looks like the picture Wall?")
    cited = [answer.evidence[number - 1].source.title for number in answer.sentences[0].cites]
    assert cited == ["Gate", "Wall"]
    assert answer.sentences[0].text == "Beside the picture Wall, Gate fits best."


def test_a_picture_leads_to_patterns_which_are_cited_too(seen: Engine) -> None:
    answer = ask(seen, "Which pattern does the picture Wall look like?")
    assert answer.status == "answered"
    assert answer.sentences[0].verdict == "supported"
    assert len(answer.ranked) == 3
    owners = [answer.evidence[number - 1].source.owner for number in answer.sentences[0].cites]
    assert owners == ["visitor", "library"]


def test_patterns_are_looked_at_once_for_all_that_come_after(seen: Engine, settings: Settings) -> None:
    ask(seen, "Which pattern does the picture Wall look like?")
    shards = {path: path.stat().st_mtime_ns for path in (settings.index / "looks").rglob("*.npy")}
    assert shards
    entries = [entry for entry in seen._opened.snapshot.library.entries.values() if entry.kind == "pattern"]
    rows = sum(len(np.load(path)) for path in shards if path.name.endswith(".keys.npy"))
    assert rows == len(entries)
    with Engine.open(replace(seen._settings)) as again:
        assert ask(again, "Which pattern does the picture Wall look like?").ranked
    assert {path: path.stat().st_mtime_ns for path in (settings.index / "looks").rglob("*.npy")} == shards


def test_another_encoder_looks_again_and_the_old_vectors_are_refused(
    settings: Settings, clip: Path, tmp_path: Path
) -> None:
    made = with_clip(settings, clip, tmp_path / "first")
    with Engine.open(made) as engine:
        bring(engine, "Gate.png", png(sheet("red")))
        name = engine._models.image_encoder.name  # type: ignore[union-attr]
    (before,) = kept(made)
    assert before.looks is not None
    assert (before.looks.encoder, before.looks.faces) == (name, ("picture-1",))
    np.testing.assert_allclose(np.linalg.norm(before.looks.vectors, axis=1), 1.0, atol=1e-5)

    other = with_clip(settings, tiny_clip(tmp_path / "other", seed=5), tmp_path / "second")
    other = replace(other, data=made.data)
    with Engine.open(other) as engine:
        encoder = engine._models.image_encoder
        assert encoder is not None and encoder.name != name
        with pytest.raises(SchemaMismatch, match=r"Gate\.png were looked at by another model"):
            PictureIndex.build([before], encoder)
        ask(engine, "Which picture shows a red sheet?")
    (after,) = kept(other)
    assert after.looks is not None
    assert after.looks.encoder == encoder.name
    assert not np.allclose(after.looks.vectors, before.looks.vectors)


def test_files_of_a_profile_that_does_not_see_are_looked_at_when_one_does(
    settings: Settings, clip: Path, tmp_path: Path
) -> None:
    blind = replace(settings, data=tmp_path / "kept")
    with Engine.open(blind) as engine:
        bring(engine, "Gate.png", png(sheet("red")))
    assert kept(blind)[0].looks is None
    sees = replace(with_clip(settings, clip, tmp_path / "sees"), data=blind.data)
    with Engine.open(sees) as engine:
        assert ask(engine, "Which picture shows a red sheet?").status == "answered"
    assert kept(sees)[0].looks is not None


def test_without_an_image_encoder_nothing_is_said_of_looks(settings: Settings, encoder: MiniLM, tmp_path: Path) -> None:
    with Engine.open(replace(settings, data=tmp_path / "kept")) as engine:
        bring(engine, "Gate.png", png(sheet("red")))
        answer = ask(engine, "Which picture shows a red sheet?")
    assert not any(item.found_by == ("how it looks",) for item in answer.evidence)


def test_a_model_that_sees_is_given_a_picture_as_bare_pixels(seen: Engine) -> None:
    card = next(card for card in seen.files.files(ANNA) if card.name == "Door.png")
    picture = seen._visits.own_files.see(ANNA, card.id, "picture-1")
    assert picture is not None and picture.shape == (96, 96, 3)
    assert picture.mean(axis=(0, 1)).argmax() == 2
    assert seen._visits.own_files.see(ANNA, card.id, "picture-2") is None
