"""The cards of encoders and transcribers. What could not be confirmed stands as unknown; nothing is guessed."""

from __future__ import annotations

from cml_mm.models.card_data import NOT_CONFIRMED, READ
from cml_mm.models.cards import Fact, HostedFile, Input, Kind, ModelCard

_PROFILE_TABLE = "docs/model_profile.csv of mlfoundations/open_clip on GitHub"
_WHISPER_CARD = "model-card.md of openai/whisper on GitHub"
_WHISPER_LATER = "README of openai/whisper on GitHub"
_HUB_PAGE = "its page on the hub"
_FLOAT32 = "computed: parameters × 4 bytes, as the weights are stored in float32"
_BF16 = "computed: parameters × 2 bytes, as the weights are stored in bfloat16"
_FLOAT16 = "computed: parameters × 2 bytes, as the weights are stored in float16"
_WHISPER_SERVER = "https://openaipublic.azureedge.net/main/whisper/models"

_PICTURES: tuple[Input, ...] = ("text", "image")
_SOUND: tuple[Input, ...] = ("sound",)
_TEXT: tuple[Input, ...] = ("text",)


def _card(
    name: str,
    hub_id: str,
    family: str,
    kind: Kind,
    source: str,
    *,
    licence: tuple[str | None, str],
    gated: tuple[bool | None, str] = (None, NOT_CONFIRMED),
    parameters: int,
    context: tuple[int | None, str],
    inputs: tuple[Input, ...],
    download: tuple[int, str],
    note: str = "",
    file: HostedFile | None = None,
) -> ModelCard:
    return ModelCard(
        name,
        hub_id,
        family,
        kind,
        licence=Fact(*licence, READ),
        gated=Fact(*gated, READ),
        parameters=Fact(parameters, source, READ),
        active_parameters=Fact(parameters, f"{source}; dense", READ),
        context_tokens=Fact(*context, READ),
        inputs=Fact(inputs, source, READ),
        download_bytes=Fact(*download, READ),
        note=note,
        file=file,
    )


_CLIP = (
    _card(
        "clip-vit-b-32",
        "laion/CLIP-ViT-B-32-laion2B-s34B-b79K",
        "CLIP",
        "image-text encoder",
        _PROFILE_TABLE,
        licence=("MIT", "pages of its copies on the hub"),
        parameters=151_280_000,
        context=(77, "OpenAI's CLIP, arXiv:2103.00020"),
        inputs=_PICTURES,
        download=(151_280_000 * 4, _FLOAT32),
        note="open_clip: ViT-B-32, laion2b_s34b_b79k. What the profiles use. Reads English.",
    ),
    _card(
        "siglip-vit-b-16",
        "timm/ViT-B-16-SigLIP",
        "SigLIP",
        "image-text encoder",
        _PROFILE_TABLE,
        licence=("Apache-2.0", _HUB_PAGE),
        gated=(False, _HUB_PAGE),
        parameters=203_160_000,
        context=(64, "settings of ViT-B-16-SigLIP in open_clip 3.3"),
        inputs=_PICTURES,
        download=(813_000_000, _HUB_PAGE),
        note="open_clip: ViT-B-16-SigLIP, webli.",
    ),
    _card(
        "siglip2-vit-b-32",
        "timm/ViT-B-32-SigLIP2-256",
        "SigLIP 2",
        "image-text encoder",
        "counted in open_clip 3.3",
        licence=(None, NOT_CONFIRMED),
        parameters=376_856_066,
        context=(64, "settings of ViT-B-32-SigLIP2-256 in open_clip 3.3"),
        inputs=_PICTURES,
        download=(376_856_066 * 4, _FLOAT32),
        note="open_clip: ViT-B-32-SigLIP2-256, webli. Reads many languages.",
    ),
)

# As the package openai-whisper 20250625 fetches them: size, sha256, parameters.
_WHISPER_FILES = (
    ("tiny", "65147644a518d12f04e32d6f3b26facc3f8dd46e5390956a9424a650c0ce22b9", 39_000_000, _WHISPER_CARD),
    ("base", "ed3a0b6b1c0edf879ad9b11b1af5a0e6ab5db9205f891f668f8b0e6c6326e34e", 74_000_000, _WHISPER_CARD),
    ("small", "9ecf779972d90ba49c06d968637d720dd632c55bbf19d441fb42bf17a411e794", 244_000_000, _WHISPER_CARD),
    ("medium", "345ae4da62f9b3d59415adc60127b97c714f32e89e936602e85993674d08dcb1", 769_000_000, _WHISPER_CARD),
    ("large-v3", "e5b1a55b89c1367dacf97e3e19bfd829a01529dbfdeefa8caeb59b3f1b81dadb", 1_550_000_000, _WHISPER_LATER),
    ("large-v3-turbo", "aff26ae408abcba5fbf8813c21e62b0941638c5f6eebfb145be0c9839262a19a", 809_000_000, _WHISPER_LATER),
)


def _whisper_file(size: str, digest: str) -> HostedFile:
    return HostedFile(f"{_WHISPER_SERVER}/{digest}/{size}.pt", digest, "whisper")


# Sizes that openai-whisper knows beside those with a card: for English only, and older or other names.
OTHER_FILES: dict[str, HostedFile] = {
    f"whisper-{name}": _whisper_file(size, digest)
    for name, size, digest in (
        ("tiny.en", "tiny.en", "d3dd57d32accea0b295c96e26691aa14d8822fac7d9d27d5dc00b4ca2826dd03"),
        ("base.en", "base.en", "25a8566e1d0c1e2231d1c762132cd20e0f96a85d16145c3a00adf5d1ac670ead"),
        ("small.en", "small.en", "f953ad0fd29cacd07d5a9eda5624af0f6bcf2258be67c92b79389873d91e0872"),
        ("medium.en", "medium.en", "d7440d1dc186f76616474e0ff0b3b6b879abc9d1a4926b7adfa41db2d497ab4f"),
        ("large-v1", "large-v1", "e4b87e7e0bf463eb8e6956e646f1e277e901512310def2c24bf0e11bd3c28e9a"),
        ("large-v2", "large-v2", "81f7c96c852ee8fc832187b0132e569d6c3065a3252ed18e56effd0b6a73e524"),
        ("large", "large-v3", _WHISPER_FILES[4][1]),
        ("turbo", "large-v3-turbo", _WHISPER_FILES[5][1]),
    )
}

_WHISPER = tuple(
    _card(
        f"whisper-{size}",
        f"openai/whisper-{size}",
        "Whisper",
        "transcriber",
        source,
        licence=("MIT", _WHISPER_LATER),
        gated=(False, "the package openai-whisper fetches it without an account"),
        parameters=parameters,
        context=(None, "not a fact of this kind: it hears 30 seconds at a time"),
        inputs=_SOUND,
        download=(parameters * 2, _FLOAT16),
        note="About 100 languages. One file from its makers' server, read by openai-whisper.",
        file=_whisper_file(size, digest),
    )
    for size, digest, parameters, source in _WHISPER_FILES
)

_FASTER_WHISPER = tuple(
    _card(
        f"faster-whisper-{size}",
        f"Systran/faster-whisper-{size}",
        "Whisper for CTranslate2",
        "transcriber",
        _WHISPER_CARD,
        licence=("MIT", "pages of faster-whisper-tiny, -base and -small on the hub"),
        gated=(False, "pages of faster-whisper-tiny, -base and -small on the hub"),
        parameters=parameters,
        context=(None, "not a fact of this kind: it hears 30 seconds at a time"),
        inputs=_SOUND,
        download=(148_000_000, _HUB_PAGE) if size == "base" else (parameters * 2, _FLOAT16),
        note="Needs the optional package faster-whisper; a third of the CPU time, in int8.",
    )
    for size, parameters in (("tiny", 39_000_000), ("base", 74_000_000), ("small", 244_000_000))
)

_E5_PAPER = "arXiv:2402.05672 (Multilingual E5)"
_TEXTS = (
    *(
        _card(
            f"multilingual-e5-{size}",
            f"intfloat/multilingual-e5-{size}",
            "Multilingual E5",
            "text encoder",
            _E5_PAPER,
            licence=("MIT", "copies of it in the library of Ollama"),
            parameters=parameters,
            context=(512, "copies of it in the library of Ollama"),
            inputs=_TEXT,
            download=(parameters * 4, _FLOAT32),
            note="About 100 languages. The large profiles use base." if size == "base" else "About 100 languages.",
        )
        for size, parameters in (("small", 118_000_000), ("base", 278_000_000), ("large", 560_000_000))
    ),
    _card(
        "bge-m3",
        "BAAI/bge-m3",
        "BGE",
        "text encoder",
        "its entry in the library of Ollama",
        licence=("MIT", "its entry in the library of Ollama"),
        parameters=567_000_000,
        context=(8_192, "config of its repository on the hub"),
        inputs=_TEXT,
        download=(567_000_000 * 4, _FLOAT32),
        note="More than 100 languages. What the profile commons uses. Its weights are a .bin file.",
    ),
    _card(
        "qwen3-embedding-0.6b",
        "Qwen/Qwen3-Embedding-0.6B",
        "Qwen3-Embedding",
        "text encoder",
        "presets of keras-hub, pull request 2455, and the documentation of Xinference",
        licence=("Apache-2.0", "its entry at Featherless"),
        parameters=595_776_512,
        context=(32_768, "the documentation of Xinference"),
        inputs=_TEXT,
        download=(595_776_512 * 2, _BF16),
        note="More than 100 languages.",
    ),
)

SENSES: tuple[ModelCard, ...] = (*_CLIP, *_WHISPER, *_FASTER_WHISPER, *_TEXTS)
