"""What a library holds, as digests: enough to tell two states of it apart, page by page and edge by edge."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from cml_mm.graph.graph_reading import LinkKey
from cml_mm.graph.library_rows import all_pages, library_links, name_nodes
from cml_mm.types import Adoption, AnyPage, Dangling, Library, Pattern, Relation


@dataclass(frozen=True)
class Outline:
    """Digests of everything that is indexed: pages by slug, other nodes by id, links by their ends and label."""

    pages: dict[str, str]
    names: dict[str, str]
    links: dict[LinkKey, str]

    @cached_property
    def content(self) -> str:
        """One hash over all of it; equal for equal libraries, however they were indexed."""
        lines = [f"{key}\t{digest}" for table in (self.pages, self.names) for key, digest in sorted(table.items())]
        lines += sorted(["\t".join((*key, digest)) for key, digest in self.links.items()])
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()

    def write(self, folder: Path, sections: dict[str, int]) -> None:
        """Args: sections: how many sections each page has."""
        value = {
            "pages": self.pages,
            "names": self.names,
            "links": [[*key, digest] for key, digest in self.links.items()],
            "sections": sections,
        }
        (folder / "outline.json").write_text(json.dumps(value, ensure_ascii=False), encoding="utf-8")

    @classmethod
    def read(cls, folder: Path) -> tuple[Outline, dict[str, int]]:
        """The outline, and how many sections each page has."""
        raw = json.loads((folder / "outline.json").read_text(encoding="utf-8"))
        links = {(source, label, target): digest for source, label, target, digest in raw["links"]}
        return cls(raw["pages"], raw["names"], links), raw["sections"]


def outline_of(library: Library) -> Outline:
    """The outline of a library, whose pages may lack their sections."""
    return Outline(
        pages={page.slug: _page_digest(page) for page in all_pages(library)},
        names={node.id: _digest(str(node.properties)) for node in name_nodes(library)},
        links={key: _digest(_said(edge)) for key, edge in library_links(library).items()},
    )


def _page_digest(page: AnyPage) -> str:
    """A page follows from its file's bytes and place, its kind, and from what other files say about it."""
    said = [page.source.kind, page.source.id, page.source.path, page.slug]
    if isinstance(page, Pattern):
        said += [*page.personas, "|", *page.stages, "|", *page.scales, "|", *page.domains]
    return _digest("\n".join(said))


def _said(edge: Relation | Dangling | Adoption) -> str:
    """All of an edge that the graph stores, beside its ends and label."""
    if isinstance(edge, Relation):
        return f"{edge.layer}\n{edge.weight}\n{edge.declared_by}\n{edge.reason}"
    if isinstance(edge, Dangling):
        return edge.declared_by
    return f"{edge.page}\n{edge.span}\n{edge.quote}"


def _digest(text: str) -> str:
    return hashlib.blake2b(text.encode(), digest_size=12).hexdigest()
