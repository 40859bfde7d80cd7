"""Chat models of real size with random weights: the shapes of the published ones, none of what they know."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cml_mm.models.chat_loading import find_chat, load_reader
from cml_mm.models.chat_streaming import Speaker
from cml_mm.models.local_chat import LocalChatOptions
from tests.support.tiny_models import FAMILIES, teach
from tests.support.tiny_tokens import make_tokenizer, piece_id


@dataclass(frozen=True)
class RealSize:
    """A family and the sizes in the published configuration, of its language model and of its eye."""

    family: str
    text: dict[str, Any]
    eye: dict[str, Any]
    picture_px: dict[str, int]


REAL_SIZES = {
    "qwen3-vl-4b": RealSize(
        "qwen3-vl",
        {
            "hidden_size": 2560,
            "intermediate_size": 9728,
            "num_hidden_layers": 36,
            "num_attention_heads": 32,
            "num_key_value_heads": 8,
            "head_dim": 128,
            "vocab_size": 151_936,
            "rope_parameters": {"rope_type": "default", "rope_theta": 5e6, "mrope_section": [24, 20, 20]},
        },
        {
            "depth": 24,
            "hidden_size": 1024,
            "intermediate_size": 4096,
            "num_heads": 16,
            "out_hidden_size": 2560,
            "num_position_embeddings": 2304,
            "deepstack_visual_indexes": [5, 11, 17],
        },
        {"shortest_edge": 65_536, "longest_edge": 16_777_216},
    ),
    "llama-3.2-11b-vision": RealSize(
        "mllama",
        {
            "hidden_size": 4096,
            "intermediate_size": 14_336,
            "num_hidden_layers": 40,
            "num_attention_heads": 32,
            "num_key_value_heads": 8,
            "vocab_size": 128_256,
            "cross_attention_layers": [3, 8, 13, 18, 23, 28, 33, 38],
        },
        {
            "hidden_size": 1280,
            "attention_heads": 16,
            "num_hidden_layers": 32,
            "num_global_layers": 8,
            "intermediate_size": 5120,
            "image_size": 560,
            "intermediate_layers_indices": [3, 7, 15, 23, 30],
            "vision_output_dim": 7680,
        },
        {"height": 560, "width": 560},
    ),
}


def real_speaker(name: str, folder: Path, device: str, says: str) -> Speaker:
    """Makes a model on a device; only its configuration and tokenizer are written to the folder.

    Args:
        device: as torch names it; "meta" takes no memory and cannot speak.
        says: what it says, whatever it is asked, so that answers have one length.
    """
    import torch
    from transformers import AutoModelForMultimodalLM

    size = REAL_SIZES[name]
    family = FAMILIES[size.family]
    pieces = tuple(dict.fromkeys(word if not at else f" {word}" for at, word in enumerate(says.split(" "))))
    tokenizer = make_tokenizer(family.dialect, pieces)
    config = _config(size, tokenizer)
    assert family.processor is not None
    processor: Any = family.processor(tokenizer)
    processor.image_processor.size = size.picture_px
    config.save_pretrained(folder)
    processor.save_pretrained(folder)
    with torch.device(device):
        model = AutoModelForMultimodalLM.from_config(config, dtype=torch.bfloat16).eval()
    if device != "meta":
        teach(model, [piece_id(tokenizer, piece) for piece in pieces], tokenizer)
    options = LocalChatOptions(model=str(folder), device_map=device)
    return Speaker(model, load_reader(find_chat(options), options), name)


def _config(size: RealSize, tokenizer: Any) -> Any:
    """The tiny family's configuration with every size put back."""
    tiny = {"tie_word_embeddings": False, "max_position_embeddings": 131_072, "eos_token_id": tokenizer.eos_token_id}
    tiny |= {"bos_token_id": tokenizer.bos_token_id, "pad_token_id": tokenizer.pad_token_id}
    config = FAMILIES[size.family].configure({**tiny, **size.text}, tokenizer.convert_tokens_to_ids)
    made = config.to_dict()
    made["text_config"] |= size.text
    made["vision_config"] |= size.eye
    return type(config).from_dict(made)
