"""Local chat models of every family, on tiny checkpoints: real files, real classes, real `generate`."""

from __future__ import annotations

import json
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from cml_mm.errors import CmlError, ModelError, ModelMissing, ModelTimeout, OutOfMemory
from cml_mm.models.chat_loading import find_chat, load_reader, load_weights
from cml_mm.models.chat_streaming import Asked, Speaker, StopSign, placed, speak
from cml_mm.models.local_chat import LocalChat, LocalChatOptions
from cml_mm.models.weights_here import get_command
from cml_mm.ports import Lessened, Prompt, Still
from tests.support.tiny_models import FAMILIES, SEEING, build, build_speaking

Tiny = Callable[[str], Path]
SAYS = "The keys are handed on at the first meeting [1]. The keys stay in the shed [2]."
LONG = 3000  # tokens: more than any test waits for


@pytest.fixture(autouse=True)
def nothing_left() -> Iterator[None]:
    """Ends what a test has left in memory: weights, and the clocks that would let them go."""
    yield
    for thread in threading.enumerate():
        if isinstance(thread, threading.Timer):
            thread.cancel()
            thread.join()


def options(folder: Path, **own: Any) -> LocalChatOptions:
    return LocalChatOptions(model=str(folder), device_map="cpu", **own)


def speaker_of(folder: Path, **own: Any) -> Speaker:
    chosen = options(folder, **own)
    place = find_chat(chosen)
    reader = load_reader(place, chosen)
    return Speaker(load_weights(place, reader, chosen), reader, place.name)


def asked(prompt: Prompt, deadline_seconds: float = 600.0) -> Asked:
    return Asked(prompt, deadline_seconds, 1_000_000)


def spoken(speaker: Speaker, prompt: Prompt) -> str:
    return "".join(piece for piece in speak(speaker, asked(prompt), StopSign(600.0)) if isinstance(piece, str))


def written(chat: LocalChat, prompt: Prompt) -> str:
    return "".join(piece for piece in chat.generate(prompt, never, unheard) if isinstance(piece, str))


def never() -> bool:
    return False


def unheard(before: int) -> None:
    pass


def still(seed: int, seconds: float | None = None) -> Still:
    return Still(np.random.default_rng(seed).integers(0, 256, (60, 90, 3), np.uint8), seconds)


def logits(speaker: Speaker, stills: tuple[Still, ...]) -> Any:
    import torch

    inputs = placed(speaker.reader.inputs(Prompt("Be brief.", "What is shown?", stills), 1_000_000), speaker.model)
    with torch.no_grad():
        return speaker.model(**inputs).logits[0, -1]


def passes_counted(speaker: Speaker) -> list[int]:
    """Grows by one with every pass through the model."""
    passes: list[int] = []
    speaker.model.register_forward_pre_hook(lambda *_: passes.append(1))
    return passes


def piece_then_close(speaker: Speaker, prompt: Prompt) -> str:
    with closing(speak(speaker, asked(prompt), StopSign(600.0))) as pieces:  # type: ignore[type-var]
        return next(piece for piece in pieces if piece)


@pytest.mark.parametrize("family", FAMILIES)
def test_every_family_writes_sees_streams_stops_and_serves_two(family: str, tiny: Tiny) -> None:
    speaker = speaker_of(tiny(family), max_pictures=3)
    text = Prompt("Be brief.", "Who decides about the seeds?", max_new_tokens=24)
    whole = spoken(speaker, text)
    assert whole and whole == spoken(speaker, text)
    passes = passes_counted(speaker)
    assert whole.startswith(piece_then_close(speaker, Prompt(text.system, text.user, max_new_tokens=LONG)))
    assert 0 < len(passes) < LONG
    chat = LocalChat(options(tiny(family), max_pictures=3))
    assert bool(chat.capabilities.pictures) is FAMILIES[family].sees
    assert chat.capabilities.video is FAMILIES[family].video
    assert both_at_once(chat, text) == [whole, whole]
    if FAMILIES[family].sees:
        assert spoken(speaker, Prompt("Be brief.", "What is shown?", (still(1),), 4))
        one, other = logits(speaker, (still(1),)), logits(speaker, (still(2),))
        assert (one - other).abs().max() > 1e-3, "the picture has no effect"
        two, changed = logits(speaker, (still(1), still(2))), logits(speaker, (still(1), still(3)))
        assert (two - changed).abs().max() > 1e-3, "the second picture has no effect"
        frames = (still(1, 10.0), still(2, 12.5), still(3, 20.0))
        assert spoken(speaker, Prompt("Be brief.", "What happens?", frames, 4))


def both_at_once(chat: LocalChat, prompt: Prompt) -> list[str]:
    answers: list[str] = []
    threads = [threading.Thread(target=lambda: answers.append(written(chat, prompt))) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


@pytest.mark.parametrize("family", [name for name in SEEING if FAMILIES[name].video])
def test_frames_alone_become_a_film_at_the_times_they_were_taken(family: str, tiny: Tiny) -> None:
    chosen = options(tiny(family))
    reader = load_reader(find_chat(chosen), chosen)
    frames = (still(1, 10.0), still(2, 12.0), still(3, 60.0), still(4, 62.0))
    read = reader.inputs(Prompt("", "What happens?", frames), 1_000_000)
    text = reader.tokenizer.decode(read["input_ids"][0])
    assert "frames of a recording, 00:10 to 01:02" in text
    if family in ("qwen3-vl", "qwen3.5"):  # they write the time of each step
        assert all(f"<{still.seconds:.1f} seconds>" in text for still in frames)
    beside = reader.inputs(Prompt("", "What happens?", (*frames[:2], still(5))), 1_000_000)
    text = reader.tokenizer.decode(beside["input_ids"][0])
    assert [text.count(label) for label in ("frame at 00:10", "frame at 00:12", "picture 3")] == [1, 1, 1]


@pytest.mark.parametrize("family", FAMILIES)
def test_the_first_token_is_written_once_and_every_part_of_the_prompt(family: str, tiny: Tiny) -> None:
    chosen = options(tiny(family))
    reader = load_reader(find_chat(chosen), chosen)
    for stills in ((), (still(1), still(2)))[: 1 + FAMILIES[family].sees]:
        ids = reader.inputs(Prompt("Be brief and kind.", "Who decides?", stills), 1_000_000)["input_ids"][0].tolist()
        begin = reader.tokenizer.bos_token_id
        assert begin is None or (ids[0] == begin and ids.count(begin) == 1)
        text = reader.tokenizer.decode(ids)
        assert text.index("Be brief and kind.") < text.index("Who decides?")


def test_an_unbroken_stream_says_what_the_weights_say(tmp_path: Path) -> None:
    says = "Wer sät, entscheidet — 种子 🌱🌾 und die anderen erfahren es [1]."
    for family in ("qwen3-vl", "mllama"):
        chat = LocalChat(options(build_speaking(family, tmp_path / family, says)))
        pieces = list(chat.generate(Prompt("Be brief.", "Who decides?", (still(1),)), never, unheard))
        assert "".join(pieces) == says
        assert len(pieces) > 3


def test_letters_of_several_tokens_come_whole(tiny: Tiny) -> None:
    """A babbling model writes bytes that are no letters; what it writes is still its ids, decoded as one."""
    speaker = speaker_of(tiny("falcon3"))
    prompt = Prompt("", "🌱 种子", max_new_tokens=40)
    inputs = speaker.reader.inputs(prompt, 1)
    ids = speaker.model.generate(**inputs, do_sample=False, max_new_tokens=40)[0, inputs["input_ids"].shape[1] :]
    assert spoken(speaker, prompt) == speaker.reader.tokenizer.decode(ids, skip_special_tokens=True)


def test_thinking_aloud_is_left_out(tmp_path: Path) -> None:
    folder = build_speaking("qwen3", tmp_path / "thinks", "Zuerst denke ich nach. Dann sage ich es [1].")
    speaker = speaker_of(folder)
    assert spoken(speaker, Prompt("", "Was?")) == "Zuerst denke ich nach. Dann sage ich es [1]."
    from cml_mm.models.chat_streaming import ShownText

    tokenizer = speaker.reader.tokenizer
    text = ShownText(speaker.reader)
    ids = tokenizer("<think>Nobody reads this.</think>It is so [1].", add_special_tokens=False)["input_ids"]
    assert "".join(text.add(token) for token in ids) + text.rest() == "It is so [1]."
    template = folder / "chat_template.jinja"
    template.write_text(template.read_text() + "{{ '<think>\\n' }}", encoding="utf-8")
    assert spoken(speaker_of(folder), Prompt("", "Was?")) == ""  # it never ends to think


def test_it_stops_within_the_first_pass_when_nobody_waits(tiny: Tiny) -> None:
    """The second layer is not reached: the sign goes up while the first one works."""
    speaker = speaker_of(tiny("llama3.1"))
    sign = StopSign(600.0)
    layers = speaker.model.model.layers
    reached: list[int] = []
    layers[0].register_forward_hook(lambda *_: sign.stop())
    layers[1].mlp.register_forward_hook(lambda *_: reached.append(1))
    assert "".join(speak(speaker, asked(Prompt("", "Who?")), sign)) == ""
    assert not reached


@pytest.mark.parametrize("written_before", [False, True])
def test_a_deadline_ends_it_and_says_so(tiny: Tiny, written_before: bool) -> None:
    speaker = speaker_of(tiny("mistral"))
    sign = StopSign(600.0 if written_before else 0.0)
    pieces: list[str] = []
    with pytest.raises(ModelTimeout, match="before it had finished" if written_before else "did not begin"):
        for piece in speak(speaker, asked(Prompt("", "Who?", max_new_tokens=LONG), 7.0), sign):
            pieces.append(piece)
            if "".join(pieces):
                sign.end_now()
    assert bool("".join(pieces)) is written_before


def test_cancelling_ends_the_answer_and_the_next_one_is_whole(tmp_path: Path) -> None:
    chat = LocalChat(options(build_speaking("llama3.1", tmp_path / "says", SAYS)))
    heard: list[str] = []
    for piece in chat.generate(Prompt("", "Who?"), lambda: bool(heard), unheard):
        heard.append(piece)
    assert len(heard) == 1 and SAYS.startswith(heard[0]) and heard[0] != SAYS
    assert not chat_threads()
    assert written(chat, Prompt("", "Who?")) == SAYS


def test_leaving_the_iterator_stops_the_model_and_frees_the_turn(tiny: Tiny, tmp_path: Path) -> None:
    chat = LocalChat(options(tiny("qwen3")))
    pieces = chat.generate(Prompt("", "Who?", max_new_tokens=LONG), never, unheard)
    next(pieces)
    assert chat_threads()
    pieces.close()  # type: ignore[attr-defined]
    assert not chat_threads()
    assert written(chat, Prompt("", "Who?", max_new_tokens=3))


def chat_threads() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "chat"]


def test_the_second_waits_is_told_and_may_leave(tmp_path: Path) -> None:
    chat = LocalChat(options(build_speaking("llama3.1", tmp_path / "says", SAYS)))
    first = chat.generate(Prompt("", "Who?"), never, unheard)
    begun = next(first)
    told: list[int] = []
    assert list(chat.generate(Prompt("", "Who?"), lambda: bool(told), told.append)) == []
    assert told == [1]
    assert begun + "".join(first) == SAYS


def test_closing_gives_back_the_memory_even_while_it_writes(tiny: Tiny) -> None:
    chat = LocalChat(options(tiny("qwen3")))
    prompt = Prompt("", "Who?", max_new_tokens=LONG)
    pieces = chat.generate(prompt, never, unheard)
    next(pieces)
    chat.close()
    assert not chat.awake
    list(pieces)  # it ends
    assert written(chat, Prompt("", "Who?", max_new_tokens=3))
    assert chat.awake
    chat.close()


def test_an_idle_model_goes_and_comes_back(tiny: Tiny) -> None:
    chat = LocalChat(options(tiny("mistral"), idle_seconds=0.01))
    others = set(threading.enumerate())
    first = written(chat, Prompt("", "Who?", max_new_tokens=5))
    for timer in set(threading.enumerate()) - others:
        timer.join()
    assert not chat.awake
    assert chat.count_tokens("seeds") > 0  # the tokenizer stays
    assert written(chat, Prompt("", "Who?", max_new_tokens=5)) == first


def _raise_torch() -> None:
    import torch

    raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB.")


def _ask_torch_for_too_much() -> None:
    import torch

    torch.empty(1 << 60)


def _ask_numpy_for_too_much() -> None:
    np.empty(1 << 50)


MEMORY_ENDS = [_raise_torch, _ask_torch_for_too_much, _ask_numpy_for_too_much]


@pytest.mark.parametrize("fail", MEMORY_ENDS)
def test_where_memory_ends_pictures_are_made_smaller(tiny: Tiny, fail: Callable[[], None]) -> None:
    speaker = speaker_of(tiny("qwen2.5-vl"))
    large = Still(np.zeros((168, 168, 3), np.uint8))
    patches: list[int] = []

    def short_of_memory(eye: Any, args: tuple[Any, ...], given: dict[str, Any]) -> None:
        patches.append(len([*args, *given.values()][0]))
        if patches[-1] > 40:
            fail()

    speaker.model.model.visual.register_forward_pre_hook(short_of_memory, with_kwargs=True)
    prompt = Prompt("", "What is shown?", (large,), 4)
    pieces = list(speak(speaker, Asked(prompt, 600.0, 168 * 168), StopSign(600.0)))
    assert "".join(piece for piece in pieces if isinstance(piece, str))
    assert [piece.words for piece in pieces if isinstance(piece, Lessened)] == [
        f"Memory ran short, so {speaker.name} saw the pictures smaller and could write half as much."
    ]
    assert patches == [144, 36]


@pytest.mark.parametrize("fail", MEMORY_ENDS)
def test_where_that_does_not_help_it_says_so(tiny: Tiny, fail: Callable[[], None]) -> None:
    speaker = speaker_of(tiny("mistral"))
    passes = passes_counted(speaker)
    speaker.model.register_forward_pre_hook(lambda *_: fail())
    with pytest.raises(OutOfMemory, match="not enough memory") as told:
        spoken(speaker, Prompt("", "Who?"))
    assert "4bit" in told.value.hint
    assert len(passes) == 2


def test_a_failing_model_is_an_error_of_ours(tiny: Tiny) -> None:
    speaker = speaker_of(tiny("mistral"))

    def fail(*_: Any) -> None:
        raise IndexError("index 9 is out of range")

    speaker.model.model.layers[1].register_forward_pre_hook(fail)
    with pytest.raises(ModelError, match="failed while it wrote"):
        spoken(speaker, Prompt("", "Who?"))


def test_more_than_the_model_reads_is_refused(tiny: Tiny) -> None:
    chat = LocalChat(options(tiny("mistral"), context_tokens=512))
    assert chat.capabilities.context_tokens == 512
    with pytest.raises(ModelError, match="this model reads 512"):
        written(chat, Prompt("", "seeds and keys " * 400))
    fits = "s" * (512 - 16)
    assert chat.count_tokens(fits) < 512
    assert written(chat, Prompt("", "seeds " * 30, max_new_tokens=10_000))  # the answer ends where the context does


@pytest.mark.filterwarnings("ignore:.*is_gradient_checkpointing:FutureWarning")  # peft's own
@pytest.mark.parametrize("family", ["qwen2.5-vl", "mistral"])
def test_adapters_are_found_and_speak(family: str, tiny: Tiny, tmp_path: Path) -> None:
    adapter = make_adapter(speaker_of(tiny(family)), tiny(family), tmp_path / "tuned")
    prompt = Prompt("Be brief.", "Who decides?", max_new_tokens=12)
    plain = LocalChat(options(tiny(family)))
    by_itself = LocalChat(options(adapter))
    beside = LocalChat(options(tiny(family), adapter=str(adapter)))
    assert by_itself.name == beside.name == f"{family} with tuned"
    tuned = written(by_itself, prompt)
    assert tuned == written(beside, prompt) != written(plain, prompt)


def make_adapter(speaker: Speaker, base: Path, folder: Path) -> Path:
    """A LoRA that changes what is said."""
    import torch
    from peft import LoraConfig, get_peft_model

    speaker.model.config._name_or_path = speaker.model.name_or_path = str(base)
    tuned = get_peft_model(speaker.model, LoraConfig(r=4, target_modules=["q_proj", "v_proj"], init_lora_weights=False))
    with torch.no_grad():
        for name, weights in tuned.named_parameters():
            if "lora_B" in name:
                weights.normal_(0.0, 1.0)
    tuned.save_pretrained(folder)
    return folder


def test_adapters_that_cannot_be_used_say_why(tiny: Tiny, tmp_path: Path) -> None:
    with pytest.raises(ModelMissing, match="holds no adapter"):
        LocalChat(options(tiny("mistral"), adapter=str(tmp_path)))
    adapter = tmp_path / "tuned"
    adapter.mkdir()
    for content, error in (("{", ModelError), ("[]", ModelError), ("{}", ModelError)):
        (adapter / "adapter_config.json").write_text(content, encoding="utf-8")
        with pytest.raises(error):
            LocalChat(options(adapter))
    (adapter / "adapter_config.json").write_text('{"base_model_name_or_path": "nobody/nothing"}', encoding="utf-8")
    with pytest.raises(ModelMissing) as told:
        LocalChat(options(adapter))
    assert told.value.hint == "Run: cml models get nobody/nothing"


@pytest.mark.parametrize("quantisation", ["8bit", "4bit"])
def test_weights_in_fewer_bits(quantisation: Any, tmp_path: Path) -> None:
    pytest.importorskip("bitsandbytes")
    folder = build("mistral", tmp_path / "wide", width=128)
    speaker = speaker_of(folder, quantisation=quantisation)
    assert f"{quantisation[0]}-bit" in speaker.name
    kinds = {type(module).__name__ for module in speaker.model.modules()}
    assert kinds & {"Linear8bitLt", "Linear4bit"}
    assert spoken(speaker, Prompt("", "Who?", max_new_tokens=4))


def test_a_missing_model_names_the_command(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, tiny: Tiny) -> None:
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path))
    with pytest.raises(ModelMissing) as told:
        LocalChat(LocalChatOptions(model="Qwen/Qwen3-VL-4B-Instruct"))
    assert told.value.hint == get_command("Qwen/Qwen3-VL-4B-Instruct")
    place = tmp_path / "models--Qwen--Qwen3-VL-4B-Instruct"
    commit = "0123456789abcdef0123456789abcdef01234567"
    shutil.copytree(tiny("qwen3-vl"), place / "snapshots" / commit)
    (place / "refs").mkdir()
    (place / "refs" / "main").write_text(commit, encoding="utf-8")
    chat = LocalChat(LocalChatOptions(model="Qwen/Qwen3-VL-4B-Instruct", device_map="cpu"))
    assert chat.name == "Qwen/Qwen3-VL-4B-Instruct (revision 0123456)"
    assert written(chat, Prompt("", "Who?", max_new_tokens=3))


def _no_weights(folder: Path) -> None:
    (folder / "model.safetensors").unlink()


def _cut_weights(folder: Path) -> None:
    weights = folder / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:5000])


def _no_config(folder: Path) -> None:
    (folder / "config.json").unlink()


def _broken_config(folder: Path) -> None:
    (folder / "config.json").write_text("{", encoding="utf-8")


def _unknown_family(folder: Path) -> None:
    (folder / "config.json").write_text('{"model_type": "never-heard-of"}', encoding="utf-8")


def _own_code(folder: Path) -> None:
    content = {"model_type": "own", "auto_map": {"AutoConfig": "own.Config", "AutoModelForCausalLM": "own.Model"}}
    (folder / "config.json").write_text(json.dumps(content), encoding="utf-8")
    (folder / "own.py").write_text("raise SystemExit('this was run')", encoding="utf-8")


def _no_tokenizer(folder: Path) -> None:
    (folder / "tokenizer.json").unlink()


def _no_template(folder: Path) -> None:
    (folder / "chat_template.jinja").unlink()


@pytest.mark.parametrize(
    ("damage", "error", "words"),
    [
        (_no_weights, ModelMissing, "not whole"),
        (_cut_weights, ModelError, "cannot be loaded"),
        (_no_config, ModelMissing, "config.json is missing"),
        (_broken_config, ModelError, "model"),
        (_unknown_family, ModelError, "cannot be loaded"),
        (_own_code, ModelError, "program code of its own"),
        (_no_tokenizer, ModelError, "model"),
        (_no_template, ModelError, "no chat template"),
    ],
)
def test_damaged_checkpoints_are_named(
    damage: Callable[[Path], None], error: type[CmlError], words: str, tiny: Tiny, tmp_path: Path
) -> None:
    folder = tmp_path / "damaged"
    shutil.copytree(tiny("llama3.1"), folder)
    damage(folder)
    with pytest.raises(error, match=words) as told:
        written(LocalChat(options(folder)), Prompt("", "Who?"))
    assert told.value.hint


def test_every_token_that_ends_a_turn_ends_the_answer(tmp_path: Path) -> None:
    """The checkpoint names one end in its configuration; the tokenizer's own counts all the same."""
    folder = build_speaking("llama3.1", tmp_path / "says", SAYS)
    for name in ("config.json", "generation_config.json"):
        content = json.loads((folder / name).read_text(encoding="utf-8"))
        content["eos_token_id"] = 3
        (folder / name).write_text(json.dumps(content), encoding="utf-8")
    assert written(LocalChat(options(folder)), Prompt("", "Who?", max_new_tokens=100)) == SAYS


def test_more_pictures_than_allowed_are_left_out(tiny: Tiny) -> None:
    chosen = options(tiny("gemma3"), max_pictures=2)
    reader = load_reader(find_chat(chosen), chosen)
    text = reader.tokenizer.decode(
        reader.inputs(Prompt("", "Who?", tuple(still(n) for n in range(4))), 1_000_000)["input_ids"][0]
    )
    assert text.count("<start_of_image>") == 2


@pytest.mark.parametrize("family", FAMILIES)
def test_what_a_picture_costs_is_what_it_adds(family: str, tiny: Tiny) -> None:
    chosen = options(tiny(family))
    reader = load_reader(find_chat(chosen), chosen)
    cost = reader.picture_tokens(still(1).picture)
    if not FAMILIES[family].sees:
        assert cost == 0
        return
    lengths = [len(reader.inputs(Prompt("", "Who?", (still(1),) * n), 1_000_000)["input_ids"][0]) for n in (0, 1, 2)]
    assert abs(lengths[1] - lengths[0] - cost) <= 2  # blank lines join their neighbours
    assert abs(lengths[2] - lengths[1] - cost) <= 2


@pytest.mark.parametrize("family", FAMILIES)
def test_control_tokens_are_those_of_the_template(family: str, tiny: Tiny) -> None:
    chat = LocalChat(options(tiny(family)))
    tokens = chat.control_tokens()
    assert set(FAMILIES[family].dialect.controls) <= set(tokens)
    assert list(map(len, tokens)) == sorted(map(len, tokens), reverse=True)
    assert all(len(token.strip()) > 1 for token in tokens)


def test_strips_and_transparent_pictures_are_seen(tiny: Tiny) -> None:
    chat = LocalChat(options(tiny("qwen2.5-vl")))
    strip = Still(np.zeros((2, 900, 3), np.uint8))
    clear = Still(np.zeros((40, 40, 4), np.uint8))
    grey = Still(np.zeros((1, 1), np.uint8))
    assert written(chat, Prompt("", "What is shown?", (strip, clear, grey), 3))
