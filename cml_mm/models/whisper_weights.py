"""Finding and loading Whisper's weights: OpenAI's own files, one for every size."""

from __future__ import annotations

import importlib.util
import re
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cml_mm.errors import ModelError, ModelMissing, OutOfMemory
from cml_mm.models.fingerprints import file_sha256
from cml_mm.models.hub_files import cache_home
from cml_mm.models.weights_here import get_command

SETUP_COMMAND = "Run: python3 bootstrap.py setup"
_SIZE = re.compile(r"(?:tiny|base|small|medium)(?:\.en)?|large(?:-v[123])?|large-v3-turbo|turbo")
_NEWEST = {"large": "large-v3", "turbo": "large-v3-turbo"}


@dataclass(frozen=True)
class WhisperWeights:
    """A file on this machine; `size` is "" where it is not one of OpenAI's own."""

    label: str
    path: Path
    size: str = ""


def find_whisper(model: str, folder: Path | None = None) -> WhisperWeights:
    """Look a Whisper up on this machine.

    Args:
        model: a size such as "base", or a .pt file.
        folder: where OpenAI's files lie; without one, where openai-whisper keeps them.

    Raises:
        ModelMissing: it is not here, or openai-whisper is not installed.
    """
    if importlib.util.find_spec("whisper") is None:
        raise ModelMissing("Speech recognition (openai-whisper) is not installed.", SETUP_COMMAND)
    named = model.removeprefix("whisper-")
    if _SIZE.fullmatch(named):
        size = _NEWEST.get(named, named)
        path = (folder or cache_home() / "whisper") / f"{size}.pt"
        if path.is_file():
            return WhisperWeights(size, path, size)
        raise ModelMissing(
            f"The speech recogniser Whisper {size} is not on this machine.", get_command(f"whisper-{size}")
        )
    path = Path(model).expanduser()
    if path.is_file():
        return WhisperWeights(path.stem, path)
    raise ModelMissing(
        f"There is no speech recogniser at {model}.",
        "Name a .pt file, or a size such as base, and run: cml models get whisper-base",
    )


def load_whisper(found: WhisperWeights, device: str) -> Any:
    """The model, ready to listen.

    Raises:
        ModelError: the weights are damaged, or are something else.
        OutOfMemory.
    """
    import torch

    try:
        _read_vocabularies()
        return _loaded(found).to(device).eval()
    except ModelError:
        raise
    except (torch.OutOfMemoryError, MemoryError) as exc:
        raise OutOfMemory(f"There is not enough memory for Whisper {found.label}.", "Use a smaller one.") from exc
    except Exception as exc:
        raise ModelError(
            f"The weights of Whisper {found.label} could not be loaded.", "Bring them anew, or name another one."
        ) from exc


def _loaded(found: WhisperWeights) -> Any:
    import whisper

    if found.size:
        expected = whisper._MODELS[found.size].split("/")[-2]
        if file_sha256(found.path) != expected:
            raise ModelError(
                f"{found.path} has been changed or damaged.", f"Delete it. {get_command(f'whisper-{found.size}')}"
            )
    # By its path: asked for by its name, whisper would fetch what it does not find.
    model = whisper.load_model(str(found.path), device="cpu")
    if found.size:
        model.set_alignment_heads(whisper._ALIGNMENT_HEADS[found.size])
    return model


def _read_vocabularies() -> None:
    """They are kept once read; whisper leaves closing their files to Python, which warns."""
    from whisper.tokenizer import get_encoding

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        get_encoding(name="gpt2", num_languages=99)
        for languages in (99, 100):  # the third large model knows one more
            get_encoding(name="multilingual", num_languages=languages)
