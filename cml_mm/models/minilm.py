"""The embedded text encoder: all-MiniLM-L6-v2 as int8 ONNX, on the CPU, without torch.

The files are made once at set-up (minilm_export). Texts are encoded one at a time and
without padding: int8 scales are taken over the whole input, so in a padded batch a
text's vector would depend on its neighbours (cosine down to 0.990).
"""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from cml_mm.errors import ModelError, ModelMissing
from cml_mm.ports import Vectors

DIMENSION = 384
MAX_TOKENS = 256  # the model was trained on no more; what follows is not read
MODEL = "model.onnx"
TOKENIZER = "tokenizer.json"
MANIFEST = "minilm.json"
SETUP_COMMAND = "Run: python3 bootstrap.py setup"

# Far more than 256 tokens of any script; spares the tokenizer megabytes that it would cut off.
_MAX_CHARACTERS = 50_000


class MiniLM:
    """Texts to vectors of length 1; may be used from several threads at once.

    Args:
        directory: holds model.onnx, tokenizer.json and minilm.json.
        threads: how many threads one text is encoded with.
        lazy: load the model with the first text; until then a damaged file is not noticed.

    Raises:
        ModelMissing: a file is not there; the hint names the command that makes it.
        ModelError: a file is not the one that minilm.json describes.
    """

    def __init__(self, directory: Path, threads: int = 1, lazy: bool = False) -> None:
        self._directory = directory
        self._threads = threads
        self._manifest = read_manifest(directory)
        self._name = f"all-MiniLM-L6-v2/int8/{self._manifest['onnx_sha256'][:12]}"
        self._loading = threading.Lock()
        self._ready: tuple[Any, Any] | None = None
        for name in (MODEL, TOKENIZER):
            _require(directory / name)
        if not lazy:
            self._parts()

    def _parts(self) -> tuple[Any, Any]:
        """The session and the tokenizer, loaded once."""
        with self._loading:
            if self._ready is None:
                self._ready = self._load()
            return self._ready

    def _load(self) -> tuple[Any, Any]:
        model = _verified(self._directory / MODEL, self._manifest["onnx_sha256"])
        tokenizer_file = _verified(self._directory / TOKENIZER, self._manifest["tokenizer_sha256"])

        # Here and not above: whoever only needs a name or an error should not wait for them.
        import onnxruntime
        from tokenizers import Tokenizer

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = self._threads
        options.inter_op_num_threads = 1
        options.log_severity_level = 3  # errors; warnings are about hardware that is not asked for
        session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
        tokenizer = Tokenizer.from_str(tokenizer_file.decode("utf-8"))
        tokenizer.no_padding()
        tokenizer.enable_truncation(MAX_TOKENS)
        return session, tokenizer

    @property
    def name(self) -> str:
        """Model, precision and the first 12 characters of the file's sha256."""
        return self._name

    @property
    def dimension(self) -> int:
        return DIMENSION

    @property
    def english_only(self) -> bool:
        return True

    def encode_query(self, text: str) -> Vectors:
        """Encodes a question; any string will do, also an empty one.

        Args:
            text: read up to 256 tokens.

        Returns:
            Shape (384,), float32, length 1.
        """
        # A lone surrogate (half an emoji cut off somewhere) is no valid text for the tokenizer.
        clean = text[:_MAX_CHARACTERS].encode("utf-8", "replace").decode("utf-8")
        session, tokenizer = self._parts()
        ids = np.asarray([tokenizer.encode(clean).ids], dtype=np.int64)
        vector: Vectors = session.run(["vector"], {"ids": ids})[0][0]
        return vector

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """Encodes passages, each by itself: a text's vector is the same in any company.

        Args:
            texts: each read up to 256 tokens.

        Returns:
            Shape (len(texts), 384), float32, rows of length 1.
        """
        vectors = np.empty((len(texts), DIMENSION), dtype=np.float32)
        for row, text in enumerate(texts):
            vectors[row] = self.encode_query(text)
        return vectors


def read_manifest(directory: Path) -> dict[str, str]:
    """Reads what set-up recorded of the encoder's files.

    Args:
        directory: the encoder's folder.

    Returns:
        The hashes under onnx_sha256, tokenizer_sha256 and weights_sha256.

    Raises:
        ModelMissing: there is no encoder.
        ModelError: the record cannot be read.
    """
    path = directory / MANIFEST
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
        return {key: str(record[key]) for key in ("onnx_sha256", "tokenizer_sha256", "weights_sha256")}
    except FileNotFoundError as exc:
        raise ModelMissing(f"The text encoder is not in {directory}.", SETUP_COMMAND) from exc
    except (OSError, ValueError, KeyError, TypeError) as exc:
        raise ModelError(f"{path} cannot be read.", SETUP_COMMAND) from exc


def sha256(path: Path) -> str:
    """The sha256 of a file's bytes, in hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _require(path: Path) -> None:
    if not path.is_file():
        raise ModelMissing(f"The text encoder's {path.name} is not in {path.parent}.", SETUP_COMMAND)


def _verified(path: Path, expected: str) -> bytes:
    """Bytes that have been checked are the bytes that get loaded."""
    try:
        content = path.read_bytes()
    except FileNotFoundError as exc:
        raise ModelMissing(f"The text encoder's {path.name} is not in {path.parent}.", SETUP_COMMAND) from exc
    except OSError as exc:
        raise ModelError(f"{path} cannot be read: {exc.strerror}.", "Make the file readable.") from exc
    if hashlib.sha256(content).hexdigest() != expected:
        raise ModelError(f"The text encoder's file {path} has been changed or damaged.", SETUP_COMMAND)
    return content
