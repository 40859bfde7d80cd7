"""Tokenizers and chat templates for tiny checkpoints, in the form of each family, of our own making.

A byte-level BPE is trained on a few sentences of our own, so any text can be written with it;
the family's control tokens are added, and a chat template that frames turns as the family does.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerFast

_SENTENCES = (
    "The keys of the tool shed are handed on at the first meeting of the month.",
    "Who decides about the seeds? Those who sow them decide, and the others are told.",
    "A rule that nobody wrote down is forgotten when the people who made it move away.",
    "Answer with the evidence that is given, and name its number behind every sentence.",
    "What the library does not hold is said to be unknown; nothing is invented here.",
)
_VOCABULARY = 420  # 256 bytes and the commonest pieces of those sentences


@dataclass(frozen=True)
class Dialect:
    """How a family frames a conversation.

    `system` frames a system turn; empty where the family knows none and its template refuses.
    `video` is empty where the family takes none. `others` are control tokens that no frame shows.
    `joins`: the template only joins texts, so the asker must set the placeholder of a picture.
    `system_or_picture`: the template refuses a system turn in a conversation with a picture.
    """

    system: str
    user: str
    reply: str  # how the model's own turn begins
    close: str  # how a turn ends, as the template writes it
    ends: tuple[str, ...]  # tokens that end what the model writes; the first is the tokenizer's own
    begin: str = ""  # first token of everything; written by the template and by the tokenizer
    picture: str = ""
    video: str = ""
    others: tuple[str, ...] = ()
    joins: bool = False
    system_or_picture: bool = False
    named: tuple[tuple[str, str], ...] = ()  # tokens that the family's processor asks the tokenizer for

    @property
    def controls(self) -> tuple[str, ...]:
        """Every control token, each once."""
        found = (self.begin, *self.ends, *self.others, *(token for _, token in self.named))
        return tuple(dict.fromkeys(token for token in found if token))

    def template(self) -> str:
        """The chat template, in Jinja."""
        system = _framed(self.system) if self.system else _refused("only user and assistant turns")
        if self.system_or_picture:
            system += "{% if messages[-1]['content'] is not string and messages[-1]['content'] | length > 1 %}"
            system += _refused("no system turn beside a picture") + "{% endif %}"
        parts = (
            "{% if part['type'] == 'image' %}" + self.picture,
            "{% elif part['type'] == 'video' %}" + self.video,
            "{% else %}{{ part['text'] }}{% endif %}",
        )
        content = (
            "{% if message['content'] is string %}{{ message['content'] }}{% else %}"
            "{% for part in message['content'] %}" + "".join(parts) + "{% endfor %}{% endif %}"
        )
        if self.joins:
            content = "{{ '' + message['content'] }}"
        turn = (
            "{% if message['role'] == 'system' %}" + system + "{% elif message['role'] == 'user' %}"
            "" + _framed(self.user) + "{% else %}" + _framed(self.reply) + "{% endif %}"
        )
        return (
            (f"{{{{ '{self.begin}' }}}}" if self.begin else "")
            + "{% for message in messages %}"
            + turn
            + content
            + _framed(self.close)
            + "{% endfor %}{% if add_generation_prompt %}"
            + _framed(self.reply)
            + "{% endif %}"
        )


def _framed(text: str) -> str:
    """Text that Jinja writes as it stands, new lines included."""
    return "{{ " + repr(text) + " }}" if text else ""


def _refused(why: str) -> str:
    return f"{{{{ raise_exception('{why}') }}}}"


def make_tokenizer(dialect: Dialect, pieces: tuple[str, ...] = ()) -> PreTrainedTokenizerFast:
    """A tokenizer that reads and writes any text.

    Args:
        pieces: texts that become tokens of their own; they are only ever written, never read.
    """
    import json

    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors, trainers
    from transformers import PreTrainedTokenizerFast

    byte_level = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = byte_level
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=_VOCABULARY, initial_alphabet=byte_level.alphabet(), show_progress=False, special_tokens=["<unk>"]
    )
    tokenizer.train_from_iterator(_SENTENCES, trainer)
    if pieces:
        content = json.loads(tokenizer.to_str())
        vocabulary = content["model"]["vocab"]
        for piece in pieces:
            spelled = "".join(part for part, _ in byte_level.pre_tokenize_str(piece))
            vocabulary.setdefault(spelled, len(vocabulary))
        tokenizer = Tokenizer.from_str(json.dumps(content))
    tokenizer.add_special_tokens(list(dialect.controls))
    if dialect.begin:
        tokenizer.post_processor = processors.TemplateProcessing(
            single=f"{dialect.begin} $A", special_tokens=[(dialect.begin, tokenizer.token_to_id(dialect.begin))]
        )
    made = PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        bos_token=dialect.begin or None,
        eos_token=dialect.ends[0],
        pad_token=dialect.ends[-1],
        extra_special_tokens=dict(dialect.named),
        model_max_length=8192,
    )
    made.chat_template = dialect.template()
    return made


def piece_id(tokenizer: PreTrainedTokenizerFast, piece: str) -> int:
    """The token that stands for a piece given to `make_tokenizer`."""
    from tokenizers import pre_tokenizers

    byte_level = pre_tokenizers.ByteLevel(add_prefix_space=False)
    found = tokenizer.convert_tokens_to_ids("".join(part for part, _ in byte_level.pre_tokenize_str(piece)))
    assert isinstance(found, int)
    return found


QWEN_VL = Dialect(
    system="<|im_start|>system\n",
    user="<|im_start|>user\n",
    reply="<|im_start|>assistant\n",
    close="<|im_end|>\n",
    ends=("<|im_end|>", "<|endoftext|>"),
    picture="<|vision_start|><|image_pad|><|vision_end|>",
    video="<|vision_start|><|video_pad|><|vision_end|>",
    others=(
        "<|im_start|>",
        "<|vision_start|>",
        "<|vision_end|>",
        "<|vision_pad|>",
        "<|image_pad|>",
        "<|video_pad|>",
        "<tool_call>",
        "</tool_call>",
        "<think>",
        "</think>",
    ),
)
QWEN = Dialect(
    system="<|im_start|>system\n",
    user="<|im_start|>user\n",
    reply="<|im_start|>assistant\n",
    close="<|im_end|>\n",
    ends=("<|im_end|>", "<|endoftext|>"),
    others=("<|im_start|>", "<tool_call>", "</tool_call>", "<think>", "</think>"),
)
LLAMA_3 = Dialect(
    system="<|start_header_id|>system<|end_header_id|>\n\n",
    user="<|start_header_id|>user<|end_header_id|>\n\n",
    reply="<|start_header_id|>assistant<|end_header_id|>\n\n",
    close="<|eot_id|>",
    ends=("<|eot_id|>", "<|eom_id|>", "<|end_of_text|>", "<|finetune_right_pad_id|>"),
    begin="<|begin_of_text|>",
    picture="<|image|>",
    system_or_picture=True,
    others=("<|start_header_id|>", "<|end_header_id|>", "<|python_tag|>", "<|image|>"),
)
LLAMA_4 = Dialect(
    system="<|header_start|>system<|header_end|>\n\n",
    user="<|header_start|>user<|header_end|>\n\n",
    reply="<|header_start|>assistant<|header_end|>\n\n",
    close="<|eot|>",
    ends=("<|eot|>", "<|end_of_text|>", "<|finetune_right_pad|>"),
    begin="<|begin_of_text|>",
    picture="<|image|>",
    others=(
        "<|header_start|>",
        "<|header_end|>",
        "<|image_start|>",
        "<|image_end|>",
        "<|image|>",
        "<|patch|>",
        "<|tile_x_separator|>",
        "<|tile_y_separator|>",
    ),
)
GEMMA_3 = Dialect(
    system="",
    user="<start_of_turn>user\n",
    reply="<start_of_turn>model\n",
    close="<end_of_turn>\n",
    ends=("<end_of_turn>", "<eos>", "<pad>"),
    begin="<bos>",
    picture="<start_of_image>",
    others=("<start_of_turn>",),
    named=(
        ("boi_token", "<start_of_image>"),
        ("eoi_token", "<end_of_image>"),
        ("image_token", "<image_soft_token>"),
    ),
)
MISTRAL_VL = Dialect(
    system="[SYSTEM_PROMPT]",
    user="[INST]",
    reply="[/INST]",
    close="",
    ends=("</s>", "<pad>"),
    begin="<s>",
    picture="[IMG]",
    others=("[INST]", "[/INST]", "[SYSTEM_PROMPT]", "[/SYSTEM_PROMPT]", "[IMG]", "[IMG_BREAK]", "[IMG_END]"),
)
MISTRAL = Dialect(
    system="",
    user="[INST] ",
    reply=" [/INST]",
    close="",
    ends=("</s>",),
    begin="<s>",
    others=("[INST]", "[/INST]", "[AVAILABLE_TOOLS]", "[TOOL_CALLS]"),
)
PHI_VL = Dialect(
    system="<|system|>",
    user="<|user|>",
    reply="<|assistant|>",
    close="<|end|>",
    ends=("<|end|>", "<|endoftext|>"),
    picture="<|image|>",
    joins=True,
    others=("<|system|>", "<|user|>", "<|assistant|>", "<|tool|>"),
    named=(("image_token", "<|image|>"), ("audio_token", "<|audio|>")),
)
PHI = Dialect(
    system="<|im_start|>system<|im_sep|>",
    user="<|im_start|>user<|im_sep|>",
    reply="<|im_start|>assistant<|im_sep|>",
    close="<|im_end|>",
    ends=("<|im_end|>", "<|endoftext|>"),
    others=("<|im_start|>", "<|im_sep|>"),
)
SMOL = Dialect(
    system="System: ",
    user="User: ",
    reply="Assistant:",
    close="<end_of_utterance>\n",
    ends=("<end_of_utterance>", "<|im_end|>"),
    begin="<|im_start|>",
    picture="<image>",
    video="<video>",
    others=(
        *("<fake_token_around_image>", "<image>", "<video>", "<global-img>"),
        *(f"<row_{row}_col_{column}>" for row in range(1, 5) for column in range(1, 5)),
    ),
)
DEEPSEEK = Dialect(
    system="\n",
    user="<｜User｜>",
    reply="<｜Assistant｜>",
    close="",
    ends=("<｜end▁of▁sentence｜>", "<｜▁pad▁｜>"),
    begin="<｜begin▁of▁sentence｜>",
    others=("<｜User｜>", "<｜Assistant｜>"),
)
FALCON = Dialect(
    system="<|system|>\n",
    user="<|user|>\n",
    reply="<|assistant|>\n",
    close="\n",
    ends=("<|endoftext|>", "<|pad|>"),
    others=("<|system|>", "<|user|>", "<|assistant|>"),
)
