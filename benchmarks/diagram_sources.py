"""A known diagram written as sources with structure: what an exact reader must give back without a fault."""

from __future__ import annotations

import base64
import urllib.parse
import zlib
from html import escape

from cml_mm.diagrams.values import Diagram
from cml_mm.types import Box

_DOT_SHAPES = {"rounded": "box, style=rounded", "text": "plaintext", "icon": "box", "actor": "box", "other": "box"}
_MERMAID_SHAPES = {
    "rounded": "({})",
    "ellipse": "([{}])",
    "circle": "(({}))",
    "diamond": "{{{}}}",
    "cylinder": "[({})]",
    "hexagon": "{{{{{}}}}}",
    "parallelogram": "[/{}/]",
}
_MERMAID_LINES = {
    "solid": ("---", "-->"),
    "thick": ("===", "==>"),
    "dashed": ("-.-", "-.->"),
    "dotted": ("-.-", "-.->"),
}
_PLANTUML_WORDS = {
    "ellipse": "usecase",
    "cylinder": "database",
    "actor": "actor",
    "hexagon": "node",
    "note": "artifact",
}
_DRAWIO_SHAPES = {
    "box": "rounded=0",
    "rounded": "rounded=1",
    "ellipse": "ellipse",
    "circle": "ellipse;aspect=fixed",
    "diamond": "rhombus",
    "cylinder": "shape=cylinder3",
    "hexagon": "shape=hexagon",
    "parallelogram": "shape=parallelogram",
    "note": "shape=note",
    "text": "text",
}


def written_dot(diagram: Diagram) -> str:
    """Graphviz's language, lanes as clusters."""
    lines = ["digraph drawn {", f'  label="{_quoted(diagram.title)}";', "  node [shape=box];"]
    for lane in ("", *(container.id for container in diagram.containers)):
        inside = [node for node in diagram.nodes if node.container == lane]
        label = next((one.label for one in diagram.containers if one.id == lane), "")
        lines += [f"  subgraph cluster_{lane} {{", f'    label="{_quoted(label)}";'] if lane else []
        for node in inside:
            shape = _DOT_SHAPES.get(node.shape, node.shape)
            lines.append(f'    {node.id} [label="{_quoted(node.label)}", shape={shape}];')
        lines += ["  }"] if lane else []
    for edge in diagram.edges:
        said = [f'label="{_quoted(edge.label)}"'] if edge.label else []
        said += [f"dir={'both' if edge.heads == 'both' else 'none'}"] if edge.heads != "target" else []
        said += [f"style={'bold' if edge.style == 'thick' else edge.style}"] if edge.style != "solid" else []
        lines.append(f"  {edge.source} -> {edge.target}" + (f" [{', '.join(said)}];" if said else ";"))
    return "\n".join([*lines, "}", ""])


def written_mermaid(diagram: Diagram) -> str:
    """A mermaid flowchart, lanes as subgraphs."""
    lines = [*(["---", f"title: {diagram.title}", "---"] if diagram.title else []), "flowchart TD"]
    for lane in ("", *(container.id for container in diagram.containers)):
        label = next((one.label for one in diagram.containers if one.id == lane), "")
        lines += [f'  subgraph {lane}["{label}"]'] if lane else []
        for node in diagram.nodes:
            if node.container == lane:
                lines.append(
                    f"    {node.id}{_MERMAID_SHAPES.get(node.shape, '[{}]').format(chr(34) + node.label + chr(34))}"
                )
        lines += ["  end"] if lane else []
    for edge in diagram.edges:
        bare, headed = _MERMAID_LINES[edge.style]
        line = bare if edge.heads == "none" else headed if edge.heads == "target" else f"<{headed}"
        said = f'|"{edge.label}"|' if edge.label else ""
        lines.append(f"  {edge.source} {line}{said} {edge.target}")
    return "\n".join([*lines, ""])


def written_plantuml(diagram: Diagram) -> str:
    """A PlantUML component diagram, lanes as packages."""
    lines = ["@startuml", *([f"title {diagram.title}"] if diagram.title else [])]
    for lane in ("", *(container.id for container in diagram.containers)):
        label = next((one.label for one in diagram.containers if one.id == lane), "")
        lines += [f'package "{label}" as {lane} {{'] if lane else []
        for node in diagram.nodes:
            if node.container == lane:
                lines.append(f'  {_PLANTUML_WORDS.get(node.shape, "rectangle")} "{node.label}" as {node.id}')
        lines += ["}"] if lane else []
    for edge in diagram.edges:
        body = ".." if edge.style in ("dashed", "dotted") else "--"
        line = {"target": f"{body}>", "both": f"<{body}>", "none": body}[edge.heads]
        lines.append(f"{edge.source} {line} {edge.target}{f' : {edge.label}' if edge.label else ''}")
    return "\n".join([*lines, "@enduml", ""])


def written_drawio(diagram: Diagram, packed: bool = False) -> str:
    """A draw.io file of one page.

    Args:
        diagram: laid out, each node with its box.
        packed: deflate the page as draw.io does on request; else plain XML.
    """
    places = {container.id: container.box for container in diagram.containers}
    cells = ['<mxCell id="0"/>', '<mxCell id="1" parent="0"/>']
    for container in diagram.containers:
        cells.append(_cell(container.id, container.label, "swimlane;startSize=24;html=1", container.box, None, "1"))
    for node in diagram.nodes:
        style = _DRAWIO_SHAPES.get(node.shape, "rounded=0") + ";whiteSpace=wrap;html=1"
        style += f";fillColor={node.colour}" if node.colour else ""
        cells.append(_cell(node.id, node.label, style, node.box, places.get(node.container), node.container or "1"))
    for edge in diagram.edges:
        heads = {"target": "", "both": "startArrow=classic;", "none": "endArrow=none;"}[edge.heads]
        dashed = "dashed=1;" if edge.style in ("dashed", "dotted") else ""
        cells.append(
            f'<mxCell id="{edge.id}" value="{escape(edge.label)}" style="{heads}{dashed}html=1" edge="1" parent="1"'
            f' source="{edge.source}" target="{edge.target}"><mxGeometry relative="1" as="geometry"/></mxCell>'
        )
    model = f"<mxGraphModel><root>{''.join(cells)}</root></mxGraphModel>"
    page = _packed(model) if packed else model
    return f'<mxfile><diagram id="page" name="{escape(diagram.title)}">{page}</diagram></mxfile>'


def _cell(name: str, label: str, style: str, box: Box | None, inside: Box | None, parent: str) -> str:
    placed = _placed(box)
    x, y = (placed.x - inside.x, placed.y - inside.y) if inside else (placed.x, placed.y)
    return (
        f'<mxCell id="{name}" value="{escape(label)}" style="{style}" vertex="1" parent="{parent}">'
        f'<mxGeometry x="{x:g}" y="{y:g}" width="{placed.w:g}" height="{placed.h:g}" as="geometry"/></mxCell>'
    )


def _packed(model: str) -> str:
    """As draw.io packs a page: its address-escaped text, deflated without a head, in base 64."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return base64.b64encode(packer.compress(urllib.parse.quote(model).encode()) + packer.flush()).decode()


def _quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')


def _placed(box: Box | None) -> Box:
    if box is None:
        raise ValueError("this diagram is not laid out")
    return box
