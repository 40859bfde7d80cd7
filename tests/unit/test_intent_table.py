"""What questions of each kind are read as, in many phrasings."""

from __future__ import annotations

import pytest

from cml_mm.answering.intent import Intent, read_intent
from cml_mm.answering.reach import written
from cml_mm.graph.library_graph import Entry
from cml_mm.retrieval.names import NameIndex
from cml_mm.types import Source


def _entry(title: str, lighthouse: bool = False) -> Entry:
    slug = title.lower().replace(" ", "-")
    kind = "lighthouse" if lighthouse else "pattern"
    source = Source("0" * 64, title, kind, slug, f"{slug}.md", "CC-BY-SA-4.0", "CML")  # type: ignore[arg-type]
    return Entry(
        slug, title, source.kind, summary="", source=source, aliases=(), context_labels=(), tension="",
        curated=True, sections=0,
    )  # fmt: skip


TITLES = ("Role Rotation", "Open Books", "Nested Councils")
ADOPTERS = ("Mondragon", "Buurtzorg")
NAMES = NameIndex([*map(_entry, TITLES), *(_entry(name, lighthouse=True) for name in ADOPTERS)])
LIGHTHOUSES = frozenset(name.lower() for name in ADOPTERS)


def told(intent: Intent) -> str:
    """An intent in one line; relations as `reach.written` shows them."""
    if intent.kind == "relations":
        return f"{intent.subjects[0]} {'>' if intent.outgoing else '<'} {intent.relation}"
    parts = [intent.kind]
    if intent.kind == "hops":
        parts = ["; ".join(written(ask) for ask in intent.asks)]
    if intent.kind == "whether":
        parts = [f"{fact.subject} {fact.kind} {fact.object}?" for fact in intent.facts]
    if intent.kind not in ("hops", "whether"):
        parts += intent.subjects
    parts += [f"without {slug}" for slug in intent.excepted]
    parts += ["counted"] if intent.counted else []
    parts += ["joint"] if intent.joint else []
    parts += ["denied"] if intent.denied else []
    return " ".join(parts)


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("What does Role Rotation require?", "role-rotation > REQUIRES"),
        ("What do we need before starting Role Rotation?", "role-rotation > REQUIRES"),
        ("What has to be in place before Role Rotation can work?", "role-rotation > REQUIRES"),
        ("What must be ready before Role Rotation begins?", "role-rotation > REQUIRES"),
        ("What is Role Rotation built on?", "role-rotation > REQUIRES"),
        ("What is needed for Role Rotation?", "role-rotation > REQUIRES"),
        ("What are the prerequisites of Role Rotation?", "role-rotation > REQUIRES"),
        ("List Role Rotation's prerequisites.", "role-rotation > REQUIRES"),
        ("On what does Role Rotation depend?", "role-rotation > REQUIRES"),
        ("What comes before Role Rotation?", "role-rotation > REQUIRES"),
        ("Which conditions does Role Rotation have?", "role-rotation > REQUIRES"),
        ("Role Rotation cannot work without what?", "role-rotation > REQUIRES"),
        ("Is there anything Role Rotation relies on?", "role-rotation > REQUIRES"),
        ("What should be there before we introduce Role Rotation?", "role-rotation > REQUIRES"),
        ("Which patterns require Role Rotation?", "role-rotation < REQUIRES"),
        ("What depends on Role Rotation?", "role-rotation < REQUIRES"),
        ("What is Role Rotation a prerequisite for?", "role-rotation < REQUIRES"),
        ("For which patterns is Role Rotation a precondition?", "role-rotation < REQUIRES"),
        ("What is Role Rotation needed for?", "role-rotation < REQUIRES"),
        ("Which patterns have Role Rotation as a requirement?", "role-rotation < REQUIRES"),
        ("Which patterns cannot do without Role Rotation?", "role-rotation < REQUIRES"),
        ("What can be built on Role Rotation?", "role-rotation < REQUIRES"),
        ("Who needs Role Rotation?", "role-rotation < REQUIRES"),
        ("What is Role Rotation required by?", "role-rotation < REQUIRES"),
        ("What builds on Role Rotation?", "role-rotation < REQUIRES"),
        ("Which patterns does Role Rotation make possible?", "role-rotation > ENABLES"),
        ("What is enabled by Role Rotation?", "role-rotation > ENABLES"),
        ("What does Role Rotation open the way to?", "role-rotation > ENABLES"),
        ("Where does Role Rotation lead?", "role-rotation > ENABLES"),
        ("What becomes possible with Role Rotation?", "role-rotation > ENABLES"),
        ("What does Role Rotation lead to?", "role-rotation > ENABLES"),
        ("What does Role Rotation pave the way for?", "role-rotation > ENABLES"),
        ("What benefits from Role Rotation?", "role-rotation > ENABLES"),
        ("Which patterns does Role Rotation make easier?", "role-rotation > ENABLES"),
        ("We have finished our Role Rotation. What does that open the way to?", "role-rotation > ENABLES"),
        ("What grows out of Role Rotation?", "role-rotation > ENABLES"),
        ("What enables Role Rotation?", "role-rotation < ENABLES"),
        ("Which patterns lead to Role Rotation?", "role-rotation < ENABLES"),
        ("What makes Role Rotation possible?", "role-rotation < ENABLES"),
        ("What is Role Rotation enabled by?", "role-rotation < ENABLES"),
        ("What paves the way for Role Rotation?", "role-rotation < ENABLES"),
        ("Which patterns support Role Rotation?", "role-rotation < ENABLES"),
        ("What does Role Rotation benefit from?", "role-rotation < ENABLES"),
        ("Which patterns pave the way to Role Rotation, i.e. make it easier?", "role-rotation < ENABLES"),
        ("What goes well with Role Rotation?", "role-rotation > COMPLEMENTS"),
        ("What can Role Rotation be combined with?", "role-rotation > COMPLEMENTS"),
        ("Which patterns complement Role Rotation?", "role-rotation > COMPLEMENTS"),
        ("What does Role Rotation go together with?", "role-rotation > COMPLEMENTS"),
        ("What should I combine Role Rotation with?", "role-rotation > COMPLEMENTS"),
        ("What works well together with Role Rotation?", "role-rotation > COMPLEMENTS"),
        ("What are the complements of Role Rotation?", "role-rotation > COMPLEMENTS"),
        ("Which pattern pairs well with Role Rotation?", "role-rotation > COMPLEMENTS"),
        ("What are the alternatives to Role Rotation?", "role-rotation > ALTERNATIVE_TO"),
        ("What could we do instead of a Role Rotation?", "role-rotation > ALTERNATIVE_TO"),
        ("What can replace Role Rotation?", "role-rotation > ALTERNATIVE_TO"),
        ("Does Role Rotation have any alternatives?", "role-rotation > ALTERNATIVE_TO"),
        ("Is there a substitute for Role Rotation?", "role-rotation > ALTERNATIVE_TO"),
        ("What is Role Rotation an alternative to?", "role-rotation > ALTERNATIVE_TO"),
        ("Which pattern could stand in for Role Rotation?", "role-rotation > ALTERNATIVE_TO"),
        ("What might we try in place of Role Rotation?", "role-rotation > ALTERNATIVE_TO"),
        ("Role Rotation is a special case of what?", "role-rotation < SPECIALIZES_TO"),
        ("What is Role Rotation a kind of?", "role-rotation < SPECIALIZES_TO"),
        ("What is Role Rotation a special case of?", "role-rotation < SPECIALIZES_TO"),
        ("Of what is Role Rotation a special case?", "role-rotation < SPECIALIZES_TO"),
        ("Which broader pattern does Role Rotation belong to?", "role-rotation < SPECIALIZES_TO"),
        ("What is more general than Role Rotation?", "role-rotation < SPECIALIZES_TO"),
        ("What is the parent of Role Rotation?", "role-rotation < SPECIALIZES_TO"),
        ("Which more general pattern stands above Role Rotation?", "role-rotation < SPECIALIZES_TO"),
        ("What are special cases of Role Rotation?", "role-rotation > SPECIALIZES_TO"),
        ("Which variants of Role Rotation are there?", "role-rotation > SPECIALIZES_TO"),
        ("What kinds of Role Rotation exist?", "role-rotation > SPECIALIZES_TO"),
        ("Which more specific forms does Role Rotation have?", "role-rotation > SPECIALIZES_TO"),
        ("Which patterns specialise Role Rotation?", "role-rotation > SPECIALIZES_TO"),
        ("What is narrower than Role Rotation?", "role-rotation > SPECIALIZES_TO"),
        ("Which patterns are kinds of Role Rotation?", "role-rotation > SPECIALIZES_TO"),
        ("What does Role Rotation branch into?", "role-rotation > SPECIALIZES_TO"),
        ("What does the pattern that Role Rotation enables require?", "role-rotation > ENABLES > REQUIRES"),
        ("Which patterns require something that Role Rotation enables?", "role-rotation > ENABLES < REQUIRES"),
        ("What is needed by what enables Role Rotation?", "role-rotation < ENABLES > REQUIRES"),
        ("What are the alternatives to what Role Rotation requires?", "role-rotation > REQUIRES > ALTERNATIVE_TO"),
        ("What does the pattern that Role Rotation requires itself require?", "role-rotation > REQUIRES > REQUIRES"),
        ("What do the prerequisites of Role Rotation enable?", "role-rotation > REQUIRES > ENABLES"),
        ("What requires what Role Rotation enables?", "role-rotation > ENABLES < REQUIRES"),
        ("What do the patterns enabled by Role Rotation need?", "role-rotation > ENABLES > REQUIRES"),
        ("Name the alternatives to the prerequisites of Role Rotation.", "role-rotation > REQUIRES > ALTERNATIVE_TO"),
        ("Role Rotation enables something. What does that require?", "role-rotation > ENABLES > REQUIRES"),
        (
            "Role Rotation needs a good handover; what does that handover require, and what does this require?",
            "role-rotation > REQUIRES > REQUIRES > REQUIRES",
        ),
        (
            "Role Rotation enables Open Books. What does that open the way to, and what does this enable?",
            "open-books > ENABLES > ENABLES",
        ),
        ("What does what Role Rotation enables require?", "role-rotation > ENABLES > REQUIRES"),
        ("What goes well with the pattern that Role Rotation requires?", "role-rotation > REQUIRES > COMPLEMENTS"),
        ("Which patterns are in tension with what Role Rotation enables?", "role-rotation > ENABLES > TENSIONS_WITH"),
        ("What does Role Rotation require, and what does that require in turn?", "role-rotation > REQUIRES > REQUIRES"),
        (
            "What is a special case of the pattern that Role Rotation requires?",
            "role-rotation > REQUIRES > SPECIALIZES_TO",
        ),
        (
            "What are the prerequisites of the prerequisites of the patterns that enable Role Rotation?",
            "role-rotation < ENABLES > REQUIRES > REQUIRES",
        ),
        (
            "What does the pattern enabled by the pattern that Role Rotation requires enable?",
            "role-rotation > REQUIRES > ENABLES > ENABLES",
        ),
        ("What does Role Rotation enable in two steps?", "role-rotation > ENABLES > ENABLES"),
        (
            "If we start with Role Rotation, what becomes possible, and what does that need?",
            "role-rotation > ENABLES > REQUIRES",
        ),
        ("Starting from Role Rotation: what does it require?", "role-rotation > REQUIRES"),
        ("What do Role Rotation and Open Books both require?", "(role-rotation > REQUIRES & open-books > REQUIRES)"),
        (
            "Which patterns do both Role Rotation and Open Books need?",
            "(role-rotation > REQUIRES & open-books > REQUIRES)",
        ),
        ("What requires Role Rotation and enables Open Books?", "(role-rotation < REQUIRES & open-books < ENABLES)"),
        (
            "Which pattern is enabled by Role Rotation and required by Open Books?",
            "(role-rotation > ENABLES & open-books > REQUIRES)",
        ),
        (
            "Which patterns need both Role Rotation and Open Books?",
            "(role-rotation < REQUIRES & open-books < REQUIRES)",
        ),
        ("Which patterns require Role Rotation and Open Books?", "(role-rotation < REQUIRES & open-books < REQUIRES)"),
        (
            "What does Role Rotation enable that Open Books requires?",
            "(role-rotation > ENABLES & open-books > REQUIRES)",
        ),
        (
            "Apart from Nested Councils, what do Role Rotation and Open Books both enable?",
            "(role-rotation > ENABLES & open-books > ENABLES) without nested-councils",
        ),
        (
            "Which prerequisites do Role Rotation and Open Books share?",
            "(role-rotation > REQUIRES & open-books > REQUIRES)",
        ),
        ("What do Role Rotation and Open Books require?", "(role-rotation > REQUIRES | open-books > REQUIRES)"),
        (
            "Which of the patterns that Role Rotation enables require Open Books?",
            "(role-rotation > ENABLES & open-books < REQUIRES)",
        ),
        ("What does Role Rotation require and enable?", "(role-rotation > REQUIRES | role-rotation > ENABLES)"),
        (
            "What does Role Rotation require and what does it enable?",
            "role-rotation > REQUIRES; role-rotation > ENABLES",
        ),
        ("Does Role Rotation require Open Books?", "role-rotation REQUIRES open-books?"),
        ("Is Open Books needed for Role Rotation?", "role-rotation REQUIRES open-books?"),
        ("Is Role Rotation a special case of Open Books?", "open-books SPECIALIZES_TO role-rotation?"),
        ("Does Role Rotation depend on Open Books?", "role-rotation REQUIRES open-books?"),
        ("Is Role Rotation an alternative to Open Books?", "role-rotation ALTERNATIVE_TO open-books?"),
        ("Can Role Rotation replace Open Books?", "role-rotation ALTERNATIVE_TO open-books?"),
        ("Must Role Rotation be in place before Open Books?", "open-books REQUIRES role-rotation?"),
        ("Does Role Rotation enable Open Books?", "role-rotation ENABLES open-books?"),
        ("Why does Role Rotation require Open Books?", "role-rotation REQUIRES open-books?"),
        ("Is Role Rotation enabled by Open Books?", "open-books ENABLES role-rotation?"),
        ("Does Role Rotation go well with Open Books?", "role-rotation COMPLEMENTS open-books?"),
        ("How does Role Rotation, step by step, lead to Open Books?", "path role-rotation open-books"),
        ("How does Role Rotation lead to Open Books?", "path role-rotation open-books"),
        ("What is Role Rotation?", "define role-rotation"),
        ("Which patterns do not require Role Rotation?", "(all - role-rotation < REQUIRES)"),
        (
            "Which broader pattern are the Role Rotation variants special cases of?",
            "role-rotation > SPECIALIZES_TO < SPECIALIZES_TO",
        ),
        ("We do Role Rotation but need a way to settle the quarrels between neighbours.", "help role-rotation"),
        (
            "Role Rotation is hard for us because the treasurer keeps the accounts at home. What would help?",
            "help role-rotation",
        ),
        ("What patterns does Mondragon use?", "adopted mondragon"),
        ("What do the patterns that Mondragon uses require?", "mondragon > ADOPTS > REQUIRES"),
        ("Who uses Role Rotation?", "adopters role-rotation"),
        ("Who uses both Role Rotation and Open Books?", "adopters role-rotation open-books joint"),
        ("Which patterns do Mondragon and Buurtzorg both use?", "adopted mondragon buurtzorg joint"),
        ("Do Role Rotation and Open Books go together?", "role-rotation COMPLEMENTS open-books?"),
        ("Why do Role Rotation and Open Books pull against each other?", "tension role-rotation open-books"),
        ("Are Role Rotation and Open Books alternatives?", "role-rotation ALTERNATIVE_TO open-books?"),
        ("What should I use with Role Rotation?", "role-rotation > COMPLEMENTS"),
        ("What prerequisites does the pattern that Role Rotation enables have?", "role-rotation > ENABLES > REQUIRES"),
        ("How do I introduce Role Rotation?", "help role-rotation"),
        ("What are the risks of Role Rotation?", "define role-rotation"),
        ("Who invented Role Rotation?", "help role-rotation"),
        (
            "We tried Role Rotation in our shop but nobody came to the meetings. Which patterns help?",
            "help role-rotation",
        ),
        ("Is Role Rotation good for a food co-op with forty members?", "help role-rotation"),
        ("Can you tell me about Role Rotation?", "define role-rotation"),
        (
            "Which patterns that Role Rotation enables are required by Open Books?",
            "(role-rotation > ENABLES & open-books > REQUIRES)",
        ),
        ("Which patterns are required by everything that Role Rotation enables?", "role-rotation > ENABLES > REQUIRES"),
        (
            "What does Role Rotation need that Open Books also needs?",
            "(role-rotation > REQUIRES & open-books > REQUIRES)",
        ),
        (
            "Which patterns enable both Role Rotation and Open Books?",
            "(role-rotation < ENABLES & open-books < ENABLES)",
        ),
        ("What enables both Role Rotation and Open Books?", "(role-rotation < ENABLES & open-books < ENABLES)"),
        (
            "Which pattern is an alternative to Role Rotation and complements Open Books?",
            "(role-rotation > ALTERNATIVE_TO & open-books > COMPLEMENTS)",
        ),
        (
            "What are the prerequisites of the patterns which Role Rotation makes possible?",
            "role-rotation > ENABLES > REQUIRES",
        ),
        ("Which patterns depend on a pattern that depends on Role Rotation?", "role-rotation < REQUIRES < REQUIRES"),
        ("What else do the patterns that need Role Rotation need?", "role-rotation < REQUIRES > REQUIRES"),
        ("What pulls against the patterns that Role Rotation requires?", "role-rotation > REQUIRES > TENSIONS_WITH"),
        ("Role Rotation requires which patterns?", "role-rotation > REQUIRES"),
        ("Tell me what Role Rotation enables.", "role-rotation > ENABLES"),
        ("Please list everything that Role Rotation needs.", "role-rotation > REQUIRES"),
        ("I want to know which patterns Role Rotation leads to.", "role-rotation > ENABLES"),
        ("Who has adopted Role Rotation?", "adopters role-rotation"),
        ("Which co-ops use Role Rotation?", "adopters role-rotation"),
        ("Where is Role Rotation in use?", "adopters role-rotation"),
        ("Does anybody practise Role Rotation?", "adopters role-rotation"),
        ("Who are the adopters of Role Rotation?", "adopters role-rotation"),
        ("Which organisations have tried Role Rotation?", "adopters role-rotation"),
        ("How many lighthouses use Role Rotation?", "adopters role-rotation counted"),
        ("Has any city adopted Role Rotation?", "adopters role-rotation"),
        ("What does Mondragon use?", "adopted mondragon"),
        ("Which patterns has Buurtzorg adopted?", "adopted buurtzorg"),
        ("What do Mondragon and Buurtzorg both use?", "adopted mondragon buurtzorg joint"),
        ("Which patterns does Mondragon apply?", "adopted mondragon"),
        ("How many patterns does Mondragon use?", "adopted mondragon counted"),
        ("What is practised at Mondragon?", "adopted mondragon"),
        ("What has Mondragon adopted?", "adopted mondragon"),
        ("Which patterns are used by Buurtzorg?", "adopted buurtzorg"),
        ("What is around Role Rotation?", "around role-rotation"),
        ("What is connected with Role Rotation?", "around role-rotation"),
        ("Show me the neighbours of Role Rotation.", "around role-rotation"),
        ("What is Role Rotation related to?", "around role-rotation"),
        ("How does Role Rotation fit in with other patterns?", "around role-rotation"),
        ("What surrounds Role Rotation?", "around role-rotation"),
        ("Which patterns are linked to Role Rotation?", "around role-rotation"),
        ("What are the relations of Role Rotation?", "around role-rotation"),
        ("Which patterns are like Role Rotation?", "similar role-rotation"),
        ("What is similar to Role Rotation?", "similar role-rotation"),
        ("Is there something like Role Rotation?", "similar role-rotation"),
        ("Which patterns resemble Role Rotation?", "similar role-rotation"),
        ("What comes close to Role Rotation?", "similar role-rotation"),
        ("Show me patterns similar to Role Rotation.", "similar role-rotation"),
        ("What is comparable to Role Rotation?", "similar role-rotation"),
        ("Are there any siblings of Role Rotation?", "similar role-rotation"),
        ("What is the difference between Role Rotation and Open Books?", "compare role-rotation open-books"),
        ("How does Role Rotation differ from Open Books?", "compare role-rotation open-books"),
        ("Role Rotation versus Open Books", "compare role-rotation open-books"),
        ("Compare Role Rotation and Open Books.", "compare role-rotation open-books"),
        ("Is Role Rotation the same as Open Books?", "compare role-rotation open-books"),
        ("Role Rotation or Open Books?", "compare role-rotation open-books"),
        ("Is Role Rotation better than Open Books?", "compare role-rotation open-books"),
        ("How are Role Rotation and Open Books different from each other?", "compare role-rotation open-books"),
        ("What pulls against Role Rotation?", "tension role-rotation"),
        ("What is in tension with Role Rotation?", "tension role-rotation"),
        ("What tug-of-war does Role Rotation hold?", "tension role-rotation"),
        ("Where does Role Rotation clash with other patterns?", "tension role-rotation"),
        ("What conflicts with Role Rotation?", "tension role-rotation"),
        ("Which forces pull against each other in Role Rotation?", "tension role-rotation"),
        ("What is the core conflict of Role Rotation?", "tension role-rotation"),
        ("What are the trade-offs of Role Rotation?", "tension role-rotation"),
        ("How many patterns require Role Rotation?", "role-rotation < REQUIRES counted"),
        ("How many alternatives does Role Rotation have?", "role-rotation > ALTERNATIVE_TO counted"),
        ("How many patterns does Role Rotation enable?", "role-rotation > ENABLES counted"),
        ("Count the prerequisites of Role Rotation.", "role-rotation > REQUIRES counted"),
        ("How many things depend on Role Rotation?", "role-rotation < REQUIRES counted"),
        ("How many patterns complement Role Rotation?", "role-rotation > COMPLEMENTS counted"),
        ("What is the number of patterns that Role Rotation requires?", "role-rotation > REQUIRES counted"),
        ("How many special cases does Role Rotation have?", "role-rotation > SPECIALIZES_TO counted"),
        ("What is the path from Role Rotation to Open Books?", "path role-rotation open-books"),
        ("What connects Role Rotation with Open Books?", "path role-rotation open-books"),
        ("How do I get from Role Rotation to Open Books?", "path role-rotation open-books"),
        ("Which steps lead from Role Rotation to Open Books?", "path role-rotation open-books"),
        ("How is Role Rotation related to Open Books?", "path role-rotation open-books"),
        ("What links Role Rotation and Open Books?", "path role-rotation open-books"),
        ("What lies between Role Rotation and Open Books?", "path role-rotation open-books"),
        ("Explain Role Rotation.", "define role-rotation"),
        ("Role Rotation", "define role-rotation"),
        ("Tell me about Role Rotation.", "define role-rotation"),
        ('What does "Role Rotation" mean?', "define role-rotation"),
        ("Define Role Rotation.", "define role-rotation"),
        ("Can you describe Role Rotation?", "define role-rotation"),
        ("Remind me what Role Rotation is.", "define role-rotation"),
        ("After Role Rotation, what opens up?", "role-rotation > ENABLES"),
        ("What can we do once Role Rotation is running?", "role-rotation > ENABLES"),
        ("What gets easier when we have Role Rotation?", "role-rotation > ENABLES"),
        ("Name a pattern I could use instead of Role Rotation.", "role-rotation > ALTERNATIVE_TO"),
        ("What must I have before I can do Role Rotation?", "role-rotation > REQUIRES"),
        ("Which patterns enable the things that Role Rotation needs?", "role-rotation > REQUIRES < ENABLES"),
        ("Which adopters use a pattern that requires Role Rotation?", "role-rotation < REQUIRES < ADOPTS"),
        ("What does Role Rotation require besides Open Books?", "role-rotation > REQUIRES without open-books"),
        ("Which patterns that Mondragon uses require Open Books?", "(mondragon > ADOPTS & open-books < REQUIRES)"),
        ("Is Open Books used at Mondragon?", "mondragon ADOPTS open-books?"),
    ],
)
def test_what_a_question_with_names_is_read_as(question: str, expected: str) -> None:
    assert told(read_intent(question, NAMES.find(question), LIGHTHOUSES)) == expected


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Which patterns are there about housing?", ("list", "patterns", "housing")),
        ("Which patterns are there for city officials?", ("list", "patterns", "city officials")),
        ("List the patterns in the domain governance.", ("list", "patterns", "governance")),
        ("Show me all patterns about water", ("list", "patterns", "water")),
        ("Which patterns are in the finance domain?", ("list", "patterns", "finance")),
        ("What patterns do you have on conflict?", ("list", "patterns", "conflict")),
        ("Which governance patterns are there?", ("list", "patterns", "governance")),
        ("Patterns for founders", ("list", "patterns", "founders")),
        ("What does the library hold on energy?", ("list", "patterns", "energy")),
        ("Are there any patterns about food?", ("list", "patterns", "food")),
        ("Which patterns suit activists?", ("list", "patterns", "activists")),
        ("Which patterns are meant for the operate stage?", ("list", "patterns", "operate")),
        ("Name the lighthouses.", ("list", "lighthouses", "")),
        ("Which lighthouses are there?", ("list", "lighthouses", "")),
        ("How many patterns are there?", ("count", "patterns", "")),
        ("How many lighthouses does the library hold?", ("count", "lighthouses", "")),
        ("How many patterns are about housing?", ("count", "patterns", "housing")),
        ("How many tensions are there?", ("count", "tensions", "")),
        ("How many patterns in the domain of finance are there?", ("count", "patterns", "finance")),
        ("Count the patterns.", ("count", "patterns", "")),
        ("What is the number of relations in the library?", ("count", "relations", "")),
        ("How many governance patterns are there?", ("count", "patterns", "governance")),
        ("How many domains are there?", ("count", "domains", "")),
    ],
)
def test_lists_and_numbers_of_the_library(question: str, expected: tuple[str, str, str]) -> None:
    intent = read_intent(question, (), LIGHTHOUSES)
    assert intent.listing is not None
    assert (intent.kind, intent.listing.what, intent.listing.topic) == expected


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Which pattern is required by most others?", ("REQUIRES", False)),
        ("Which pattern do most patterns require?", ("REQUIRES", False)),
        ("Which pattern requires the most others?", ("REQUIRES", True)),
        ("Which pattern has the most prerequisites?", ("REQUIRES", True)),
        ("Which pattern has the most alternatives?", ("ALTERNATIVE_TO", True)),
        ("What is the most connected pattern?", (None, True)),
        ("Which pattern is adopted by the most lighthouses?", ("ADOPTS", False)),
        ("Which lighthouse has adopted the most patterns?", ("ADOPTS", True)),
        ("Which pattern is the most widely used?", ("ADOPTS", False)),
        ("Which pattern enables the most others?", ("ENABLES", True)),
    ],
)
def test_what_has_the_most_of_something(question: str, expected: tuple[str | None, bool]) -> None:
    most = read_intent(question, (), LIGHTHOUSES).most
    assert most is not None
    assert (most.relation, most.outgoing) == expected


@pytest.mark.parametrize(
    "question",
    [
        "How many jars are on our shelf this evening?",
        "Which patterns help with tired volunteers?",
        "Which patterns are about getting people who never talk in meetings to speak up?",
        "What do most people need when they join?",
        "Which pattern deals with the clash between a plan on paper and something that grows by itself?",
        "What is the most important thing for us?",
        "Which fork should I buy for my bicycle?",
    ],
)
def test_situations_are_no_lists(question: str) -> None:
    assert read_intent(question, (), LIGHTHOUSES) == Intent("help")


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Which patterns work without Open Books?", "(all - open-books < REQUIRES)"),
        ("What can be done without Open Books?", "(all - open-books < REQUIRES)"),
        ("How many patterns don't require Open Books?", "(all - open-books < REQUIRES) counted"),
        (
            "Which patterns need neither Open Books nor Role Rotation?",
            "(all - (open-books < REQUIRES | role-rotation < REQUIRES))",
        ),
        (
            "Which patterns require Role Rotation but not Open Books?",
            "(role-rotation < REQUIRES - open-books < REQUIRES)",
        ),
        (
            "What enables Role Rotation but does not require Open Books?",
            "(role-rotation < ENABLES - open-books < REQUIRES)",
        ),
        ("Can Role Rotation work without Open Books?", "role-rotation REQUIRES open-books? denied"),
        ("Could I run Role Rotation without Open Books?", "role-rotation REQUIRES open-books? denied"),
        ("Is Role Rotation possible without Open Books?", "role-rotation REQUIRES open-books? denied"),
        ("Does Role Rotation not require Open Books?", "role-rotation REQUIRES open-books?"),
        ("What can Role Rotation not do without?", "role-rotation > REQUIRES"),
        ("Which patterns cannot work without Open Books?", "open-books < REQUIRES"),
        ("Do I need Open Books for Role Rotation?", "role-rotation REQUIRES open-books?"),
        ("To start Role Rotation, do we need Open Books?", "role-rotation REQUIRES open-books?"),
        ("Do we really need Open Books?", "open-books < REQUIRES"),
        ("Can we do without Open Books?", "open-books < REQUIRES"),
        ("Can we have Open Books without shaming people?", "help open-books"),
        ("What could go wrong with Open Books?", "help open-books"),
        ("Cards or Open Books: which of them works without fixed rounds, and how do they differ?", "help open-books"),
        ("What could go against Open Books?", "tension open-books"),
        ("Is Open Books good for elderly neighbours?", "help open-books"),
        ("Which are the neighbours of Open Books?", "around open-books"),
        ("What does Open Books requre?", "open-books > REQUIRES"),
        ("What are the alternitives to Open Books?", "open-books > ALTERNATIVE_TO"),
        ("Tell me everything about Open Books", "define open-books"),
        ("Which adopters use both Open Books and Role Rotation?", "adopters open-books role-rotation joint"),
        ("Who uses Open Books besides Mondragon?", "open-books < ADOPTS without mondragon"),
        ("What do Mondragon and Buurtzorg have in common?", "adopted mondragon buurtzorg joint"),
        (
            "What does the pattern that Role Rotation requires and that requires Open Books enable?",
            "(role-rotation > REQUIRES & open-books < REQUIRES) > ENABLES",
        ),
    ],
)
def test_what_denies_leaves_out_or_is_misspelt(question: str, expected: str) -> None:
    assert told(read_intent(question, NAMES.find(question), LIGHTHOUSES)) == expected


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Which patterns have no prerequisites?", ("REQUIRES", True)),
        ("Which patterns are not required by anything?", ("REQUIRES", False)),
        ("Which patterns enable nothing?", ("ENABLES", True)),
        ("What patterns have no tensions?", ("TENSIONS_WITH", True)),
    ],
)
def test_what_has_none_of_something(question: str, expected: tuple[str, bool]) -> None:
    most = read_intent(question, (), LIGHTHOUSES).most
    assert most is not None
    assert most.none
    assert (most.relation, most.outgoing) == expected


def test_a_group_that_has_no_rules_asks_for_no_list() -> None:
    assert read_intent("We have no rules and people fight with others", (), LIGHTHOUSES).kind == "help"
