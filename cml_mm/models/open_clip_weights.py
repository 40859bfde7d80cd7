"""Finding the weights of CLIP and SigLIP on this machine: open_clip itself would fetch what is not there."""

from __future__ import annotations

import importlib.util
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cml_mm.errors import ModelError, ModelMissing
from cml_mm.models.hub_files import cache_home, snapshot_of
from cml_mm.models.torchvision_ops import declare
from cml_mm.models.weights_here import get_command

DEFAULT_MODEL = "ViT-B-32"
DEFAULT_PRETRAINED = "laion2b_s34b_b79k"
LOCAL = "local-dir:"
HUB = "hf-hub:"
CONFIG = "open_clip_config.json"

# Where the tags that are recommended here lie on the hub; others are looked up in open_clip, which loads torch.
HUB_IDS = {
    (DEFAULT_MODEL, DEFAULT_PRETRAINED): "laion/CLIP-ViT-B-32-laion2B-s34B-b79K",
    ("ViT-B-16-SigLIP", "webli"): "timm/ViT-B-16-SigLIP",
    ("ViT-B-32-SigLIP2-256", "webli"): "timm/ViT-B-32-SigLIP2-256",
}
_WEIGHTS = (
    "open_clip_model.safetensors",
    "open_clip_pytorch_model.safetensors",
    "open_clip_pytorch_model.bin",
    "model.safetensors",
)
_DAMAGED = "Bring it anew, or name another model."


@dataclass(frozen=True)
class Weights:
    """What to load, found on this machine: `model` and `file` as open_clip takes them."""

    name: str
    model: str
    file: Path
    config: dict[str, Any]  # the model's, as open_clip writes it
    settings: dict[str, Any] = field(default_factory=dict)  # how pictures are prepared, where no folder says it

    @property
    def dimension(self) -> int:
        return int(self.config["embed_dim"])


def find_weights(model: str, pretrained: str) -> Weights:
    """Look up a model on this machine.

    Args:
        model: as for OpenClipEncoder.
        pretrained: as for OpenClipEncoder.

    Raises:
        ModelMissing: it is not here.
        ModelError: there is no such model, or its folder cannot be read.
    """
    if model.startswith(LOCAL):
        folder = Path(model.removeprefix(LOCAL)).expanduser()
        if not folder.is_dir():
            raise ModelMissing(f"The picture encoder's folder {folder} is not there.", get_command("clip-vit-b-32"))
        return _in_folder(folder, folder.name, "clip-vit-b-32")
    if model.startswith(HUB):
        hub_id = model.removeprefix(HUB)
        cached = snapshot_of(hub_id)
        if cached is None:
            raise ModelMissing(f"The picture encoder {hub_id} is not on this machine.", get_command(hub_id))
        return _in_folder(cached, hub_id, hub_id)
    config = _built_in(model)
    file = Path(pretrained).expanduser()
    if file.is_file():
        return _with_file(Weights(f"{model}/{file.stem}", model, file, config))
    settings = {} if (model, pretrained) in HUB_IDS else _tag(model, pretrained)
    hub_id = HUB_IDS.get((model, pretrained)) or "/".join(str(settings.get("hf_hub", "")).split("/")[:2])
    name = f"{model}/{pretrained}"
    snapshot = snapshot_of(hub_id) if hub_id else None
    if snapshot is not None and (snapshot / CONFIG).is_file():
        return _in_folder(snapshot, name, hub_id)
    found = _weights_in(snapshot) if snapshot is not None else _downloaded(settings)
    if found is None:
        raise ModelMissing(f"The picture encoder {name} is not on this machine.", get_command(hub_id or name))
    return _with_file(Weights(name, model, found, config, _preparing(settings)))


def _in_folder(folder: Path, name: str, get: str) -> Weights:
    try:
        stated = json.loads((folder / CONFIG).read_text(encoding="utf-8"))
        config = dict(stated["model_cfg"])
        int(config["embed_dim"])
    except FileNotFoundError as exc:
        raise ModelMissing(f"The picture encoder's {CONFIG} is not in {folder}.", get_command(get)) from exc
    except (OSError, ValueError, KeyError, TypeError) as exc:
        raise ModelError(f"{folder / CONFIG} cannot be read.", _DAMAGED) from exc
    file = _weights_in(folder)
    if file is None:
        raise ModelMissing(f"The picture encoder's weights are not in {folder}.", get_command(get))
    return Weights(name, f"{LOCAL}{folder}", file, config, dict(stated.get("preprocess_cfg") or {}))


def _weights_in(folder: Path) -> Path | None:
    """The file that open_clip would choose in a folder."""
    named = (folder / name for name in _WEIGHTS)
    return next((path for path in named if path.is_file()), None)


def _with_file(found: Weights) -> Weights:
    """Raises: ModelError where its words are read by a model or tokenizer that open_clip would fetch."""
    text = found.config.get("text_cfg", {})
    if text.get("hf_model_name") or text.get("hf_tokenizer_name"):
        raise ModelError(
            f"{found.name} reads words with files of another model.",
            f"Bring the whole folder with its {CONFIG} and tokenizer, and name it as {LOCAL}/its/path.",
        )
    return found


def _built_in(model: str) -> dict[str, Any]:
    """A model's config as open_clip brings it, read without loading it."""
    spec = importlib.util.find_spec("open_clip")
    if spec is None or spec.origin is None:
        raise ModelMissing("The picture encoder (open_clip) is not installed.", "Run: python3 bootstrap.py setup")
    path = Path(spec.origin).parent / "model_configs" / f"{model.replace('/', '-')}.json"
    try:
        return dict(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError) as exc:
        hint = f"Name one that open_clip knows, such as {DEFAULT_MODEL}, or {LOCAL}/path/to/a/folder."
        raise ModelError(f"open_clip knows no model {model!r}.", hint) from exc


def _tag(model: str, pretrained: str) -> dict[str, Any]:
    """What open_clip knows of a tag. Raises: ModelMissing where it is none, and no file either."""
    declare()
    from open_clip.pretrained import get_pretrained_cfg, list_pretrained_tags_by_model

    found = dict(get_pretrained_cfg(model, pretrained))
    if not found:
        tags = ", ".join(sorted(list_pretrained_tags_by_model(model))) or "none"
        raise ModelMissing(
            f"{pretrained!r} is neither a file nor a tag of weights for {model}.", f"Tags for it are: {tags}."
        )
    return found


def _downloaded(settings: dict[str, Any]) -> Path | None:
    """A file that open_clip has fetched before from the address of a tag."""
    address = str(settings.get("url", ""))
    path = cache_home() / "clip" / address.rpartition("/")[2]
    return path if address and path.is_file() else None


def _preparing(settings: dict[str, Any]) -> dict[str, Any]:
    kept = ("mean", "std", "interpolation", "resize_mode", "quick_gelu")
    return {key: settings[key] for key in kept if settings.get(key)}
