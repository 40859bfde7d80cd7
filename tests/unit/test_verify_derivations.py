"""Numbers that follow from the evidence pass, and the same sentence with another number does not."""

from __future__ import annotations

import pytest

from cml_mm.answering.verify_numbers import as_digits, changed_number

# Evidence, what follows from it, and the same with a number that does not.
CASES = (
    ("The bridge opened in 1996 and closed twenty years later.", "It closed in 2016.", "It closed in 2015."),
    ("The pond was dug in 2018; newts came the following year.", "Newts came in 2019.", "Newts came in 2020."),
    ("It was built in 1850 and burned down in 1900.", "It stood for fifty years.", "It stood for forty years."),
    ("The chapel dates from 1743.", "It is of the eighteenth century.", "It is of the seventeenth century."),
    ("Each plot is ten metres by five.", "A plot has 50 square metres.", "A plot has 60 square metres."),
    ("Releases come out every six months.", "There are two releases a year.", "There are three releases a year."),
    ("The ferry runs every twenty minutes.", "There are three ferries an hour.", "There are four ferries an hour."),
    ("The dues are ten euros a month.", "They pay 120 euros a year.", "They pay 130 euros a year."),
    ("Open from 9 am to 1 pm.", "It is open for four hours.", "It is open for five hours."),
    ("The trial ran from March to August.", "The trial lasted six months.", "The trial lasted seven months."),
    ("Entries close three days before 14 May.", "Entries close on 11 May.", "Entries close on 12 May."),
    ("It opens on Mondays and Thursdays.", "It opens two days a week.", "It opens three days a week."),
    ("Of the 48 members, three quarters agreed.", "36 members agreed.", "34 members agreed."),
    ("The well is 12 metres deep, three times the old one.", "The old one had 4 metres.", "The old one had 5 metres."),
    ("It has 80 apple trees and 40 pear trees.", "It has 120 trees.", "It has 110 trees."),
    ("They planted 140 hazels; all but nine grew.", "131 hazels grew.", "130 hazels grew."),
    ("Of eleven buses, of which six are electric, one is new.", "Five run on diesel.", "Four run on diesel."),
    ("The fund got 73 requests and approved 21. The remaining ones failed.", "52 failed.", "53 failed."),
    ("Seven of the ten wells are safe.", "Three of the ten wells are unsafe.", "Four of the ten wells are unsafe."),
    ("A tenth is put aside.", "They put aside 10 percent.", "They put aside 20 percent."),
    ("One in five homes recycles.", "20 percent of homes recycle.", "25 percent of homes recycle."),
    ("Anyone over sixteen may join; those under eighteen need a form.", "A seventeen-year-old may join.",
     "A fifteen-year-old may join."),
    ("Each of the four towns sends two delegates.", "It has eight delegates.", "It has nine delegates."),
    ("Nobody may serve more than two terms.", "Limited to two terms.", "At least two terms."),
    ("Members may draw up to 400 euros; larger sums need notice.", "More than 400 euros needs notice.",
     "More than 399 euros needs notice."),
    ("It had 212 visitors.", "It had more than 200 visitors.", "It had more than 220 visitors."),
    ("The path is 1.5 kilometres long.", "It has 1,500 metres.", "It has 1,400 metres."),
    ("If it happens again, the licence goes.", "If it happens twice, the licence goes.",
     "If it happens three times, the licence goes."),
)  # fmt: skip


def _changed(sentence: str, evidence: str) -> str:
    return changed_number(as_digits(sentence), as_digits(evidence))


@pytest.mark.parametrize(("evidence", "follows", "changed"), CASES)
def test_what_follows_from_the_evidence_passes_and_another_number_does_not(
    evidence: str, follows: str, changed: str
) -> None:
    assert _changed(follows, evidence) == ""
    assert _changed(changed, evidence) != ""


def test_the_part_is_not_taken_for_the_rest() -> None:
    assert _changed("Four of the seven are tenants.", "The board has seven members, three of whom are tenants.")


def test_a_rounded_number_may_be_near_but_an_exact_one_may_not() -> None:
    assert not _changed("About 100 came.", "Exactly 97 came.")
    assert _changed("About 103 came.", "About 100 came.")
