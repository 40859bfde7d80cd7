"""A path of relations, drawn from top to bottom: colour, line, ends and words say the same thing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cml_mm.types import SYMMETRIC_KINDS, TRUST_WORDS, Edge, Relation
from cml_mm.ui.icons import trust_mark
from cml_mm.ui.text import escape


@dataclass(frozen=True)
class Look:
    """How one kind of relation is drawn. `down` is said from subject to object, `up` the other way."""

    tone: str
    down: str
    up: str
    dash: str
    width: float
    end: str


LOOKS: dict[str, Look] = {
    "REQUIRES": Look("req", "REQUIRES", "REQUIRED BY", "", 2, "triangle"),
    "ENABLES": Look("ena", "ENABLES", "ENABLED BY", "11 4", 2, "vee"),
    "TENSIONS_WITH": Look("ten", "TENSIONS WITH", "TENSIONS WITH", "4 4", 2.75, "tee"),
    "SPECIALIZES_TO": Look("spe", "SPECIALISES TO", "SPECIALISES", "", 1.75, "hollow"),
    "ADOPTS": Look("ado", "ADOPTS", "ADOPTED BY", "9 4 2 4", 2, "disc"),
    "USES_TOOL": Look("req", "USES TOOL", "TOOL OF", "2 3", 2, "vee"),
    "COMPLEMENTS": Look("rel", "COMPLEMENTS", "COMPLEMENTS", "1 5", 1.75, ""),
    "ALTERNATIVE_TO": Look("rel", "ALTERNATIVE TO", "ALTERNATIVE TO", "1 5", 1.75, ""),
    "RELATED": Look("rel", "RELATED TO", "RELATED TO", "1 5", 1.75, ""),
}
_ENDS = {
    "triangle": '<path d="M-5-9h10L0 0z" fill="currentColor" stroke="none"/>',
    "vee": '<path d="M-5-8 0 0l5-8" stroke-dasharray="none"/>',
    "hollow": '<path d="M-5.5-10h11L0-.5z" fill="var(--surface)" stroke-dasharray="none"/>',
    "disc": '<circle cy="-4" r="4" fill="currentColor" stroke="none"/>',
    "tee": '<path d="M-7-1.5H7" stroke-dasharray="none"/>',
}


@dataclass(frozen=True)
class _Hop:
    relation: Relation
    below: str  # title of the node that this hop leads to
    downward: bool  # subject above, object below


def path_html(path: Sequence[Relation], edge: Edge) -> str:
    """Nodes and the relations between them; an edge without a stored relation is drawn from its names."""
    relations = tuple(path) or (_from_edge(edge),)
    top, hops = _walk(relations)
    rows = [f'<div class="n lit">{escape(top)}</div>']
    for hop in hops:
        rows.append(_hop_html(hop))
        rows.append(f'<div class="n">{escape(hop.below)}</div>')
    return f'<div class="path">{"".join(rows)}</div>'


def path_words(path: Sequence[Relation]) -> str:
    """The locator of a path, in words."""
    count = max(1, len(path))
    names = ("one step", "two steps", "three steps", "four steps")
    return f"Relation path, {names[count - 1] if count <= len(names) else f'{count} steps'}"


def path_title(path: Sequence[Relation], fallback: str) -> str:
    """The titles at the ends of a path."""
    if not path:
        return fallback
    top, hops = _walk(tuple(path))
    return f"{top} and {hops[-1].below}"


def _from_edge(edge: Edge) -> Relation:
    kind = edge.relation if edge.relation in LOOKS else "RELATED"
    return Relation(kind, edge.subject, edge.object, "inferred")  # type: ignore[arg-type]


def _walk(relations: tuple[Relation, ...]) -> tuple[str, tuple[_Hop, ...]]:
    """Reads a chain whose links may point either way. A link that does not join on starts from its"
    " subject."""
    first = relations[0]
    slug = first.subject
    if len(relations) > 1 and first.subject in (relations[1].subject, relations[1].object):
        slug = first.object
    top = _title(first, slug)
    hops = []
    for relation in relations:
        downward = relation.object != slug
        slug = relation.object if downward else relation.subject
        hops.append(_Hop(relation, _title(relation, slug), downward))
    return top, tuple(hops)


def _title(relation: Relation, slug: str) -> str:
    given = relation.subject_title if slug == relation.subject else relation.object_title
    return given or slug.replace("-", " ").capitalize()


def _hop_html(hop: _Hop) -> str:
    relation = hop.relation
    look = LOOKS.get(relation.kind, LOOKS["RELATED"])
    words = look.down if hop.downward else look.up
    reason = f'<p class="why">{escape(relation.reason)}</p>' if relation.reason else ""
    trust = escape(TRUST_WORDS.get(relation.layer, "Unknown origin"))
    return (
        f'<div class="x {look.tone}">{_line(look, relation.kind, hop.downward)}<div>'
        f'<span class="rl">{words}</span>{reason}'
        f'<span class="tl">{trust_mark(relation.layer)}{trust}</span></div></div>'
    )


def relation_line(kind: str) -> str:
    """A short line from left to right, drawn as this kind of relation is."""
    look = LOOKS.get(kind, LOOKS["RELATED"])
    end = _ENDS.get(look.end, "")
    dash = f' stroke-dasharray="{look.dash}"' if look.dash else ""
    cap = ' stroke-linecap="round"' if look.dash == "1 5" else ""
    right = f'<g transform="translate(42 8) rotate(-90)">{end}</g>' if end else ""
    left = f'<g transform="translate(2 8) rotate(90)">{end}</g>' if end and kind in SYMMETRIC_KINDS else ""
    return (
        f'<svg class="hl" viewBox="0 0 44 16" aria-hidden="true" fill="none" stroke="currentColor"'
        f' stroke-width="{look.width}"><path d="M2 8h40"{dash}{cap}/>{left}{right}</svg>'
    )


def _line(look: Look, kind: str, downward: bool) -> str:
    """An SVG as high as its row: percentages place the line and its ends."""
    end = _ENDS.get(look.end, "")
    both = kind in SYMMETRIC_KINDS
    below = f'<svg x="9" y="100%" overflow="visible">{end}</svg>' if end and (downward or both) else ""
    above = (
        f'<svg x="9" y="0" overflow="visible"><g transform="rotate(180)">{end}</g></svg>'
        if end and (both or not downward)
        else ""
    )
    dash = f' stroke-dasharray="{look.dash}"' if look.dash else ""
    cap = ' stroke-linecap="round"' if look.dash == "1 5" else ""
    return (
        f'<svg class="ln" aria-hidden="true" fill="none" stroke="currentColor" stroke-width="{look.width}">'
        f'<line x1="9" y1="0" x2="9" y2="100%"{dash}{cap}/>{above}{below}</svg>'
    )
