"""Which model fits which machine, and which files of a repository are needed."""

from __future__ import annotations

import stat
from dataclasses import replace
from pathlib import Path

import pytest

from cml_mm.models.cards import Fact, require_card
from cml_mm.models.fitting import Gpu, Machine, fits, gigabytes, read_gpus, this_machine
from cml_mm.models.hub_files import HubFile, needed_files

GB = 1_000_000_000
HERE = Path("/models")


def machine(memory: int | None = 16 * GB, disk: int | None = 500 * GB, *gpus: int) -> Machine:
    return Machine(memory, disk, HERE, tuple(Gpu("card", size) for size in gpus))


@pytest.mark.parametrize(
    ("name", "place", "precision", "on_gpu", "words"),
    [
        ("qwen3-vl-2b", machine(), "bfloat16", False, "slow without a graphics card"),
        ("qwen3-vl-8b", machine(), None, False, "a graphics card with 6.2 GB would do"),
        ("qwen3-vl-8b", machine(16 * GB, 500 * GB, 24 * GB), "bfloat16", True, "18 GB of 24 GB graphics memory"),
        ("qwen3-vl-8b", machine(16 * GB, 500 * GB, 12 * GB), "8-bit", True, "graphics memory"),
        ("qwen3-vl-8b", machine(16 * GB, 500 * GB, 8 * GB), "4-bit", True, "graphics memory"),
        ("qwen3-vl-8b", machine(64 * GB, 500 * GB, 4 * GB), "bfloat16", False, "slow"),
        ("llama-3.3-70b", machine(16 * GB, 500 * GB, 80 * GB, 80 * GB), "8-bit", True, "160 GB"),
        ("deepseek-v3.2", machine(16 * GB, 500 * GB, 80 * GB), None, False, "the graphics cards have 80 GB"),
        ("qwen3-vl-2b", machine(16 * GB, 1 * GB), None, False, "more than the 1.0 GB free on the disk"),
        ("qwen3-vl-2b", machine(None), None, False, "does not say how much memory"),
        ("clip-vit-b-32", machine(2 * GB), "float32", False, "1.2 GB of 1.8 GB"),
        ("clip-vit-b-32", machine(GB), None, False, "0.9 GB of memory can be used"),
    ],
)
def test_the_best_precision_that_fits(
    name: str, place: Machine, precision: str | None, on_gpu: bool, words: str
) -> None:
    fit = fits(require_card(name), place)
    assert (fit.precision, fit.on_gpu, fit.fits) == (precision, on_gpu, precision is not None)
    assert words in fit.why, fit.why


def test_what_is_here_needs_no_room_on_the_disk() -> None:
    card = require_card("qwen3-vl-2b")
    assert not fits(card, machine(disk=0)).fits
    assert fits(card, machine(disk=0), brought=True).fits


def test_what_is_not_known_is_not_guessed() -> None:
    unknown = replace(require_card("phi-4"), parameters=Fact(None, "nowhere", "2026-11-23"))
    fit = fits(unknown, machine(10**15))
    assert not fit.fits and "not known" in fit.why and unknown.tier == "unknown"


def test_this_machine_has_memory_and_a_disk(tmp_path: Path) -> None:
    found = this_machine(tmp_path / "not" / "yet")
    assert found.memory_bytes and found.memory_bytes > 100_000_000
    assert found.disk_free_bytes and found.place == tmp_path / "not" / "yet"


def test_graphics_cards_are_read_from_nvidia_smi(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "nvidia-smi"
    program.write_text("#!/bin/sh\necho 'NVIDIA H200, 143771'\necho 'Odd, [N/A]'\n", encoding="utf-8")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    assert this_machine(tmp_path).gpus == (Gpu("NVIDIA H200", 143771 * 1024 * 1024),)
    program.write_text("#!/bin/sh\nexit 9\n", encoding="utf-8")
    assert this_machine(tmp_path).gpus == ()
    assert read_gpus("") == ()


def test_sizes_for_people() -> None:
    assert [gigabytes(count) for count in (900_000_000, 9 * GB, 22 * GB, 1477 * GB)] == [
        "0.9 GB",
        "9.0 GB",
        "22 GB",
        "1,477 GB",
    ]


def names(*files: str) -> list[str]:
    return [file.name for file in needed_files(HubFile(name, 1, "a" * 64, "") for name in files)]


@pytest.mark.parametrize(
    ("files", "needed"),
    [
        (("config.json", "model.safetensors", "pytorch_model.bin"), ("config.json", "model.safetensors")),
        (("model.safetensors", "consolidated.safetensors"), ("model.safetensors",)),
        (("consolidated.safetensors", "params.json"), ("params.json", "consolidated.safetensors")),
        (("pytorch_model.bin", "onnx/model.onnx", "colbert_linear.pt"), ("pytorch_model.bin",)),
        (("pytorch_model.bin", "training_args.bin", "optimizer.bin"), ("pytorch_model.bin",)),
        (("model.safetensors", "model.fp16.safetensors"), ("model.safetensors",)),
        (("model.safetensors", "original/model.safetensors"), ("model.safetensors",)),
        (("model.safetensors", "vision-lora/adapter_model.safetensors"),) * 2,
        (
            (
                "open_clip_config.json",
                "open_clip_model.safetensors",
                "model.safetensors",
                "open_clip_pytorch_model.bin",
            ),
            ("open_clip_config.json", "open_clip_model.safetensors"),
        ),
        (
            ("config.json", "model.bin", "vocabulary.txt", "tokenizer.json", "README.md"),
            ("config.json", "vocabulary.txt", "tokenizer.json", "model.bin"),
        ),
        (
            ("sentencepiece.bpe.model", "1_Pooling/config.json", "model.safetensors", "modules.json", "imgs/a.png"),
            ("sentencepiece.bpe.model", "1_Pooling/config.json", "modules.json", "model.safetensors"),
        ),
        (("weights.gguf", "code.py"), ()),
    ],
)
def test_one_copy_of_the_weights_is_taken(files: tuple[str, ...], needed: tuple[str, ...]) -> None:
    assert names(*files) == list(needed)


@pytest.mark.parametrize("name", ["../x.json", "/etc/x.json", "a/../../x.json", "C:\\x.json", "a\\..\\x.json"])
def test_names_that_lead_elsewhere_are_refused(name: str) -> None:
    assert not HubFile(name, 1, "a" * 64, "").well_formed
    assert HubFile("a/x.json", 1, "a" * 64, "").well_formed
    assert not HubFile("x.json", 1, "../a", "").well_formed
