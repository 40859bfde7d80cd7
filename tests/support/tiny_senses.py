"""Tiny checkpoints of the models that see, hear and compare texts, in the very formats of the real ones."""

from __future__ import annotations

import json
import re
import warnings
from pathlib import Path
from typing import Any

WORDS = (
    "Members decide together about the common pool. Gemeinsam entscheiden die Mitglieder über das Wasser. "
    "Les membres décident ensemble. query: passage: Instruct: Query: A recipe for onion soup with cheese."
)


def tiny_clip(folder: Path, seed: int = 1, dimension: int = 32) -> Path:
    """A CLIP in open_clip's folder format, with CLIP's own tokenizer and its 77 tokens.

    Args:
        folder: made if missing.
        seed: of its random weights.
        dimension: of its vectors.

    Returns: the folder.
    """
    from cml_mm.models.torchvision_ops import declare

    declare()
    import torch
    from open_clip.model import CLIP
    from safetensors.torch import save_file

    config: dict[str, Any] = {
        "embed_dim": dimension,
        "vision_cfg": {"image_size": 32, "layers": 2, "width": 64, "head_width": 32, "patch_size": 8},
        "text_cfg": {"context_length": 77, "vocab_size": 49408, "width": 64, "heads": 2, "layers": 2},
    }
    torch.manual_seed(seed)
    model = CLIP(**config)
    folder.mkdir(parents=True, exist_ok=True)
    stated = {"model_cfg": config, "preprocess_cfg": {"mean": [0.48, 0.46, 0.41], "std": [0.27, 0.26, 0.28]}}
    (folder / "open_clip_config.json").write_text(json.dumps(stated), "utf-8")
    save_file(
        {key: value.contiguous() for key, value in model.state_dict().items()}, folder / "open_clip_model.safetensors"
    )
    return folder


def tiny_e5(folder: Path, seed: int = 1, told: bool = True) -> Path:
    """A multilingual-e5: XLM-R, mean of the tokens. `told`: with the files that say so."""
    return _xlm_roberta(folder, seed, "pooling_mode_mean_tokens" if told else "")


def tiny_bge_m3(folder: Path, seed: int = 1, told: bool = True) -> Path:
    """A bge-m3: XLM-R, the first token."""
    return _xlm_roberta(folder, seed, "pooling_mode_cls_token" if told else "")


def tiny_qwen3_embedding(folder: Path, seed: int = 1) -> Path:
    """A Qwen3-Embedding: a decoder, the last token, which is its padding token."""
    from cml_mm.models.torchvision_ops import declare

    declare()
    import torch
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
    from transformers import PreTrainedTokenizerFast, Qwen3Config, Qwen3Model

    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    special = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    tokenizer.train_from_iterator(
        [WORDS],
        trainers.BpeTrainer(vocab_size=400, special_tokens=special, initial_alphabet=alphabet, show_progress=False),
    )
    PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, eos_token="<|im_end|>", pad_token="<|endoftext|>"
    ).save_pretrained(folder)
    torch.manual_seed(seed)
    Qwen3Model(
        Qwen3Config(
            vocab_size=tokenizer.get_vocab_size(), hidden_size=32, intermediate_size=64, num_hidden_layers=2,
            num_attention_heads=4, num_key_value_heads=2, head_dim=8, max_position_embeddings=512,
            eos_token_id=2,
        )
    ).save_pretrained(folder)  # fmt: skip
    prompts = {"query": "Instruct: Find the passages that answer this\nQuery:", "document": ""}
    (folder / "config_sentence_transformers.json").write_text(json.dumps({"prompts": prompts}), "utf-8")
    _say_pooling(folder, "pooling_mode_lasttoken", 32)
    return folder


def _xlm_roberta(folder: Path, seed: int, pooling: str) -> Path:
    from cml_mm.models.torchvision_ops import declare

    declare()
    import torch
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors, trainers
    from transformers import PreTrainedTokenizerFast, XLMRobertaConfig, XLMRobertaModel

    special = ["<s>", "<pad>", "</s>", "<unk>", "<mask>"]
    tokenizer = Tokenizer(models.Unigram())
    tokenizer.normalizer = normalizers.NFKC()
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    letters = sorted({*WORDS, *(chr(code) for code in range(33, 127))} - {" "})
    tokenizer.train_from_iterator(
        [WORDS],
        trainers.UnigramTrainer(
            vocab_size=400, special_tokens=special, unk_token="<unk>", initial_alphabet=letters, show_progress=False
        ),
    )
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", special_tokens=[("<s>", 0), ("</s>", 2)]
    )
    PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, bos_token="<s>", eos_token="</s>", pad_token="<pad>", unk_token="<unk>",
        cls_token="<s>", sep_token="</s>", mask_token="<mask>",
    ).save_pretrained(folder)  # fmt: skip
    torch.manual_seed(seed)
    XLMRobertaModel(
        XLMRobertaConfig(
            vocab_size=tokenizer.get_vocab_size(), hidden_size=32, intermediate_size=64, num_hidden_layers=2,
            num_attention_heads=4, max_position_embeddings=66, type_vocab_size=1, initializer_range=0.5,
        )
    ).save_pretrained(folder)  # fmt: skip
    if pooling:
        _say_pooling(folder, pooling, 32)
    return folder


def _say_pooling(folder: Path, mode: str, dimension: int) -> None:
    kinds = ("Transformer", ""), ("Pooling", "1_Pooling"), ("Normalize", "2_Normalize")
    steps = [
        {"idx": number, "name": str(number), "path": path, "type": f"sentence_transformers.models.{kind}"}
        for number, (kind, path) in enumerate(kinds)
    ]
    (folder / "modules.json").write_text(json.dumps(steps), "utf-8")
    (folder / "1_Pooling").mkdir(exist_ok=True)
    modes = ("pooling_mode_cls_token", "pooling_mode_mean_tokens", "pooling_mode_max_tokens", "pooling_mode_lasttoken")
    stated = {"word_embedding_dimension": dimension, **{name: name == mode for name in modes}}
    (folder / "1_Pooling" / "config.json").write_text(json.dumps(stated), "utf-8")


SPOKEN = "Members decide together about the common pool."


def tiny_whisper(path: Path, says: str = SPOKEN, language: str = "en", until: float = 4.0, seed: int = 1) -> Path:
    """A Whisper in OpenAI's file format that hears the same words in everything that is not silent.

    Its encoder, attention and word times are those of the real class, with random weights; only what it
    writes is fixed: every place in the text has the embedding of the token that follows there.

    Args:
        path: the .pt file.
        says: "" for a model that takes everything for silence.
        language: the code that it finds.
        until: seconds at which its words end.
        seed: of its random weights.

    Returns: the file.
    """
    import torch
    from whisper.model import ModelDimensions, Whisper

    sizes = ModelDimensions(
        n_mels=80, n_audio_ctx=1500, n_audio_state=64, n_audio_head=2, n_audio_layer=1, n_vocab=51865, n_text_ctx=64,
        n_text_state=64, n_text_head=2, n_text_layer=2,
    )  # fmt: skip
    torch.manual_seed(seed)
    model = Whisper(sizes)
    _read_vocabulary()
    with torch.no_grad():
        for block in (*model.encoder.blocks, *model.decoder.blocks):
            parts = [block.attn.out, block.mlp[2], *([block.cross_attn.out] if block.cross_attn else [])]
            for part in (part for layer in parts for part in layer.parameters()):
                part.zero_()
        words, places = model.decoder.token_embedding.weight, model.decoder.positional_embedding
        words.copy_(torch.randn(words.shape))
        places.zero_()
        if says:
            _say(model, says, language, until)
        else:
            _say_nothing(words, places)
    state = {key: value.half() for key, value in model.state_dict().items()}
    path.parent.mkdir(parents=True, exist_ok=True)
    torch.save({"dims": vars(sizes), "model_state_dict": state}, path)
    return path


def _say(model: Any, says: str, language: str, until: float) -> None:
    """Every place gets what lets the token to come score highest there, and looks at its share of the sound."""
    import torch
    from whisper.tokenizer import get_tokenizer

    tokenizer = get_tokenizer(True, num_languages=99, language=language, task="transcribe")
    words, places = model.decoder.token_embedding.weight, model.decoder.positional_embedding
    begin, text = tokenizer.timestamp_begin, tokenizer.encode(" " + says)
    coming = {0: tokenizer.to_language_token(language), 2: begin}
    coming |= dict(enumerate([*text, begin + round(until / 0.02), tokenizer.eot], 3))
    for place, token in coming.items():
        places[place] = 100 * words[token]

    # One code for every share of the time until the words end, one for what follows.
    codes = torch.nn.functional.layer_norm(torch.randn(len(text) + 1, 64), (64,))
    frames = torch.arange(1500) * 0.02
    model.encoder.conv2.weight.zero_()
    model.encoder.conv2.bias.zero_()
    share = (frames / until * len(text)).long().clamp(max=len(text))
    model.encoder.positional_embedding.copy_(codes[share])
    seen = torch.nn.functional.layer_norm(words[text], (64,))
    for block in model.decoder.blocks:
        block.cross_attn.key.weight.copy_(torch.eye(64))
        block.cross_attn.query.bias.zero_()
        block.cross_attn.query.weight.copy_(3 * (torch.linalg.pinv(seen) @ codes[:-1]).T)


def _say_nothing(words: Any, places: Any) -> None:
    """Sure of nothing but that there is no speech; asked for words all the same, many are as likely."""
    import torch

    end, no_speech, likely = 50257, 50362, slice(1_000, 1_032)
    sure = words[[end, no_speech]].clone()
    words *= 0.1
    words[[end, no_speech]] = sure
    words[likely] = 8 * torch.linalg.qr(torch.randn(64, 32)).Q.T
    places[0] = 100 * words[no_speech]
    places[1:10] = 100 * words[likely].sum(0) / 5
    places[10:] = 100 * words[end]


def _read_vocabulary() -> None:
    """whisper leaves closing the file to Python, which warns."""
    from whisper.tokenizer import get_encoding

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        get_encoding(name="multilingual", num_languages=99)


# OpenAI's names of the weights → the hub's.
_HUB_NAMES = (
    (r"^", "model."),
    (r"\.blocks\.", ".layers."),
    (r"\.cross_attn_ln\.", ".encoder_attn_layer_norm."),
    (r"\.cross_attn\.", ".encoder_attn."),
    (r"\.attn_ln\.", ".self_attn_layer_norm."),
    (r"\.attn\.", ".self_attn."),
    (r"\.query\.", ".q_proj."),
    (r"\.key\.", ".k_proj."),
    (r"\.value\.", ".v_proj."),
    (r"attn\.out\.", "attn.out_proj."),
    (r"\.mlp\.0\.", ".fc1."),
    (r"\.mlp\.2\.", ".fc2."),
    (r"\.mlp_ln\.", ".final_layer_norm."),
    (r"\.ln_post\.", ".layer_norm."),
    (r"decoder\.ln\.", "decoder.layer_norm."),
    (r"\.token_embedding\.weight$", ".embed_tokens.weight"),
    (r"\.positional_embedding$", ".embed_positions.weight"),
)


def tiny_faster_whisper(folder: Path, whisper_file: Path) -> Path:
    """The same Whisper in CTranslate2's format, as faster-whisper reads it.

    Args:
        folder: made if missing.
        whisper_file: what `tiny_whisper` made.

    Returns: the folder.
    """
    from cml_mm.models.torchvision_ops import declare

    declare()
    import torch
    from ctranslate2.converters.transformers import WhisperLoader
    from transformers import WhisperConfig, WhisperForConditionalGeneration

    loaded = torch.load(whisper_file, weights_only=True)
    sizes = loaded["dims"]
    model = WhisperForConditionalGeneration(
        WhisperConfig(
            vocab_size=sizes["n_vocab"], d_model=64, encoder_layers=1, decoder_layers=2, encoder_attention_heads=2,
            decoder_attention_heads=2, encoder_ffn_dim=256, decoder_ffn_dim=256, max_target_positions=64,
            max_source_positions=1500, num_mel_bins=80, pad_token_id=50257,
        )
    ).eval()  # fmt: skip
    state = {_hub_name(name): value.float() for name, value in loaded["model_state_dict"].items()}
    model.load_state_dict({**state, "proj_out.weight": state["model.decoder.embed_tokens.weight"]})
    tokens = _write_tokenizer(folder)
    loader = WhisperLoader()
    spec = loader.get_model_spec(model)
    loader.set_vocabulary(spec, tokens)
    spec.config.suppress_ids = []
    spec.config.suppress_ids_begin = []
    spec.config.lang_ids = list(range(50259, 50358))
    spec.config.alignment_heads = [[1, 0], [1, 1]]
    spec.validate()
    spec.optimize(quantization=None)
    spec.save(str(folder))
    return folder


def _hub_name(name: str) -> str:
    for pattern, new in _HUB_NAMES:
        name = re.sub(pattern, new, name)
    return name


def _write_tokenizer(folder: Path) -> list[str]:
    """tokenizer.json with Whisper's own words. Returns: its tokens by number."""
    import whisper
    from tokenizers import AddedToken
    from transformers.convert_slow_tokenizer import TikTokenConverter
    from whisper.tokenizer import get_encoding

    _read_vocabulary()
    special = sorted(
        get_encoding(name="multilingual", num_languages=99)._special_tokens.items(), key=lambda one: one[1]
    )
    words = Path(whisper.__file__).parent / "assets" / "multilingual.tiktoken"
    tokenizer = TikTokenConverter(
        vocab_file=str(words),
        pattern=r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+",
    ).converted()
    tokenizer.add_special_tokens([AddedToken(name, special=True) for name, _ in special])
    folder.mkdir(parents=True, exist_ok=True)
    tokenizer.save(str(folder / "tokenizer.json"))
    return [tokenizer.id_to_token(number) for number in range(tokenizer.get_vocab_size())]
