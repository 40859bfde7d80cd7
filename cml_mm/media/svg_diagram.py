"""Diagrams out of SVG drawings: what Graphviz, mermaid, PlantUML and draw.io wrote, exactly; others by their places."""

from __future__ import annotations

import math
from xml.etree import ElementTree

from cml_mm.diagrams.drafting import Draft, DraftEdge
from cml_mm.diagrams.label_text import one_line
from cml_mm.diagrams.values import Diagram, Point
from cml_mm.errors import InputError
from cml_mm.media.drawio import embedded_drawio, fitted, read_drawio
from cml_mm.media.svg_generic import read_generic
from cml_mm.media.svg_geometry import local_name, view_of
from cml_mm.media.svg_mermaid import read_mermaid_svg
from cml_mm.media.svg_named import add_box, add_container, bounds_of_words, classes_of, groups_that, title_of, two_names
from cml_mm.media.svg_parts import Group, Mark, Sheet, heads_of, read_groups, set_containers
from cml_mm.visits import DEFAULT_LIMITS, Limits

FACE = "picture-1"


def read_svg_diagram(root: ElementTree.Element, name: str, limits: Limits = DEFAULT_LIMITS) -> Diagram | None:
    """Read the graph that a drawing shows.

    Args:
        root: the drawing, parsed after it was checked (no entities, nothing from outside).
        name: what the file is called, for messages.
        limits: on depth and sizes, for a source inside it.

    Returns:
        The diagram in the unit of the face "picture-1", or None where the drawing joins nothing.
        Boxes and arrows that the drawing names are surely read; those found by their places less so.

    Raises:
        LimitExceeded: it has too many parts.
    """
    left, top, width, height = view_of(root)
    sheet = Sheet(left, top, width, height)
    source = _embedded(root, name, limits)
    if source is not None:
        return fitted(source, width, height, FACE)
    title = one_line(next((child.text or "" for child in root if local_name(child.tag) == "title"), ""))[:200]
    for reader in (_graphviz, read_mermaid_svg, _plantuml, read_generic):
        draft = reader(root, sheet, title)
        if draft is not None and draft.nodes and draft.edges:
            return draft.finished(width, height, FACE)
    return None


def _embedded(root: ElementTree.Element, name: str, limits: Limits) -> Diagram | None:
    content = root.get("content", "")
    if "mxfile" not in content[:400] and "mxGraphModel" not in content[:400]:
        return None
    wrapped = ElementTree.Element("svg", {"content": content})
    inside = embedded_drawio(ElementTree.tostring(wrapped))
    try:
        pages = read_drawio(inside, name, limits) if inside else ()
    except InputError:
        return None  # the drawing itself is still there to be read
    return next((page for page in pages if page.has_structure), None)


def _graphviz(root: ElementTree.Element, sheet: Sheet, title: str) -> Draft | None:
    """Graphviz gives every box, arrow and cluster a group with its name as title."""
    graphs = groups_that(
        root, lambda element: "graph" in classes_of(element) and bool(title_of(element) or len(element))
    )
    wanted = groups_that(root, lambda element: bool({"node", "edge", "cluster"} & set(classes_of(element))))
    if not graphs or not wanted or not all(title_of(element) for element in wanted):
        return None
    groups = read_groups(root, [graphs[0], *wanted], sheet)
    draft = Draft("svg", groups[0].label or title)
    for group in groups[1:]:
        if "node" in classes_of(group.element):
            add_box(draft, title_of(group.element), group, sheet)
        elif "cluster" in classes_of(group.element):
            add_container(draft, f"cluster {title_of(group.element)}", group, sheet)
    for group in groups[1:]:
        ends = two_names(title_of(group.element), ("->", "--"), draft.nodes)
        if "edge" in classes_of(group.element) and ends is not None:
            _drawn_edge(draft, group, *ends, sheet)
    set_containers(draft)
    return draft


def _drawn_edge(draft: Draft, group: Group, source: str, target: str, sheet: Sheet) -> None:
    """An arrow whose heads are shapes beside its line: those nearer to an end are that end's."""
    lines = [mark for mark in group.marks if mark.tag in {"path", "line", "polyline"} and not mark.closed]
    signs = [mark for mark in group.marks if mark.tag in {"polygon", "ellipse"} or mark.closed]
    if not lines:
        return
    line = max(lines, key=lambda mark: sum(mark.bounds[2:]))
    polyline = _from_box(draft, source, target, line.points)
    near = [_nearer_end(polyline, sign) for sign in signs]
    arrows = [end for end, sign in zip(near, signs, strict=True) if _is_arrowhead(sign)] or near
    heads, backwards = heads_of("begin" in arrows, "end" in arrows)
    if backwards:
        source, target, polyline = target, source, polyline[::-1]
    box = sheet.box(bounds_of_words(group)) if group.words else None
    draft.edge(DraftEdge(source, target, group.label, heads, line.dashed, polyline, box))


def _is_arrowhead(sign: Mark) -> bool:
    """Whether a sign at a line's end is an arrowhead: a diamond, a bar or a dot is none where the other end has one."""
    if sign.tag != "polygon":
        return False
    corners = {(round(x, 1), round(y, 1)) for x, y in sign.points}
    if len(corners) != 4:
        return True
    sides = [math.dist(one, other) for one, other in zip(sign.points, sign.points[1:], strict=False)]
    return max(sides) > 1.3 * min(sides) if min(sides, default=0) else True


def _nearer_end(line: tuple[Point, ...], sign: Mark) -> str:
    x, y, w, h = sign.bounds
    centre = (x + w / 2, y + h / 2)
    return "begin" if math.dist(centre, line[0]) < math.dist(centre, line[-1]) else "end"


def _from_box(draft: Draft, source: str, target: str, points: tuple[Point, ...]) -> tuple[Point, ...]:
    """A line turned so that it runs from its source to its target."""
    one, other = (draft.nodes[key].box if key in draft.nodes else None for key in (source, target))
    if one is None or other is None or source == target:
        return points
    first, last = (one.x + one.w / 2, one.y + one.h / 2), (other.x + other.w / 2, other.y + other.h / 2)
    kept = math.dist(points[0], first) + math.dist(points[-1], last)
    turned = math.dist(points[-1], first) + math.dist(points[0], last)
    return points if kept <= turned else points[::-1]


def _plantuml(root: ElementTree.Element, sheet: Sheet, title: str) -> Draft | None:
    """PlantUML groups each box and each arrow, and names both."""
    boxes = groups_that(root, lambda one: one.get("id", "").startswith("elem_") or "entity" in classes_of(one))
    links = groups_that(root, lambda one: one.get("id", "").startswith("link_") or "link" in classes_of(one))
    clusters = groups_that(root, lambda one: one.get("id", "").startswith("cluster_") or "cluster" in classes_of(one))
    if not boxes or not links:
        return None
    order = {id(element): at for at, element in enumerate(root.iter())}
    wanted = sorted([*clusters, *boxes, *links], key=lambda element: order[id(element)])
    groups = {id(group.element): group for group in read_groups(root, wanted, sheet)}
    draft = Draft("svg", title)
    names: dict[str, str] = {}
    for element in boxes:
        own = element.get("data-qualified-name") or element.get("id", "").removeprefix("elem_")
        names[element.get("id", "")] = own
        add_box(draft, own, groups[id(element)], sheet)
    for element in clusters:
        add_container(draft, f"cluster {element.get('id', '')}", groups[id(element)], sheet)
    for element in links:
        group = groups[id(element)]
        stated = (names.get(element.get("data-entity-1", "")), names.get(element.get("data-entity-2", "")))
        ends = two_names(element.get("id", "").removeprefix("link_"), ("_",), draft.nodes)
        if stated[0] and stated[1]:
            ends = (stated[0], stated[1])
        if ends is not None:
            _drawn_edge(draft, group, *ends, sheet)
    set_containers(draft)
    return draft
