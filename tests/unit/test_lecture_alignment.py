"""Which page of a document each slide shows, through misread letters, hidden points and headers; none where unsure."""

from __future__ import annotations

import random
from collections.abc import Sequence

import pytest

from cml_mm.lectures.alignment import Matched, aligned, matched
from cml_mm.lectures.values import Slide
from tests.support.made_lecture import TOPICS, sentence, slide

HEADER, FOOTER = "Commons course, autumn term", "Anna Brook, University of the Rivers"
NOISE = 0.08  # share of letters that are read wrongly


def deck(seed: int, count: int = 12) -> list[list[str]]:
    """Pages of two to five lines about topics that come up again."""
    rng = random.Random(seed)
    return [
        [f"{rng.choice(TOPICS)[0]} {number}", *(sentence(rng, number % 5, 6) for _ in range(rng.randrange(1, 5)))]
        for number in range(1, count + 1)
    ]


def pages(of: Sequence[Sequence[str]]) -> list[str]:
    return ["\n".join((HEADER, *lines, FOOTER, str(number))) for number, lines in enumerate(of, 1)]


def shown(*texts: Sequence[str]) -> tuple[Slide, ...]:
    return tuple(slide(at + 1, 10.0 * at, 10.0 * at + 10, "", *lines) for at, lines in enumerate(texts))


def misread(lines: Sequence[str], rng: random.Random, share: float = NOISE) -> list[str]:
    """Letters taken for others, left out or doubled; blanks lost."""

    def letter(char: str) -> str:
        if rng.random() >= share:
            return char
        return "" if char == " " else rng.choice((rng.choice("aeionrstlm"), "", char * 2))

    return ["".join(map(letter, line)) for line in lines]


@pytest.mark.parametrize("seed", range(4))
def test_slides_with_misread_letters_that_skip_and_go_back_find_their_pages(seed: int) -> None:
    rng, of = random.Random(seed), deck(seed)
    order = [1, 2, 3, 5, 6, 3, 7, 8, 11, 2, 12]
    found = aligned(shown(*([HEADER, *misread(of[page - 1], rng), FOOTER] for page in order)), pages(of))
    assert {place for place, page in zip(found, order, strict=True) if place != page} <= {0}
    assert sum(map(bool, found)) >= len(order) - 1


def test_a_slide_that_shows_a_part_of_its_points_is_that_page() -> None:
    of = [["Care", "Who mends the rope by day", "Who draws the water", "Who greases the wheel"], *deck(1)]
    assert aligned(shown(of[0][:2], of[0][:3], of[3]), pages(of)) == (1, 1, 4)


def test_of_pages_that_grow_line_by_line_each_slide_is_its_own() -> None:
    whole = ["Care", "Who mends the rope", "Who draws the water", "Who greases the wheel"]
    of = [deck(1)[0], whole[:2], whole[:3], whole, deck(1)[1]]
    assert aligned(shown(whole[:2], whole[:3], whole), pages(of)) == (2, 3, 4)
    assert aligned(shown(whole), pages(of)) == (4,)


def test_an_unrelated_deck_shows_none_even_with_the_same_header() -> None:
    words = [["The sluice opens at noon", "Millers meet on Mondays"], ["Grain by the sack", "Stones turn slowly"]]
    given = shown(*([HEADER, *lines, FOOTER] for lines in words))
    assert aligned(given, pages(deck(2))) == (0, 0)
    assert matched(given) == Matched(0, 2) and not matched(given).belongs


def test_what_the_film_shows_beside_every_slide_does_not_count() -> None:
    of, clutter = deck(3), ["Recording in progress, Seminar room of the old mill, 23 people are here", "Leave meeting"]
    given = shown(*([*lines[:2], *clutter] for lines in of))
    assert aligned(given, pages(of)) == tuple(range(1, len(of) + 1))


def test_of_two_pages_alike_the_order_says_which_and_else_none() -> None:
    same, of = ["Questions?", "Ask at the well house"], deck(4, 8)
    of[2], of[6] = same, same
    assert aligned(shown(of[1], same, of[3]), pages(of)) == (2, 3, 4)
    assert aligned(shown(of[5], same, of[7]), pages(of)) == (6, 7, 8)
    assert aligned(shown(same), pages(of)) == (0,)
    assert aligned(shown(of[1], same, of[7]), pages(of)) == (2, 0, 8)


def test_a_heading_alone_is_not_a_page_that_says_much_more() -> None:
    long = ["Results", *(sentence(random.Random(seed), 0) for seed in range(12))]
    assert aligned(shown(["Results"]), pages([*deck(5), long])) == (0,)


@pytest.mark.parametrize("text", ["", "•  –", "7"])
def test_a_slide_without_words_has_no_page(text: str) -> None:
    assert aligned(shown([text], ["Who mends the rope"]), ["", "7", "Who mends the rope", text]) == (0, 3)
    assert aligned(shown([text]), []) == (0,) and aligned((), ["Who mends the rope"]) == ()


def test_letters_of_other_scripts_are_compared_too() -> None:
    of = [
        ["共有地の世話をする人たち", "綱を直すのは誰か"],
        ["水を汲む順番と当番表", "雨の日の決まり"],
        ["道具小屋の鍵を持つ人"],
    ]
    assert aligned(shown(of[1], of[2]), pages(of)) == (2, 3)


@pytest.mark.parametrize(
    ("given", "belongs"),
    [
        ((1, 2, 0, 0), True),
        ((1, 0, 0), False),  # one slide is not enough …
        ((1, 1, 1, 0), False),  # … however often it is shown
        ((1, 2, 0, 0, 0), False),
        ((), False),
    ],
)
def test_a_document_belongs_that_shows_two_slides_and_half_of_them(given: tuple[int, ...], belongs: bool) -> None:
    texts = shown(*([f"Line {at} of the talk about wells"] for at in range(len(given))))
    paged = [Slide(**{**vars(one), "page": page}) for one, page in zip(texts, given, strict=True)]
    assert matched(paged).belongs is belongs
