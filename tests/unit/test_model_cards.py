"""The cards: complete, sourced, consistent, and honest about models that do not exist as the research names them."""

from __future__ import annotations

import re
import shlex
from datetime import date

import pytest

from benchmarks.__main__ import MEASUREMENTS, OVER_SETS
from cml_mm.cli import main
from cml_mm.errors import InputError
from cml_mm.models.cards import Fact, ModelCard, all_cards, find_card, require_card
from cml_mm.models.hub import is_hub_id
from cml_mm.models.sense_card_data import OTHER_FILES
from cml_mm.settings import ROOT

CARDS = all_cards()
CHAT = [card for card in CARDS if card.kind == "chat"]
SEEING = """qwen3-vl-2b qwen3-vl-4b qwen3-vl-8b qwen2.5-vl-3b qwen2.5-vl-7b llama-3.2-11b-vision llama-4-scout
    llama-4-maverick gemma-3-4b gemma-3-12b gemma-3-27b mistral-small-3.1-24b pixtral-12b phi-4-multimodal
    smolvlm2-2.2b""".split()
READING = """deepseek-v3.2 qwen3-4b qwen3-8b qwen3-32b llama-3.1-8b llama-3.3-70b mistral-7b mistral-large-2
    mixtral-8x22b phi-4 phi-4-mini falcon-3-7b falcon-3-10b""".split()
# As the research names them, and which real one stands for each.
RESEARCH = {
    "DeepSeek-V3.2": "deepseek-v3.2",
    "Qwen 3.1 0.5B (the small end of its range)": "qwen3-4b",
    "Qwen 3.1 72B (the large end of its range)": "qwen3-32b",
    "Qwen 3.1 (to understand context, Option B)": "qwen3-vl-8b",
    "LLaMA 4 8B": "llama-3.1-8b",
    "LLaMA 4 70B": "llama-3.3-70b",
    "LLaMA 4 405B": "llama-4-maverick",
    "LLaMA 4 (10 million tokens of context)": "llama-4-scout",
    "Mistral Large 2": "mistral-large-2",
    "Mixtral-8x22B": "mixtral-8x22b",
    "Gemma 3 9B": "gemma-3-12b",
    "Gemma 3 27B": "gemma-3-27b",
    "Falcon 3 12B (text and vision)": "falcon-3-10b",
    "Phi-4": "phi-4",
    "Mistral 7B": "mistral-7b",
    "Llama 3.1 8B": "llama-3.1-8b",
}
UNREAL = ("Qwen 3.1", "LLaMA 4 8B", "LLaMA 4 70B", "LLaMA 4 405B", "Gemma 3 9B", "Falcon 3 12B")


@pytest.mark.parametrize("card", CARDS, ids=lambda card: card.name)
class TestEveryCard:
    def test_each_fact_says_where_it_was_read_and_when(self, card: ModelCard) -> None:
        for name, fact in card.facts().items():
            assert len(fact.source) > 5, name
            assert date(2026, 1, 1) <= date.fromisoformat(fact.date) <= date(2026, 12, 31), name

    def test_names_are_well_formed(self, card: ModelCard) -> None:
        assert re.fullmatch(r"[a-z0-9]+([.-][a-z0-9]+)*", card.name)
        assert is_hub_id(card.hub_id)
        assert card.family

    def test_numbers_are_plausible(self, card: ModelCard) -> None:
        total, active = card.parameters.value, card.active_parameters.value
        assert total is not None and active is not None and 10**7 < active <= total < 10**12
        tokens, size = card.context_tokens.value, card.download_bytes.value
        assert tokens is None or 64 <= tokens <= 10_000_000
        assert size is None or total <= size <= 4.2 * total

    def test_memory_shrinks_with_the_precision(self, card: ModelCard) -> None:
        needed = [card.memory_bytes(precision).value or 0 for precision in card.precisions]
        assert needed == sorted(needed, reverse=True) and len(set(needed)) == len(needed)
        assert all("computed" in card.memory_bytes(precision).source for precision in card.precisions)

    def test_inputs_belong_to_its_kind(self, card: ModelCard) -> None:
        inputs = card.inputs.value or ()
        expected = {"chat": "text", "image-text encoder": "image", "transcriber": "sound", "text encoder": "text"}
        assert expected[card.kind] in inputs
        assert not {"several images", "video"} & set(inputs) or "image" in inputs

    def test_it_is_found_by_name_and_by_id(self, card: ModelCard) -> None:
        assert find_card(card.name) is card
        assert find_card(f" {card.hub_id.upper()} ") is card


def test_names_and_ids_are_told_apart() -> None:
    for names in ([card.name for card in CARDS], [card.hub_id for card in CARDS]):
        assert len(set(names)) == len(names)


def test_the_models_that_were_asked_for_are_there() -> None:
    assert {card.name for card in CHAT if card.sees} == set(SEEING)
    assert {card.name for card in CHAT if not card.sees} == set(READING)
    kinds = {card.kind for card in CARDS}
    assert kinds == {"chat", "image-text encoder", "transcriber", "text encoder"}


def test_each_model_of_the_research_has_a_real_one() -> None:
    named = {words: card.name for card in CARDS for words in card.stands_for}
    assert named == RESEARCH


@pytest.mark.parametrize("words", [words for words in RESEARCH if words.startswith(UNREAL)])
def test_what_does_not_exist_so_is_said(words: str) -> None:
    assert "here is no" in require_card(RESEARCH[words]).note


def test_deepseek_has_its_real_active_parameters() -> None:
    card = require_card("deepseek-v3.2")
    assert card.active_parameters.value == 37_000_000_000 and "41B" in card.note


def test_tiers_follow_the_parameters() -> None:
    tiers = {tier: {card.name for card in CHAT if card.tier == tier} for tier in ("small", "medium", "large")}
    assert {"phi-4", "mistral-7b", "llama-3.1-8b", "qwen3-vl-8b"} <= tiers["small"]
    assert {"gemma-3-27b", "mixtral-8x22b", "qwen3-32b"} <= tiers["medium"]
    assert tiers["large"] == {"deepseek-v3.2", "llama-4-maverick", "mistral-large-2"}


def test_memory_is_the_stated_formula() -> None:
    card = require_card("phi-4")  # 14 thousand million
    assert card.memory_bytes("bfloat16").value == round(14e9 * 2 * 1.1 + 5e8)
    assert card.memory_bytes("4-bit").value == round(14e9 * 0.65 * 1.1 + 5e8)


def test_unknown_is_unknown() -> None:
    assert not Fact[int](None, "nowhere", "2026-11-23").known
    assert find_card("heron-1b") is None
    with pytest.raises(InputError, match="gemma-3-4b"):
        require_card("gemma-4-9b")


def test_whisper_files_carry_the_digest_of_their_address() -> None:
    files = [*(card.file for card in CARDS if card.file), *OTHER_FILES.values()]
    assert len(files) == 6 + 8 and not set(OTHER_FILES) & {card.name for card in CARDS}
    for file in files:
        assert file.url.startswith("https://") and file.url.split("/")[-2] == file.sha256
        assert re.fullmatch(r"[0-9a-f]{64}", file.sha256) and file.name.endswith(".pt")


def test_the_map_of_the_research_names_real_cards_files_and_commands() -> None:
    text = (ROOT / "docs" / "RESEARCH.md").read_text(encoding="utf-8")
    quoted = re.findall(r"`([^`]+)`", text)
    for name in RESEARCH.values():
        assert name in quoted, f"{name} stands for a model of the research and is not on the map"
    for path in (one for one in quoted if re.fullmatch(r"(tests|cml_mm|benchmarks|docs)/\S+", one)):
        assert (ROOT / path).exists(), path
    for words in (shlex.split(one) for one in quoted if one.startswith("cml ")):
        with pytest.raises(SystemExit) as ended:
            main([words[1], "--help"])
        assert ended.value.code == 0, words
    measured = {words.split()[-1] for words in quoted if words.startswith("python -m benchmarks ")}
    assert measured and measured <= {*MEASUREMENTS, *OVER_SETS}
