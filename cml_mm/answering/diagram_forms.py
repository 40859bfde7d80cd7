"""The English forms in which people ask about what a diagram joins; read by `diagram_questions`.

`x` and `y` stand for boxes or lanes as somebody says them, `c` for a condition, `verb` for what an
arrow may say, `unit` for what is counted. Forms are tried in order; the first whose names are found
in the diagram is meant.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

DiagramQuestionKind = Literal[
    "after", "before", "all_after", "all_before", "leads", "joined", "path", "connects", "between", "arrow_label",
    "loops", "loop_of", "loop_sign", "roots", "leaves", "count", "hub", "unjoined", "unclear", "condition",
    "in_lane", "lane_of", "lanes", "boxes", "arrows", "colour", "legend", "is_there", "verb_of", "verb_by",
    "apart", "bottleneck", "decisions", "heads", "changed", "describe", "about",
    "patterns", "pattern_of", "pattern_asks",
]  # fmt: skip

NOUN = (
    r"(?:diagram|chart|flow ?chart|organi[sg]ram|organogram|drawing|sketch|whiteboard|picture|graph|map|figure"
    r"|schema|scheme|causal loop|mind ?map|slide|board photo)"
)
BOX = (
    r"(?:box|boxes|node|nodes|step|steps|shape|shapes|element|elements|part|parts|thing|things|bubbles?|stages?"
    r"|circles?)"
)
ARROW = r"(?:arrow|arrows|line|lines|edge|edges|connections?|links?)"
LANE = r"(?:(?:swim ?)?lanes?|groups?|containers?|columns?|rows?|frames?|clusters?|areas?|zones?|departments?)"
# What only a drawing is called. A scheme, a map, a figure, a slide, a lane, boxes and loops may be of the world.
OF_DIAGRAM = re.compile(
    r"\b(?:diagrams?|(?:flow ?)?charts?|organi[sg]rams?|organograms?|drawings?|sketch(?:es)?|whiteboards?"
    r"|swim ?lanes?|mind ?maps?|causal loops?|board photos?|arrows?|nodes?"
    r"|(?:in|on|of|from) (?:the|this|that|my|our|your) (?:[\w-]+ ){0,3}?(?:picture|graph))\b",
    re.IGNORECASE,
)
# What is said of the world at least as often as of arrows: beside other sources it asks for no arrow.
OF_WORLD = re.compile(
    r"\b(?:need(?:s|ed)?|requir\w+|depend(?:s|ed|ent|ing)?|rel(?:y|ies|ied|ying) on|caus(?:e|es|ed|ing)"
    r"|relat(?:e|es|ed|ing|ions?|ionships?))\b",
    re.IGNORECASE,
)
# Where in a diagram somebody asks, which says nothing of what: "in the food hub drawing", "in our chart".
PLACE = re.compile(
    rf",?\s*\b(?:in|on|of|from|inside|within|according to|by)\s+(?:the|this|that|my|our|your|these)\s+"
    rf"(?:[\w-]+\s+){{0,4}}?(?:{NOUN})\b,?|\b(?:in|on) (?:here|it)\b(?=\W*$)",
    re.IGNORECASE,
)
LEAD = re.compile(
    r"^\W*(?:(?:and|so|ok|okay|please|well|now|then|hi|hello|but|also)\b[\s,]*"
    r"|(?:can|could|would|will) you (?:please )?(?:tell|show|say|explain to|explain) ?(?:me|us)?\s+"
    r"|(?:tell|show) (?:me|us)\s+|i (?:want|would like|'d like) to know\s+|do you (?:know|see)\s+)+",
    re.IGNORECASE,
)

X, Y, C = r"(?P<x>.+?)", r"(?P<y>.+?)", r"(?P<c>.+?)"
END = r"\W*$"
WHO = rf"(?:who|whom|what|which(?: (?:{BOX}|one|ones|role|body|people|team))?)"
JUST = r"(?:(?:right|directly|straight|immediately|next|only|just|then|also|shortly) )*"
DOES = r"(?:do|does|did|can|could|would|will|may|might)"
COMES = (
    r"(?:comes?|happens?|follows?|is|are|stands?|goes|go|decides?|acts?|takes over|has the say|gets it|is next|is done"
    r"|do we do|we do|works?|sits?|lies|speaks?|is asked|takes? (?:its|their) turn|is to be done)"
)
FLOWS = (
    r"(?:leads?|go(?:es)?|flows?|points?|feeds?|runs?|passes|pass|moves?|continues?|carries|connects?|branch(?:es)?"
    r"|sends?(?: \w+)?)"
)
EFFECT = (
    r"(?:affects?|influences?|acts?(?: directly)? (?:on|upon)|causes?|changes?|drives?|impacts?|triggers?|produces?)"
)
WAY = r"(?:path|way|route|chain|steps?|sequence|line of arrows|road|journey)"


@dataclass(frozen=True)
class Form:
    """One way to ask."""

    kind: DiagramQuestionKind
    words: re.Pattern[str]


def forms(kind: DiagramQuestionKind, *words: str) -> tuple[Form, ...]:
    return tuple(Form(kind, re.compile(rf"^\W*{one}{END}", re.IGNORECASE)) for one in words)


FORMS: tuple[Form, ...] = (
    *forms(
        "changed",
        r"what(?:['’]s| is| are| has| have| was| were)? (?:been )?(?:changed|(?:the )?(?:changes?"
        r"|differences?|new|different))\b.*",
        r"(?:what|which|list|show|name)\b.{0,30}\b(?:changed?|changes|differs?|differences|differ)\b.*",
        r"(?:how|where)\b.{0,60}\b(?:changed?|differs?|different)\b.*",
        r"compare\b.*",
        r"(?:is|are|was|were)\b.{0,60}\b(?:the same|different|changed)\b.*",
        r"what (?:was|were|is|has been|did (?:they|we|you)) (?:added|removed|renamed|add|remove|rename)\b.*",
    ),
    *forms(
        "unclear",
        r"(?:which|what|are there|is there|how many|is|were|list|show)\b.*\b(?:unclear|doubtful|in doubt"
        r"|with doubt|uncertain"
        r"|unsure|not (?:sure|clear|certain)|poorly read|hard to read|could not be read|couldn['’]t"
        r" (?:be )?read)\b.*",
        r"what (?:are|were) you (?:unsure|not sure|uncertain)\b.*",
        r"how sure\b.*",
    ),
    *forms(
        "pattern_asks",
        rf"(?:what|which patterns?) (?:{DOES}|is|are) the (?:commons )?patterns? (?:in|of|behind|for|at"
        rf"|under|that stands? for) (?:the )?(?:{BOX} )?{X}"
        r" (?P<verb>require[sd]?|need[s]?|enable[sd]?|lead to|build on|go (?:well )?with|goes with"
        r"|complements?|tensions? with|pull against|make possible|depend on|rely on)(?: (?:by|with"
        r"|from))?(?:,? (?:in|by) the library)?",
        rf"what {DOES} (?:the )?(?:{BOX} )?{X} (?P<verb>require|need|enable|build on|go with|complement"
        r"|make possible|depend on|pull against),? (?:as a pattern|in the library|by the library"
        r"|according to the library)",
    ),
    *forms(
        "pattern_of",
        r"(?:which|what) (?:commons )?patterns? (?:of the library )?(?:is|are|does|do|stands? (?:behind"
        r"|for|near)|fits?|match(?:es)?|belongs? to|corresponds? to|goes with|lies behind"
        rf"|comes? near(?:est)?)(?: (?:behind|near|for|in|to))? (?:the )?(?:{BOX} )?{X}(?: (?:stand for"
        r"|belong to|correspond to|match|come near|represent|show))?",
        rf"(?:is|are) (?:the )?(?:{BOX} )?{X} (?:a|also a|some) patterns?(?: (?:of|in) the library)?",
        r"(?:is there|do you have|does the library have|have you) a pattern (?:for|of|behind|about)"
        rf" (?:the )?(?:{BOX} )?{X}",
    ),
    *forms(
        "patterns",
        r"(?:which|what|are there|list|show|name|how many|do you see|find)\b.*\bpatterns?\b.*",
        r"what(?:['’]s| is| are)? (?:still |maybe |perhaps |else )?missing.*",
        r"what (?:does|do|would) (?:it|this|that|the \w+|we)? ?(?:still )?(?:lack|miss)\b.*",
        r"(?:is|are) (?:there )?(?:anything|something|any patterns?) (?:missing|left out)\b.*",
    ),
    *forms(
        "count",
        r"how many (?P<unit>.+?)",
        r"what is the number of (?P<unit>.+?)",
        r"count (?:all |the )*(?P<unit>.+?)",
    ),
    *forms(
        "hub",
        rf"(?:which|what|who)\b.*\b(?:the )?most (?:\w+ ){{0,2}}(?:{ARROW}|connected|joined|linked|central"
        rf"|important|{BOX}).*",
        r"(?:which|what|who)\b.*\b(?:best connected|central|in the (?:middle|centre|center)|the hub|(?:at"
        r"|in) the heart)\b.*",
        r"where do most .*",
        r"(?:what|which|who) (?:is|are) the (?:main )?hubs?.*",
    ),
    *forms(
        "unjoined",
        r"(?:which|what|are there|is there|list|who)\b.*\b(?:isolated|unconnected|not (?:connected|joined"
        r"|linked)|disconnected|stands? alone|by (?:itself|themselves)|loose|joined (?:to|with) nothing"
        r"|connected to nothing|orphan\w*)\b.*",
        r"(?:is|are) (?:anything|something|any|a|some)\b.*\b(?:isolated|unconnected|not (?:connected|joined"
        r"|linked)|disconnected|alone|loose)\b.*",
        rf"(?:which|what) {BOX} (?:has|have) no {ARROW}(?: at all)?",
        rf"(?:is|are) (?:all|every) (?:the )?{BOX} (?:connected|joined|linked)\b.*",
    ),
    *forms(
        "loop_sign",
        r"(?:is|are) (?:the |a )?(?:loops?|cycles?|feedback(?: loop)?) (?:through|of|around|with|at|about"
        rf"|that (?:includes?|contains?|goes through)|in) {X} (?:a )?(?:self-)?(?:reinforcing|balancing"
        r"|positive|negative|vicious|virtuous)\b.*",
        rf"(?:is|are) {X} (?:in|part of) (?:a |the )?(?:self-)?(?:reinforcing|balancing) .*",
        r".*\b(?:reinforcing|balancing|reinforces?|balances?|vicious|virtuous|self-reinforcing|self-correcting)\b.*",
    ),
    *forms(
        "loop_of",
        r"(?:what|which|who)(?: \w+)? (?:loops?|comes?|leads?|goes|feeds?|flows?|runs?|points?"
        rf"|circles) back (?:in)?(?:to )?{X}",
        rf"(?:is|does|do|are) {X} (?:part of|in|belong to|stand in|on|inside|sit in|lie on|a part of) (?:a"
        r"|any|the|some) (?:feedback )?(?:loops?|cycles?|circles?)",
        rf"(?:what|which|is there an?|are there|show|list)\b.{{0,12}}\b(?:loops?|cycles?"
        r"|feedback(?: loops?)?) (?:go(?:es)? |runs? |pass(?:es)? |leads? )?(?:through|around|with|of|at"
        r"|that (?:includes?|contains?|goes? through|touch(?:es)?)|(?:back )?to|in|for|starting at|from"
        rf"|on) {X}",
        rf"(?:does|do|will|can) {X} (?:come|lead|loop|get|feed|go|flow) back to itself",
        rf"how {DOES} (?:it|this|one|we|you|things)? ?(?:come|get|go|loop|lead) back to {X}",
    ),
    *forms(
        "loops",
        r"(?:is|are) (?:there|it|this|that|they)\b.{0,30}\b(?:loops?|cycles?|circular|circles?|feedback|cyclic)\b.*",
        r"(?:which|what|how|list|show|name|find|does|do|where|any)\b.{0,60}\b(?:loops?|cycles?|feedback"
        r"|circular|in circles|round in a circle)\b.*",
        r"(?:does|do|can|will)\b.{0,40}\b(?:repeat|go round|come back to (?:itself|the (?:start|beginning))"
        r"|go back|start (?:over|again)|begin again)\b.*",
        r"(?:what|which)\b.{0,20}\b(?:repeats?|is repeated|goes round)\b.*",
    ),
    *forms(
        "arrow_label",
        r"(?:what|which words?)(?: (?:does|do|is|are|stands?))? (?:it say on |on |written on |said on "
        rf"|the label (?:of|on) )?(?:the )?{ARROW} (?:from|between) {X} (?:to|and) {Y}(?: (?:say|says|mean"
        r"|means|stand for|labelled|called))?",
        r"(?:what|which \w+) (?:flows?|passes|goes|is passed|is sent|moves?|travels?|is given"
        rf"|is handed over|does) (?:on )?from {X} to {Y}",
        rf"what {DOES} {X} (?:do (?:to|with|for)|give(?: to)?|send(?: to)?|hand(?: over)? to"
        rf"|pass(?: on)? to|have to do with) {Y}",
        rf"how (?:does|do|is|are) {X} (?:relates?|related) (?:to|with) {Y}",
        rf"what is the (?:relation|relationship|link|tie) (?:of|between) {X} (?:and|to|with) {Y}",
    ),
    *forms(
        "path",
        rf"(?:by which way |how )(?:{DOES}|is|are) (?:\S+ ){{0,4}}?(?:gets?|goe?s?|comes?|reach|moves?"
        rf"|travels?|flows?|pass(?:es)?|leads?|arrives?|made|brought) (?:on |over |all the way )?from {X}"
        rf" (?:in)?to {Y}",
        rf"how (?:do|does|can|could) {X} (?:get to|reach|lead to|come to|arrive at|become|go to|flow to"
        rf"|end up (?:in|at|with)|turn into|get into|affect|influence|act on) {Y}",
        r"(?:what|which|show|find|give|trace|list|name|describe"
        rf"|follow)(?: \S+){{0,5}}? {WAY}(?: \S+){{0,3}}? from {X} to {Y}",
        rf"(?:all |the |every )*{WAY} from {X} to {Y}",
        rf"(?:trace|follow|show|list|go)(?: \S+){{0,4}}? from {X} to {Y}",
        rf"from {X} to {Y}",
    ),
    *forms(
        "leads",
        rf"(?:does|do|did|can|will|would|could|may) {X} (?:ever |eventually |finally |directly |also "
        r"|at last )*(?:leads?|go(?: on)?|flow|point|feed|run|connect|pass|get|come|move|continue"
        r"|contribute|end up|arrive)(?: (?:back|directly|straight|up|all the way))?(?: (?:in)?to| at| in"
        rf"| into)? {Y}",
        rf"(?:does|do|did|will|would|can) {X} (?:come|stand|happen|be|lie|take place"
        r"|occur)? ?(?:directly |right |anywhere |just )?(?P<turn>after|before|behind|below|above|under"
        r"|upstream of|downstream of"
        rf"|earlier than|later than|ahead of) {Y}",
        rf"(?:is|are) {X} (?:directly |right |anywhere |just )?(?P<turn>after|before|behind|below|above|under"
        r"|upstream of|downstream of"
        rf"|earlier than|later than|ahead of|reached from|reachable from|followed by|preceded by) {Y}",
        r"(?:can|could) (?:you|we|i|one|it|someone|something|a \w+) (?:get|go|come|reach|move|travel"
        rf"|flow)(?: \w+)? from {X} to {Y}",
        rf"(?:is|are) there (?:an?|any|some|also a)(?: \w+)? (?:{ARROW}|{WAY})(?: \w+)? from {X} to {Y}",
        rf"(?:does|do) {X} (?P<turn>depend on|need|rely on|follow|require) {Y}",
        rf"(?:does|do|did) {X} (?:directly |also )?(?:affect|influence|reach|act on|precede|cause|trigger"
        rf"|feed|drive|change) {Y}",
    ),
    *forms(
        "joined",
        rf"(?:is|are) (?:there )?(?:an?|any)? ?(?:direct )?(?:{ARROW}) between {X} and {Y}",
        rf"(?:is|are) {X} (?:directly )?(?:connected|joined|linked|tied|attached) (?:to|with) {Y}",
        rf"(?:is|are) {X} and {Y} (?:directly )?(?:connected|joined|linked|tied|neighbours)(?: (?:to"
        r"|with) each other)?",
    ),
    *forms(
        "connects",
        rf"{WHO} (?:\w+ )?(?:connects?|links?|joins?|ties|tie|bridges?|brings?|mediates?|stands?|sits?|is"
        rf"|are|lies|goes|comes?|happens?|steps?)(?: (?:together|between|in between))* {X} (?:and|with"
        rf"|to) {Y}",
        rf"(?:through|over|via|by) (?:whom|what|which {BOX}) (?:are|is|do|does) {X} (?:and|with|to) {Y}"
        r" (?:connected|linked|joined|related|tied|meet)",
        rf"(?:how|where) (?:is|are|do|does) {X} (?:and|with|to) {Y} (?:connected|linked|joined|related|tied"
        r"|meet|come together|touch)(?: (?:to|with) each other)?",
        rf"how (?:is|are) {X} (?:connected|linked|joined|tied) (?:to|with) {Y}",
        rf"what do {X} and {Y} (?:share|have in common)",
    ),
    *forms(
        "between",
        rf"(?:{WHO}|which steps|what (?:steps|boxes))(?: (?:are|is|lies?|stands?|comes?|happens?|sits?"
        rf"|there))*(?: in)? between {X} and {Y}",
    ),
)
