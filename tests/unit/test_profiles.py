"""Profiles: those that are shipped, one's own, what is wrong with one, and what the environment puts in its place."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from cml_mm.errors import InputError, ModelError, ModelMissing
from cml_mm.profiles import NAMES, limits_of, load_profile, parts_of, profile_of
from cml_mm.profiles.presence import generator_state, missing_words
from cml_mm.profiles.schema import NEEDS, TAKES, GeneratorPart
from cml_mm.settings import Settings
from cml_mm.visits import Limits

RESEARCH = ("slm-rag", "graph-rag", "commons")


@pytest.fixture
def empty_hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A hub's cache with nothing in it, so that no test depends on what this machine has."""
    for name in ("HF_HUB_CACHE", "XDG_CACHE_HOME"):
        monkeypatch.setenv(name, str(tmp_path / "cache"))
    return tmp_path / "cache"


def settings_of(**environ: str) -> Settings:
    return Settings.load(environ)


def own(tmp_path: Path, text: str) -> str:
    path = tmp_path / "ours.toml"
    path.write_text(text, encoding="utf-8")
    return str(path)


@pytest.mark.parametrize("name", NAMES)
def test_every_profile_reads_and_says_what_it_is_for(name: str) -> None:
    profile = load_profile(name)
    assert profile.name == name
    assert profile.title
    assert profile.about.endswith(".")


def test_the_first_profile_needs_nothing() -> None:
    profile = load_profile("embedded")
    assert profile.generator.engine == "embedded"
    assert profile.image_encoder.engine == "none"
    assert profile.transcriber.engine == "pocketsphinx"
    assert settings_of().profile == "embedded"


@pytest.mark.parametrize("name", RESEARCH)
def test_the_research_options_have_a_model_that_writes(name: str) -> None:
    assert load_profile(name).generator.engine in ("local", "server")


def test_a_typo_names_the_nearest_profile() -> None:
    with pytest.raises(InputError) as caught:
        load_profile("lapptop")
    assert "Did you mean laptop?" in caught.value.hint
    assert all(name in caught.value.hint for name in NAMES)


def test_ones_own_profile_is_read_from_its_file(tmp_path: Path) -> None:
    place = own(
        tmp_path,
        """
        title = "Ours"
        [generator]
        engine = "local"
        model = "./weights"
        adapter = "ORG/adapter"
        quantisation = "4bit"
        deadline_seconds = 45
        [image_encoder]
        engine = "open-clip"
        model = "local-dir:./clip"
        [limits]
        pages = 12
        """,
    )
    profile = load_profile(place)
    assert profile.name == "ours"
    assert profile.generator.model == str(tmp_path / "weights")
    assert profile.generator.adapter == "ORG/adapter"
    assert profile.generator.quantisation == "4bit"
    assert profile.generator.deadline_seconds == 45.0
    assert profile.image_encoder.model == f"local-dir:{tmp_path / 'clip'}"
    assert profile.limits == replace(Limits(), pages=12)
    assert profile.transcriber.engine == "none"


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ('[genrator]\nengine = "local"', "'genrator'", "Did you mean generator?"),
        ('[generator]\nengine = "locale"', "'locale'", "Did you mean local? Choose one of: embedded, local, server."),
        ('[generator]\nengine = "local"', "generator.model is missing", "needs it"),
        ('[generator]\nengine = "local"\nmodel = "a/b"\nmodle = "c"', "'modle'", "Did you mean model?"),
        ('[generator]\nengine = "local"\nmodel = "a/b"\nbase_url = "x"', "base_url means nothing", "it takes model"),
        ('[generator]\nengine = "local"\nmodel = 7', "model is 7", "a text in quotation marks"),
        ('[generator]\nengine = "local"\nmodel = "a/b"\nmax_pictures = -1', "-1", "from 0 to 64"),
        ('[generator]\nengine = "local"\nmodel = "a/b"\nmax_pictures = 1.5', "1.5", "a whole number"),
        ('[generator]\nengine = "server"\nvideo = "yes"', "video is 'yes'", "true or false"),
        ('[generator]\nengine = "server"\nadapter = "a/b"', "adapter means nothing", "Take it out"),
        ('[ocr]\nmodel = "x"', "'model'", "It may have: engine."),
        ('generator = "local"', "generator is 'local'", "a table"),
        ("[limits]\npages = 0", "pages is 0", "from 1"),
        ("[limits]\npags = 3", "'pags'", "Did you mean pages?"),
        ("[generator\n", "is no TOML", "Compare it with"),
        ("title = 3", "title is 3", "quotation marks"),
    ],
)
def test_what_is_wrong_is_said_with_what_would_be_right(tmp_path: Path, text: str, message: str, hint: str) -> None:
    with pytest.raises(InputError) as caught:
        load_profile(own(tmp_path, text))
    assert message in caught.value.message
    assert hint in caught.value.hint


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"none\.toml cannot be read \(No such file"):
        load_profile(str(tmp_path / "none.toml"))


def test_a_file_that_is_no_text_is_said(tmp_path: Path) -> None:
    path = tmp_path / "bytes.toml"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InputError, match="is no TOML"):
        load_profile(str(path))


def test_every_key_that_an_engine_takes_is_one_of_its_part() -> None:
    profile = load_profile("embedded")
    for (part, _), keys in (*NEEDS.items(), *TAKES.items()):
        for key in keys:
            assert hasattr(getattr(profile, part), key)


def test_one_line_names_another_model_to_run_here() -> None:
    part = profile_of(settings_of(CML_MODEL="ORG/small")).generator
    assert (part.engine, part.model) == ("local", "ORG/small")
    by_card = profile_of(settings_of(CML_MODEL="qwen3-vl-4b")).generator
    assert by_card.model == "Qwen/Qwen3-VL-4B-Instruct"


def test_a_model_in_the_place_of_a_tuned_one_drops_the_adapter_and_keeps_the_rest(tmp_path: Path) -> None:
    place = own(
        tmp_path,
        '[generator]\nengine = "local"\nmodel = "a/b"\nadapter = "c/d"\nquantisation = "8bit"\nmax_pictures = 1',
    )
    part = profile_of(settings_of(CML_PROFILE=place, CML_MODEL="e/f")).generator
    assert (part.model, part.adapter, part.quantisation, part.max_pictures) == ("e/f", "", "8bit", 1)
    same = profile_of(settings_of(CML_PROFILE=place, CML_MODEL="a/b")).generator
    assert same.adapter == "c/d"


def test_one_line_names_a_server() -> None:
    part = profile_of(settings_of(CML_BASE_URL="http://127.0.0.1:8000/v1", CML_SERVED_MODEL="m")).generator
    assert (part.engine, part.base_url, part.model) == ("server", "http://127.0.0.1:8000/v1", "m")
    of_profile = profile_of(settings_of(CML_PROFILE="commons", CML_BASE_URL="http://127.0.0.1:8000/v1")).generator
    assert of_profile.model == load_profile("commons").generator.model
    assert of_profile.context_tokens == load_profile("commons").generator.context_tokens


@pytest.mark.parametrize(
    "environ",
    [
        {"CML_MODEL": "a/b", "CML_BASE_URL": "http://127.0.0.1:8000/v1"},
        {"CML_MODEL": "a/b", "CML_SERVED_MODEL": "m"},
        {"CML_SERVED_MODEL": "m"},
    ],
)
def test_lines_that_contradict_each_other_are_refused(environ: dict[str, str]) -> None:
    with pytest.raises(InputError):
        profile_of(settings_of(**environ))


def test_the_key_of_a_server_is_never_printed() -> None:
    settings = settings_of(CML_API_KEY="sk-very-secret")
    assert settings.api_key == "sk-very-secret"
    assert "sk-very-secret" not in repr(settings)


def test_what_to_do_with_unsupported_sentences_is_a_choice() -> None:
    assert not settings_of().withhold
    assert not settings_of(CML_WITHHOLD="mark").withhold
    assert settings_of(CML_WITHHOLD="withhold").withhold
    with pytest.raises(InputError, match="CML_WITHHOLD is 'hide'"):
        settings_of(CML_WITHHOLD="hide")


@pytest.mark.parametrize(
    ("environ", "may"),
    [
        ({}, True),
        ({"CML_HOST": "0.0.0.0"}, False),
        ({"SPACE_ID": "us/cml"}, False),
        ({"CML_HOST": "0.0.0.0", "CML_CHOOSE_PROFILE": "yes"}, True),
        ({"CML_CHOOSE_PROFILE": "no"}, False),
    ],
)
def test_only_who_sits_at_the_machine_may_choose_a_profile(environ: dict[str, str], may: bool) -> None:
    assert settings_of(**environ).choose_profile is may


def test_limits_are_the_profiles_unless_they_were_set_otherwise() -> None:
    space = settings_of(CML_PROFILE="space")
    assert limits_of(space) == load_profile("space").limits != Limits()
    given = Limits(pages=3)
    assert limits_of(replace(space, limits=given)) == given


@pytest.mark.usefixtures("empty_hub")
def test_what_is_missing_is_said_of_every_part_with_its_command() -> None:
    states = parts_of(settings_of(CML_PROFILE="gpu")).states()
    by_part = {state.part: state for state in states}
    assert [name for name, state in by_part.items() if state.there] == ["ocr"]
    for name in ("text encoder", "image encoder", "generator", "transcriber"):
        assert "cml models get" in by_part[name].hint
    assert by_part["generator"].hint.endswith("cml models get qwen3-vl-4b")
    assert by_part["generator"].hint in missing_words(states)


@pytest.mark.usefixtures("empty_hub")
@pytest.mark.parametrize("name", ["embedded", "remote", "slm-rag"])
def test_a_profile_without_a_recogniser_of_its_own_hears_weakly_and_says_so(name: str) -> None:
    parts = parts_of(settings_of(CML_PROFILE=name))
    (state,) = (state for state in parts.states() if state.part == "transcriber")
    assert state.there and "weak" in state.words and "never quoted" in state.words
    ears = parts.transcriber()
    assert ears is not None and ears.name == "Pocketsphinx"


def test_ones_own_profile_can_ask_only_when_somebody_speaks(tmp_path: Path) -> None:
    place = own(tmp_path, '[transcriber]\nengine = "speech-spans"')
    parts = parts_of(settings_of(CML_PROFILE=place))
    (state,) = (state for state in parts.states() if state.part == "transcriber")
    assert state.there and "not what is said" in state.words
    ears = parts.transcriber()
    assert ears is not None and ears.name == "Silero VAD"
    with pytest.raises(InputError, match="model means nothing to the engine speech-spans"):
        load_profile(own(tmp_path, '[transcriber]\nengine = "speech-spans"\nmodel = "base"'))


@pytest.mark.usefixtures("empty_hub")
@pytest.mark.parametrize("part", ["text_encoder", "image_encoder", "transcriber", "generator"])
def test_a_missing_weight_is_an_error_and_nothing_takes_its_place(part: str) -> None:
    parts = parts_of(settings_of(CML_PROFILE="gpu"))
    with pytest.raises(ModelMissing) as caught:
        getattr(parts, part)()
    assert "cml models get" in caught.value.hint


def test_weights_in_a_folder_or_in_the_hubs_cache_are_found(tmp_path: Path, empty_hub: Path) -> None:
    folder = tmp_path / "weights"
    folder.mkdir()
    assert generator_state(GeneratorPart("local", str(folder))).missing.endswith("holds no weights.")
    (folder / "model.safetensors").touch()
    assert generator_state(GeneratorPart("local", str(folder))).there

    place = empty_hub / "models--ORG--small"
    (place / "refs").mkdir(parents=True)
    (place / "refs" / "main").write_text("0" * 40, encoding="utf-8")
    assert not generator_state(GeneratorPart("local", "ORG/small")).there
    (place / "snapshots" / ("0" * 40)).mkdir(parents=True)
    assert not generator_state(GeneratorPart("local", "ORG/small")).there
    (place / "snapshots" / ("0" * 40) / "model-00001-of-00002.safetensors").touch()
    assert generator_state(GeneratorPart("local", "ORG/small")).there
    assert not generator_state(GeneratorPart("local", "ORG/small", adapter="ORG/tuned")).there


@pytest.mark.parametrize(
    ("environ", "hint"),
    [
        ({"CML_PROFILE": "remote"}, "CML_BASE_URL"),
        ({"CML_PROFILE": "remote", "CML_BASE_URL": "http://127.0.0.1:1/v1"}, "CML_SERVED_MODEL"),
    ],
)
def test_a_server_without_address_or_model_is_said(environ: dict[str, str], hint: str) -> None:
    with pytest.raises(ModelError) as caught:
        parts_of(settings_of(**environ)).generator()
    assert hint in caught.value.hint
