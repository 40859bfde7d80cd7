"""Which files of a repository on the hub are needed, and where they go in the hub's cache."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from cml_mm.models.cards import HostedFile, ModelCard

_HEX = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_SETTINGS = frozenset({".json", ".txt", ".model", ".jinja", ".tiktoken"})
# The same weights again in other forms, or what only training left behind.
_OTHER_FORMS = frozenset({"original", "onnx", "openvino", "gguf", "coreml", "runs", "figures", "examples", "metal"})
_PICKLED = (".bin",)
_CLIP_SETTINGS = "open_clip_config.json"
_VARIANT = re.compile(r"\.(fp16|fp32|bf16|int8)\.")
_FAREWELL = ("training_args", "optimizer", "scheduler", "rng_state")


@dataclass(frozen=True)
class HubFile:
    """A file of a repository.

    Args:
        name: with its folders, "/" between them.
        sha256: of files stored as LFS objects, else "".
        blob: git's id of it, the SHA-1 of "blob", its size and its bytes.
    """

    name: str
    size_bytes: int
    sha256: str
    blob: str

    @property
    def digest(self) -> str:
        """What its bytes have to yield; its name among the cache's blobs."""
        return self.sha256 or self.blob

    @property
    def well_formed(self) -> bool:
        """Whether its name and digest can be used as paths."""
        parts = PurePosixPath(self.name).parts
        odd = "\\" in self.name or ":" in self.name
        return bool(_HEX.fullmatch(self.digest)) and not odd and not ({"..", "/", "."} & set(parts)) and bool(parts)


def needed_files(files: Iterable[HubFile]) -> tuple[HubFile, ...]:
    """Settings, tokenizer and one copy of the weights; settings first.

    Weights are taken in safetensors; only where a repository has none, its .bin files. Where open_clip's own
    are there, those alone.
    """
    kept = [file for file in files if not _OTHER_FORMS & {part.lower() for part in PurePosixPath(file.name).parts[:-1]}]
    settings = [file for file in kept if PurePosixPath(file.name).suffix.lower() in _SETTINGS]
    return (*settings, *_weights(kept))


def _weights(files: list[HubFile]) -> list[HubFile]:
    safe = [file for file in files if file.name.endswith(".safetensors") and not _VARIANT.search(file.name)]
    if any(file.name == _CLIP_SETTINGS for file in files):
        clip = [file for file in safe if _base(file).startswith("open_clip")]
        safe = clip or safe
    else:
        # Mistral's own form of the same weights stands beside the one that transformers reads.
        safe = [file for file in safe if not _base(file).startswith("consolidated")] or safe
    if safe:
        return safe
    pickled = [file for file in files if file.name.endswith(_PICKLED) and not _base(file).startswith(_FAREWELL)]
    return [file for file in pickled if "/" not in file.name]


def _base(file: HubFile) -> str:
    return PurePosixPath(file.name).name


def cache_home() -> Path:
    """Where programs keep what they can fetch again (XDG Base Directory Specification)."""
    return Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache").expanduser()


def hub_cache() -> Path:
    """Where downloads from the hub lie, by the variables that its own tools read."""
    if place := os.environ.get("HF_HUB_CACHE") or os.environ.get("HUGGINGFACE_HUB_CACHE"):
        return Path(os.path.expandvars(place)).expanduser()
    home = os.environ.get("HF_HOME") or cache_home() / "huggingface"
    return Path(os.path.expandvars(home)).expanduser() / "hub"


def repository_folder(hub_id: str) -> Path:
    """The folder of a model in the hub's cache: blobs/, snapshots/COMMIT/, refs/main."""
    return hub_cache() / f"models--{hub_id.replace('/', '--')}"


def hosted_place(hosted: HostedFile) -> Path:
    """Where a checkpoint from a server of its own lies; openai-whisper looks for its own there."""
    return cache_home() / hosted.folder / hosted.name


def is_brought(card: ModelCard) -> bool:
    """Whether a model's weights are on this machine, told by their names."""
    if card.file is not None:
        return hosted_place(card.file).is_file()
    snapshot = snapshot_of(card.hub_id)
    return snapshot is not None and any(path.suffix in (".safetensors", ".bin") for path in snapshot.iterdir())


def snapshot_of(hub_id: str) -> Path | None:
    """The folder with a model's files as they were brought last; None where it was never brought whole."""
    folder = repository_folder(hub_id)
    try:
        commit = (folder / "refs" / "main").read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):
        return None
    snapshot = folder / "snapshots" / commit
    return snapshot if _HEX.fullmatch(commit) and snapshot.is_dir() else None
