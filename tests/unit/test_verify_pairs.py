"""What the verifier tells apart, case by case, and over the labelled pairs."""

from __future__ import annotations

import json
from collections import Counter

import pytest

from benchmarks.measure_verify import PAIRS, judged, scores
from cml_mm.answering.verify import judge
from cml_mm.answering.verify_numbers import as_digits, changed_number
from cml_mm.answering.verify_quotes import stands
from cml_mm.models.minilm import MiniLM

WORKSHOP = (
    "The pottery workshop in Brill opens from 9 am to noon. Anna Weiss teaches children, whereas Tomas Reik fires the"
    " kiln. Some visitors return every week. Glazes may crack if the kiln cools too fast."
)


@pytest.mark.parametrize(
    ("said", "held"),
    [
        ("a week", "7 days"),
        ("half a year", "six months"),
        ("forty percent", "40 %"),
        ("two thirds of them", "66.67 percent of them"),
        ("eleven hundred", "1,100"),
        ("twenty-five", "25"),
        ("a dozen", "twelve"),
        ("an hour and a half", "90 minutes"),
        ("48 hours", "two days"),
        ("6 in the morning", "6 am"),
        ("50 cents", "0.50 euros"),
        ("30 percent less", "70 percent of the price"),
    ],
)
def test_numbers_that_say_the_same(said: str, held: str) -> None:
    assert changed_number(as_digits(said), as_digits(held)) == ""


@pytest.mark.parametrize(
    ("said", "held"),
    [
        ("a week", "10 days in a month"),
        ("six weeks", "six months"),
        ("15 people", "51 people"),
        ("30 dollars", "30 euros"),
        ("from 120 to 15", "from 15 to 120"),
        ("9 links and 2 rings", "2 links and 9 rings"),
        ("at most 5 tools", "at least 5 tools"),
        ("it takes years", "it takes months"),
    ],
)
def test_numbers_that_do_not(said: str, held: str) -> None:
    assert changed_number(as_digits(said), as_digits(held)) != ""


@pytest.mark.parametrize(
    "sentence",
    [
        "Children are taught by Anna Weiss.",
        "In Brill, the pottery workshop is open from nine in the morning until noon.",
        "The kiln is fired by Tomas Reik, while Anna Weiss teaches children.",
        "Every week some visitors come back.",
        "If the kiln cools too fast, glazes may crack.",
    ],
)
def test_a_paraphrase_is_supported(sentence: str) -> None:
    assert judge(sentence, [WORKSHOP]).verdict == "supported", judge(sentence, [WORKSHOP]).why


@pytest.mark.parametrize(
    ("kind", "sentence"),
    [
        ("number", "The pottery workshop in Brill opens from 8 am to noon."),
        ("name", "Clara Weiss teaches children."),
        ("name", "Tomas Reik teaches children, whereas Anna Weiss fires the kiln."),
        ("name", "Tomas Reik teaches children."),
        ("negation", "Anna Weiss does not teach children."),
        ("relation", "Children teach Anna Weiss."),
        ("strength", "All visitors return every week."),
        ("strength", "Glazes always crack if the kiln cools too fast."),
        ("cause", "Some visitors return every week because the clay is free."),
        ("words", "The moon pulls the tides along the coast."),
    ],
)
def test_what_contradicts_is_unsupported(kind: str, sentence: str) -> None:
    assert judge(sentence, [WORKSHOP]).verdict == "unsupported", kind


def test_half_a_sentence_is_partly() -> None:
    assert judge("Anna Weiss teaches children and plays the harp on Sundays.", [WORKSHOP]).verdict != "supported"
    assert judge("Tomas Reik fires the kiln and paints large murals.", [WORKSHOP]).verdict == "partly"


def test_a_quote_must_not_drop_a_condition() -> None:
    held = ["Notes are published in full unless a member objects."]
    assert stands("Notes are published in full unless a member objects.", held)
    assert not stands("Notes are published in full.", held)


def test_the_labelled_pairs_are_enough_and_of_every_kind() -> None:
    rows = [json.loads(line) for path in PAIRS.glob("*.jsonl") for line in path.read_text("utf-8").splitlines()]
    assert len({row["id"] for row in rows}) == len(rows) >= 250
    assert len({row["sentence"] for row in rows}) == len(rows)
    kinds = Counter(row["kind"] for row in rows)
    assert len(kinds) == 9 and min(kinds.values()) >= 25


@pytest.mark.parametrize("with_encoder", [True, False])
def test_the_development_pairs_are_told_apart(encoder: MiniLM, with_encoder: bool) -> None:
    done = judged(PAIRS / "dev.jsonl", encoder if with_encoder else None)
    precision, recall = scores(done, strict=False)
    assert precision >= 0.95
    assert recall >= 0.92
    changed = [pair for pair in done if pair.kind in ("number changed", "name swapped")]
    assert scores(changed, strict=False)[1] >= 0.97
