"""Pairs told by phrases: the two poles of a scale, the two ends of a relation, one of two sides, how far it reaches."""

from __future__ import annotations

import pytest

from cml_mm.answering.verify import judge

NOT_SO = [
    # the other pole
    ("The baths at Ulm accept dogs.", "Dogs are banned from the baths at Ulm."),
    ("The mill survived the flood.", "The flood destroyed the mill."),
    ("Nearly all the growers backed the levy.", "Hardly any of the growers backed the levy."),
    ("The treasurer is unpaid.", "The treasurer receives a wage."),
    # the ends of a relation
    ("The chapel was built before the inn.", "The inn is older than the chapel."),
    ("The Orm flows into the Tessa.", "The Tessa is a tributary of the Orm."),
    ("The parish lent the choir 900 euros.", "The choir made a loan of 900 euros to the parish."),
    ("The tenants sued the builder over the roof.", "The builder took the tenants to court over the roof."),
    # the other of two sides
    ("Ida Roth drew the plan, and Jan Pohl laid the bricks.", "The plan was drawn by Jan Pohl."),
    ("Sorrel Lane has a pump. Fern Lane has a well.", "Fern Lane has a pump."),
    ("The wardens are trained by the Green Cross.", "The fire brigade trains the wardens."),
    # how far it reaches
    ("The kiln sometimes cracks in frost.", "Whenever there is frost the kiln cracks."),
    ("The chair may spend up to 80 euros.", "The chair may spend any amount."),
    ("Two of the six ovens run on gas.", "The ovens run on gas."),
    ("Several bakers spoke against the tax.", "The bakers unanimously opposed the tax."),
    # an unknown driver
    ("The crèche closed for a week.", "A gas leak forced the crèche to close for a week."),
    ("The gate is locked at dusk.", "To keep out thieves, the gate is locked at dusk."),
]
SO = [
    ("The baths at Ulm do not accept dogs.", "Dogs are banned from the baths at Ulm."),
    ("Dogs may not enter the orchard.", "The orchard is closed to dogs."),
    ("The mill was destroyed by the flood.", "The flood destroyed the mill."),
    ("The chapel was built before the inn.", "The chapel is older than the inn."),
    ("The parish lent the choir 900 euros.", "The choir borrowed 900 euros from the parish."),
    ("The diocese lets the barn to the trust.", "The trust leases the barn from the diocese."),
    ("Ida Roth drew the plan, and Jan Pohl laid the bricks.", "The plan was drawn by Ida Roth."),
    ("The gate is locked at dusk because thieves came twice.", "To keep out thieves, the gate is locked at dusk."),
    ("The crèche closed because of a gas leak.", "A gas leak forced the crèche to close."),
    ("All but four of the panes were replaced.", "Four panes were not replaced."),
    ("The lease was not signed.", "The lease was left unsigned."),
]


@pytest.mark.parametrize(("evidence", "sentence"), NOT_SO)
def test_a_turned_pair_is_not_supported(evidence: str, sentence: str) -> None:
    assert judge(sentence, [evidence]).verdict in ("partly", "unsupported")


@pytest.mark.parametrize(("evidence", "sentence"), SO)
def test_the_same_in_other_words_is_supported(evidence: str, sentence: str) -> None:
    assert judge(sentence, [evidence]).verdict == "supported"


def test_a_second_sentence_without_evidence_makes_the_whole_partly_supported() -> None:
    found = judge("The fair lasts two days. Farmers dislike the noise.", ["The fair lasts two days."])
    assert found.verdict == "partly"


def test_what_a_sentence_adds_after_its_last_comma_makes_it_partly_supported() -> None:
    found = judge(
        "The shop sold 90 bikes in May, most of them to foreign tourists.", ["The shop sold 90 bikes in May."]
    )
    assert found.verdict == "partly"
