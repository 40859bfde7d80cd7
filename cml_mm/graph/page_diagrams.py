"""The diagrams that a library's pages write as text, read into nodes and links beside their pages.

A snapshot remembers in diagrams.json which nodes and links each page's diagrams made, so that a
segment of changes can take them away with the page, and what could not be read.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal, cast

from llama_index.core.graph_stores.types import EntityNode

from cml_mm.errors import InputError
from cml_mm.graph.diagram_rows import diagram_nodes, diagram_rows
from cml_mm.graph.graph_reading import LinkKey
from cml_mm.graph.graph_rows import LinkRow
from cml_mm.types import AnyPage, Pattern, Problem

FILE = "diagrams.json"
_KINDS = ("mermaid", "dot", "plantuml")


@dataclass(frozen=True)
class DrawnPage:
    """What the diagrams of one page add to the graph, and those of them that could not be read."""

    nodes: tuple[EntityNode, ...] = ()
    links: tuple[LinkRow, ...] = ()
    problems: tuple[Problem, ...] = ()

    @classmethod
    def of(cls, page: AnyPage) -> DrawnPage:
        """Reads the diagrams of a page. One that cannot be read is a problem to be told, and no more."""
        nodes: list[EntityNode] = []
        links: list[LinkRow] = []
        problems: list[Problem] = []
        for number, text in enumerate(page.diagrams if isinstance(page, Pattern) else ()):
            if text.language not in _KINDS:
                continue
            from cml_mm.diagrams.sources import read_diagram_text

            kind = cast(Literal["mermaid", "dot", "plantuml"], text.language)
            try:
                diagram = read_diagram_text(text.text, kind, text.span.section)
            except InputError as error:
                words = f"Its {kind} diagram under “{text.span.section}” stays text: {error.message}"
                problems.append(Problem(page.source.path, words, skipped=False))
                continue
            nodes += diagram_nodes(page.slug, number, diagram)
            links += diagram_rows(page.slug, number, diagram)
        return cls(tuple(nodes), tuple(links), tuple(problems))


@dataclass(frozen=True)
class DrawnIds:
    """What `DrawnPage` added, by ids and keys alone."""

    nodes: tuple[str, ...]
    links: tuple[LinkKey, ...]
    problems: tuple[Problem, ...]


def drawn_pages(pages: Iterable[AnyPage]) -> dict[str, DrawnPage]:
    """Slug to diagrams, of the pages that have any."""
    found = ((page.slug, DrawnPage.of(page)) for page in pages)
    return {slug: drawn for slug, drawn in found if drawn != DrawnPage()}


def write_ids(folder: Path, drawn: Mapping[str, DrawnPage]) -> None:
    """Writes what the diagrams of a whole snapshot's pages added."""
    value = {
        slug: {
            "nodes": [node.id for node in page.nodes],
            "links": [row.key for row in page.links],
            "problems": [asdict(problem) for problem in page.problems],
        }
        for slug, page in drawn.items()
    }
    (folder / FILE).write_text(json.dumps(value, ensure_ascii=False), encoding="utf-8")


def read_ids(folder: Path) -> dict[str, DrawnIds]:
    """Slug to what `write_ids` wrote.

    Raises: OSError, ValueError, KeyError, TypeError: it is missing or damaged.
    """
    raw = json.loads((folder / FILE).read_text(encoding="utf-8"))
    if not isinstance(raw, dict):
        raise TypeError("no diagrams of pages")
    return {
        slug: DrawnIds(
            tuple(page["nodes"]),
            tuple((source, label, target) for source, label, target in page["links"]),
            tuple(Problem(**problem) for problem in page["problems"]),
        )
        for slug, page in raw.items()
    }
