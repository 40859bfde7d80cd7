"""Who or what a sentence tells something of, and when a difference is no contradiction."""

from __future__ import annotations

import pytest

from benchmarks.measure_verify import PAIRS, told_by_length
from cml_mm.answering.verify import judge
from cml_mm.models.minilm import MiniLM

ORCHARD = "Ines Baptist drafted the bylaws of the orchard. Her neighbour Jonas Krell looks after the press."
MILL = "The mill is run by the bakers of Ostrow. The carpenters mend its roof every autumn."


@pytest.mark.parametrize(
    ("held", "sentence"),
    [
        (MILL, "The carpenters run the mill of Ostrow."),
        (MILL, "The bakers mend the roof every autumn."),
        ("Anna Lind grows the seedlings; Karl Brandt sells them.", "Karl Brandt grows the seedlings."),
    ],
)
def test_what_is_told_of_another_is_unsupported(held: str, sentence: str) -> None:
    assert judge(sentence, [held]).verdict == "unsupported"


@pytest.mark.parametrize(
    ("held", "sentence"),
    [
        (ORCHARD, "The bylaws of the orchard were drafted by Ines Baptist."),
        (ORCHARD, "Jonas Krell looks after the press."),
        (MILL, "The bakers of Ostrow run the mill."),
        (MILL, "The roof of the mill is mended every autumn by the carpenters."),
    ],
)
def test_what_is_told_of_the_same_is_supported(held: str, sentence: str) -> None:
    assert judge(sentence, [held]).verdict == "supported", judge(sentence, [held]).why


def test_a_relation_is_turned_only_where_both_ends_have_changed_places() -> None:
    held = "The weir was looked after by the mill until the neighbours formed an association."
    assert judge("The neighbours formed an association to look after the weir.", [held]).verdict == "supported"
    assert judge("The mill was looked after by the weir.", [held]).verdict == "unsupported"


def test_a_denial_contradicts_only_what_the_evidence_asserts() -> None:
    held = "The nursery keeps a cat and two goats."
    assert judge("The nursery does not keep a cat.", [held]).verdict == "unsupported"
    assert not judge("The nursery does not keep a crocodile.", [held]).why.startswith("negation")


def test_other_words_of_near_meaning_are_supported_with_the_encoder(encoder: MiniLM) -> None:
    held = ["The pantry welcomes all comers. Volunteers restock its shelves at weekends."]
    said = "Helpers refill the pantry's larder every Saturday and Sunday."
    assert judge(said, held, encoder=encoder).verdict == "supported"
    assert judge("Astronauts repaired the orbiting telescope.", held, encoder=encoder).verdict == "unsupported"


@pytest.mark.parametrize("name", ["dev", "held_out", "fresh", "second", "unseen"])
def test_length_tells_the_labelled_pairs_apart_and_that_is_said(name: str) -> None:
    by_sentence, by_evidence = told_by_length(PAIRS / f"{name}.jsonl")
    assert by_sentence > 0.7, "supported sentences are longer in every set: nothing that sees a length may be fitted"
    assert 0.4 < by_evidence <= 1
