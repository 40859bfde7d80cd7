"""Tiny checkpoints with random weights, in hub format, of every family that answers can be written with.

    build("qwen2.5-vl", folder)                            # babbles
    build_speaking("qwen2.5-vl", folder, "So it is [1].")  # says just that, whatever it is asked

They are of the real classes, so they load, see, stream and stop as the real weights do.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cml_mm.models import torchvision_ops
from tests.support import tiny_tokens
from tests.support.tiny_tokens import Dialect, make_tokenizer, piece_id

if TYPE_CHECKING:
    from transformers import PreTrainedModel, PreTrainedTokenizerFast, ProcessorMixin

WIDTH = 64
_MRoPE = {"rope_type": "default", "rope_theta": 10000.0, "mrope_section": [2, 3, 3]}
_TEXT = {
    "hidden_size": WIDTH,
    "intermediate_size": 2 * WIDTH,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "initializer_range": 0.1,
    "max_position_embeddings": 8192,
    "tie_word_embeddings": False,
}
_PIXTRAL_EYE = {"image_size": 112, "patch_size": 14, "hidden_size": 64, "intermediate_size": 64}

_ADDING = ("o_proj.weight", "down_proj.weight", "linear_attn.out_proj.weight")  # what a layer adds goes through these

Tokens = Callable[[str], int]  # a token's text → its id
Made = tuple[Any, Any]  # configuration, and a maker of the processor from the tokenizer (None: text only)


@dataclass(frozen=True)
class Family:
    """One family: how it speaks, how a tiny one is made, and what it takes."""

    dialect: Dialect
    configure: Callable[[dict[str, Any], Tokens], Any]
    processor: Callable[[PreTrainedTokenizerFast], ProcessorMixin] | None = None
    video: bool = False

    @property
    def sees(self) -> bool:
        return self.processor is not None


def build(family: str, folder: Path, width: int = WIDTH, layers: int = 0) -> Path:
    """Writes a checkpoint with random weights.

    Args:
        family: a name of FAMILIES.
        width: of the language model's layers, a multiple of 64.
        layers: of the language model; 0: as few as show all that the family does.

    Returns: the folder that holds it.
    """
    _save(_random_model(FAMILIES[family], make_tokenizer(FAMILIES[family].dialect), width, layers), family, folder)
    return folder


def build_speaking(family: str, folder: Path, says: str, width: int = WIDTH, layers: int = 0) -> Path:
    """Writes a checkpoint that says one text, whatever it is asked and shown, and then ends.

    Its layers add nothing, so the next token depends on the last one alone; every token but the
    pieces of the text leads to the first piece. For the families built of Llama-like layers.
    """
    pieces = _pieces(says, width)
    tokenizer = make_tokenizer(FAMILIES[family].dialect, pieces)
    made = _random_model(FAMILIES[family], tokenizer, width, layers)
    teach(made[0], [piece_id(tokenizer, piece) for piece in pieces], tokenizer)
    _save(made, family, folder)
    return folder


def _pieces(text: str, width: int) -> tuple[str, ...]:
    """Cuts a text into different pieces, fewer than a vector has places."""
    for words in range(1, len(text)):
        marked = text.split(" ")
        spaced = [marked[0], *(" " + word for word in marked[1:])]
        found = ["".join(spaced[at : at + words]) for at in range(0, len(spaced), words)]
        if len(set(found)) == len(found) < width:
            return tuple(found)
    return (text,)


def _random_model(family: Family, tokenizer: PreTrainedTokenizerFast, width: int, layers: int) -> tuple[Any, Any]:
    """Returns: the model, and its processor or tokenizer."""
    torchvision_ops.declare()
    import torch
    from transformers import AutoModelForCausalLM, AutoModelForMultimodalLM, GenerationConfig

    text = {**_TEXT, "hidden_size": width, "intermediate_size": 2 * width, "vocab_size": len(tokenizer)}
    text |= {"num_hidden_layers": layers} if layers else {}
    ends = [tokenizer.convert_tokens_to_ids(token) for token in family.dialect.ends]
    text |= {"bos_token_id": tokenizer.bos_token_id, "eos_token_id": ends, "pad_token_id": tokenizer.pad_token_id}
    config = family.configure(text, tokenizer.convert_tokens_to_ids)
    torch.manual_seed(0)
    factory = AutoModelForMultimodalLM if family.sees else AutoModelForCausalLM
    model = factory.from_config(config).eval()
    _wake(model)
    with torch.no_grad():  # it writes no control tokens, so it never ends of itself
        model.get_output_embeddings().weight[list(tokenizer.get_added_vocab().values())] = 0.0
    model.generation_config = GenerationConfig(
        bos_token_id=tokenizer.bos_token_id, eos_token_id=ends, pad_token_id=tokenizer.pad_token_id
    )
    return model, family.processor(tokenizer) if family.processor is not None else tokenizer


def _wake(model: PreTrainedModel) -> None:
    """Gates and projectors begin at zero, and then a picture has no effect."""
    import torch

    with torch.no_grad():
        for name, weights in model.named_parameters():
            if not weights.any() or not torch.isfinite(weights).all():
                weights.normal_(0.0, 0.02 if name.endswith("bias") else 0.5)


def teach(model: PreTrainedModel, pieces: list[int], tokenizer: PreTrainedTokenizerFast) -> None:
    """Sets the weights by hand: a chain from any token to the first piece, on to the last, and to the end."""
    import torch

    read, write = model.get_input_embeddings().weight, model.get_output_embeddings().weight
    with torch.no_grad():
        for name, weights in model.named_parameters():
            if "vision" not in name and "visual" not in name and name.endswith(_ADDING):
                weights.zero_()
        read.zero_()
        read[:, 0] = 1.0
        write.zero_()
        for place, (token, follower) in enumerate(zip([None, *pieces], [*pieces, tokenizer.eos_token_id], strict=True)):
            if token is not None:
                read[token] = torch.nn.functional.one_hot(torch.tensor(place), read.shape[1])
            write[follower, place] = 10.0


def _save(made: tuple[Any, Any], family: str, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    model, reader = made
    model.save_pretrained(folder)
    reader.save_pretrained(folder)


def _qwen_processor(kind: str, patch_px: int) -> Callable[[PreTrainedTokenizerFast], ProcessorMixin]:
    def make(tokenizer: PreTrainedTokenizerFast) -> ProcessorMixin:
        import transformers

        side = 2 * patch_px
        size = {"shortest_edge": side * side, "longest_edge": 36 * side * side}
        video_kind = "Qwen2VL" if kind == "Qwen2_5_VL" else kind
        return getattr(transformers, f"{kind}Processor")(
            transformers.Qwen2VLImageProcessor(patch_size=patch_px, size=size),
            tokenizer,
            getattr(transformers, f"{video_kind}VideoProcessor")(patch_size=patch_px, size=size),
            chat_template=tokenizer.chat_template,
        )

    return make


def _qwen_ids(token: Tokens) -> dict[str, int]:
    names = {"image_token_id": "<|image_pad|>", "video_token_id": "<|video_pad|>"}
    names |= {"vision_start_token_id": "<|vision_start|>", "vision_end_token_id": "<|vision_end|>"}
    return {key: token(text) for key, text in names.items()}


def _qwen_2_5_vl(text: dict[str, Any], token: Tokens) -> Any:
    from transformers import Qwen2_5_VLConfig

    eye = {"depth": 2, "hidden_size": 64, "intermediate_size": 64, "num_heads": 4, "patch_size": 14}
    eye |= {"window_size": 56, "fullatt_block_indexes": [1], "out_hidden_size": text["hidden_size"]}
    return Qwen2_5_VLConfig(
        text_config={**text, "rope_parameters": _MRoPE},
        vision_config=eye,
        tie_word_embeddings=False,
        **_qwen_ids(token),
    )


def _qwen_3_vl(text: dict[str, Any], token: Tokens) -> Any:
    from transformers import Qwen3VLConfig

    eye = {"depth": 2, "hidden_size": 64, "intermediate_size": 64, "num_heads": 4, "patch_size": 16}
    eye |= {"num_position_embeddings": 36, "deepstack_visual_indexes": [0], "out_hidden_size": text["hidden_size"]}
    return Qwen3VLConfig(
        text_config={**text, "head_dim": 16, "rope_parameters": {**_MRoPE, "mrope_interleaved": True}},
        vision_config=eye,
        tie_word_embeddings=False,
        **_qwen_ids(token),
    )


def _qwen_3_5(text: dict[str, Any], token: Tokens) -> Any:
    from transformers import Qwen3_5Config

    eye = {"depth": 2, "hidden_size": 64, "intermediate_size": 64, "num_heads": 4, "patch_size": 16}
    eye |= {"num_position_embeddings": 36, "out_hidden_size": text["hidden_size"]}
    rope = {**_MRoPE, "mrope_interleaved": True, "mrope_section": [2, 1, 1], "partial_rotary_factor": 0.5}
    linear = {"linear_key_head_dim": 16, "linear_value_head_dim": 16, "linear_num_key_heads": 2}
    linear |= {"linear_num_value_heads": 4}
    layers = ["linear_attention", "full_attention"]
    return Qwen3_5Config(
        text_config={**text, **linear, "head_dim": 16, "layer_types": layers, "rope_parameters": rope},
        vision_config=eye,
        tie_word_embeddings=False,
        **_qwen_ids(token),
    )


def _mllama(text: dict[str, Any], token: Tokens) -> Any:
    from transformers import MllamaConfig

    eye = {"hidden_size": 64, "attention_heads": 4, "num_hidden_layers": 2, "num_global_layers": 1}
    eye |= {"intermediate_size": 64, "image_size": 56, "patch_size": 14, "intermediate_layers_indices": [0]}
    eye |= {"vision_output_dim": 128, "max_num_tiles": 4}
    rope = {"rope_type": "default", "rope_theta": 10000.0}
    return MllamaConfig(
        text_config={**text, "num_hidden_layers": 3, "cross_attention_layers": [1], "rope_parameters": rope},
        vision_config=eye,
        image_token_index=token("<|image|>"),
    )


def _mllama_processor(tokenizer: PreTrainedTokenizerFast) -> ProcessorMixin:
    from transformers import MllamaImageProcessor, MllamaProcessor

    images = MllamaImageProcessor(size={"height": 56, "width": 56}, max_image_tiles=4)
    return MllamaProcessor(images, tokenizer, chat_template=tokenizer.chat_template)


def _llama_4(text: dict[str, Any], token: Tokens) -> Any:
    from transformers import Llama4Config

    eye = {"hidden_size": 64, "num_hidden_layers": 2, "num_attention_heads": 4, "intermediate_size": 256}
    eye |= {"image_size": 56, "patch_size": 14, "pixel_shuffle_ratio": 0.5, "vision_output_dim": 64}
    eye |= {"projector_input_dim": 64, "projector_output_dim": 64}
    experts = {"num_local_experts": 2, "intermediate_size_mlp": 128, "head_dim": 16, "attention_chunk_size": 512}
    return Llama4Config(
        text_config={**text, **experts, "moe_layers": [1], "no_rope_layers": [1, 0]},
        vision_config=eye,
        boi_token_index=token("<|image_start|>"),
        eoi_token_index=token("<|image_end|>"),
        image_token_index=token("<|patch|>"),
        tie_word_embeddings=False,
    )


def _llama_4_processor(tokenizer: PreTrainedTokenizerFast) -> ProcessorMixin:
    from transformers import Llama4ImageProcessor, Llama4Processor

    images = Llama4ImageProcessor(size={"height": 56, "width": 56}, max_patches=4)
    return Llama4Processor(images, tokenizer, patch_size=14, chat_template=tokenizer.chat_template)


def _gemma_3(text: dict[str, Any], token: Tokens) -> Any:
    from transformers import Gemma3Config

    eye = {"model_type": "siglip_vision_model", "hidden_size": 64, "intermediate_size": 64, "num_hidden_layers": 2}
    eye |= {"num_attention_heads": 4, "image_size": 56, "patch_size": 14, "vision_use_head": False}
    own = {"head_dim": 16, "sliding_window": 256, "layer_types": ["sliding_attention", "full_attention"]}
    return Gemma3Config(
        text_config={**text, **own},
        vision_config=eye,
        mm_tokens_per_image=4,
        boi_token_index=token("<start_of_image>"),
        eoi_token_index=token("<end_of_image>"),
        image_token_index=token("<image_soft_token>"),
        tie_word_embeddings=False,
    )


def _gemma_3_processor(tokenizer: PreTrainedTokenizerFast) -> ProcessorMixin:
    from transformers import Gemma3ImageProcessor, Gemma3Processor

    images = Gemma3ImageProcessor(size={"height": 56, "width": 56})
    return Gemma3Processor(images, tokenizer, chat_template=tokenizer.chat_template, image_seq_length=4)


def _mistral_3(text: dict[str, Any], token: Tokens) -> Any:
    from transformers import Mistral3Config

    eye = {"model_type": "pixtral", "num_hidden_layers": 2, "num_attention_heads": 4, **_PIXTRAL_EYE}
    return Mistral3Config(
        text_config={**text, "model_type": "mistral", "head_dim": 16},
        vision_config=eye,
        image_token_index=token("[IMG]"),
        spatial_merge_size=2,
        tie_word_embeddings=False,
    )


def _pixtral(text: dict[str, Any], token: Tokens) -> Any:
    """Pixtral 12B in hub format is Llava around its eye."""
    from transformers import LlavaConfig

    eye = {"model_type": "pixtral", "num_hidden_layers": 2, "num_attention_heads": 4, **_PIXTRAL_EYE}
    return LlavaConfig(
        text_config={**text, "model_type": "mistral", "head_dim": 16},
        vision_config=eye,
        image_token_index=token("[IMG]"),
        vision_feature_layer=-1,
        vision_feature_select_strategy="full",
        tie_word_embeddings=False,
    )


def _pixtral_processor(merge: int) -> Callable[[PreTrainedTokenizerFast], ProcessorMixin]:
    def make(tokenizer: PreTrainedTokenizerFast) -> ProcessorMixin:
        from transformers import PixtralImageProcessor, PixtralProcessor

        return PixtralProcessor(
            PixtralImageProcessor(size={"longest_edge": 112}, patch_size={"height": 14, "width": 14}),
            tokenizer,
            patch_size=14,
            spatial_merge_size=merge,
            chat_template=tokenizer.chat_template,
        )

    return make


def _phi_4_multimodal(text: dict[str, Any], token: Tokens) -> Any:
    from transformers import Phi4MultimodalConfig

    eye = {"hidden_size": 64, "intermediate_size": 64, "num_hidden_layers": 3, "num_attention_heads": 4}
    eye |= {"image_size": 448, "crop_size": 448, "patch_size": 14, "image_token_id": token("<|image|>")}
    ear = {"hidden_size": 64, "intermediate_size": 64, "num_blocks": 2, "num_attention_heads": 4}
    ear |= {"ext_pw_out_channel": 64, "depthwise_separable_out_channel": 64, "nemo_conv_channels": 16}
    ear |= {"audio_token_id": token("<|audio|>")}
    return Phi4MultimodalConfig(**text, vision_config=eye, audio_config=ear)


def _phi_4_multimodal_processor(tokenizer: PreTrainedTokenizerFast) -> ProcessorMixin:
    from transformers import Phi4MultimodalFeatureExtractor, Phi4MultimodalImageProcessor, Phi4MultimodalProcessor

    return Phi4MultimodalProcessor(
        Phi4MultimodalImageProcessor(dynamic_hd=1),  # its arithmetic holds for its own 448 pixels only
        Phi4MultimodalFeatureExtractor(),
        tokenizer,
        chat_template=tokenizer.chat_template,
    )


def _smolvlm(text: dict[str, Any], token: Tokens) -> Any:
    from transformers import SmolVLMConfig

    eye = {"hidden_size": 64, "intermediate_size": 64, "num_hidden_layers": 2, "num_attention_heads": 4}
    return SmolVLMConfig(
        text_config={**text, "model_type": "llama"},
        vision_config={**eye, "image_size": 56, "patch_size": 14},
        image_token_id=token("<image>"),
        scale_factor=2,
        tie_word_embeddings=False,
    )


def _smolvlm_processor(tokenizer: PreTrainedTokenizerFast) -> ProcessorMixin:
    from transformers import SmolVLMImageProcessor, SmolVLMProcessor, SmolVLMVideoProcessor

    edge = {"longest_edge": 56}
    return SmolVLMProcessor(
        SmolVLMImageProcessor(size={"longest_edge": 112}, max_image_size=edge),
        tokenizer,
        SmolVLMVideoProcessor(size=edge, max_image_size=edge, num_frames=8, fps=1),
        image_seq_len=4,
        chat_template=tokenizer.chat_template,
    )


def _of(kind: str, **own: Any) -> Callable[[dict[str, Any], Tokens], Any]:
    """A family of text: a configuration class and what it has of its own."""

    def configure(text: dict[str, Any], token: Tokens) -> Any:
        import transformers

        return getattr(transformers, kind)(**{**text, **own})

    return configure


_DEEPSEEK: dict[str, Any] = {
    "num_key_value_heads": 4,
    "moe_intermediate_size": 64,
    "n_routed_experts": 4,
    "num_experts_per_tok": 2,
    "n_group": 2,
    "topk_group": 1,
    "first_k_dense_replace": 1,
    "kv_lora_rank": 32,
    "q_lora_rank": 32,
    "qk_rope_head_dim": 16,
    "qk_nope_head_dim": 16,
    "v_head_dim": 16,
    "num_mtp_layers": 0,
}

FAMILIES = {
    "qwen2.5-vl": Family(tiny_tokens.QWEN_VL, _qwen_2_5_vl, _qwen_processor("Qwen2_5_VL", 14), video=True),
    "qwen3-vl": Family(tiny_tokens.QWEN_VL, _qwen_3_vl, _qwen_processor("Qwen3VL", 16), video=True),
    "qwen3.5": Family(tiny_tokens.QWEN_VL, _qwen_3_5, _qwen_processor("Qwen3VL", 16), video=True),
    "mllama": Family(tiny_tokens.LLAMA_3, _mllama, _mllama_processor),
    "llama4": Family(tiny_tokens.LLAMA_4, _llama_4, _llama_4_processor),
    "gemma3": Family(tiny_tokens.GEMMA_3, _gemma_3, _gemma_3_processor),
    "mistral3": Family(tiny_tokens.MISTRAL_VL, _mistral_3, _pixtral_processor(2)),
    "pixtral": Family(tiny_tokens.MISTRAL_VL, _pixtral, _pixtral_processor(1)),
    "phi4-multimodal": Family(tiny_tokens.PHI_VL, _phi_4_multimodal, _phi_4_multimodal_processor),
    "smolvlm": Family(tiny_tokens.SMOL, _smolvlm, _smolvlm_processor, video=True),
    "phi4": Family(tiny_tokens.PHI, _of("Phi3Config")),
    "mistral": Family(tiny_tokens.MISTRAL, _of("MistralConfig")),
    "mixtral": Family(tiny_tokens.MISTRAL, _of("MixtralConfig", num_local_experts=2)),
    "llama3.1": Family(tiny_tokens.LLAMA_3, _of("LlamaConfig")),
    "deepseek-v3": Family(tiny_tokens.DEEPSEEK, _of("DeepseekV3Config", **_DEEPSEEK)),
    "falcon3": Family(tiny_tokens.FALCON, _of("LlamaConfig", head_dim=16)),
    "qwen3": Family(tiny_tokens.QWEN, _of("Qwen3Config", head_dim=16)),
}
SEEING = tuple(name for name, family in FAMILIES.items() if family.sees)
WRITING = tuple(name for name, family in FAMILIES.items() if not family.sees)
