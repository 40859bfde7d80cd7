"""A known diagram as a plain SVG: shapes, words, and lines with markers; nothing in it says what joins what."""

from __future__ import annotations

from html import escape

from benchmarks.diagram_lettering import Lettering
from benchmarks.diagram_shapes import outline
from cml_mm.diagrams.values import Diagram, DiagramNode
from cml_mm.types import Box

_ENDS = {"target": 'marker-end="url(#head)"', "both": 'marker-start="url(#head)" marker-end="url(#head)"', "none": ""}


def written_svg(diagram: Diagram, lettering: Lettering) -> str:
    """The file's text; `lettering` says how large words are and where they break."""
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{diagram.width:g}" height="{diagram.height:g}"'
        f' viewBox="0 0 {diagram.width:g} {diagram.height:g}" font-family="sans-serif" font-size="{lettering.px:g}">',
        f"<title>{escape(diagram.title)}</title>",
        '<defs><marker id="head" viewBox="0 0 10 10" refX="10" refY="5" markerWidth="8" markerHeight="8"'
        ' orient="auto-start-reverse"><path d="M0 0 L10 5 L0 10 z" fill="#444"/></marker></defs>',
        '<rect width="100%" height="100%" fill="#ffffff"/>',
    ]
    for edge in diagram.edges:
        corners = " ".join(f"{x:.1f},{y:.1f}" for x, y in edge.polyline)
        parts.append(f'<polyline points="{corners}" fill="none" stroke="#444" stroke-width="1.6" {_ENDS[edge.heads]}/>')
        if edge.label_box is not None:
            parts.append(_words((edge.label,), edge.label_box, lettering))
    for node in diagram.nodes:
        parts += [_shape(node), _words(lettering.lines(node.label, 15), node.box, lettering)]
    return "\n".join([*parts, "</svg>", ""])


def _shape(node: DiagramNode) -> str:
    box = node.box
    if box is None:
        raise ValueError("this diagram is not laid out")
    look = f'fill="{node.colour or "#ffffff"}" stroke="#5a6b7b" stroke-width="1.5"'
    place = f'x="{box.x:.1f}" y="{box.y:.1f}" width="{box.w:.1f}" height="{box.h:.1f}"'
    if node.shape in ("ellipse", "circle"):
        middle = f'cx="{box.x + box.w / 2:.1f}" cy="{box.y + box.h / 2:.1f}"'
        return f'<ellipse {middle} rx="{box.w / 2:.1f}" ry="{box.h / 2:.1f}" {look}/>'
    if node.shape in ("box", "rounded"):
        return f"<rect {place}{' rx=' + chr(34) + '10' + chr(34) if node.shape == 'rounded' else ''} {look}/>"
    corners = outline(node.shape, (box.x, box.y, box.x + box.w, box.y + box.h))[:-1]
    return f'<polygon points="{" ".join(f"{x:.1f},{y:.1f}" for x, y in corners)}" {look}/>'


def _words(lines: tuple[str, ...], box: Box | None, lettering: Lettering) -> str:
    if box is None:
        raise ValueError("this diagram is not laid out")
    x, y = box.x + box.w / 2, box.y + box.h / 2 - (len(lines) - 1) / 2 * lettering.pitch
    spans = "".join(
        f'<tspan x="{x:.1f}" y="{y + number * lettering.pitch:.1f}">{escape(line)}</tspan>'
        for number, line in enumerate(lines)
    )
    return f'<text text-anchor="middle" dominant-baseline="central" fill="#222">{spans}</text>'
