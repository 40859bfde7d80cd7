"""What must be guessed about a model whose tokenizer is on another machine; every guess errs to the safe side."""

from __future__ import annotations

import math
import re

# What the model families that are served this way read as something else than words, from the vocabularies
# that their publishers give: ChatML (Qwen, SmolLM, Phi-4-mini), Llama 3 and 4, Mistral and Llama 2, Gemma,
# Phi, DeepSeek, Falcon; and the marks of pictures, tools and thoughts that go with them.
_FAMILIES = """
    <|im_start|> <|im_end|> <|im_sep|> <|endoftext|> <|endofprompt|>
    <|vision_start|> <|vision_end|> <|vision_pad|> <|image_pad|> <|video_pad|> <|object_ref_start|> <|object_ref_end|>
    <|box_start|> <|box_end|> <|quad_start|> <|quad_end|>
    <|begin_of_text|> <|end_of_text|> <|start_header_id|> <|end_header_id|> <|eot_id|> <|eom_id|> <|python_tag|>
    <|finetune_right_pad_id|> <|image|> <|begin_of_image|>
    <|header_start|> <|header_end|> <|eot|> <|eom|> <|step|> <|image_start|> <|image_end|> <|patch|>
    <|tile_x_separator|> <|tile_y_separator|> <|text_post_train_reserved_special_token_0|>
    [INST] [/INST] <<SYS>> <</SYS>> <s> </s> <unk> <pad> [IMG] [IMG_BREAK] [IMG_END] [SYSTEM_PROMPT] [/SYSTEM_PROMPT]
    [AVAILABLE_TOOLS] [/AVAILABLE_TOOLS] [TOOL_CALLS] [TOOL_RESULTS] [/TOOL_RESULTS] [TOOL_CONTENT] [CALL_ID] [ARGS]
    [THINK] [/THINK] [PREFIX] [MIDDLE] [SUFFIX]
    <bos> <eos> <start_of_turn> <end_of_turn> <start_of_image> <end_of_image> <image_soft_token> <mask>
    <|system|> <|user|> <|assistant|> <|end|> <|tool|> <|/tool|> <|tool_call|> <|/tool_call|> <|tool_response|>
    <|endoftext10|> <|endoftext11|> <|image_1|> <|audio_1|> <|placeholder1|>
    <｜begin▁of▁sentence｜> <｜end▁of▁sentence｜> <｜User｜> <｜Assistant｜> <｜EOT｜> <｜▁pad▁｜> <｜search▁begin｜>
    <｜tool▁calls▁begin｜> <｜tool▁calls▁end｜> <｜tool▁call▁begin｜> <｜tool▁call▁end｜> <｜tool▁sep｜>
    <｜tool▁outputs▁begin｜> <｜tool▁outputs▁end｜> <｜tool▁output▁begin｜> <｜tool▁output▁end｜> <｜DSML｜>
    <think> </think> <tool_call> </tool_call> <tool_response> </tool_response>
    <image> <video> <fake_token_around_image> <row_1_col_1> <global-img> <end_of_utterance>
    <|start|> <|channel|> <|message|> <|return|> <|call|> <|constrain|>
""".split()
CONTROL_TOKENS = tuple(sorted(_FAMILIES, key=lambda token: (-len(token), token)))

# A short word is one token in every vocabulary; a longer or rare one is cut, mostly into syllables.
_PIECE = re.compile(
    r"(?P<word>[A-Z]?[a-z]+)|(?P<capitals>[A-Z]+)|(?P<other>[^\x00-\x7f]+)|(?P<blank> (?! ))|(?P<each>[\x00-\x7f])"
)
_SHORT_WORD = 4  # letters
_LEAST_PICTURE = 256  # what families with a fixed number of tokens a picture take, such as Gemma 3


def estimated_tokens(text: str) -> int:
    """How many tokens a text is at most, for ordinary writing.

    A word of four letters or less counts one, a longer one for every three letters, capitals for every
    two, other scripts for every four bytes three, a digit, mark, line end or further blank one. The
    tests hold it against two real vocabularies of 50,000; today's have 100,000 to 260,000 and cut less.
    """
    total = 1  # some tokenizers set a blank before everything
    for found in _PIECE.finditer(text):
        piece = found.group()
        if found.lastgroup == "word":
            total += 1 if len(piece) <= _SHORT_WORD else math.ceil(len(piece) / 3)
        elif found.lastgroup == "capitals":
            total += math.ceil(len(piece) / 2)
        elif found.lastgroup == "other":
            total += math.ceil(0.75 * len(piece.encode("utf-8", "surrogatepass")))
        else:
            total += found.lastgroup != "blank"  # a single blank belongs to the word that follows
    return total


def estimated_picture_tokens(height_px: int, width_px: int, cell_px: int) -> int:
    """A picture is cut into squares of `cell_px`, each a token, with one to end each row and two around it."""
    rows, columns = math.ceil(height_px / cell_px), math.ceil(width_px / cell_px)
    return max(_LEAST_PICTURE, rows * (columns + 1) + 2)
