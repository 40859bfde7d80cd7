"""Who uses a pattern: each rule of the reader, for and against, and the joining of spellings."""

from __future__ import annotations

import random

import pytest

from cml_mm.corpus.adoption import NamedAdoption, read_adoptions, settle_adopters
from cml_mm.types import Section, SectionRole, TextSpan


def _section(text: str, heading: str = "Known Uses", role: SectionRole = "known_uses") -> Section:
    return Section(role, heading, text)


def _names(text: str, slug: str = "tool-library") -> list[str]:
    return [one.name for one in read_adoptions(slug, "pattern", [_section(text)])]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Lendwell Hardware adopted the weekly round in 1999.", ["Lendwell Hardware"]),
        ("In 2014, the online shop Lendwell Hardware quickly introduced rounds.", ["Lendwell Hardware"]),
        ("Lendwell Hardware, a shop of forty people, has long used rounds.", ["Lendwell Hardware"]),
        ("The Dutch co-operative Lendwell Hardware uses rounds.", ["Lendwell Hardware"]),
        ("Lendwell Hardware's engineers practise the round.", ["Lendwell Hardware"]),
        ("Lendwell Hardware began mapping its tools.", ["Lendwell Hardware"]),
        ("At Lendwell Hardware, anybody may stop the belt.", ["Lendwell Hardware"]),
        ("The round is used by Lendwell Hardware, Quexo Bikes and the Umbrio Choir.",
         ["Lendwell Hardware", "Quexo Bikes", "Umbrio Choir"]),
        ("Today firms such as Lendwell Hardware and Quexo Bikes use rounds.", ["Lendwell Hardware", "Quexo Bikes"]),
        ("Notable adopters include Lendwell Hardware and Quexo Bikes.", ["Lendwell Hardware", "Quexo Bikes"]),
        ("Other adopters include the Dutch workshop Quexo Bikes.", ["Quexo Bikes"]),
        ("Lendwell Hardware is a well-known example of the round.", ["Lendwell Hardware"]),
        ("A good example is Lendwell Hardware.", ["Lendwell Hardware"]),
        ("- **Lendwell Hardware**: This shop keeps a round each Monday.", ["Lendwell Hardware"]),
        ("**Lendwell Hardware (2012).** They introduced the round to every shop.", ["Lendwell Hardware"]),
        ("**Case 2: Lendwell Hardware (Peru).** The shop maintains a shared shed.", ["Lendwell Hardware"]),
        ("**Umbrio's Night Choir:** Umbrio organised its singers in circles.", ["Umbrio"]),
        ("The city of Umbrio, Peru built a shed.", ["Umbrio"]),
        ("In **Umbrio**, the city council created sheds in every street.", ["Umbrio"]),
    ],
)  # fmt: skip
def test_told_uses(text: str, names: list[str]) -> None:
    witness = "\n\nEverybody in Umbrio knows it."
    assert sorted(set(_names(text + witness))) == sorted(names)


@pytest.mark.parametrize(
    "text",
    [
        "Unlike Quexo Bikes, most shops built nothing.",
        "Quexo Bikes failed to use the round.",
        "Quexo Bikes introduced the round but abandoned it within a year.",
        "Quexo Bikes could have adopted the round.",
        "If Quexo Bikes adopted the round, it would change.",
        "Imagine Quexo Bikes adopted the round.",
        "Quexo Bikes never used the round.",
        "Quexo Bikes was designed in a garage.",
        "Quexo Bikes used to see rounds as a waste.",
        "Quexo Bikes faced a crisis, and somebody introduced a round.",
        "A small firm in Umbrio adopted the round.",
        "Shops in Lima and Umbrio adopted the round.",
        "Researchers at Umbrio University studied the round.",
        "The round is praised in *Quexo Bikes Weekly* and by nobody else.",
        "Harvard Business Review introduced the idea to managers.",
        "Mary Quexo uses a round in her kitchen.",
        "Agnes Varun wrote of it; Varun introduced the round.",
        "In March, Monday rounds helped. March introduced rain.",
        "French workers adopted it. Teams use the round, and teams like it.",
        "**Greater Flexibility:** Teams used the round and became flexible.",
        "**Worker Satisfaction:** It was improved by rounds, as surveys show.",
        "**Failure at Quexo Bikes:** They introduced rounds that nobody wanted.",
        "**Quexo Bikes worker protests:** People introduced rounds on the picket line.",
        "**Umbrio study (2015):** They introduced rounds in ten schools.",
        "**Quexo Bikes:** He introduced rounds after his return.",
        "CEO and NGOs introduced the round.",
        "Mid-career Umbrio introduced the round.",
        "When Umbrio, Brazil introduced the round, it rained.",
        "“Quexo Bikes introduced rounds”, nobody said.",
        "A rare word. Perchance introduced rounds.",
    ],
)
def test_what_is_no_use(text: str) -> None:
    assert _names(f"{text}\n\nIt is liked in Umbrio.") == []


def test_a_sentence_initial_word_needs_a_witness() -> None:
    assert _names("Quexo uses the round.") == []
    assert _names("Quexo uses the round. It came to Quexo by chance.") == ["Quexo"]


def test_vague_verbs_need_the_patterns_own_words() -> None:
    assert _names("Quexo Bikes developed a chain.") == []
    assert _names("Quexo Bikes developed a library of tools.") == ["Quexo Bikes"]


def test_the_pages_own_title_is_no_adopter() -> None:
    assert _names("Tool Library uses a ledger of tools.") == []
    assert _names("P2P uses no server; everybody in P2P is equal.", slug="peer-to-peer") == []


def test_only_known_uses_of_patterns_are_read() -> None:
    told = "Quexo Bikes adopted the round."
    assert read_adoptions("round", "pattern", [_section(told, "Solution", "solution")]) == ()
    assert read_adoptions("round", "pattern", [_section(told, "Criticism of the round")]) == ()
    assert read_adoptions("round", "lighthouse", [_section(told)]) == ()
    assert read_adoptions("dangers-of-the-round", "pattern", [_section(told)]) == ()
    assert len(read_adoptions("round", "pattern", [_section(told, "Evidence & Impact")])) == 1


def test_quotes_are_slices_with_their_marks_and_never_too_long() -> None:
    text = "Before.\n\n- **Quexo Bikes (2012).** They *really* introduced the round. It held.\n\n"
    text += f"Quexo Bikes introduced {'very ' * 90}long rounds."
    found = read_adoptions("round", "pattern", [_section(text)])
    assert [one.quote for one in found] == ["**Quexo Bikes (2012).** They *really* introduced the round."]
    assert text[found[0].span.start : found[0].span.end] == found[0].quote
    assert found[0].span.section == "Known Uses" and found[0].page == "round"


def _found(name: str, page: str = "round", clarity: int = 2, start: int = 0) -> NamedAdoption:
    quote = f"{name} uses it, {start}."
    return NamedAdoption(name, page, quote, TextSpan("Known Uses", start, start + len(quote)), clarity)


def test_spellings_of_one_adopter_are_joined() -> None:
    names = ["Quéxo", "QUEXO", "Quexo Inc.", "the Quexo Corporation", "City of Quexo", "Quexo"]
    found = [_found(name, f"page-{number}") for number, name in enumerate(names)]
    found += [_found("Quexo", "page-9"), _found("Quexo Cooperatives", "page-9", start=50)]
    settled = settle_adopters(found, {})
    assert {(one.adopter, one.adopter_slug) for one in settled} == {("Quexo", "adopter-quexo")}
    assert [one.pattern for one in settled] == [f"page-{number}" for number in (*range(6), 9)]


def test_different_adopters_stay_apart() -> None:
    names = ["Quexo", "Quexo Foundation", "Quexo University", "Quexo Kata", "Quexo Supplier Center"]
    assert len({one.adopter_slug for one in settle_adopters([_found(name) for name in names], {})}) == 5
    apart = settle_adopters([_found("Umbrio", "a"), _found("Umbrio Cooperatives", "b")], {})
    assert len({one.adopter_slug for one in apart}) == 2  # no page uses both names


def test_a_lighthouse_gives_its_slug_and_title() -> None:
    found = [_found("Quexo Corporation", "a"), _found("Quexo Nederland", "b"), _found("Umbrio Bank", "c")]
    settled = settle_adopters(found, {"quexo-story": "Quexo", "umbrio": "Umbrio"})
    assert [(one.adopter, one.adopter_slug) for one in settled] == [
        ("Umbrio Bank", "adopter-umbrio-bank"),
        ("Quexo", "quexo-story"),
        ("Quexo", "quexo-story"),
    ]


def test_names_of_patterns_are_no_adopters() -> None:
    found = [_found("Open Books"), _found("Quexo")]
    assert [one.adopter for one in settle_adopters(found, {}, {"open books"})] == ["Quexo"]


def test_the_clearest_sentence_wins_then_the_earliest_in_any_order() -> None:
    found = [_found("Quexo", clarity=2), _found("Quexo", clarity=3, start=90), _found("Quexo", clarity=3, start=40)]
    found += [_found("Quexo", "zoo"), _found("Umbrio", "zoo")]
    settled = settle_adopters(found, {})
    assert [(one.adopter, one.pattern, one.span.start) for one in settled] == [
        ("Quexo", "round", 40),
        ("Quexo", "zoo", 0),
        ("Umbrio", "zoo", 0),
    ]
    random.Random(3).shuffle(found)
    assert settle_adopters(found, {}) == settled
