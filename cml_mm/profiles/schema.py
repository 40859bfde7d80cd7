"""What a profile says: for each part its engine by name, and what that engine is to load."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from cml_mm.visits import DEFAULT_LIMITS, Limits

TextEngine = Literal["minilm", "sentence"]
ImageEngine = Literal["none", "open-clip"]
TranscriberEngine = Literal["none", "whisper", "faster-whisper", "pocketsphinx", "speech-spans"]
OcrEngine = Literal["rapidocr", "none"]
GeneratorEngine = Literal["embedded", "local", "server"]
Dtype = Literal["auto", "bfloat16", "float16", "float32"]
Quantisation = Literal["none", "8bit", "4bit"]


def _from_to(default: Any, least: float, most: float) -> Any:
    """A number with its bounds, which `loading` keeps."""
    return field(default=default, metadata={"least": least, "most": most})


@dataclass(frozen=True)
class TextEncoderPart:
    """`minilm` comes with the installation and reads English; `sentence` is any sentence encoder by hub id."""

    engine: TextEngine = "minilm"
    model: str = ""


@dataclass(frozen=True)
class ImageEncoderPart:
    """`model` is a tag of open_clip with its `pretrained` weights, "hf-hub:ORG/NAME" or "local-dir:FOLDER"."""

    engine: ImageEngine = "none"
    model: str = ""
    pretrained: str = ""


@dataclass(frozen=True)
class TranscriberPart:
    """`model` is a size of Whisper ("base"), a file of weights or, for faster-whisper, a folder.

    `pocketsphinx` and `speech-spans` come with the installation. The first hears English weakly: its words can be
    searched and are never quoted as fact. The second tells only when somebody speaks.
    """

    engine: TranscriberEngine = "none"
    model: str = ""


@dataclass(frozen=True)
class OcrPart:
    """Reads the words on pictures; its models come with the installation."""

    engine: OcrEngine = "rapidocr"


@dataclass(frozen=True)
class GeneratorPart:
    """Who writes answers.

    `embedded` composes them out of the sources' own sentences; `local` runs a model here, `server`
    asks one that speaks OpenAI's protocol. What only a server needs to be told (`context_tokens`,
    `video`, `retries`) or allowed (`plain_http`) is nothing to a local model.
    """

    engine: GeneratorEngine = "embedded"
    model: str = ""
    adapter: str = ""
    dtype: Dtype = "auto"
    quantisation: Quantisation = "none"
    device: str = "auto"
    max_pictures: int = _from_to(4, 0, 64)
    deadline_seconds: float = _from_to(120.0, 1, 3600)
    idle_seconds: float = _from_to(900.0, 0, 86_400)
    base_url: str = ""
    context_tokens: int = _from_to(8192, 512, 4_000_000)
    video: bool = False
    retries: int = _from_to(2, 0, 10)
    plain_http: bool = False  # whether another machine may be asked without encryption


@dataclass(frozen=True)
class Profile:
    """A named choice of parts. `place` is the file that it was read from; `limits` bound visitors' files."""

    name: str
    place: Path
    title: str = ""
    about: str = ""
    text_encoder: TextEncoderPart = TextEncoderPart()
    image_encoder: ImageEncoderPart = ImageEncoderPart()
    transcriber: TranscriberPart = TranscriberPart()
    ocr: OcrPart = OcrPart()
    generator: GeneratorPart = GeneratorPart()
    limits: Limits = DEFAULT_LIMITS


Part = TextEncoderPart | ImageEncoderPart | TranscriberPart | OcrPart | GeneratorPart
PARTS: dict[str, type[Part]] = {
    "text_encoder": TextEncoderPart,
    "image_encoder": ImageEncoderPart,
    "transcriber": TranscriberPart,
    "ocr": OcrPart,
    "generator": GeneratorPart,
}
# What each engine is told: what it cannot do without, and what else it takes.
NEEDS: dict[tuple[str, str], tuple[str, ...]] = {
    ("text_encoder", "sentence"): ("model",),
    ("image_encoder", "open-clip"): ("model",),
    ("transcriber", "whisper"): ("model",),
    ("transcriber", "faster-whisper"): ("model",),
    ("generator", "local"): ("model",),
}
TAKES: dict[tuple[str, str], tuple[str, ...]] = {
    ("image_encoder", "open-clip"): ("pretrained",),
    ("generator", "local"): (
        "adapter",
        "dtype",
        "quantisation",
        "device",
        "max_pictures",
        "deadline_seconds",
        "idle_seconds",
    ),
    ("generator", "server"): (
        "model",
        "base_url",
        "context_tokens",
        "max_pictures",
        "video",
        "deadline_seconds",
        "retries",
        "plain_http",
    ),
}
