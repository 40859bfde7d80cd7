"""The typed graph of a library as JSON for others to use; `docs/GRAPH_JSON.md` describes the form."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, Union

from cml_mm.types import (
    RELATION_KINDS,
    SYMMETRIC_KINDS,
    TRUST_LAYERS,
    TRUST_WORDS,
    Library,
    Lighthouse,
    Pattern,
    Relation,
)

FORMAT = "cml-graph"
VERSION = 1
_NOTICE = (
    "Titles and reasons are quoted from the pages named in declared_by, each under the licence of its node and to be"
    " credited as its attribution says. Pass both on with whatever you take from here."
)
_HOW_TO_READ = (
    "An edge reads: subject KIND object, in the words of `kinds`; a symmetric kind holds in both directions and is"
    " given once, or twice where both sides give a reason of their own. `layer` says who stands behind it, most"
    " trusted first in `layers`; relations of the layers machine and inferred were checked by nobody. `weight` is as"
    " declared, from 0 to 1. `dangling` lists relations to names that the library does not hold."
)
_KIND_WORDS: dict[str, str] = {
    "ENABLES": "the subject makes the object easier or likelier",
    "REQUIRES": "without the object the subject works badly",
    "SPECIALIZES_TO": "the object is a narrower form of the subject",
    "USES_TOOL": "the object is a tool for the subject",
    "COMPLEMENTS": "the two work better together",
    "ALTERNATIVE_TO": "one can stand in for the other",
    "RELATED": "the two belong together, in a way that nobody has named",
    "TENSIONS_WITH": "both may be good, and they pull apart",
    "ADOPTS": "the subject, a lighthouse, uses the object",
}
_Node = Union[Pattern, Lighthouse]


def graph_json(library: Library) -> dict[str, Any]:
    """A library's graph as JSON values.

    Args:
        library: as read from its files.

    Returns:
        Header, nodes, edges, dangling names and adoptions, all sorted: the same files always give the
        same text.
    """
    nodes: list[_Node] = [*library.patterns, *library.lighthouses]
    titles = {node.slug: node.title for node in nodes}
    edges = sorted((_edge(relation, titles) for relation in library.relations), key=_edge_order)
    return {
        "format": FORMAT,
        "version": VERSION,
        "licence_notice": _NOTICE,
        "licences": sorted({node.source.licence for node in nodes}),
        "how_to_read": _HOW_TO_READ,
        "kinds": {
            kind: {"meaning": _KIND_WORDS[kind], "symmetric": kind in SYMMETRIC_KINDS} for kind in RELATION_KINDS
        },
        "layers": [{"layer": layer, "meaning": TRUST_WORDS[layer]} for layer in TRUST_LAYERS],
        "counts": {
            "nodes": len(nodes),
            "edges": len(edges),
            "dangling": len(library.dangling),
            "adoptions": len(library.adoptions),
            "by_kind": _tally((edge["kind"] for edge in edges), RELATION_KINDS),
            "by_layer": _tally((edge["layer"] for edge in edges), TRUST_LAYERS),
        },
        "nodes": [_node(node) for node in sorted(nodes, key=lambda node: node.slug)],
        "edges": edges,
        "dangling": sorted(
            (dataclasses.asdict(item) for item in library.dangling),
            key=lambda row: (row["subject"], row["kind"], row["name"], row["declared_by"]),
        ),
        "adoptions": sorted(
            (dataclasses.asdict(item) for item in library.adoptions),
            key=lambda row: (row["adopter"], row["pattern"], row["page"], row["span"]["section"], row["span"]["start"]),
        ),
    }


def _node(node: _Node) -> dict[str, Any]:
    return {
        "slug": node.slug,
        "title": node.title,
        "kind": node.source.kind,
        "domains": list(node.domains) if isinstance(node, Pattern) else [],
        "licence": node.source.licence,
        "attribution": node.source.attribution,
        "path": node.source.path,
        "url": node.source.url,
    }


def _edge(relation: Relation, titles: Mapping[str, str]) -> dict[str, Any]:
    return {
        "kind": relation.kind,
        "subject": {"slug": relation.subject, "title": titles.get(relation.subject, relation.subject)},
        "object": {"slug": relation.object, "title": titles.get(relation.object, relation.object)},
        "layer": relation.layer,
        "reason": relation.reason,
        "weight": relation.weight,
        "declared_by": relation.declared_by,
    }


def _edge_order(edge: Mapping[str, Any]) -> tuple[str, str, str, int, str, str]:
    layer = TRUST_LAYERS.index(edge["layer"])
    return edge["subject"]["slug"], edge["kind"], edge["object"]["slug"], layer, edge["declared_by"], edge["reason"]


def _tally(values: Iterable[str], names: Iterable[str]) -> dict[str, int]:
    counted = Counter(values)
    return {name: counted[name] for name in names}
