"""Conditions on arrows: "if the answer is no", "when there is no serious objection", "if it is rejected"."""

from __future__ import annotations

import re
from collections.abc import Iterable

from cml_mm.diagrams.labels import SURE, folded, likeness, stems_of, words_of
from cml_mm.diagrams.structure import DiagramGraph
from cml_mm.diagrams.values import DiagramEdge

_YES = frozenset("yes y true ok okay agreed approved accepted passed".split())
_NO = frozenset("no n false not none never disagreed rejected refused failed".split())
_DENIES = re.compile(
    r"\b(?:no|not|none|nobody|never|nothing|without|isn't|aren't|doesn't|don't|didn't|wasn't|weren't|hasn't|haven't"
    r"|can't|cannot|false|rejected|refused|fails?|failed|unless)\b"
)
_FRAME = re.compile(
    r"\b(?:there (?:is|are|was)|the answer|answer|answers?|it|we|they|you|someone|somebody|is|are|was|were|has|have"
    r"|had|been|say|says|said|any|some|a|an|the|still|then|no|not|yes|never|none|n't|isn't|aren't|doesn't|don't|does|do|did"
    r"|to|at|that|this|of)\b"
)
_LEAST_HELD = 0.5  # of a condition's words that name the box where it is decided


def edges_saying(verb: str, edges: Iterable[DiagramEdge]) -> tuple[str, ...]:
    """Ids of the arrows whose label holds all words of a verb: "appoint" of "appoints", "decides on" of "decide"."""
    said = set(stems_of(verb))
    return tuple(dict.fromkeys(edge.id for edge in edges if said and said <= set(stems_of(edge.label))))


def edges_under(condition: str, graph: DiagramGraph) -> tuple[str, ...]:
    """Ids of the arrows that are taken under a condition; none where the diagram does not say.

    Args:
        condition: what stands after "if" or "when".

    An arrow whose own words are said counts first; then, where the condition names a box, its "yes"
    or "no"; then every arrow with that answer.
    """
    text = folded(condition).replace("’", "'")
    labelled = [edge for edge in graph.diagram.edges if edge.label.strip()]
    denied = bool(_DENIES.search(text))
    plain = " ".join(_FRAME.sub(" ", text).split())
    answers = [edge for edge in labelled if _answer(edge.label)]
    spoken = [edge for edge in labelled if not _answer(edge.label) and _is_said(edge.label, plain, text)]
    deciding = {edge.source for edge in labelled}
    at = _decided_at(plain, graph, deciding)
    if spoken:
        here = [edge for edge in spoken if edge.source in at]
        return tuple(edge.id for edge in here or spoken)
    wanted = _given_answer(text) or ("no" if denied else "yes")
    if at:
        return tuple(edge.id for edge in answers if edge.source in at and _answer(edge.label) == wanted)
    if _given_answer(text) and not plain:
        return tuple(edge.id for edge in answers if _answer(edge.label) == wanted)
    return ()


def _answer(label: str) -> str:
    """ "yes" or "no" for a label that says only that."""
    said = words_of(label)
    if len(said) != 1:
        return ""
    return "yes" if said[0] in _YES else "no" if said[0] in _NO else ""


def _given_answer(text: str) -> str:
    """The answer that a condition gives in so many words."""
    found = re.search(r"\b(?:answer|answers?|say|says|said|is|it's|with|a)?\s*[“\"'‘]?(yes|no)\b(?! \w)", text)
    return found[1] if found else ""


def _is_said(label: str, plain: str, text: str) -> bool:
    own = stems_of(label)
    said = set(stems_of(text))
    if own and all(stem in said for stem in own):
        return True
    return bool(plain) and likeness(plain, label) >= SURE


def _decided_at(plain: str, graph: DiagramGraph, deciding: set[str]) -> frozenset[str]:
    """The boxes that a condition names, among those that labelled arrows leave."""
    said = set(stems_of(plain)) if plain else set()
    if not said:
        return frozenset()
    held = {part: _share(said, graph.label(part), plain) for part in deciding}
    most = max(held.values(), default=0.0)
    others = (set(stems_of(node.label)) for node in graph.diagram.nodes if node.id not in deciding)
    if most < 1 and any(len(own) > 1 and own <= said for own in others):
        return frozenset()  # another box is named in full
    return frozenset(part for part, share in held.items() if share == most and share >= _LEAST_HELD)


def _share(said: set[str], label: str, plain: str) -> float:
    own = set(stems_of(_FRAME.sub(" ", folded(label))))
    alike = likeness(plain, label)
    return max(len(said & own) / max(1, min(len(said), len(own))) if own else 0.0, alike if alike >= SURE else 0.0)
