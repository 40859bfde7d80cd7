"""The cards of models that chat. What could not be confirmed stands as unknown; nothing is guessed."""

from __future__ import annotations

from cml_mm.models.cards import Fact, Input, ModelCard

READ = "2026-11-23"
NOT_CONFIRMED = "looked for in stored copies of its page on the hub, not confirmed"

_QWEN3_VL = "README of QwenLM/Qwen3-VL on GitHub"
_QWEN3_VL_PAGE = "head of the README in its repository on the hub"
_LLAMA_GATE = "its repository on the hub: access is given on request"
_GEMMA_BLOG = "“Welcome Gemma 3”, blog of the hub"
_GEMMA_GATE = "pages of Google's Gemma repositories on the hub: usage licence to be accepted first"
_FALCON_BLOG = "“Welcome the Falcon 3 Family”, blog of the hub"
_MISTRAL_DOCS = "Mistral's documentation, open-weight models"
_MIXTRAL_PAGE = "its entry at OpenRouter"
_LARGE_PAGE = "its entry in the library of Ollama"
_QWEN3_PAGE = "its entry at OpenRouter and in the library of Ollama"
_DEEPSEEK = "its entry at ApX, and README of deepseek-ai/DeepSeek-V3 on GitHub"
_PHI_MM_DOCS = "documentation of transformers, Phi4 Multimodal"
_SMOL_PAGE = "README of its repository on the hub"
_NAMED = "as in its name, rounded"
_BF16 = "computed: parameters × 2 bytes, as the weights are stored in bfloat16"

_SEES: tuple[Input, ...] = ("text", "image", "several images")
_WATCHES: tuple[Input, ...] = (*_SEES, "video")
_READS: tuple[Input, ...] = ("text",)


def _card(
    name: str,
    hub_id: str,
    family: str,
    source: str,
    *,
    licence: tuple[str | None, str],
    gated: tuple[bool | None, str],
    parameters: int,
    active: int | None = None,
    sized: str = "",
    context: int,
    inputs: tuple[Input, ...],
    download: tuple[int | None, str] | None = None,
    stands_for: tuple[str, ...] = (),
    note: str = "",
) -> ModelCard:
    """A card whose facts are mostly from one source.

    Args:
        active: left out where all parameters work on each token.
        sized: where the number of parameters is from, if not from `source`.
    """
    every = active is None
    counted = sized or source
    return ModelCard(
        name,
        hub_id,
        family,
        "chat",
        licence=Fact(licence[0], licence[1], READ),
        gated=Fact(gated[0], gated[1], READ),
        parameters=Fact(parameters, counted, READ),
        active_parameters=Fact(parameters if every else active, f"{counted}; dense" if every else counted, READ),
        context_tokens=Fact(context, source, READ),
        inputs=Fact(inputs, source, READ),
        download_bytes=Fact(*(download or (parameters * 2, _BF16)), READ),
        stands_for=stands_for,
        note=note,
    )


_QWEN = (
    _card(
        "qwen3-vl-2b",
        "Qwen/Qwen3-VL-2B-Instruct",
        "Qwen3-VL",
        _QWEN3_VL,
        licence=("Apache-2.0", "tags of its derivatives on the hub"),
        gated=(None, NOT_CONFIRMED),
        sized=_NAMED,
        parameters=2_000_000_000,
        context=262_144,
        inputs=_WATCHES,
        note="The smallest that sees; what the profile laptop uses.",
    ),
    _card(
        "qwen3-vl-4b",
        "Qwen/Qwen3-VL-4B-Instruct",
        "Qwen3-VL",
        _QWEN3_VL,
        licence=("Apache-2.0", _QWEN3_VL_PAGE),
        gated=(False, _QWEN3_VL_PAGE),
        sized="counted in the checkpoint by OpenExplorer, its page on the hub",
        parameters=4_438_000_000,
        context=262_144,
        inputs=_WATCHES,
        note="What the profiles gpu and space use.",
    ),
    _card(
        "qwen3-vl-8b",
        "Qwen/Qwen3-VL-8B-Instruct",
        "Qwen3-VL",
        _QWEN3_VL,
        licence=("Apache-2.0", _QWEN3_VL_PAGE),
        gated=(False, _QWEN3_VL_PAGE),
        sized=_NAMED,
        parameters=8_000_000_000,
        context=262_144,
        inputs=_WATCHES,
        stands_for=("Qwen 3.1 (to understand context, Option B)",),
        note="There is no Qwen 3.1. What the profile graph-rag uses.",
    ),
    _card(
        "qwen2.5-vl-3b",
        "Qwen/Qwen2.5-VL-3B-Instruct",
        "Qwen2.5-VL",
        "arXiv:2502.13923 (Qwen2.5-VL)",
        licence=("Qwen Research Licence", "discussion 12 of its repository on the hub"),
        gated=(None, NOT_CONFIRMED),
        sized=_NAMED,
        parameters=3_000_000_000,
        context=32_768,
        inputs=_WATCHES,
        note="The licence forbids commercial use.",
    ),
    _card(
        "qwen2.5-vl-7b",
        "Qwen/Qwen2.5-VL-7B-Instruct",
        "Qwen2.5-VL",
        "arXiv:2502.13923 (Qwen2.5-VL)",
        licence=("Apache-2.0", "its page on the hub"),
        gated=(False, "its page on the hub"),
        sized=_NAMED,
        parameters=7_000_000_000,
        context=32_768,
        inputs=_WATCHES,
    ),
    _card(
        "qwen3-4b",
        "Qwen/Qwen3-4B",
        "Qwen3",
        "arXiv:2505.09388 (Qwen3)",
        licence=("Apache-2.0", "arXiv:2505.09388 (Qwen3)"),
        gated=(None, NOT_CONFIRMED),
        sized=_NAMED,
        parameters=4_000_000_000,
        context=32_768,
        inputs=_READS,
        stands_for=("Qwen 3.1 0.5B (the small end of its range)",),
        note="There is no Qwen 3.1; its small end is met by this one. Reads 131,072 tokens with YaRN.",
    ),
    _card(
        "qwen3-8b",
        "Qwen/Qwen3-8B",
        "Qwen3",
        _QWEN3_PAGE,
        licence=("Apache-2.0", _QWEN3_PAGE),
        gated=(None, NOT_CONFIRMED),
        parameters=8_200_000_000,
        context=32_768,
        inputs=_READS,
        note="Reads 131,072 tokens with YaRN.",
    ),
    _card(
        "qwen3-32b",
        "Qwen/Qwen3-32B",
        "Qwen3",
        _QWEN3_PAGE,
        licence=("Apache-2.0", _QWEN3_PAGE),
        gated=(None, NOT_CONFIRMED),
        parameters=32_800_000_000,
        context=32_768,
        inputs=_READS,
        stands_for=("Qwen 3.1 72B (the large end of its range)",),
        note="There is no Qwen 3.1, and no dense Qwen3 above 32B. Reads 131,072 tokens with YaRN.",
    ),
)

_LLAMA = (
    _card(
        "llama-3.1-8b",
        "meta-llama/Llama-3.1-8B-Instruct",
        "Llama 3.1",
        "model card of Llama 3.1, meta-llama/llama-models on GitHub",
        licence=("Llama 3.1 Community Licence", "tag llama3.1 of its copies on the hub"),
        gated=(True, _LLAMA_GATE),
        parameters=8_030_000_000,
        context=131_072,
        inputs=_READS,
        download=(16_070_000_000, "file list of a copy on the hub"),
        stands_for=("Llama 3.1 8B", "LLaMA 4 8B"),
        note="There is no LLaMA 4 at 8B; this is Meta's at that size.",
    ),
    _card(
        "llama-3.2-11b-vision",
        "meta-llama/Llama-3.2-11B-Vision-Instruct",
        "Llama 3.2 Vision",
        "model card of Llama 3.2 Vision, meta-llama/llama-models on GitHub",
        licence=("Llama 3.2 Community Licence", "model card of Llama 3.2 Vision, meta-llama/llama-models on GitHub"),
        gated=(True, _LLAMA_GATE),
        parameters=10_600_000_000,
        context=131_072,
        inputs=("text", "image"),
        note="Sees in English only. The licence left companies of the EU out when it was published.",
    ),
    _card(
        "llama-3.3-70b",
        "meta-llama/Llama-3.3-70B-Instruct",
        "Llama 3.3",
        "model card of Llama 3.3, meta-llama/llama-models on GitHub",
        licence=("Llama 3.3 Community Licence", "model card of Llama 3.3, meta-llama/llama-models on GitHub"),
        gated=(True, _LLAMA_GATE),
        parameters=70_000_000_000,
        context=131_072,
        inputs=_READS,
        stands_for=("LLaMA 4 70B",),
        note="There is no LLaMA 4 at 70B; this is Meta's at that size.",
    ),
    _card(
        "llama-4-scout",
        "meta-llama/Llama-4-Scout-17B-16E-Instruct",
        "Llama 4",
        "model card of Llama 4, meta-llama/llama-models on GitHub",
        licence=("Llama 4 Community Licence", "model card of Llama 4, meta-llama/llama-models on GitHub"),
        gated=(True, _LLAMA_GATE),
        parameters=109_000_000_000,
        active=17_000_000_000,
        context=10_000_000,
        inputs=_SEES,
        stands_for=("LLaMA 4 (10 million tokens of context)",),
        note="Tested by its makers with up to five pictures. Real Llama 4 comes as Scout and Maverick only.",
    ),
    _card(
        "llama-4-maverick",
        "meta-llama/Llama-4-Maverick-17B-128E-Instruct",
        "Llama 4",
        "model card of Llama 4, meta-llama/llama-models on GitHub",
        licence=("Llama 4 Community Licence", "model card of Llama 4, meta-llama/llama-models on GitHub"),
        gated=(True, _LLAMA_GATE),
        parameters=400_000_000_000,
        active=17_000_000_000,
        context=1_000_000,
        inputs=_SEES,
        stands_for=("LLaMA 4 405B",),
        note="There is no LLaMA 4 at 405B (that was Llama 3.1); this one comes next to it. For a server.",
    ),
)

_GEMMA = tuple(
    _card(
        f"gemma-3-{size}b",
        f"google/gemma-3-{size}b-it",
        "Gemma 3",
        _GEMMA_BLOG,
        licence=("Gemma Terms of Use", _GEMMA_GATE),
        gated=(True, _GEMMA_GATE),
        parameters=size * 1_000_000_000,
        context=131_072,
        inputs=_SEES,
        stands_for=stands_for,
        note=note,
    )
    for size, stands_for, note in (
        (4, (), ""),
        (12, ("Gemma 3 9B",), "There is no Gemma 3 at 9B (that was Gemma 2). Not under Apache-2.0, as was thought."),
        (27, ("Gemma 3 27B",), "Not under Apache-2.0, as was thought, but under Google's own terms."),
    )
)

_MISTRAL = (
    _card(
        "mistral-7b",
        "mistralai/Mistral-7B-Instruct-v0.3",
        "Mistral",
        "its repository on the hub: sizes of its files at 2 bytes a parameter, and its config",
        licence=("Apache-2.0", _MISTRAL_DOCS),
        gated=(None, NOT_CONFIRMED),
        parameters=7_250_000_000,
        context=32_768,
        inputs=_READS,
        download=(14_500_000_000, "file list of a copy on the hub"),
        stands_for=("Mistral 7B",),
    ),
    _card(
        "pixtral-12b",
        "mistral-community/pixtral-12b",
        "Pixtral",
        "arXiv:2410.07073 (Pixtral 12B)",
        licence=("Apache-2.0", "page of mistral-community/pixtral-12b on the hub"),
        gated=(False, "page of mistral-community/pixtral-12b on the hub"),
        parameters=12_400_000_000,
        context=131_072,
        inputs=_SEES,
        note="The makers' own repository is in a format that transformers does not read; this one is converted.",
    ),
    _card(
        "mistral-small-3.1-24b",
        "mistralai/Mistral-Small-3.1-24B-Instruct-2503",
        "Mistral Small 3",
        "model card of its base model on the hub",
        licence=("Apache-2.0", "model card of its base model on the hub"),
        gated=(None, NOT_CONFIRMED),
        parameters=24_000_000_000,
        context=131_072,
        inputs=_SEES,
    ),
    _card(
        "mixtral-8x22b",
        "mistralai/Mixtral-8x22B-Instruct-v0.1",
        "Mixtral",
        _MIXTRAL_PAGE,
        licence=("Apache-2.0", _MISTRAL_DOCS),
        gated=(None, NOT_CONFIRMED),
        parameters=141_000_000_000,
        active=39_000_000_000,
        context=65_536,
        inputs=_READS,
        stands_for=("Mixtral-8x22B",),
    ),
    _card(
        "mistral-large-2",
        "mistralai/Mistral-Large-Instruct-2407",
        "Mistral Large 2",
        _LARGE_PAGE,
        licence=("Mistral Research Licence", _MISTRAL_DOCS),
        gated=(None, NOT_CONFIRMED),
        parameters=123_000_000_000,
        context=131_072,
        inputs=_READS,
        stands_for=("Mistral Large 2",),
        note="The licence allows research and other use that is not commercial.",
    ),
)

_PHI = (
    _card(
        "phi-4-mini",
        "microsoft/Phi-4-mini-instruct",
        "Phi-4",
        "arXiv:2503.01743 (Phi-4-Mini)",
        licence=(None, NOT_CONFIRMED),
        gated=(None, NOT_CONFIRMED),
        parameters=3_800_000_000,
        context=131_072,
        inputs=_READS,
        note="What the profile slm-rag uses.",
    ),
    _card(
        "phi-4-multimodal",
        "microsoft/Phi-4-multimodal-instruct",
        "Phi-4-multimodal",
        _PHI_MM_DOCS,
        licence=("MIT", "its page on the hub"),
        gated=(False, "its page on the hub"),
        sized="documentation of NVIDIA NeMo AutoModel",
        parameters=5_600_000_000,
        context=131_072,
        inputs=(*_SEES, "sound"),
        download=(12_900_000_000, "its page on the hub, the whole repository"),
    ),
    _card(
        "phi-4",
        "microsoft/phi-4",
        "Phi-4",
        "config and README of its repository on the hub",
        licence=("MIT", "its page on the hub"),
        gated=(False, "its page on the hub"),
        parameters=14_000_000_000,
        context=16_384,
        inputs=_READS,
        stands_for=("Phi-4",),
    ),
)

_FALCON = tuple(
    _card(
        f"falcon-3-{size}b",
        f"tiiuae/Falcon3-{size}B-Instruct",
        "Falcon 3",
        _FALCON_BLOG,
        licence=("TII Falcon-LLM Licence", _FALCON_BLOG),
        gated=(None, NOT_CONFIRMED),
        sized=_NAMED,
        parameters=size * 1_000_000_000,
        context=32_768,
        inputs=_READS,
        stands_for=stands_for,
        note=note,
    )
    for size, stands_for, note in (
        (7, (), ""),
        (
            10,
            ("Falcon 3 12B (text and vision)",),
            "There is no Falcon 3 at 12B, and none that sees; for pictures choose Qwen3-VL or Gemma 3.",
        ),
    )
)

_OTHERS = (
    _card(
        "smolvlm2-2.2b",
        "HuggingFaceTB/SmolVLM2-2.2B-Instruct",
        "SmolVLM",
        f"{_SMOL_PAGE}; context from arXiv:2504.05299",
        licence=("Apache-2.0", _SMOL_PAGE),
        gated=(False, "its page on the hub"),
        parameters=2_200_000_000,
        context=16_384,
        inputs=_WATCHES,
        download=(8_990_000_000, "its page on the hub: stored in float32"),
        note="Speaks English.",
    ),
    _card(
        "deepseek-v3.2",
        "deepseek-ai/DeepSeek-V3.2",
        "DeepSeek-V3",
        _DEEPSEEK,
        licence=("MIT", "its entry at ApX"),
        gated=(None, NOT_CONFIRMED),
        parameters=671_000_000_000,
        active=37_000_000_000,
        context=131_072,
        inputs=_READS,
        download=(None, NOT_CONFIRMED),
        stands_for=("DeepSeek-V3.2",),
        note="37B parameters work on each token, not 41B. For a server; what the profile commons asks for.",
    ),
)

CHAT: tuple[ModelCard, ...] = (*_QWEN, *_LLAMA, *_GEMMA, *_MISTRAL, *_PHI, *_FALCON, *_OTHERS)
