"""A tiny CLIP that knows a few colours, so that tests can ask which picture shows one; and such pictures."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from cml_mm.ports import Picture
from cml_mm.retrieval.picture_index import AS_PICTURE, OTHERS
from tests.support.tiny_senses import tiny_clip

COLOURS = {"red": (210, 30, 40), "green": (30, 160, 60), "blue": (40, 60, 200), "yellow": (230, 210, 40)}


def sheet(colour: str, height: int = 96, width: int = 96, seed: int = 0) -> Picture:
    """A picture of nothing but a colour, unevenly so."""
    noise = np.random.default_rng(seed).integers(-18, 18, (height, width, 3))
    return np.clip(np.array(COLOURS[colour]) + noise, 0, 255).astype(np.uint8)


def png(picture: Picture) -> bytes:
    kept = io.BytesIO()
    Image.fromarray(picture).save(kept, "PNG")
    return kept.getvalue()


def seeing_clip(folder: Path) -> Path:
    """A checkpoint as open_clip reads it. Its towers stay random; what they give is projected so that a picture of a
    colour and its words meet, and words for other things lie elsewhere.

    Returns: the folder.
    """
    tiny_clip(folder)
    import open_clip
    import torch
    from safetensors.torch import save_file

    model, _, prepare = open_clip.create_model_and_transforms(f"local-dir:{folder}")
    tokenize = open_clip.get_tokenizer(f"local-dir:{folder}")
    said = [f"a picture of a {colour} sheet" for colour in COLOURS]
    others = [AS_PICTURE.format(other) for other in OTHERS]
    shown = [(row, sheet(colour, seed=seed)) for row, colour in enumerate(COLOURS) for seed in range(100, 112)]
    places = torch.eye(model.visual.proj.shape[1])
    elsewhere = places[len(COLOURS)]
    with torch.no_grad():
        model.eval()
        model.visual.proj = model.text_projection = None
        seen = model.encode_image(torch.stack([prepare(Image.fromarray(picture)) for _, picture in shown]))
        heard = model.encode_text(tokenize([*said, *others]))
        model.visual.proj = _projection(seen, torch.stack([places[row] + 0.4 * elsewhere for row, _ in shown]))
        model.text_projection = _projection(heard, torch.stack([*places[: len(said)], *(elsewhere for _ in others)]))
    weights = {key: value.detach().contiguous() for key, value in model.state_dict().items()}
    save_file(weights, folder / "open_clip_model.safetensors")
    return folder


def _projection(found: Any, wanted: Any) -> Any:
    """The matrix that leads from what a tower gives to where it should lie, by least squares."""
    import torch

    ridge = 1e-3 * torch.eye(found.shape[1])
    return torch.nn.Parameter(torch.linalg.solve(found.T @ found + ridge, found.T @ wanted))
