"""Who asks: what is read from lay words, what stays through a conversation, and what it changes."""

from __future__ import annotations

import pytest

from cml_mm.errors import InputError
from cml_mm.retrieval.lens import LensReader, LensScores, agreements, label_for, sense_of
from cml_mm.retrieval.lens_cues import scale_of_count
from cml_mm.retrieval.lens_senses import SENSES
from cml_mm.talk import NO_LENS, Facet, Lens, PastTurn, Talk
from cml_mm.types import Pattern, Source

SOURCE = Source("0" * 64, "", "pattern", "", "patterns/x.md", "CC0", "us")


def _page(
    slug: str,
    personas: tuple[str, ...] = (),
    stages: tuple[str, ...] = (),
    scales: tuple[str, ...] = (),
    domains: tuple[str, ...] = (),
    labels: tuple[tuple[str, str], ...] = (),
) -> Pattern:
    return Pattern(
        slug,
        slug,
        slug.replace("-", " ").title(),
        SOURCE,
        personas=personas,
        stages=stages,
        scales=scales,
        domains=domains,
        context_labels=labels,
    )


PAGES = (
    _page("pantry", ("Co-op Member", "Team"), ("Running",), ("Team",), ("food",), (("tech", "Shared Cache"),)),
    _page(
        "hearing", ("City Official", "City"), ("Starting",), ("City",), labels=(("government", "Public Hearing Day"),)
    ),
    _page("pitch", ("Founder", "Activist"), ("Starting", "Growing"), labels=(("corporate", "Pitch"),)),
    _page("unmarked", domains=("membership",)),
    _page("kitchen", ("Neighbour", "Community", "Village"), ("Changing",), ("Community", "Village"), ("food",)),
    _page("orchard", ("Land User", "Network"), ("Running",), ("Network",), ("food",)),
    *(_page(f"page-{number}") for number in range(6)),
)
READER = LensReader(PAGES)


def _read(question: str, talk: Talk | None = None) -> dict[str, str]:
    lens = READER.read(question, talk or Talk())
    return {facet.kind: facet.value for facet in lens.facets}


@pytest.mark.parametrize(
    ("question", "read"),
    [
        ("Who cleans the pans in our housing co-op?", {"persona": "Co-op Member"}),
        ("I run a start-up and we quarrel about money", {"persona": "Founder"}),
        ("As a founder, what do I do first?", {"persona": "Founder"}),
        ("I am a city planner. Who should be heard?", {"persona": "City Official"}),
        ("I work for the town council. Who should be heard?", {"persona": "City Official"}),
        ("How can our city council hear people earlier?", {"persona": "City Official", "scale": "City"}),
        ("We're activists and tired", {"persona": "Activist"}),
        ("Nobody cleans, though it is not hard. Our co-op is small", {"persona": "Co-op Member"}),
        ("I maintain an open source library, alone", {"persona": "tech"}),
        ("In our neighbourhood association nobody speaks", {"persona": "Neighbour", "scale": "Community"}),
        ("My tomatoes wilt while our fields upstream are wet", {"persona": "Land User"}),
        ("We are twelve people and share a kitchen", {"scale": "Team"}),
        ("There are nine of us", {"scale": "Team"}),
        ("our choir of forty", {"scale": "Community"}),
        ("What works for a small team?", {"scale": "Team"}),
        ("Our federation quarrels", {"scale": "Network"}),
        ("We want to start a café", {"stage": "Starting"}),
        ("We are growing and nobody decides", {"stage": "Growing"}),
        ("Our founder is retiring", {"stage": "Changing"}),
        ("Our café has existed since 1990", {"stage": "Running"}),
        ("our food co-op loses money", {"persona": "Co-op Member", "domain": "food"}),
    ],
)
def test_lay_words_are_read(question: str, read: dict[str, str]) -> None:
    assert _read(question) == read


@pytest.mark.parametrize(
    "question",
    [
        "",
        "Which city did participatory budgeting first?",
        "What does a founder need?",
        "Why do co-ops fail?",
        "The mayor wants our garden gone",
        "Who is an activist?",
        "We are not a co-op. Who decides?",
        "We are not activists",
        "As a group that is not our co-op",
        "I am no longer a founder",
        "We are two weeks late",
        "The last of three steps",
        "What does Team Charter require?",
        "Is food good for a start?",
    ],
)
def test_nothing_is_read_where_nobody_speaks_of_themselves(question: str) -> None:
    assert _read(question) == {}


def test_who_stands_before_the_councils_door_is_no_official() -> None:
    assert "persona" not in _read("Our city council ignores us. What can we do?")
    assert "persona" not in _read("Our town council wants to sell the hall")
    assert _read("Our town council wants to hear people")["persona"] == "City Official"


def test_a_facet_says_from_which_words_it_was_read() -> None:
    lens = READER.read("Our housing Co-op of twelve: who cooks?")
    assert [(facet.kind, facet.label, facet.words, facet.origin) for facet in lens.facets] == [
        ("persona", "Co-op member", "our housing co-op", "question"),
        ("scale", "Team", "co-op of twelve", "question"),
    ]


def test_what_the_library_has_no_word_for_is_not_read() -> None:
    bare = LensReader(_page(slug) for slug in ("a", "b"))
    assert bare.read("I run a start-up of twelve people, and we are growing") == NO_LENS
    assert bare.choices("persona") == ()
    with pytest.raises(InputError, match="knows no persona called 'Founder'"):
        bare.named("persona", "Founder")


def test_the_conversation_is_remembered_until_the_question_says_otherwise() -> None:
    talk = Talk((PastTurn("In our co-op nobody cooks", "…"), PastTurn("And who has done it?", "…")))
    lens = READER.read("What does that one require?", talk)
    assert [(facet.value, facet.origin, facet.words) for facet in lens.facets] == [
        ("Co-op Member", "conversation", "our co-op")
    ]
    assert _read("And for my start-up?", talk) == {"persona": "Founder"}
    later = Talk((*talk.turns, PastTurn("I am a city planner now", "…")))
    assert _read("And the next step?", later) == {"persona": "City Official"}


def test_what_was_chosen_wins_and_what_was_dismissed_stays_away() -> None:
    chosen = Talk(chosen=(READER.named("persona", "founder"),))
    lens = READER.read("our co-op of twelve", chosen)
    assert [(facet.value, facet.origin) for facet in lens.facets] == [("Founder", "chosen"), ("Team", "question")]
    gone = Talk((PastTurn("In our co-op nobody cooks", "…"),), dismissed=(("persona", "Co-op Member"),))
    assert _read("Who cooks in our co-op?", gone) == {}
    assert _read("I am a city planner", gone) == {"persona": "City Official"}


def test_choices_are_what_the_library_knows_under_the_names_people_use() -> None:
    assert [facet.label for facet in READER.choices("persona")] == [
        "Co-op member",
        "City official",
        "Founder",
        "Activist",
        "Technologist",
        "Manager",
        "Neighbour",
        "Land user",
    ]
    assert [facet.value for facet in READER.choices("scale")] == ["Team", "Community", "Village", "City", "Network"]
    assert [facet.value for facet in READER.choices("domain")] == ["food"]
    assert READER.named("persona", "CITY OFFICIAL").value == "City Official"
    assert READER.named("persona", "start-up").value == "Founder"
    assert READER.named("scale", "team").label == "Team"
    with pytest.raises(InputError) as refused:
        READER.named("stage", "teenage")
    assert "Starting, Growing, Running, Changing" in refused.value.hint


def test_a_value_keeps_its_own_name_where_another_sense_borrows_it() -> None:
    """The fake library knows no idea stage: starting is the nearest that it has."""
    facet = READER.read("We want to start a bakery").facets[0]
    assert (facet.value, facet.label) == ("Starting", "Starting")


def _lens(*facets: tuple[str, str]) -> Lens:
    return Lens(tuple(Facet(kind, value, value) for kind, value in facets))  # type: ignore[arg-type]


def test_scores_follow_what_pages_say_of_themselves() -> None:
    scores = LensScores(PAGES)
    assert not scores.scores(NO_LENS).any()
    founder = scores.scores(_lens(("persona", "Founder")))
    assert founder.shape == (len(PAGES),)
    assert founder[2] == 1.0
    assert founder[0] == founder[1] == 0.0
    activist = scores.scores(_lens(("persona", "Activist")))
    assert 0.5 < activist[2] < founder[2]  # second on the page's own list
    member = scores.scores(_lens(("persona", "Co-op Member")))
    assert 0 < member[3] < member[0]  # a page of no persona, by its domain
    both = scores.scores(_lens(("persona", "Founder"), ("stage", "Running")))
    assert both.max() <= 1
    assert both[2] > both[0] > both[1] == 0


def test_sister_words_of_one_sense_count_less_than_the_word_itself() -> None:
    pages = (_page("a", ("Startup",)), _page("b", ("Scaleup",)), _page("c", ("Family",)))
    found = LensScores(pages).scores(_lens(("persona", "Startup")))
    assert found[0] > found[1] > found[2] == 0


def test_a_pattern_is_called_what_the_askers_people_call_it() -> None:
    assert label_for(PAGES[1], _lens(("persona", "City Official"))) == ("government", "Public Hearing Day")
    assert label_for(PAGES[0], _lens(("persona", "tech"))) == ("tech", "Shared Cache")
    assert label_for(PAGES[2], _lens(("persona", "Founder"))) is None  # the title again
    assert label_for(PAGES[1], _lens(("persona", "Co-op Member"))) is None
    assert label_for(PAGES[1], _lens(("scale", "City"))) is None
    told = _page("told", labels=(("government", "What officials in a ministry do about such a thing"),))
    assert label_for(told, _lens(("persona", "City Official"))) is None  # a description


def test_agreements_name_what_fits() -> None:
    lens = READER.read("our co-op of twelve is growing")
    assert [facet.kind for facet in agreements(PAGES[0], lens)] == ["persona", "scale"]
    assert agreements(PAGES[3], lens) == ()


@pytest.mark.parametrize(
    ("count", "who", "scale"),
    [
        (1, "", ""),
        (12, "", "Team"),
        (12, "employees", "Team"),
        (80, "employees", "SME"),
        (900, "staff", "Enterprise"),
        (80, "members", "Community"),
        (40, "households", "Community"),
        (300, "families", "Village"),
        (90000, "", ""),
    ],
)
def test_a_number_says_how_large(count: int, who: str, scale: str) -> None:
    assert scale_of_count(count, who) == scale


def test_every_sense_is_found_again_by_its_value() -> None:
    for sense in SENSES:
        found = sense_of(Facet(sense.kind, sense.names[0], sense.label))
        assert found is sense


@pytest.mark.parametrize(
    ("question", "need"),
    [
        ("We are a housing co-op of twelve people. Meetings drag on for ever.", "Meetings drag on for ever."),
        ("I run a start-up. How do we hear our users?", "How do we hear our users?"),
        ("Nobody cleans the pans in our housing co-op", "Nobody cleans the pans in"),
        ("Who cooks in our co-op?", "Who cooks in our co-op?"),  # one word alone finds nothing
        ("Why do co-ops fail so often?", "Why do co-ops fail so often?"),
        ("In our co-op I ﬁnd money and friends", "In our co-op I ﬁnd money and friends"),  # folds to another length
        ("", ""),
    ],
)
def test_what_is_looked_for_leaves_out_who_asks(question: str, need: str) -> None:
    assert READER.need_of(question) == need
