"""torchvision, open_clip and Transformers' CLIP import and run on whatever torch is here."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

# Each runs in its own process: operators are declared once per process, for good.
PROGRAMS = {
    "torchvision": """
import torch, torchvision
from torchvision.transforms.v2 import functional
assert functional.resize(torch.rand(3, 8, 8), [4, 4]).shape == (3, 4, 4)
""",
    "open_clip": """
import torch, open_clip
from open_clip.model import CLIP
torch.manual_seed(0)
model = CLIP(
    embed_dim=16,
    vision_cfg={"image_size": 32, "layers": 1, "width": 64, "patch_size": 16},
    text_cfg={"context_length": 8, "vocab_size": 64, "width": 16, "heads": 2, "layers": 1},
).eval()
with torch.no_grad():
    pictures = model.encode_image(torch.rand(2, 3, 32, 32))
    texts = model.encode_text(torch.randint(1, 64, (2, 8)))
assert pictures.shape == texts.shape == (2, 16)
assert not torch.equal(pictures[0], pictures[1])
""",
    "transformers": """
import torch
from transformers import CLIPConfig, CLIPModel
torch.manual_seed(0)
small = {"hidden_size": 16, "intermediate_size": 16, "num_attention_heads": 2, "num_hidden_layers": 1}
config = CLIPConfig(
    projection_dim=16,
    text_config={**small, "vocab_size": 64, "max_position_embeddings": 8},
    vision_config={**small, "image_size": 32, "patch_size": 16},
)
model = CLIPModel(config).eval()
with torch.no_grad():
    out = model(input_ids=torch.randint(1, 64, (2, 8)), pixel_values=torch.rand(2, 3, 32, 32))
assert out.logits_per_image.shape == (2, 2)
""",
}


def run(program: str) -> subprocess.CompletedProcess[str]:
    """Runs a program with this tree importable and the hub out of reach."""
    env = {**os.environ, "PYTHONPATH": str(ROOT), "HF_HUB_OFFLINE": "1"}
    return subprocess.run(
        [sys.executable, "-W", "ignore", "-c", program], capture_output=True, text=True, env=env, cwd=ROOT
    )


@pytest.mark.parametrize("name", PROGRAMS)
def test_imports_and_runs_after_declaring(name: str) -> None:
    declare = "from cml_mm.models import torchvision_ops\ntorchvision_ops.declare()\n"
    result = run(declare + PROGRAMS[name])
    assert result.returncode == 0, result.stderr


def test_needed_exactly_where_torchvision_fails_by_itself() -> None:
    alone = run("import torchvision")
    declared = run("from cml_mm.models import torchvision_ops as t\nprint(t.declare(), t.declare())")
    needed = alone.returncode != 0
    assert declared.stdout.split() == [str(needed)] * 2, declared.stderr


def test_importing_the_module_loads_no_torch() -> None:
    result = run("import sys, cml_mm.models.torchvision_ops\nassert 'torch' not in sys.modules")
    assert result.returncode == 0, result.stderr


def test_does_nothing_without_torchvision(tmp_path: Path) -> None:
    # -S leaves site-packages out, so neither torch nor torchvision can be found
    program = "from cml_mm.models import torchvision_ops as t\nassert t.declare() is False"
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    result = subprocess.run(
        [sys.executable, "-S", "-c", program], capture_output=True, text=True, env=env, cwd=tmp_path
    )
    assert result.returncode == 0, result.stderr
