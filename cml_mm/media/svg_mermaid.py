"""Diagrams that mermaid drew as SVG: boxes, paths and their labels have names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree import ElementTree

from cml_mm.diagrams.drafting import Draft, DraftEdge
from cml_mm.diagrams.snapping import nearest
from cml_mm.diagrams.values import LineStyle
from cml_mm.media.svg_geometry import local_name
from cml_mm.media.svg_named import add_box, add_container, bounds_of_words, classes_of, groups_that, two_names
from cml_mm.media.svg_parts import Group, Mark, Sheet, heads_of, read_groups, set_containers

_MERMAID_NODE = re.compile(r"(?:.*-)?(?:flowchart|state|mindmap|classId)-(.+)-\d+$", re.S)


_MERMAID_EDGE = re.compile(r"(?:.*?-)?L[-_](.+)[-_]\d+$", re.S)


_NEAR = 30.0  # from a line's end to the box that it belongs to, where the file names none


def read_mermaid_svg(root: ElementTree.Element, sheet: Sheet, title: str) -> Draft | None:
    """Mermaid names its boxes, its paths and their labels."""
    nodes = groups_that(root, lambda element: "node" in classes_of(element))
    if not nodes or not (root.get("aria-roledescription") or "flowchart" in classes_of(root)):
        return None
    clusters = groups_that(root, lambda element: "cluster" in classes_of(element))
    labels = [
        element
        for element in groups_that(root, lambda element: "edgeLabel" in classes_of(element))
        if not any("edgeLabel" in classes_of(inner) for inner in element if local_name(inner.tag) == "g")
    ]
    # Boxes and clusters may stand in groups of each other; wanted elements come outermost first.
    order = {id(element): at for at, element in enumerate(root.iter())}
    wanted = sorted([*clusters, *nodes, *labels], key=lambda element: order[id(element)])
    groups = {id(group.element): group for group in read_groups(root, wanted, sheet)}
    draft = Draft("svg", title)
    for element in clusters:
        add_container(draft, element.get("id") or f"cluster {len(draft.containers)}", groups[id(element)], sheet)
    for element in nodes:
        found = _MERMAID_NODE.match(element.get("id", ""))
        key = found.group(1) if found is not None else element.get("id") or f"box {len(draft.nodes)}"
        add_box(draft, key if key not in draft.nodes else element.get("id", key), groups[id(element)], sheet)
    said = _mermaid_labels(labels, groups)
    for at, (mark, names, style) in enumerate(_mermaid_lines(root, sheet)):
        ends = _mermaid_ends(draft, mark, names)
        if ends is None:
            draft.notices.append("An arrow ends near no box and is left out.")
            continue
        group = next((said[name] for name in names if name in said), said.get(f"#{at}"))
        box = sheet.box(bounds_of_words(group)) if group is not None and group.words else None
        begins, finishes = _mermaid_heads(mark)
        heads, backwards = heads_of(begins, finishes)
        source, target, polyline = (ends[1], ends[0], mark.points[::-1]) if backwards else (*ends[:2], mark.points)
        label = group.label if group is not None else ""
        draft.edge(DraftEdge(source, target, label, heads, style, polyline, box, ends[2]))
    set_containers(draft)
    return draft


def _mermaid_labels(labels: list[ElementTree.Element], groups: dict[int, Group]) -> dict[str, Group]:
    """Labels by the names of their arrows, and by their number: older versions only keep the order."""
    found: dict[str, Group] = {}
    named = False
    for element in labels:
        for inner in element.iter():
            key = inner.get("data-id", "") or (inner.get("id", "") if inner.get("id", "").startswith("L") else "")
            if key:
                found[key] = groups[id(element)]
                named = True
    if not named:
        found = {f"#{at}": groups[id(element)] for at, element in enumerate(labels)}
    return found


def _mermaid_lines(root: ElementTree.Element, sheet: Sheet) -> Iterator[tuple[Mark, list[str], LineStyle]]:
    """The paths that are arrows, what they are called, and how they are drawn."""
    holders = groups_that(root, lambda element: bool({"edgePaths", "edges"} & set(classes_of(element))))
    for group in read_groups(root, holders, sheet):
        for mark in group.marks:
            element = mark.element
            if element is None or mark.tag != "path":
                continue
            names = [element.get("data-id", ""), element.get("id", "")]
            classes = classes_of(element)
            for one in classes:
                if one.startswith("LS-"):
                    other = next((name[3:] for name in classes if name.startswith("LE-")), "")
                    names.append(f"L-{one[3:]}-{other}-0")
            style: LineStyle = mark.dashed
            if "edge-pattern-dotted" in classes:
                style = "dotted"
            elif "edge-pattern-dashed" in classes:
                style = "dashed"
            elif "edge-thickness-thick" in classes:
                style = "thick"
            yield mark, [name for name in names if name], style


def _mermaid_ends(draft: Draft, mark: Mark, names: list[str]) -> tuple[str, str, float] | None:
    known = {*draft.nodes, *draft.containers}
    for name in names:
        found = _MERMAID_EDGE.match(name)
        ends = two_names(found.group(1), ("_", "-"), known) if found is not None else None
        if ends is not None:
            return (*ends, 1.0)
    boxes = {key: node.box for key, node in draft.nodes.items() if node.box is not None}
    one, other = nearest(mark.points[0], boxes, _NEAR), nearest(mark.points[-1], boxes, _NEAR)
    return (one[0], other[0], round(min(one[1], other[1]), 3)) if one is not None and other is not None else None


def _mermaid_heads(mark: Mark) -> tuple[bool, bool]:
    """Whether there is a head at the beginning and at the end; circles and crosses only where there is no arrow."""
    signs = [mark.begins, mark.ends]
    arrows = [bool(sign) and "circle" not in sign.casefold() and "cross" not in sign.casefold() for sign in signs]
    if not any(arrows):
        arrows = [bool(sign) for sign in signs]
    return arrows[0], arrows[1]
