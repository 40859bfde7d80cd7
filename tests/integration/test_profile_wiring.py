"""From a profile's names to an open engine: what is there is made, what is missing is said, misfits are refused."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from cml_mm.doctor import report
from cml_mm.engine import Engine
from cml_mm.errors import InputError, ModelError, ModelMissing, SchemaMismatch
from cml_mm.profiles import limits_of, parts_of
from cml_mm.settings import Settings
from tests.support.tiny_senses import tiny_clip, tiny_e5

ADDRESS = "http://127.0.0.1:9/v1"  # nobody answers there, and nobody is asked


def own(folder: Path, text: str) -> str:
    folder.mkdir(exist_ok=True)
    path = folder / "own.toml"
    path.write_text(text, encoding="utf-8")
    return str(path)


@pytest.fixture
def empty_hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A hub's cache with nothing in it."""
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "hub"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


@pytest.mark.usefixtures("empty_hub")
def test_an_engine_does_not_open_without_the_model_that_its_profile_names(settings: Settings) -> None:
    with pytest.raises(ModelMissing) as caught:
        Engine.open(replace(settings, profile="slm-rag"))
    assert "cml models get" in caught.value.hint
    with pytest.raises(ModelMissing, match="ORG/nowhere"):
        Engine.open(replace(settings, model="ORG/nowhere"))


def test_an_engine_does_not_open_without_its_servers_address(settings: Settings) -> None:
    with pytest.raises(ModelError) as caught:
        Engine.open(replace(settings, profile="remote"))
    assert "CML_BASE_URL" in caught.value.hint


def test_the_generator_of_a_profile_writes_and_goes_with_the_engine(settings: Settings) -> None:
    served = replace(settings, profile="remote", base_url=ADDRESS, served_model="small", unsupported="withhold")
    with Engine.open(served) as engine:
        writer = engine._opened.answerer.writer
        assert writer is not None and writer.withhold
        assert "small" in writer.name
        assert writer.generator is engine._models.generator
    with Engine.open(replace(served, unsupported="")) as engine:
        marking = engine._opened.answerer.writer
        assert marking is not None and not marking.withhold


def test_another_machine_without_encryption_needs_the_word_that_the_error_names(
    settings: Settings, tmp_path: Path
) -> None:
    server = '[generator]\nengine = "server"\nbase_url = "http://models.example.org/v1"\nmodel = "small"\n'
    with pytest.raises(InputError) as caught:
        Engine.open(replace(settings, profile=own(tmp_path / "without", server)))
    assert "plain_http = true" in caught.value.hint
    with Engine.open(replace(settings, profile=own(tmp_path / "with", server + "plain_http = true\n"))) as engine:
        assert engine._models.generator is not None


def test_the_first_profile_has_no_model_but_what_is_installed(settings: Settings) -> None:
    with Engine.open(settings) as engine:
        assert engine._opened.answerer.writer is None
        assert engine._opened.pattern_looks is None
        assert engine._models.generator is engine._models.image_encoder is None
        assert engine._models.transcriber is not None and engine._models.transcriber.name == "Pocketsphinx"


def test_an_index_of_another_text_encoder_is_refused_with_the_cure(settings: Settings, tmp_path: Path) -> None:
    folder = tiny_e5(tmp_path / "e5")
    place = own(tmp_path / "own", f'[text_encoder]\nengine = "sentence"\nmodel = "{folder}"\n')
    other = replace(settings, profile=place)
    with pytest.raises(SchemaMismatch) as caught:
        Engine.open(other)
    assert "cml index" in caught.value.hint

    built = replace(other, index=tmp_path / "index", data=tmp_path / "data")
    status = Engine.build(built, deep=False)
    assert "MiniLM" not in status.encoder
    with Engine.open(built) as engine:
        assert engine.status().encoder == status.encoder
        assert engine.search("who decides on shared money", 3)
    with pytest.raises(SchemaMismatch):
        Engine.open(replace(built, profile="embedded"))


def test_a_profile_bounds_what_visitors_bring(settings: Settings, tmp_path: Path) -> None:
    place = own(tmp_path, "[limits]\nfile_bytes = 1000\n")
    small = replace(settings, profile=place, data=tmp_path / "data")
    assert limits_of(small).file_bytes == 1000
    with Engine.open(small) as engine:
        content = engine.files.inbox() / "arriving"
        content.write_bytes(b"x" * 1001)
        with pytest.raises(Exception, match="larger than"):
            engine.files.add("a" * 40, "long.txt", content, lambda *_: None, lambda: False)


def test_the_doctor_prints_the_profile_whole(settings: Settings, tmp_path: Path) -> None:
    folder = tiny_clip(tmp_path / "clip")
    place = own(
        tmp_path / "own",
        f'title = "Ours"\n[image_encoder]\nengine = "open-clip"\nmodel = "local-dir:{folder}"\n'
        '[transcriber]\nengine = "whisper"\nmodel = "none-such"\n[ocr]\nengine = "none"\n',
    )
    mine = replace(settings, profile=place, model="ORG/nowhere", unsupported="withhold")
    found = {finding.part.strip(): finding for finding in report(mine)}
    assert found["profile"].state == "own: Ours"
    assert found["image encoder"].ok and str(folder) in found["image encoder"].state
    assert not found["transcriber"].ok and "none-such" in found["transcriber"].state
    assert not found["generator"].ok and "ORG/nowhere" in found["generator"].hint
    assert found["ocr"].state == "none"
    assert "withheld" in found["unsupported"].state
    assert "50 MB" in found["limits"].state


def test_a_misspelt_profile_is_said_by_the_doctor(settings: Settings) -> None:
    found = {finding.part: finding for finding in report(replace(settings, profile="lapptop"))}
    assert not found["profile"].ok
    assert "Did you mean laptop?" in found["profile"].hint


def test_without_a_recogniser_words_on_pictures_are_left_out(settings: Settings, tmp_path: Path) -> None:
    reads = parts_of(settings).file_reader()
    blind = parts_of(replace(settings, profile=own(tmp_path, '[ocr]\nengine = "none"\n'))).file_reader()
    assert vars(reads)["_ocr"]
    assert not vars(blind)["_ocr"]


def test_naming_the_parts_of_every_profile_loads_no_model() -> None:
    code = (
        "import sys; from cml_mm.profiles import NAMES, parts_of; from cml_mm.settings import Settings\n"
        "for name in NAMES: parts_of(Settings.load({'CML_PROFILE': name})).states()\n"
        "heavy = {'torch', 'transformers', 'open_clip', 'whisper', 'gradio', 'llama_index'} & set(sys.modules)\n"
        "sys.exit(f'loaded: {heavy}' if heavy else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
