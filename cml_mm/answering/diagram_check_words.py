"""The words by which sentences say what a diagram joins; read by `diagram_check`, where names stand as «0», «1»."""

from __future__ import annotations

import re

from cml_mm.diagrams.labels import stem_of

ONE = r"(?:(?:the|a|an|our) )?(?:(?:lane|box|step) )?«\d+»(?: \([^()]*\))?"
LIST = rf"{ONE}(?:(?:, | and |, and | or ){ONE})*"
TO = r"(?: (?:directly|straight|back|on|next|then|only|also|in turn))*"
FLOW = (
    r"(?:leads?|points?|goes|go|flows?|feeds?|runs?|passes|pass|moves?|continues?|connects|sends|contributes?"
    r"|reports?|acts?|returns?|proceeds?)"
)
COME = r"(?:comes?|come|follows?|follow|happens?|stands?|stand|is|are|lies|lie)"
NUMBER_WORDS = "zero one two three four five six seven eight nine ten eleven twelve".split()
NUMBERS = {word: number for number, word in enumerate(NUMBER_WORDS)}
COUNT = re.compile(
    rf"\b(?P<number>\d+|no|{'|'.join(NUMBERS)}) (?:\w+ )?(?P<noun>boxes|box|nodes?|steps?|arrows?|lines?"
    r"|connections?|lanes?|swimlanes?|parts?|diamonds?)\b"
)
MOST = re.compile(r"\bmost (?P<noun>arrows|lines|connections): (?P<number>\d+)\b")
MARKS = {ord("“"): "‘", ord("”"): "’", ord("’"): "'"}
PARENTHESIS = re.compile(r" \([^()]*\)")
SHORTEST_EITHER = 2  # letters of a name above which it is found whatever its capitals: "A" is not "a"
NOUNS = {"bo": "boxes", "no": "boxes", "st": "boxes", "di": "boxes", "ar": "arrows", "li": "arrows", "co": "arrows"}
FRAME = frozenset(
    stem_of(word)
    for word in """a an the it its this that these there here is are was were has have be in on of to from by with
    and or after before between yes no not nothing every all way leads lead comes come goes go then next directly
    further near far back starts start ends end at box boxes arrow arrows line lines lane diagram step steps loop loops
    joined joins join connects connect most many how short shortest as them read doubt leave leaves without other round
    turned turn chain where they began never first last called moved added removed now says said nothing head both one
    so two three either which who decides only also each direction passed over reinforcing balancing minus plus sign
    signs even odd number diamond diamonds circle circles ellipse cylinder hexagon note icon drawn chart picture flow
    flows follows follow part words stand stands none through up colour missing stays open whether so reinforces
    apart other ways beginning balances all its signs our do does did neither nor cannot
    preceded precedes fed feeds followed
        reached points runs run passes moves continues sends contributes reports returns proceeds
    """.split()
)
