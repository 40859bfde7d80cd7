"""`cml models` as people use it, against a hub on this machine that also breaks off, lies, refuses and vanishes."""

from __future__ import annotations

import hashlib
import json
import os
import random
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from filelock import FileLock

from cml_mm.cli import main
from cml_mm.models.cards import all_cards, require_card
from cml_mm.settings import ROOT
from tests.support.loopback_hub import COMMIT, Repository, loopback_hub
from tests.support.server import free_port

NAME = "pond/Heron-1B"
WEIGHTS = random.Random(6).randbytes(600_000)
FILES = {
    "config.json": b'{"model_type": "heron"}',
    "tokenizer.json": b'{"version": "1.0", "padding": "' + b"-" * 2000 + b'"}',
    "tokenizer_config.json": b"{}",
    "chat_template.jinja": b"{{ messages }}",
    "model-00001-of-00002.safetensors": WEIGHTS,
    "model-00002-of-00002.safetensors": WEIGHTS[::-1],
    "model.safetensors.index.json": b'{"weight_map": {}}',
    "pytorch_model.bin": b"the same again" * 200,
    "consolidated.safetensors": b"and again" * 200,
    "original/consolidated.00.pth": b"and again" * 300,
    "onnx/model.onnx": b"and again" * 300,
    "README.md": b"# Heron",
    "modeling_heron.py": b"raise SystemExit('never run')",
}
NEEDED = {name for name in FILES if name.startswith(("config", "token", "chat", "model-", "model.safe"))}

Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Runs `cml models …` in a process of its own, which alone reads HF_ENDPOINT anew."""

    def _run(endpoint: str, *words: str, **environ: str) -> subprocess.CompletedProcess[str]:
        env = {name: value for name, value in os.environ.items() if not name.startswith(("HF_", "TRANSFORMERS_"))}
        env |= {"HF_ENDPOINT": endpoint, "HF_HOME": str(tmp_path / "hf"), "XDG_CACHE_HOME": str(tmp_path / "cache")}
        command = [sys.executable, "-m", "cml_mm", "models", *words]
        return subprocess.run(command, cwd=ROOT, env=env | environ, capture_output=True, text=True, timeout=120)

    return _run


def snapshot(tmp_path: Path) -> Path:
    return tmp_path / "hf" / "hub" / "models--pond--Heron-1B" / "snapshots" / COMMIT


def read_back(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_model_is_brought_once_with_what_is_needed_and_found_by_its_id(run: Run, tmp_path: Path) -> None:
    with loopback_hub({NAME: Repository(FILES)}) as hub:
        first = run(hub.url, "get", NAME, HF_TOKEN="a-token")
        assert first.returncode == 0, first.stderr
        assert str(snapshot(tmp_path)) in first.stdout and "verified" in first.stdout
        assert f"Fetching {NAME}, MB: 1 of 1" in first.stderr
        assert read_back(snapshot(tmp_path)) == {name: FILES[name] for name in NEEDED}
        assert {one.authorization for one in hub.asked if NAME in one.path} == {"Bearer a-token"}, hub.asked
        fetched = len(hub.files_asked())
        again = run(hub.url, "get", NAME)
        assert again.returncode == 0 and len(hub.files_asked()) == fetched == len(NEEDED)
    code = f"from huggingface_hub import snapshot_download as s; print(s({NAME!r}, local_files_only=True))"
    env = {**os.environ, "HF_HOME": str(tmp_path / "hf"), "HF_HUB_OFFLINE": "1"}
    found = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, timeout=60)
    assert Path(found.stdout.strip()) == snapshot(tmp_path), found.stderr


def test_a_cut_download_goes_on_where_it_stopped(run: Run, tmp_path: Path) -> None:
    weights = "model-00001-of-00002.safetensors"
    repository = Repository(FILES, cut_at={weights: 100_000})
    with loopback_hub({NAME: repository}) as hub:
        first = run(hub.url, "get", NAME)
        assert first.returncode == 1 and "503" in first.stderr and "it goes on from there" in first.stderr
        assert not snapshot(tmp_path).exists(), "a model that is not whole must not be found"
        repository.mended = True
        hub.asked.clear()
        second = run(hub.url, "get", NAME)
        assert second.returncode == 0, second.stderr
        assert [one.range for one in hub.asked if one.path.endswith(weights)] == ["bytes=100000-"]
    assert (snapshot(tmp_path) / weights).read_bytes() == WEIGHTS


def test_a_stutter_is_mended_without_a_word(run: Run, tmp_path: Path) -> None:
    weights = "model-00002-of-00002.safetensors"
    with loopback_hub({NAME: Repository(FILES, stutters={weights: 200_000})}) as hub:
        done = run(hub.url, "get", NAME)
        assert done.returncode == 0, done.stderr
        assert [one.range for one in hub.asked if one.path.endswith(weights)] == ["", "bytes=200000-"]
    assert (snapshot(tmp_path) / weights).read_bytes() == WEIGHTS[::-1]
    assert "Error" not in done.stderr


def test_a_server_without_ranges_and_a_part_too_long_are_no_hindrance(run: Run, tmp_path: Path) -> None:
    first, second = "model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors"
    blobs = snapshot(tmp_path).parents[1] / "blobs"
    blobs.mkdir(parents=True)
    (blobs / f"{hashlib.sha256(FILES[second]).hexdigest()}.cml-part").write_bytes(FILES[second] + b"!")
    with loopback_hub({NAME: Repository(FILES, stutters={first: 200_000}, whole={first})}) as hub:
        done = run(hub.url, "get", NAME)
        assert done.returncode == 0, done.stderr
        assert [one.range for one in hub.asked if one.path.endswith(second)] == [""]
    assert (snapshot(tmp_path) / first).read_bytes() == WEIGHTS
    assert (snapshot(tmp_path) / second).read_bytes() == FILES[second]


@pytest.mark.parametrize("file", ["model-00001-of-00002.safetensors", "config.json"])
def test_other_bytes_than_announced_are_thrown_away(run: Run, tmp_path: Path, file: str) -> None:
    repository = Repository(FILES, wrong={file})
    with loopback_hub({NAME: repository}) as hub:
        first = run(hub.url, "get", NAME)
        assert first.returncode == 1 and f"What came for {file} is not what was announced" in first.stderr
        assert not snapshot(tmp_path).exists()
        repository.wrong.clear()
        assert run(hub.url, "get", NAME).returncode == 0
    assert (snapshot(tmp_path) / file).read_bytes() == FILES[file]


def test_what_was_damaged_since_is_brought_again(run: Run, tmp_path: Path) -> None:
    with loopback_hub({NAME: Repository(FILES)}) as hub:
        assert run(hub.url, "get", NAME).returncode == 0
        (snapshot(tmp_path) / "tokenizer.json").resolve().write_bytes(FILES["tokenizer.json"][::-1])
        hub.asked.clear()
        assert run(hub.url, "get", NAME).returncode == 0
        assert hub.files_asked() == ["tokenizer.json"]
    assert (snapshot(tmp_path) / "tokenizer.json").read_bytes() == FILES["tokenizer.json"]


@pytest.mark.parametrize("status", [401, 403])
def test_a_gated_model_names_the_way_in(run: Run, status: int) -> None:
    with loopback_hub({NAME: Repository(FILES, gate=status)}) as hub:
        done = run(hub.url, "get", NAME)
    assert done.returncode == 1
    assert "gated" in done.stderr and "Accept it" in done.stderr and "hf auth login" in done.stderr


def test_a_card_that_is_known_to_be_gated_says_so_before_it_asks(run: Run) -> None:
    with loopback_hub({}) as hub:
        done = run(hub.url, "get", "llama-3.1-8b")
    assert "meta-llama/Llama-3.1-8B-Instruct is gated: its licence" in done.stderr


@pytest.mark.parametrize(
    ("repository", "code", "words"),
    [
        (None, 2, "There is no model pond/Heron-1B"),
        (Repository(FILES, lost={"config.json"}), 1, "does not have all of its files"),
        (Repository({"README.md": b"empty", "config.json": b"{}"}), 2, "holds no weights"),
        (Repository({**FILES, "../../escaped.json": b"{}"}), 1, "cannot be stored"),
        (Repository(FILES, busy=418), 1, "could not answer for pond/Heron-1B (it answers 418)"),
        (Repository(FILES, claimed_bytes={"model-00001-of-00002.safetensors": 10**17}), 1, "Free some room"),
        (
            Repository(FILES, claimed_bytes={"model-00001-of-00002.safetensors": 600_001}),
            1,
            "longer or shorter than was announced",
        ),
    ],
)
def test_refusals_say_what_happened(
    run: Run, tmp_path: Path, repository: Repository | None, code: int, words: str
) -> None:
    with loopback_hub({NAME: repository} if repository else {}) as hub:
        done = run(hub.url, "get", NAME)
    assert (done.returncode, words in done.stderr) == (code, True), done.stderr
    assert "Traceback" not in done.stderr
    assert not snapshot(tmp_path).exists() and not list(tmp_path.rglob("escaped.json"))


def test_without_a_network_the_hub_is_named(run: Run) -> None:
    address = f"http://127.0.0.1:{free_port()}"
    done = run(address, "get", NAME)
    assert done.returncode == 1 and f"{address.removeprefix('http://')} cannot be reached" in done.stderr
    assert "HF_ENDPOINT" in done.stderr and "Traceback" not in done.stderr
    done = run(address, "get", NAME, HF_HUB_OFFLINE="1")
    assert done.returncode == 1 and "switched off" in done.stderr


BRING_FILE = """
import sys
from cml_mm.errors import CmlError
from cml_mm.models.cards import HostedFile
from cml_mm.models.hub import bring_file

try:
    print(bring_file(HostedFile(*sys.argv[1:]), lambda *_: None))
except CmlError as error:
    sys.exit(str(error))
"""


def test_a_model_of_one_file_is_brought_verified_and_kept(tmp_path: Path) -> None:
    """As Whisper's, from a server of its own; no token of the hub is sent there."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("HF_")}
    env |= {"XDG_CACHE_HOME": str(tmp_path), "HF_TOKEN": "a-token"}

    def brought(digest: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-c", BRING_FILE, url, digest, "whisper"]
        return subprocess.run(command, env=env, cwd=ROOT, capture_output=True, text=True, timeout=60)

    digest = hashlib.sha256(WEIGHTS).hexdigest()
    with loopback_hub({NAME: Repository({"small.pt": WEIGHTS})}) as hub:
        url = f"{hub.url}/{NAME}/resolve/{COMMIT}/small.pt"
        assert "What came for small.pt is not what was announced" in brought("0" * 64).stderr
        done = brought(digest)
        assert Path(done.stdout.strip()) == tmp_path / "whisper" / "small.pt", done.stderr
        count = len(hub.asked)
        assert brought(digest).returncode == 0 and len(hub.asked) == count
        assert {one.authorization for one in hub.asked} == {""}
    assert (tmp_path / "whisper" / "small.pt").read_bytes() == WEIGHTS


def test_one_model_is_fetched_by_one_process(run: Run, tmp_path: Path) -> None:
    place = tmp_path / "hf" / "hub" / ".locks" / "models--pond--Heron-1B"
    place.mkdir(parents=True)
    with loopback_hub({NAME: Repository(FILES)}) as hub, FileLock(place / "cml.lock"):
        done = run(hub.url, "get", NAME)
    assert done.returncode == 1 and f"Another process is fetching {NAME}" in done.stderr


@pytest.fixture
def empty_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return tmp_path


def test_the_list_says_what_fits_and_why(empty_cache: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["models"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("This machine: ") and str(empty_cache) in out
    for card in all_cards():
        assert re.search(rf"^ {re.escape(card.name)} .*  (yes, |no: )", out, re.MULTILINE), card.name
    assert main(["models", "--fits"]) == 0
    fitting = capsys.readouterr().out
    assert " deepseek-v3.2 " not in fitting and "  no: " not in fitting


def test_what_is_here_is_marked(empty_cache: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = empty_cache / "models--Qwen--Qwen3-VL-2B-Instruct"
    (folder / "refs").mkdir(parents=True)
    (folder / "refs" / "main").write_text(COMMIT)
    (folder / "snapshots" / COMMIT).mkdir(parents=True)
    assert main(["models"]) == 0
    assert "*" not in capsys.readouterr().out.partition("* is on this machine")[0]
    (folder / "snapshots" / COMMIT / "model.safetensors").write_bytes(b"")
    assert main(["models"]) == 0
    assert "*qwen3-vl-2b " in capsys.readouterr().out


def test_one_card_shows_every_fact_with_source_and_date(empty_cache: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["models", "tiiuae/falcon3-10b-instruct"]) == 0
    out = capsys.readouterr().out
    assert "Stands for: Falcon 3 12B" in out and "There is no Falcon 3 at 12B" in out
    for name, fact in require_card("falcon-3-10b").facts().items():
        assert re.search(rf"^{name} .*{re.escape(fact.source)} \({fact.date}\)$", out, re.MULTILINE), name
    assert "Bring it: cml models get falcon-3-10b" in out


def test_json_holds_every_card(empty_cache: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["models", "--json"]) == 0
    written = json.loads(capsys.readouterr().out)
    assert [one["name"] for one in written] == [card.name for card in all_cards()]
    assert all({"value", "source", "date"} == set(fact) for one in written for fact in one["facts"].values())
    assert all(isinstance(one["fit"]["fits"], bool) and one["fit"]["why"] for one in written)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["qwen3-vl-5b"], "qwen3-vl-4b"),
        (["heron"], "`cml models` lists them"),
        (["get", "qwen3-vl-5b"], "qwen3-vl-4b"),
        (["get"], "takes one model"),
        (["get", "phi-4", "phi-4-mini"], "takes one model"),
        (["phi-4", "phi-4-mini"], "One model at a time"),
    ],
)
def test_a_wrong_word_is_answered_with_the_right_ones(
    words: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["models", *words]) == 2
    assert said in capsys.readouterr().err
