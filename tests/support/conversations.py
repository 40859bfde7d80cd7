"""Conversations of our own over the starter library's names: what a last question leans on, if on anything.

Written before the rules that read them. Even ones were looked at while the rules were made,
odd ones only counted.
"""

from __future__ import annotations

from dataclasses import dataclass

from cml_mm.talk import PastTurn, Talk


@dataclass(frozen=True)
class Conversation:
    """`wants` are pieces that the whole question must hold, in this order; empty where it stays as asked."""

    turns: tuple[PastTurn, ...]
    asks: str
    wants: tuple[str, ...] = ()

    @property
    def talk(self) -> Talk:
        return Talk(self.turns)


def _turn(question: str, told: str = "", relation: str = "", understood: str = "") -> PastTurn:
    return PastTurn(question, understood or question, tuple(told.split()), relation)


_CHORES = _turn(
    "The same three people do all the chores. What can we do?", "role-rotation visible-work-inventory time-bank"
)
_ROTATION_NEEDS = _turn(
    "What does Role Rotation require?",
    "visible-work-inventory onboarding-with-a-companion role-rotation",
    "REQUIRES",
)
_BOOKS_ENABLE = _turn("What does Open Books enable?", "participatory-budgeting social-audit open-books", "ENABLES")
_CONSENT = _turn("What is Consent Decision-Making?", "consent-decision-making")
_CONFLICT = _turn(
    "Two neighbours have stopped talking to each other. How do we help them?",
    "low-cost-conflict-resolution early-hearing restorative-circle",
)
_FISH = _turn("How do we keep the bay from being fished empty?", "seasons-and-limits clear-boundaries")
_WHO_PENALTY = _turn("Who uses Graduated Sanctions?", "tribunal-de-las-aguas graduated-sanctions", "ADOPTS")
_DIFFERENCE = _turn(
    "What is the difference between Asset Lock and Indivisible Reserves?", "asset-lock indivisible-reserves"
)
_LEAD = _turn("Which patterns lead to Participatory Budgeting?", "open-books clear-mandate", "ENABLES")
_TENSION = _turn("What is in tension with Role Rotation?", "role-rotation self-managing-care-team", "TENSIONS_WITH")
_SECOND = _turn("and the first one?", "visible-work-inventory", understood="What is Visible Work Inventory?")
_FIRST_NEEDS = _turn(
    "What does the first one require?",
    "facilitated-meeting visible-work-inventory",
    "REQUIRES",
    understood="What does Role Rotation require?",
)
_WATER = _turn("How should farmers share one canal?", "water-turns watershed-council monitoring-by-users")
_MONDRAGON = _turn("What does Mondragon use?", "one-member-one-vote agreed-pay-ratio mondragon-corporation", "ADOPTS")
_HOMES = _turn("Our rents go up each year. Can residents own the houses together?", "community-land-trust asset-lock")
_REFUSED = PastTurn(
    "What does the Copper Heron Protocol require?", "What does the Copper Heron Protocol require?", (), "REQUIRES", True
)
_IS_BANK = _turn("What is Time Bank?", "time-bank rotating-savings-circle", "")
_IS_SHARES = _turn("What is Community Shares?", "community-shares community-land-trust energy-cooperative", "")
_USES_MONDRAGON = _turn("What does Mondragon use?", "agreed-pay-ratio clear-boundaries", "")
_USES_DEBIAN = _turn("What does Debian Project use?", "clear-mandate commons-charter", "")

CONVERSATIONS: tuple[Conversation, ...] = (
    # a pronoun for what was just spoken of
    Conversation((_ROTATION_NEEDS,), "And what does that one require?", ("What does Visible Work Inventory require",)),
    Conversation((_ROTATION_NEEDS,), "and what does it enable?", ("What does Role Rotation enable",)),
    Conversation((_CONSENT,), "Who uses it?", ("Who uses Consent Decision-Making",)),
    Conversation((_CHORES,), "Who does that already?", ("Role Rotation",)),
    Conversation((_CONSENT,), "How does it work in practice?", ("Consent Decision-Making", "practice")),
    Conversation((_CHORES,), "what does it depend on?", ("What does Role Rotation depend on",)),
    Conversation((_CONFLICT,), "Is it expensive?", ("Low-Cost Conflict Resolution", "expensive")),
    Conversation((_CONSENT,), "What are its weaknesses?", ("Consent Decision-Making", "weaknesses")),
    Conversation((_BOOKS_ENABLE,), "And what does that lead to?", ("What does Participatory Budgeting lead to",)),
    Conversation((_CONSENT,), "what about its tensions?", ("tension", "Consent Decision-Making")),
    Conversation((_FISH,), "Who has tried this?", ("Who", "Seasons and Limits")),
    Conversation((_TENSION,), "What could we do instead of it?", ("instead of Role Rotation",)),
    Conversation((_CONSENT,), "When does it not work?", ("Consent Decision-Making", "not work")),
    Conversation((_CHORES, _ROTATION_NEEDS), "and what enables it?", ("enables Role Rotation",)),
    Conversation((_CONSENT,), "Explain that to a newcomer.", ("Consent Decision-Making",)),
    Conversation((_WHO_PENALTY,), "What does it require?", ("What does Graduated Sanctions require",)),
    Conversation((_CHORES,), "How long does that take?", ("Role Rotation", "take")),
    Conversation((_HOMES,), "What do we need for this?", ("Community Land Trust",)),
    # places in a list
    Conversation((_CHORES,), "And the second one?", ("Visible Work Inventory",)),
    Conversation((_CHORES,), "Tell me more about the third.", ("Time Bank",)),
    Conversation(
        (_ROTATION_NEEDS,), "what does the second one require?", ("What does Onboarding with a Companion require",),
    ),
    Conversation((_CONFLICT,), "And the last one?", ("Restorative Circle",)),
    Conversation((_CHORES, _FIRST_NEEDS), "and the second one?", ("What does Visible Work Inventory require",)),
    Conversation((_WATER,), "who uses the first one?", ("Who uses Water Turns",)),
    Conversation((_ROTATION_NEEDS, _SECOND), "And the second?", ("Onboarding with a Companion",)),
    Conversation(
        (_WATER,), "What is the difference between the first and the second?", ("Water Turns", "Watershed Council"),
    ),
    # the two, both, them
    Conversation((_IS_BANK, _IS_SHARES), "how do they differ?", ("Time Bank", "Community Shares", "differ")),
    Conversation((_USES_MONDRAGON, _USES_DEBIAN), "what do both use?", ("Mondragon Corporation", "Debian Project")),
    Conversation((_IS_BANK,), "is there an alternative?", ("alternatives to Time Bank",)),
    Conversation((_CHORES,), "Compare the two.", ("Role Rotation", "Visible Work Inventory")),
    Conversation((_DIFFERENCE,), "Which of the two is easier to change later?", ("Asset Lock", "Indivisible Reserves")),
    Conversation((_DIFFERENCE,), "Do they work together?", ("Asset Lock", "Indivisible Reserves")),
    Conversation((_WATER,), "compare them", ("Water Turns", "Watershed Council")),
    Conversation((_DIFFERENCE,), "How are both connected?", ("Asset Lock", "Indivisible Reserves")),
    Conversation((_LEAD,), "Which of these comes first?", ("Open Books", "Clear Mandate")),
    # the same question of another name
    Conversation((_ROTATION_NEEDS,), "And Open Books?", ("What does Open Books require",)),
    Conversation((_ROTATION_NEEDS,), "what about Water Turns?", ("What does Water Turns require",)),
    Conversation((_WHO_PENALTY,), "And Consent Decision-Making?", ("Who uses Consent Decision-Making",)),
    Conversation((_LEAD,), "How about Sunset Clauses?", ("lead to Sunset Clauses",)),
    Conversation((_MONDRAGON,), "And Enspiral?", ("What does Enspiral use",)),
    Conversation((_TENSION,), "and Time Bank", ("tension with Time Bank",)),
    Conversation((_ROTATION_NEEDS,), "No, I meant Election by Consent.", ("What does Election by Consent require",)),
    Conversation((_CONSENT,), "sorry, I meant Election by Consent", ("What is Election by Consent",)),
    Conversation((_REFUSED,), "I meant Seed Library", ("What does Seed Library require",)),
    # the same name, another relation
    Conversation((_ROTATION_NEEDS,), "Any alternatives?", ("lternative", "Role Rotation")),
    Conversation((_CONSENT,), "And its prerequisites?", ("Consent Decision-Making",)),
    Conversation((_CHORES,), "What about alternatives?", ("lternative", "Role Rotation")),
    Conversation((_CONSENT,), "Who else?", ("Who", "Consent Decision-Making")),
    Conversation((_WHO_PENALTY,), "Anyone else?", ("Graduated Sanctions",)),
    Conversation((_BOOKS_ENABLE,), "and the other way round?", ("enables Open Books",)),
    # a further condition
    Conversation((_CHORES,), "for a small team?", ("chores", "small team")),
    Conversation((_FISH,), "And for a city?", ("fished empty", "city")),
    Conversation((_HOMES,), "And if we have no money?", ("own the houses", "no money")),
    Conversation((_CONFLICT,), "what if one of them has moved away?", ("stopped talking", "moved away")),
    Conversation((_CHORES,), "In a school?", ("chores", "school")),
    Conversation((_WATER,), "Without a lawyer?", ("canal", "lawyer")),
    Conversation((_HOMES,), "And as a city official?", ("houses", "city official")),
    Conversation((_CHORES, _CONFLICT), "what about among children?", ("neighbours", "children")),
    Conversation((_FISH,), "but with only twenty boats?", ("bay", "twenty boats")),
    Conversation((_CONSENT,), "For a group of two hundred?", ("Consent Decision-Making", "two hundred")),
    # why, how, what else
    Conversation((_ROTATION_NEEDS,), "Why?", ("Why", "Role Rotation", "require")),
    Conversation((_CHORES,), "why?", ("Role Rotation",)),
    Conversation((_CHORES,), "How do we start?", ("start", "Role Rotation")),
    Conversation((_FISH,), "Where do we begin?", ("start", "Seasons and Limits")),
    Conversation((_CONSENT,), "What is the first step?", ("first step", "Consent Decision-Making")),
    Conversation((_CHORES,), "What else?", ("chores",)),
    Conversation((_CONFLICT,), "Any other ideas?", ("neighbours",)),
    Conversation((_ROTATION_NEEDS,), "what else?", ("Role Rotation", "require")),
    Conversation((_CONSENT,), "Tell me more.", ("Consent Decision-Making",)),
    Conversation((_CHORES,), "Can you give an example?", ("Role Rotation",)),
    Conversation((_BOOKS_ENABLE,), "And after that?", ("Participatory Budgeting",)),
    Conversation((_HOMES,), "Who uses this pattern?", ("Who uses Community Land Trust",)),
    Conversation((_CONSENT,), "ok, and what could go wrong?", ("go wrong", "Consent Decision-Making")),
    # what stands on its own
    Conversation((_CHORES,), "What does Water Turns require?"),
    Conversation((_ROTATION_NEEDS,), "and what does Open Books enable?"),
    Conversation((_CHORES,), "How do we share tools?"),
    Conversation((_CONSENT,), "How do we keep it fair when one member earns far more than the others?"),
    Conversation((_FISH,), "Our money runs out in May."),
    Conversation((_CHORES,), "Is it fair that the founder has two votes?"),
    Conversation((_CONFLICT,), "What happens when a member dies?"),
    Conversation((_CONSENT,), "In our choir nobody wants to be treasurer."),
    Conversation((_HOMES,), "Time Bank"),
    Conversation((_WATER,), "Why do volunteers leave?"),
    Conversation((_CHORES,), "Who should pay for the roof?"),
    Conversation((_DIFFERENCE,), "Compare Stinted Pasture with Water Turns."),
    Conversation((_CONFLICT,), "For years we have met on Mondays and nobody comes any more."),
    Conversation((_FISH,), "How long does it take to found a co-operative?"),
    Conversation((_CHORES,), "Which pattern do Asset Lock and Open Books both enable?"),
    Conversation((_ROTATION_NEEDS,), "If a member leaves, what do we owe her?"),
    Conversation((_CONSENT,), "We bought a mower and now it stands in one man's shed."),
    Conversation((_WATER,), "What else can a town do about empty shops?"),
    Conversation((_HOMES,), "Who uses Seed Library?"),
    Conversation((_CHORES,), "How do we start a food co-op?"),
    Conversation((_CONSENT,), "What is the first step towards an energy co-operative?"),
    Conversation((_FISH,), "With whom should a new co-op share an office?"),
    Conversation((_CHORES,), "What about the neighbours who never pay their share of the heating?"),
    Conversation((_WATER,), "Thanks!"),
    Conversation((), "And what does that one require?"),
    Conversation((), "for a small team?"),
    Conversation((), "Why?"),
    Conversation((), "What else?"),
    Conversation((), "Compare the two."),
    # written after the rules, from which they were widened once
    Conversation((_CONSENT,), "what's the catch with it?", ("catch", "Consent Decision-Making")),
    Conversation((_CHORES,), "could that work in a hospital?", ("Role Rotation", "hospital")),
    Conversation((_ROTATION_NEEDS,), "and what does that in turn need?", ("Visible Work Inventory", "need")),
    Conversation((_CHORES,), "option two sounds good, how do we start with it?", ("Visible Work Inventory", "start")),
    Conversation((_CONSENT,), "do you know any groups that use it?", ("Who uses Consent Decision-Making",)),
    Conversation((_HOMES,), "what would we need to do first?", ("first step", "Community Land Trust")),
    Conversation((_DIFFERENCE,), "which one is better?", ("Compare Asset Lock and Indivisible Reserves", "better")),
    Conversation((_CHORES,), "with volunteers only?", ("chores", "volunteers")),
    Conversation((_FISH,), "and when the neighbours do not join in?", ("bay", "neighbours")),
    Conversation((_ROTATION_NEEDS,), "the same for Water Turns", ("What does Water Turns require",)),
    Conversation((_CONSENT,), "more about that please", ("What is Consent Decision-Making",)),
    Conversation((_CONSENT,), "is there something similar?", ("similar to Consent Decision-Making",)),
    Conversation(
        (_CONSENT,), "how is it different from Election by Consent?",
        ("Consent Decision-Making different from Election",),
    ),
    Conversation((_WATER,), "what does number two require?", ("What does Watershed Council require",)),
    Conversation((_CHORES,), "We are only five people.", ("five people", "chores")),
    Conversation((_CONSENT,), "what are the risks?", ("risks of Consent Decision-Making",)),
    Conversation((_WATER,), "Why the first one?", ("Why Water Turns",)),
    Conversation((_CHORES,), "What do people want from a co-op?"),
    Conversation((_CONSENT,), "How do members vote when they are abroad?"),
    Conversation((_HOMES,), "Does it make sense to rent out the hall?"),
    Conversation((_CONSENT,), "For whom is Time Bank?"),
    Conversation((_CHORES,), "In which cities is there a citizens' assembly?"),
    Conversation((_WATER,), "What if the treasurer steals from the cash box?"),
    Conversation((_WATER,), "That does not help me, my question is about rents."),
    Conversation((_CHORES,), "What language do they speak in Suriname?"),
    Conversation((_CHORES,), "What does the pattern that Water Turns requires itself require?"),
    Conversation((_CONSENT,), "What does OKR stand for and what is it good for?"),
)  # fmt: skip
