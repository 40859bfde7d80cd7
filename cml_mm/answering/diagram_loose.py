"""Questions to a diagram that fit no form: read by the boxes they speak of, and by a word that says what is wanted.

"How does our rent end up paying an invoice?" names two boxes and asks for a way; "can we go round in circles here?"
names none and asks for loops. Only what was asked of a drawing alone is read so: elsewhere such words mean too much.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from cml_mm.answering.diagram_conditions import edges_under
from cml_mm.answering.diagram_counts import CountWish
from cml_mm.answering.diagram_forms import DiagramQuestionKind
from cml_mm.answering.diagram_mentions import Mention, Mentions
from cml_mm.diagrams.labels import is_marker
from cml_mm.diagrams.structure import DiagramGraph

HOWEVER_FAR = "however far"  # a tie by way of others counts as well
_ASKS_WHETHER = re.compile(
    r"^\W*(?:(?:and|but|so|ok|okay|then)\b\W*)*(?:does|do|did|is|are|was|were|can|could|will|would|may|has|have)\b"
)
_BRANCH = re.compile(r"\b(?:if|when|suppose|supposing|say|imagine|assuming|in case|unless|once)\b(?P<c>.*)")
_COUNTS = re.compile(r"\bhow many\b|\bnumber of\b|\bcount\b")
_BEFORE = re.compile(
    r"\bbefore\b|\b(?:gets?|got|ha(?:ve|s)|receives?|comes?)\b.*\bfrom\W*$|\bprior to\b|\bleads? up\b"
    r"|\b(?:comes?|coming|gets?) (?:its \w+ )?from\b|\bfrom where\b"
    r"|\b(?:goes?|flows?|feeds?|pays?|puts?)"
    r" (?:\w+ )?(?:in)?to\b|\bpays? for\b|\bneed(?:s|ed)?\b|\brel(?:y|ies) on\b|\bdepends? on\b|\binfluenc\w+ «"
    r"|\bbased on\b"
    r"|\b(?:receives?|gets?) (?:its|their|the) \w+\b|\bwhat (?:has|have|must|needs?) (?:to )?happen"
)
_FROM_HERE = re.compile(
    r"\bafter\b|\bnext\b|\bthen\b|\bfollow(?:s|ed|ing)?\b|\bafterwards\b|\blater\b|\bleads? to\b|\bresults?\b"
    r"|\bspend(?:s|ing)?\b"
    r"|\bpass(?:es)? on\b|\bgives?\b|\bdoes «0» do\b|\bhappens? (?:to|with) «|\bdo(?:es)? .*\bto «"
)
_FAILS = re.compile(
    r"\b(?:disappears?|fails?|breaks?|broke|gone|falls? away|dries up|without|lost|lose|stops?|removed?|cut|hit"
    r"|affected|goes? down|goes? up"
    r"|rises?|falls?|drops?|grows?|shrinks?|increases?|decreases?|more|less)\b"
)
_TIED = re.compile(
    r"\b(?:partners?|neighbours?|neighbors?|works? with|work together|cooperates?|collaborates?|connected"
    r"|linked|joined|tied|allies|ally"
    r"|in touch|contacts?|relations?|have to do with|deals? with|talks? (?:to|with))\b"
)
_WHOSE = re.compile(
    r"\b(?:who|whose|whom|which (?:team|group|lane|department|body|side|part|people)|in (?:what|which) (?:team"
    r"|group|lane))\b"
)
_OF_LANE = re.compile(
    r"\b(?:tasks?|jobs?|roles?|responsib\w+|dut(?:y|ies)|steps?|boxes|things?|work|hands|belongs?|there for|in charge"
    r"|list|name|show|handles?|looks? after|takes? care|contains?)\b|\bdo\W*$"
)
_ANY_END = re.compile(r"\b(?:any|some)(?:thing|where|one|body)\b")
_FROM_FAR = re.compile(r"\b(?:get to|go to|reach(?:ed|able)?) from\b")
_WAY = re.compile(r"\b(?:how|way|route|path|steps?|road|through)\b")
_STEPS = re.compile(r"\bhow many (?:steps?|arrows?|stages?|moves?|hops?)\b|\bhow far\b")
_BETWEEN = re.compile(r"\bbetween\b|\bconnects?\b|\blinks?\b")
_WORDS_ON = re.compile(
    r"\b(?:how much|what (?:share|part|portion|percentage|fraction|amount)|which (?:share|part)|at what rate)\b"
)
_DIRECTLY = re.compile(r"\bdirect(?:ly)?\b|\bin touch\b")
_TURNED = re.compile(
    r"\b(?:after|depends? on|rel(?:y|ies) on|needs?|requires?|comes? from|caused by|fed by|follows?)\b"
)

# What is wanted of the whole where no box is named; the first that is said counts.
_WHOLES: tuple[tuple[DiagramQuestionKind, str], ...] = (
    ("heads", r"\b(?:who|what) \w+ (?:to )?who(?:m|ever)?\b|\bare there (?:any )?arrows\b|\b(?:directed"
              r"|direction|arrowheads?)\b"),
    ("loops", r"\b(?:loops?|circles?|cycles?|cycl\w+|repeat\w*|feedback)\b|\bround (?:and round|again"
              r"|more than once)\b"
              r"|\b(?:turns?|comes?|goes?|going|go|come|turn|leads?) (?:back|round)\b|\bover again\b"),
    ("apart", r"\b(?:left out|no (?:links?|connections?|ties?)|without (?:any )?(?:links?|connections?|ties?)"
              r"|cut off|separate[d]?|isolated|apart|disconnected|on (?:its|their) own|unconnected"
              r"|not (?:connected|joined|linked|tied))\b"
              r"|\bin (?:one|several|two) (?:piece|part)s?\b"),
    ("bottleneck", r"\bbottle ?necks?\b|\b(?:has|have|must|needs?) (?:to )?pass\b|\bweak(?:est)? (?:point|spot"
                   r"|link)s?\b|\b(?:everything|all(?: \w+)?) (?:goes|go|passes|pass|runs?"
                   r"|flows?) through\b|\bsingle point\b"
                   r"|\bchoke ?point\b|\bgate ?keeper\b|\bdepends? on one\b"),
    ("decisions", r"\b(?:decisions?|choices?|branch(?:es)?|forks?|crossroads|yes ?(?:/|or|-) ?no)\b"
                  r"|\bquestions? (?:are|is) (?:asked|there)\b"
                  r"|\bwhere (?:do|does|must|can) (?:\w+ ){1,3}(?:choose|decide)\b"),
    ("hub", r"\b(?:best connected|most connected|most (?:ties|links|partners|connections)|in the (?:middle"
            r"|centre|center)|key player|hub)\b"),
    ("leaves", r"\b(?:dead ends?|stuck|stops?|ends?|end up|finish(?:es)?|final|outcomes?|terminates?)\b"),
    ("roots", r"\b(?:not|n.t) (?:depend|rely|rest|wait) (?:on|for)\b|\bnothing (?:in front|ahead|behind)\b"
              r"|\b(?:begins?|starts?|first|beginning|starting|entry|not? (?:driven|fed|caused|influenced)"
              r"|nothing (?:before|leads to))\b"),
    ("lanes", r"\bwho (?:takes? part|is involved)\b|\b(?:which|what) (?:teams?|departments?|crews?"
              r"|roles?) (?:are|do|does|share|take|work)\b|\b(?:teams?|departments?|lanes?|groups?|parties"
              r"|actors?|sides?)\b.*\b(?:share|involved"
              r"|take part|there|work|responsible|roles?)\b"),
    ("describe", r"\b(?:explain|describe|summar\w+|walk (?:me|us) through|talk (?:me|us) through|outline"
                 r"|overview|in short|in (?:plain|simple) words)\b"),
)  # fmt: skip
# What is asked of words rather than of arrows, or of the world rather than of the drawing.
_OTHERWISE = re.compile(
    r"\b(?:files?|documents?|uploads?|library)\b|\b(?:says?|said|written|read) (?:about|on|of)\b"
    r"|^\W*(?:when|what time|on which day|how long|how old|why)\b|\bshould\b|\bgood (?:first )?\w+ (?:for|to)\b",
    re.IGNORECASE,
)
_PATTERNS = re.compile(r"\bpatterns?\b")
# Things that a diagram's boxes are called when nobody looks at what is in them.
_GENERIC = (
    r"(?:box|boxes|others?|nodes?|steps?|stages?|things?|elements?|organi[sz]ations?|actors?|bodies|institutions?|parties"
    r"|players?|stations?|places?|factors?"
    r"|variables?|members?|groups?|tasks?|actions?|activities|items?|events?)"
)
_SHORT = frozenset({"roots", "leaves", "hub", "lanes"})
_ANYTHING = re.compile(rf"(?:any|every|some|no)thing|else|whole|process|flow|chart|diagram|map|picture|{_GENERIC}")
_OF_ALL = re.compile(
    rf"\bhow many (?:different )?{_GENERIC}\b(?: (?:are|is|do|does|there|it|we|you|see|have|has|in|on|the|this"
    rf"|all|together|total|altogether|here|shown|show|map|chart|diagram|drawing|picture|flow|process)\b)*\W*$"
)
_OF_LANES = re.compile(r"\bhow many (?:different )?(?:teams?|departments?|lanes?|groups?|parties|sides?|crews?)\b")
_OF_DECISIONS = re.compile(r"\bhow many\b.*\b(?:decisions?|choices?|branch(?:es|ings)?|questions?|forks?)\b")
_OF_LOOPS = re.compile(r"\bhow many\b.*\b(?:loops?|cycles?|circles)\b")
_OF_TIES = re.compile(
    r"\bhow many (?:\w+ )?(?:partners?|neighbours?|ties|links?|connections?|contacts?|arrows?|lines?)\b"
)
_SIGNED = re.compile(r"\bhow many (?:arrows?|links?|lines?|relations?)?.*\b(?P<sign>negative|minus|positive|plus)\b")


@dataclass(frozen=True)
class Loose:
    """What is wanted, as far as it was read; `boxes` stand for the first and the second place of a form."""

    kind: DiagramQuestionKind
    first: tuple[Mention, ...] = ()
    second: tuple[Mention, ...] = ()
    turned: bool = False
    count: CountWish | None = None
    words: str = ""
    edges: tuple[str, ...] = ()


def read_loosely(question: str, graph: DiagramGraph) -> Loose | None:
    """What a question wants of one diagram that is known to be asked; None where it says nothing of the kind.

    Args:
        question: in English, made whole.
        graph: the diagram.
    """
    labels = [(one.id, one.label) for one in graph.places if one.label.strip() and not is_marker(one.label)]
    asked = _Loosely(graph, Mentions.of(question, labels))
    if _OTHERWISE.search(asked.text):
        return None
    return (
        asked.branch(question)
        or asked.count()
        or asked.of_two()
        or asked.of_one()
        or asked.of_all(question.lower().replace("’", "'"))
    )


@dataclass(frozen=True)
class _Loosely:
    graph: DiagramGraph
    said: Mentions

    @property
    def text(self) -> str:
        return self.said.text

    def branch(self, question: str) -> Loose | None:
        """A condition: one that the diagram's arrows say."""
        found = _BRANCH.search(question.lower().replace("’", "'"))
        if not found or _ASKS_WHETHER.match(self.text):
            return None
        for clause in _clauses(found["c"]):
            if edges := edges_under(clause, self.graph):
                return Loose("condition", words=clause, edges=edges)
        return None

    def count(self) -> Loose | None:
        text, boxes = self.text, self._boxes()
        if not _COUNTS.search(text):
            return None
        if found := _SIGNED.search(text):
            sign = "-" if found["sign"] in ("negative", "minus") else "+"
            return Loose("count", count=CountWish("arrows", "kind", subject=sign))
        if len(boxes) >= 2 and _STEPS.search(text):
            return Loose("count", boxes[:1], boxes[1:2], count=CountWish("steps", "between"))
        if boxes and _OF_TIES.search(text):
            return Loose("count", boxes[:1], count=CountWish("arrows", "at"))
        if lanes := self._lanes():
            return Loose("count", lanes[:1], count=CountWish("boxes", "inside"))
        for form, wish in (
            (_OF_DECISIONS, CountWish("shape", shapes=("diamond",))),
            (_OF_LOOPS, CountWish("loops")),
            (_OF_LANES if self.graph.containers else _OF_ALL, CountWish("lanes" if self.graph.containers else "boxes")),
            (_OF_ALL, CountWish("boxes")),
        ):
            if form.search(text) and not boxes:
                return Loose("count", count=wish)
        return None

    def of_two(self) -> Loose | None:
        """A question that names two boxes."""
        pair = self._boxes()
        if len(pair) < 2:
            return None
        one, other = pair[:1], pair[1:2]
        flat = all(edge.heads == "none" for edge in self.graph.diagram.edges)
        if _ASKS_WHETHER.match(self.text):
            if flat or _TIED.search(self.text):
                return Loose("joined", one, other, words="" if _DIRECTLY.search(self.text) else HOWEVER_FAR)
            between = self.text[self.text.find("«0»") : self.text.find("«1»")]
            return Loose("leads", one, other, turned=bool(_TURNED.search(between)))
        if _WORDS_ON.search(self.text):
            return Loose("arrow_label", one, other)
        if _BETWEEN.search(self.text):
            return Loose("between", one, other)
        if _WAY.search(self.text):
            from_other = re.search(r"«0».*\bfrom «1»", self.text)
            return Loose("path", other, one) if from_other else Loose("path", one, other)
        return None

    def of_one(self) -> Loose | None:
        """A question that names one box or lane."""
        boxes, lanes, text = self._boxes(), self._lanes(), self.text
        if len(boxes) == 1 and _ASKS_WHETHER.match(text) and _ANY_END.search(text):
            return Loose("before" if re.search(r"\bbefore\b", text) else "after", boxes)
        if len(boxes) == 1 and _FROM_FAR.search(text):
            return Loose("all_after", boxes)
        if lanes and not boxes and _OF_LANE.search(text) and not _ASKS_WHETHER.match(text):
            return Loose("in_lane", lanes[:1])
        if len(boxes) != 1 or _ASKS_WHETHER.match(text) or _PATTERNS.search(text):
            return None
        if _TIED.search(text):
            return Loose("about", boxes)
        if _FAILS.search(text) and re.search(r"\b(?:if|when|what happens|without)\b", text):
            return Loose("all_after", boxes)
        before, after = _BEFORE.search(text), _FROM_HERE.search(text)
        if before or after:
            return Loose("before" if before and not re.search(r"\bafter\b", text) else "after", boxes)
        if _WHOSE.search(text) and boxes[0].part in self.graph.nodes and self.graph.containers:
            return Loose("lane_of", boxes)
        return None

    def of_all(self, whole: str) -> Loose | None:
        """A question that names no box; a word of one may still be said in it."""
        if self.said.found and any(one.said >= 1 for one in self.said.found):
            return None
        if _PATTERNS.search(whole):
            return Loose("patterns")
        kinds: Sequence[tuple[DiagramQuestionKind, str]] = _WHOLES
        return next((Loose(kind) for kind, words in kinds if self._wants(kind, words, whole)), None)

    def _wants(self, kind: DiagramQuestionKind, words: str, whole: str) -> bool:
        """Whether it asks for this of the whole: short words such as "first" count only where little else is said."""
        if not re.search(words, whole):
            return False
        cues = set(re.findall(r"[a-z]+", " ".join(found[0] for found in re.finditer(words, whole))))
        rest = [word for word in self.said.left if word not in cues and not _ANYTHING.fullmatch(word)]
        return kind not in _SHORT or len(rest) <= 1

    def _boxes(self) -> tuple[Mention, ...]:
        return self._kept(lambda one: one.part in self.graph.nodes)

    def _lanes(self) -> tuple[Mention, ...]:
        return self._kept(lambda one: one.part in self.graph.containers)

    def _kept(self, wanted: Callable[[Mention], bool]) -> tuple[Mention, ...]:
        return tuple(one for one in self.said.found if wanted(one))


def _clauses(text: str) -> list[str]:
    """What stands after "if", up to the question that follows it."""
    whole = text.strip(" ?.!,")
    first = re.split(r"\s*(?:,|;|:|\s[-–—]\s)\s*|\s+(?=(?:what|where|who|which|then)\b)", whole)[0]
    return [clause for clause in dict.fromkeys((first, whole)) if clause]
