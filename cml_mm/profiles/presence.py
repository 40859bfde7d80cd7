"""Whether the weights that a profile names are on this machine, told by their files: nothing is loaded for it."""

from __future__ import annotations

import re
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

from cml_mm.errors import ModelError
from cml_mm.models.hub_files import snapshot_of
from cml_mm.models.open_clip_weights import HUB_IDS
from cml_mm.models.weights_here import get_command
from cml_mm.profiles.schema import (
    GeneratorPart,
    ImageEncoderPart,
    OcrPart,
    Profile,
    TextEncoderPart,
    TranscriberPart,
)
from cml_mm.settings import Settings
from cml_mm.types import PartState

_HUB_ID = re.compile(r"[\w.-]+/[\w.-]+")
_WEIGHTS = ("*.safetensors", "*.bin", "*.pt", "*.gguf")


def states_of(profile: Profile, settings: Settings) -> tuple[PartState, ...]:
    """Every part of a profile, what it is, and whether it is there."""
    return (
        _text(profile.text_encoder, settings),
        _image(profile.image_encoder),
        _transcriber(profile.transcriber),
        PartState("ocr", profile.ocr.engine, *_package(profile.ocr, "rapidocr")),
        generator_state(profile.generator),
    )


def generator_state(part: GeneratorPart) -> PartState:
    """Who writes, and whether they are there; whether a server answers is not asked."""
    if part.engine == "embedded":
        return PartState("generator", "embedded: composes answers out of the sources' own sentences")
    if part.engine == "server":
        place = part.base_url or "no address yet"
        words = f"server: {part.model or 'no model yet'} at {place}"
        if not part.base_url:
            hint = "Set CML_BASE_URL, such as http://127.0.0.1:8000/v1."
            return PartState("generator", words, "The server's address is not set.", hint)
        if not part.model:
            return PartState("generator", words, "The server's model is not named.", "Set CML_SERVED_MODEL.")
        return PartState("generator", words)
    how = ", ".join(word for word in (part.quantisation, part.dtype, part.device) if word not in ("none", "auto"))
    words = f"local: {part.model}{f' with {part.adapter}' if part.adapter else ''}{f' ({how})' if how else ''}"
    for name in filter(None, (part.model, part.adapter)):
        if missing := missing_model(name):
            return PartState("generator", words, *missing)
    return PartState("generator", words)


def missing_model(name: str) -> tuple[str, str] | None:
    """What is said of a folder or hub id whose weights are not here: words and hint; None where they are."""
    if (folder := Path(name).expanduser()).is_dir():
        return None if _weights(folder) else (f"{name} holds no weights.", "Name the folder that does.")
    if not _HUB_ID.fullmatch(name):
        return (f"There is no folder {name}.", "Give a folder with a model in it, or a hub id such as ORG/NAME.")
    cached = snapshot_of(name)
    return None if cached and _weights(cached) else (f"The weights of {name} are not here.", get_command(name))


def _weights(folder: Path) -> bool:
    return any(path.exists() for pattern in _WEIGHTS for path in folder.glob(pattern))


def _text(part: TextEncoderPart, settings: Settings) -> PartState:
    if part.engine == "minilm":
        from cml_mm.models.minilm import MiniLM

        words = "minilm: comes with the installation, English only"
        return PartState("text encoder", words, *_missing(lambda: MiniLM(settings.models, lazy=True)))
    from cml_mm.models.sentence_encoder import SentenceEncoder

    return PartState("text encoder", f"sentence: {part.model}", *_missing(lambda: SentenceEncoder(part.model)))


def _missing(make: Callable[[], object]) -> tuple[str, str]:
    """What a part says when it is made, which loads nothing: words and hint; empty where it is there."""
    try:
        make()
    except ModelError as exc:
        return exc.message, exc.hint
    return "", ""


def _image(part: ImageEncoderPart) -> PartState:
    if part.engine == "none":
        return PartState("image encoder", "none: pictures are found by the words on them")
    weights = f", {part.pretrained}" if part.pretrained else ""
    words = f"open-clip: {part.model}{weights}"
    return PartState("image encoder", words, *(_missing_clip(part) or ("", "")))


def _missing_clip(part: ImageEncoderPart) -> tuple[str, str] | None:
    tag, _, name = part.model.rpartition(":")
    if tag in ("local-dir", "hf-hub"):
        return missing_model(name)
    if part.pretrained and Path(part.pretrained).expanduser().is_file():
        return None
    known = HUB_IDS.get((part.model, part.pretrained))
    # Of other tags only open_clip knows where their weights lie: loading tells.
    return missing_model(known) if known else None


def _transcriber(part: TranscriberPart) -> PartState:
    if part.engine == "none":
        return PartState("transcriber", "none: what is said in recordings is not heard")
    if part.engine == "pocketsphinx":
        from cml_mm.models.pocketsphinx_transcriber import PocketsphinxTranscriber

        words = "pocketsphinx: comes with the installation, English only, weak: its words are searched, never quoted"
        return PartState("transcriber", words, *_missing(PocketsphinxTranscriber))
    if part.engine == "speech-spans":
        from cml_mm.models.speech_spans import SpeechSpans

        words = "speech-spans: comes with the installation, tells when somebody speaks, not what is said"
        return PartState("transcriber", words, *_missing(SpeechSpans))
    words = f"{part.engine}: {part.model}"
    if part.engine == "faster-whisper":
        from cml_mm.models.faster_whisper_transcriber import FasterWhisperTranscriber

        return PartState("transcriber", words, *_missing(lambda: FasterWhisperTranscriber(part.model)))
    from cml_mm.models.whisper_transcriber import WhisperTranscriber

    return PartState("transcriber", words, *_missing(lambda: WhisperTranscriber(part.model)))


def _package(part: OcrPart, name: str) -> tuple[str, str]:
    if part.engine == "none" or find_spec(name):
        return "", ""
    return f"{name} is not installed.", "Run `python3 bootstrap.py setup`."


def missing_words(states: tuple[PartState, ...]) -> str:
    """Everything that is missing with its way out, in sentences; "" where all is there."""
    return " ".join(f"{state.missing} {state.hint}" for state in states if not state.there)
