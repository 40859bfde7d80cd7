"""What "how many …" counts in a diagram, read from its words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from cml_mm.answering.diagram_forms import ARROW, BOX, LANE

Counted = Literal["boxes", "arrows", "lanes", "loops", "starts", "ends", "shape", "unclear", "steps"]
Way = Literal["all", "inside", "out", "in", "at", "after", "before", "between", "kind"]
SHAPES: dict[str, tuple[str, ...]] = {
    "diamond": ("diamond",), "decision": ("diamond",), "question": ("diamond",), "branching": ("diamond",),
    "circle": ("circle",), "oval": ("ellipse",), "ellipse": ("ellipse",), "cylinder": ("cylinder",),
    "database": ("cylinder",), "store": ("cylinder",), "hexagon": ("hexagon",), "parallelogram": ("parallelogram",),
    "triangle": ("triangle",), "note": ("note",), "icon": ("icon",), "rectangle": ("box",),
    "actor": ("actor",), "rounded box": ("rounded",),
}  # fmt: skip
_THERE = (
    r"(?: (?:are|is|were)(?: there)?| (?:do|does|did|can|have|has|it|you|we|i|see|find|read|the|this|that|diagram"
    r"|drawing|picture|chart|hold|holds|contain|contains|show|shows|in|total|all|altogether|together|here|come|comes"
    r"|up|has got))*"
)
_OUT = "leave|leaves|leaving|start at|starts at|go out of|goes out of|come from|comes from|out of|from|lead away from"
_IN = (
    "arrive at|arrives at|go into|go to|goes to|goes into|point at|point to|points to|points at|lead to|leads to"
    "|lead into|end at|ends at|come into|reach|reaches|into|to"
)
_AT = "touch|touches|at|meet at|are joined to|are connected to|are at"
_SIDES: tuple[tuple[Way, str], ...] = (
    ("between", r"(?: \w+)*? (?:from|between) (?P<x>.+?) (?:to|and) (?P<y>.+)"),
    ("out", rf"(?: \w+)*? (?:{_OUT}) (?P<x>.+)"),
    ("in", rf"(?: \w+)*? (?:{_IN}) (?P<x>.+)"),
    ("at", rf"(?: \w+)*? (?:{_AT}) (?P<x>.+)"),
    ("at", r" (?:does|do) (?P<x>.+?) have(?: altogether)?"),
)


@dataclass(frozen=True)
class CountWish:
    """What is counted, and of which box or lane. `shapes` narrows boxes; names stand as they were said."""

    what: Counted
    way: Way = "all"
    subject: str = ""
    other: str = ""
    shapes: tuple[str, ...] = ()
    noun: str = ""


def count_wish(unit: str) -> CountWish | None:
    """Reads what stands after "how many"; None where no part of a diagram is counted."""
    said = re.sub(r"\s+", " ", unit.strip(" ?.!")).lower()
    simple: tuple[tuple[Counted, str], ...] = (
        ("loops", r"(?:feedback )?(?:loops|cycles|circles of arrows|feedbacks)"),
        (
            "starts",
            r"(?:starts|starting points|beginnings|roots|entry points|sources|boxes without (?:incoming )?arrows in)",
        ),
        ("ends", r"(?:ends|end points|endings|leaves|dead ends|outcomes)"),
        ("lanes", LANE),
    )
    for what, words in simple:
        if re.fullmatch(rf"(?:different )?{words}{_THERE}", said, re.IGNORECASE):
            return CountWish(what, noun=what)
    if re.fullmatch(rf"(?:\w+ )?(?:{BOX}|{ARROW})?.*\b(?:unclear|doubtful|uncertain|in doubt)\b.*", said):
        return CountWish("unclear")
    return _arrows(said) or _boxes(said) or _shapes(said)


def _arrows(said: str) -> CountWish | None:
    found = re.match(rf"(?:different )?{ARROW}\b", said, re.IGNORECASE)
    if not found:
        return None
    rest = said[found.end() :]
    if re.fullmatch(_THERE, rest):
        return CountWish("arrows", noun="arrows")
    for way, words in _SIDES:
        if side := re.fullmatch(words, rest, re.IGNORECASE):
            other = side["y"] if way == "between" else ""
            return CountWish("arrows", way, side["x"], other, noun="arrows")
    return None


def _boxes(said: str) -> CountWish | None:
    found = re.match(rf"(?:different |other )?{BOX}\b", said, re.IGNORECASE)
    if not found:
        return None
    rest = said[found.end() :]
    if re.fullmatch(_THERE, rest):
        return CountWish("boxes", noun="boxes")
    if side := re.fullmatch(r"(?: \w+)*? (?:from|between) (?P<x>.+?) (?:to|and) (?P<y>.+)", rest, re.IGNORECASE):
        return CountWish("steps", "between", side["x"], side["y"])
    for way, words in (("after", r"after|below|follow"), ("before", r"before|above|lead to|leads to")):
        if side := re.fullmatch(rf"(?: \w+)*? (?:{words}) (?P<x>.+)", rest, re.IGNORECASE):
            return CountWish("boxes", "after" if way == "after" else "before", side["x"])
    inside = re.fullmatch(r"(?: \w+)*? (?:in|inside|within|of|belong to|belongs to) (?P<x>.+)", rest, re.IGNORECASE)
    inside = inside or re.fullmatch(r" (?:does|do) (?P<x>.+?) (?:have|hold|contain)", rest, re.IGNORECASE)
    return CountWish("boxes", "inside", inside["x"]) if inside else None


def _shapes(said: str) -> CountWish | None:
    for noun, shapes in SHAPES.items():
        if re.fullmatch(rf"{noun}e?s?{_THERE}", said):
            return CountWish("shape", shapes=shapes, noun="boxes")
    return None
