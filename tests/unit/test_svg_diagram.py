"""Drawings by Graphviz, mermaid, PlantUML and draw.io are read by their names, others by their places."""

from __future__ import annotations

from html import escape
from xml.etree import ElementTree

import pytest

from cml_mm.diagrams.values import Diagram
from cml_mm.errors import LimitExceeded
from cml_mm.media.svg_diagram import read_svg_diagram
from cml_mm.media.svg_paths import path_points
from tests.support.diagram_samples import GARDEN, GARDEN_ARROWS, arrows, drawing, lanes


def read(inside: str, attributes: str = "") -> Diagram | None:
    text = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="10 20 400 300" {attributes}>{inside}</svg>'
    return read_svg_diagram(ElementTree.fromstring(text), "drawn.svg")


def found(inside: str, attributes: str = "") -> Diagram:
    diagram = read(inside, attributes)
    assert diagram is not None
    return diagram


def gv_node(name: str, words: str, x: float, y: float) -> str:
    return (
        f'<g class="node"><title>{escape(name)}</title><polygon fill="gold" '
        f'points="{x - 30},{y - 15} {x + 30},{y - 15} '
        f'{x + 30},{y + 15} {x - 30},{y + 15} {x - 30},{y - 15}"/><text text-anchor="middle" x="{x}" y="{y + 4}">'
        f"{escape(words)}</text></g>"
    )


def gv_edge(title: str, line: str, *tips: tuple[float, float], words: str = "") -> str:
    heads = "".join(f'<polygon points="{x - 4},{y - 3} {x},{y} {x - 4},{y + 3} {x - 4},{y - 3}"/>' for x, y in tips)
    said = f'<text x="150" y="50">{escape(words)}</text>' if words else ""
    return f'<g class="edge"><title>{escape(title)}</title><path fill="none" d="{line}"/>{heads}{said}</g>'


def test_graphviz() -> None:
    drawn = (
        '<g class="graph"><title>farm</title>'
        '<g class="cluster"><title>cluster_x</title><polygon points="20,30 280,30 280,110 20,110 20,30"/>'
        '<text x="30" y="45">Yard</text></g>'
        + gv_node("a->x", "Hens & ducks", 60, 80)
        + gv_node("b", "Eggs", 240, 80)
        + gv_node("c", "Stall", 240, 200)
        + gv_edge("a->x->b", "M90,80C120,80 150,80 204,80", (210, 80), words="lay & hide")
        + gv_edge("b->c", "M240,101C240,120 240,150 240,185", (240, 97))
        + gv_edge("c->a->x", "M210,195 C150,150 100,120 80,100", (80, 98), (212, 197))
        + gv_edge("c->b", "M250,185L250,95")
        + "</g>"
    )
    diagram = found(drawn)
    assert arrows(diagram) == sorted([
        ("Hens & ducks", "Eggs", "lay & hide", "target"), ("Stall", "Eggs", "", "target"),
        ("Stall", "Hens & ducks", "", "both"), ("Stall", "Eggs", "", "none"),
    ])  # fmt: skip
    assert lanes(diagram) == {"Yard": ["Eggs", "Hens & ducks"]}
    box = diagram.nodes[0].box
    assert box is not None and (box.x, box.y, box.w, box.h) == (20, 45, 60, 30)
    assert (diagram.width, diagram.height, diagram.face) == (400, 300, "picture-1")
    assert {node.colour for node in diagram.nodes} == {"#ffd700"} and {node.shape for node in diagram.nodes} == {"box"}
    assert all(edge.confidence == 1 for edge in diagram.edges)


def mermaid(lines: str, edge_labels: str) -> str:
    def node(own: str, words: str, x: float, y: float) -> str:
        return (
            f'<g class="node default" id="g-flowchart-{own}-3" transform="translate({x}, {y})"><rect x="-40" y="-15" '
            'width="80" height="30"/><g class="label" transform="translate(-30,-10)"><foreignObject width="60" '
            f'height="20"><div xmlns="http://www.w3.org/1999/xhtml"><span><p>{words}</p></span></div></foreignObject></g></g>'
        )

    return (
        '<g class="root"><g class="clusters"><g class="cluster" id="shop"><rect x="20" y="30" width="200" height="90"/>'
        '<g class="cluster-label"><foreignObject x="30" y="32" width="60" height="20"><p>Shop</p>'
        "</foreignObject></g></g></g>"
        f'<g class="edgePaths">{lines}</g><g class="edgeLabels">{edge_labels}</g><g class="nodes">'
        f"{node('my_till', 'Till', 80, 80)}{node('my', 'Bread', 300, 80)}{node('till_b', 'Flour', 300, 250)}</g></g>"
    )


def test_mermaid_by_names_and_labels() -> None:
    label = (
        '<g class="edgeLabel" transform="translate(180, 70)"><g class="label" data-id="L_my_till_my_0"><foreignObject '
        'width="40" height="20"><div xmlns="http://www.w3.org/1999/xhtml"><p>sells</p></div></foreignObject></g></g>'
    )
    lines = (
        '<path d="M120,80 L260,80" data-id="L_my_till_my_0" class="edge-pattern-solid" marker-end="url(#pointEnd)"/>'
        '<path d="M300,235L300,95" data-id="L_till_b_my_0" class="edge-pattern-dotted" marker-start="url(#pointStart)" '
        'marker-end="url(#pointEnd)"/>'
        '<path d="M260,250 L220,100" id="g-L_till_b_shop_0" class="edge-thickness-thick"/>'
        '<path d="M260,255 L85,98" data-id="edge7" marker-end="url(#pointEnd)"/>'
    )
    diagram = found(mermaid(lines, label), 'aria-roledescription="flowchart-v2"')
    assert arrows(diagram) == sorted([
        ("Till", "Bread", "sells", "target"), ("Flour", "Bread", "", "both"), ("Flour", "Shop", "", "none"),
        ("Flour", "Till", "", "target"),
    ])  # fmt: skip
    assert [edge.style for edge in diagram.edges] == ["solid", "dotted", "thick", "solid"]
    assert [edge.confidence == 1 for edge in diagram.edges] == [True, True, True, False]
    assert lanes(diagram) == {"Shop": ["Till"]}


def test_older_mermaid() -> None:
    lines = (
        '<path d="M120,80 L260,80" id="L-my_till-my-0" class="flowchart-link LS-my_till LE-my" marker-end="url(#x)"/>'
    )
    words = '<foreignObject width="40" height="20"><p>sells</p></foreignObject>'
    label = f'<g class="edgeLabel"><g class="label">{words}</g></g>'
    diagram = found(mermaid(lines, label), 'class="flowchart"')
    assert arrows(diagram) == [("Till", "Bread", "sells", "target")]


@pytest.mark.parametrize("newer", [False, True])
def test_plantuml(newer: bool) -> None:
    def box(own: str, words: str, x: float) -> str:
        named = f'class="entity" data-qualified-name="{own}" id="ent_{own}"' if newer else f'id="elem_{own}"'
        return f'<g {named}><rect x="{x}" y="60" width="80" height="40"/><text x="{x + 10}" y="85">{words}</text></g>'

    named = 'class="link" data-entity-1="ent_a" data-entity-2="ent_b_c" id="lnk4"' if newer else 'id="link_a_b_c"'
    drawn = (
        box("a", "Nursery", 50) + box("b_c", "Forest", 250)
        + f'<g {named}><path d="M130,80 C160,80 200,80 245,80" fill="none"/><polygon fill="#181818" '
        'points="250,80,241,76,245,80,241,84,250,80"/><text x="170" y="70">young trees</text></g>'
    )  # fmt: skip
    diagram = found(f"<g>{drawn}</g>")
    assert arrows(diagram) == [("Nursery", "Forest", "young trees", "target")] and diagram.edges[0].confidence == 1


def test_draw_io_comes_from_its_source() -> None:
    source = escape(drawing(GARDEN, pack=True).decode(), quote=True)
    assert arrows(found("<g/>", f'content="{source}"')) == GARDEN_ARROWS
    assert read("<g/>", 'content="&lt;mxfile&gt;&lt;diagram&gt;!!&lt;/diagram&gt;&lt;/mxfile&gt;"') is None


PLAIN = (
    '<rect x="10" y="20" width="400" height="300" fill="white"/>'
    '<rect x="40" y="50" width="90" height="40" rx="6" style="fill:#ffeecc"/><text x="55" y="75">Bees</text>'
    '<g transform="translate(200,0)"><ellipse cx="60" cy="70" rx="50" ry="25"/>'
    '<text x="60" y="75" text-anchor="middle">'
    '<tspan x="60" dy="0">Honey</tspan></text></g>'
    '<path d="M 60 200 h 100 v 40 h -100 z"/><text x="75" y="225">Meadow</text>'
)


def test_plain_drawings_are_joined_by_their_places() -> None:
    diagram = found(
        PLAIN + '<line x1="131" y1="70" x2="209" y2="70" marker-end="url(#arrow)"/><text x="150" y="64">make</text>'
        '<path d="M 100 199 C 100 150 90 120 88 97" fill="none" style="stroke-dasharray:6,3"/>'
        '<polygon points="84,98 88,91 92,98"/><text x="300" y="290">June</text>'
    )
    assert arrows(diagram) == [("Bees", "Honey", "make", "target"), ("Meadow", "Bees", "", "target")]
    assert [node.shape for node in diagram.nodes] == ["rounded", "ellipse", "box"]
    assert diagram.nodes[0].colour == "#ffeecc" and diagram.edges[1].style == "dashed"
    assert all(0.5 < part.confidence < 1 for part in diagram.parts)
    assert [text.text for text in diagram.unplaced] == ["June"]


def test_drawings_that_join_nothing() -> None:
    assert read(PLAIN) is None
    assert read("") is None
    assert read('<text x="40" y="50">Only words</text><line x1="0" y1="0" x2="90" y2="90"/>') is None


def test_floods_are_refused_or_read() -> None:
    shapes = "".join(f'<rect x="{at % 390}" y="{at % 290}" width="5" height="5"/>' for at in range(7_000))
    with pytest.raises(LimitExceeded):
        read(shapes)
    assert read('<path d="' + "M1,1 " * 60_000 + '"/>') is None
    assert read('<g class="node"><title>a</title></g>' * 300) is None


def test_paths_are_followed() -> None:
    assert path_points("M10 10l5,0V30h-5z") == [(10, 10), (15, 10), (15, 30), (10, 30), (10, 10)]
    assert path_points("m1-1.5.5 2e1") == [(1, -1.5), (1.5, 18.5)]
    round_trip = path_points("M 0 0 a 50 50 0 1 1 0 0.001 z")
    assert max(abs(x) for x, _ in round_trip) > 90
    half = path_points("M0,0 A50,50 0 0 1 100,0")
    assert half[-1] == (100, 0) and min(y for _, y in half) == pytest.approx(-50, abs=0.1)
    smooth = path_points("M0 0 C 0 10 10 10 10 0 S 20 -10 20 0 Q 25 5 30 0 T 40 0")
    assert smooth[-1] == (40, 0) and smooth[12] == (20, 0)
    assert path_points("words only") == [] and path_points("M1") == []
