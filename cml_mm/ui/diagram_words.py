"""What is said of a diagram: how much was read, what an arrow does, what might be asked of it."""

from __future__ import annotations

from collections.abc import Sequence

from cml_mm.diagrams.values import Diagram, DiagramContainer, DiagramEdge, DiagramNode
from cml_mm.ui.diagram_overlay import Ends, holders, numbered
from cml_mm.visits import DiagramCount, count_parts

_LONGEST_LABEL = 60  # characters of a label within a sentence
QUESTIONS = 3


def count_words(count: DiagramCount) -> str:
    """ "7 boxes, 7 arrows, 1 unclear"."""
    more = f", {count.unclear:,} unclear" if count.unclear else ""
    return f"{_counted(count.boxes, 'box', 'boxes')}, {_counted(count.arrows, 'arrow', 'arrows')}{more}"


def read_words(diagram: Diagram) -> str:
    """ "7 boxes, 7 arrows, one of them unclear. Correct anything first."."""
    boxes = _counted(len(diagram.nodes), "box", "boxes")
    arrows = _counted(len(diagram.edges), "arrow", "arrows")
    lanes = f", {_counted(len(diagram.containers), 'lane', 'lanes')}" if diagram.containers else ""
    doubt = len(diagram.unclear)
    unclear = f", {'one' if doubt == 1 else f'{doubt:,}'} of them unclear" if doubt else ""
    return f"{boxes}, {arrows}{lanes}{unclear}. Correct anything first."


def corrected_words(diagram: Diagram) -> str:
    """ "Corrected by you: 3 changes."; nothing where nothing was."""
    return f"Corrected by you: {_counted(diagram.corrections, 'change', 'changes')}." if diagram.corrections else ""


def arrow_words(edge: DiagramEdge, ends: Ends) -> str:
    """ "2 leads to 3"."""
    if edge.heads == "both":
        return f"{ends[edge.source]} and {ends[edge.target]} lead to each other"
    verb = "leads to" if edge.heads == "target" else "is joined to"
    return f"{ends[edge.source]} {verb} {ends[edge.target]}"


def arrow_sentence(diagram: Diagram, edge: DiagramEdge) -> str:
    """The same in the labels' words, for whoever does not see the picture."""
    names, ends = part_labels(diagram), numbered(diagram)
    source, target = names.get(edge.source, "?"), names.get(edge.target, "?")
    label = f", labelled {edge.label}" if edge.label else ""
    if edge.heads == "target":
        return f"Arrow from {ends[edge.source]} {source} to {ends[edge.target]} {target}{label}"
    kind = "Arrow both ways between" if edge.heads == "both" else "Line between"
    return f"{kind} {ends[edge.source]} {source} and {ends[edge.target]} {target}{label}"


def part_labels(diagram: Diagram) -> dict[str, str]:
    """What boxes and lanes are called, by id; a name where there is no label."""
    return {part.id: part.label or "no words" for part in holders(diagram)}


def cited_words(diagram: Diagram | None, parts: Sequence[str]) -> str:
    """Which part a citation means: "box “Board”", "arrow from “Board” to “Assembly”"; "" where that is not known."""
    found = [part for part in diagram.parts if part.id in parts] if diagram else []
    if diagram is None or not found:
        return ""
    arrows = [part for part in found if isinstance(part, DiagramEdge)]
    if len(arrows) == 1:
        names, edge = part_labels(diagram), arrows[0]
        joins = ("from", "to") if edge.heads == "target" else ("between", "and")
        ends = f"{joins[0]} {_quoted(names.get(edge.source, '?'))} {joins[1]} {_quoted(names.get(edge.target, '?'))}"
        return f"{'arrow' if edge.heads != 'none' else 'line'} {ends}"
    if len(found) == 1:
        kind = "lane" if isinstance(found[0], DiagramContainer) else "box"
        return f"{kind} {_quoted(found[0].label or 'without words')}"
    boxes = sum(isinstance(part, DiagramNode) for part in found)
    counts = [_counted(boxes, "box", "boxes")] if boxes else []
    counts += [_counted(len(arrows), "arrow", "arrows")] if arrows else []
    return " and ".join(counts or [_counted(len(found), "lane", "lanes")])


def example_questions(diagram: Diagram) -> tuple[str, ...]:
    """Questions that this diagram can answer, with its own labels; at most three."""
    labels = {part.id: _short(part.label) for part in holders(diagram) if part.label.strip()}
    leads = [edge for edge in diagram.edges if edge.heads == "target" and {edge.source, edge.target} <= labels.keys()]
    sources, targets = {edge.source for edge in leads}, {edge.target for edge in leads}
    between = [node.id for node in diagram.nodes if node.id in sources & targets]
    starts = [node.id for node in diagram.nodes if node.id in sources - targets]
    ends = [node.id for node in diagram.nodes if node.id in targets - sources]
    asked = [f"What comes after “{labels[part]}”?" for part in (between or starts)[:1]]
    reached = [(start, end) for start in starts[:4] for end in _reached(leads, start) if end in ends]
    asked += [f"How do you get from “{labels[start]}” to “{labels[end]}”?" for start, end in reached[:1]]
    held = {node.container for node in diagram.nodes}
    lanes = [lane for lane in diagram.containers if lane.id in held and lane.id in labels]
    asked += [f"What is in the lane “{labels[lane.id]}”?" for lane in lanes[:1]]
    asked += [f"What comes before “{labels[part]}”?" for part in (ends or between[1:])[:1]]
    asked += ["Is there a loop in this diagram?", "How many boxes and arrows are there?"]
    return tuple(dict.fromkeys(asked))[:QUESTIONS]


def file_count(diagrams: Sequence[Diagram]) -> str:
    """The same for all diagrams of a file; nothing where there is none."""
    count = count_parts(diagrams)
    return count_words(count) if count.diagrams else ""


def _reached(leads: Sequence[DiagramEdge], start: str) -> list[str]:
    """Everything that arrows lead to from here, the furthest first."""
    found, edge_of = [start], [start]
    while edge_of:
        edge_of = [edge.target for edge in leads if edge.source in edge_of and edge.target not in found]
        edge_of = list(dict.fromkeys(edge_of))
        found += edge_of
    return found[:0:-1]


def _quoted(label: str) -> str:
    return f"“{_short(label)}”"


def _short(label: str) -> str:
    words = " ".join(label.split())
    return words if len(words) <= _LONGEST_LABEL else f"{words[: _LONGEST_LABEL - 1].rstrip()}…"


def _counted(count: int, one: str, several: str) -> str:
    return f"{count:,} {one if count == 1 else several}"
