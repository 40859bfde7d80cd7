"""A pattern page of any generation of front matter → Pattern and the relations it declares."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePosixPath

from cml_mm.corpus.diagram_blocks import find_diagrams
from cml_mm.corpus.frontmatter import Meta, Page, as_fields, as_text, as_texts, split_page
from cml_mm.corpus.links import Declared, declared_links, is_hand_written
from cml_mm.corpus.names import is_placeholder, name_key, slug_of, words_of
from cml_mm.corpus.openings import first_paragraph, first_sentences
from cml_mm.corpus.sections import Body, clean_heading, read_body
from cml_mm.prose import plain
from cml_mm.types import Pattern, PatternFormat, Section, Source, SourceKind

UNKNOWN_LICENCE = "unknown licence"
SUMMARY_LIMIT = 300
_LATER = ("ontology", "relationships", "lifecycle", "context_labels", "graph_garden")
_FIRST = (
    "classification",
    "related",
    "generalizes_from",
    "specializes_to",
    "enables",
    "requires",
    "page_url",
)
_ORBITAL = ("orbital_layer", "gravitational_hubs")  # v8 alone has them; its files state no version
_SPECIFICATION = re.compile(r"(?:spec|specification|schema|format)(?:[ _-]?version)?", re.I)
_EIGHT = re.compile(r"v?8(?:\.\d+)*", re.I)
_TEMPLATE_TITLE = re.compile(r"[^>]*(?:>\s*\$[^>]*)+>\s*(?P<name>[^>$]+)")  # "Level 1>$section>$unit>name"
_WORTHLESS_LABELS = frozenset({"", "med"})  # "Med" is what a script left of a longer word


@dataclass(frozen=True)
class PatternPage:
    """What one file gives: its pattern, the relations it declares, what had to be mended."""

    pattern: Pattern
    links: tuple[Declared, ...]
    repairs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Identity:
    """Slug and title of a page, found even where the front matter lacks them."""

    slug: str
    title: str
    stated: bool  # the front matter holds a title


def read_pattern(data: bytes, path: str) -> PatternPage:
    """Read one pattern.

    Args:
        data: the file's bytes.
        path: the file, relative to its library folder, with forward slashes.

    Returns:
        The pattern, its declared relations and the repairs.

    Raises:
        UnicodeDecodeError: the file is no UTF-8.
        ValueError: the file holds neither a name nor text.
    """
    page = split_page(data.decode("utf-8"))
    meta = page.meta
    who = identify(page, path)
    stated = as_text(meta.get("summary")) or as_text(meta.get("description"))
    body = read_body(page.body, who.title, stated)
    if not (body.sections or stated or who.stated):
        raise ValueError("The file holds neither a title nor any text.")
    form = _format(meta)
    identifier = as_text(meta.get("id"))
    pattern = Pattern(
        slug=who.slug,
        id="" if is_placeholder(identifier) else identifier,
        title=who.title,
        source=make_source(meta, data, path, "pattern", who),
        aliases=as_texts(meta.get("aliases")),
        summary=summary_of(stated, body),
        sections=body.sections,
        tension=_tension(meta, who.title),
        keywords=as_texts(_search_hints(meta).get("vector_keywords")),
        context_labels=_context_labels(meta, who.title),
        domains=_domains(meta),
        format=form,
        curated=is_hand_written(meta),
        diagrams=find_diagrams(body.sections),
    )
    bare = () if body.sections else ("The page holds no text besides its front matter.",)
    return PatternPage(pattern, declared_links(meta, who.slug, path, form == "v1"), (*page.repairs, *bare))


def identify(page: Page, path: str) -> Identity:
    """Slug and title: from the front matter, else the file name and the first heading."""
    name = PurePosixPath(path).name
    name = name[:-3] if name.lower().endswith(".md") else name
    slug = slug_of(as_text(page.meta.get("slug"))) or slug_of(name) or "untitled"
    stated = as_text(page.meta.get("title"))
    template = _TEMPLATE_TITLE.fullmatch(stated)
    if template is not None:  # a slide deck's place in its course, left over from its template
        stated = template["name"].strip()
    return Identity(slug, stated or _first_heading(page.body) or slug.replace("-", " "), bool(stated))


def make_source(meta: Meta, data: bytes, path: str, kind: SourceKind, who: Identity) -> Source:
    """Where quotes from this file come from, with the licence and attribution that it states."""
    return Source(
        id=hashlib.sha256(data).hexdigest(),
        title=who.title,
        kind=kind,
        slug=who.slug,
        path=path,
        licence=as_text(meta.get("license")) or as_text(meta.get("licence")) or UNKNOWN_LICENCE,
        attribution=as_text(meta.get("attribution")),
        url=as_text(meta.get("page_url")),
    )


def summary_of(stated: str, body: Body) -> str:
    """The stated summary, else the opening, else the first sentences of the overview."""
    if stated:
        return plain(stated)
    by_role: dict[str, Section] = {}
    for section in body.sections:
        by_role.setdefault(section.role, section)
    texts = [body.lead] if body.lead else []
    texts += [by_role[role].text for role in ("overview", "context", "problem", "solution") if role in by_role]
    texts += [section.text for section in body.sections]
    for text in texts:
        prose = plain(first_paragraph(text))
        if prose:
            return first_sentences(prose, SUMMARY_LIMIT)
    return ""


def _format(meta: Meta) -> PatternFormat:
    """The generation of a front matter, by the fields that only it has."""
    if any(key in meta for key in _ORBITAL) or _states_eight(meta):
        return "v8.2"
    later = any(key in meta for key in _LATER)
    return "v1" if not later and any(key in meta for key in _FIRST) else "v7.1"


def _states_eight(meta: Meta) -> bool:
    """Whether the front matter says that it follows version 8; a page's own eighth version says nothing."""
    fields = {**as_fields(meta.get("lifecycle")), **meta}
    return any(_SPECIFICATION.fullmatch(key) and _EIGHT.fullmatch(as_text(value)) for key, value in fields.items())


def _first_heading(body: str) -> str:
    """The first heading of level 1; a deeper one names a section, not the page."""
    heading = next((line for line in body.split("\n") if line.startswith("# ")), "")
    return clean_heading(heading.lstrip("#"))[0]


def _search_hints(meta: Meta) -> Meta:
    return as_fields(as_fields(meta.get("ontology")).get("search_hints"))


def _tension(meta: Meta, title: str) -> str:
    """The primary tension, unless a script made it up from two words of the title."""
    tension = as_text(_search_hints(meta).get("primary_tension"))
    return tension if set(words_of(tension)) - set(words_of(title)) - {"vs", "versus"} else ""


def _context_labels(meta: Meta, title: str) -> tuple[tuple[str, str], ...]:
    """Names that readers of one kind know a pattern by, without "<title> for Organizations"."""
    own = f" {name_key(title)} "
    labels = []
    for persona, value in as_fields(meta.get("context_labels")).items():
        label = as_text(value)
        key = name_key(label)
        if as_text(persona) and key not in _WORTHLESS_LABELS and own not in f" {key} ":
            labels.append((as_text(persona), label))
    return tuple(labels)


def _domains(meta: Meta) -> tuple[str, ...]:
    ontology = as_fields(meta.get("ontology"))
    classification = as_fields(meta.get("classification"))
    stated = (
        ontology.get("domain"),
        ontology.get("cross_domains"),
        classification.get("domain"),
        ontology.get("commons_domain"),
        classification.get("commons_domain"),
        meta.get("commons_domain"),
        meta.get("sector"),
    )
    return domain_names(name for value in stated for name in as_texts(value))


def domain_names(names: Iterable[str]) -> tuple[str, ...]:
    """Domains as slugs, each once: "Product Design" and "product-design" are one."""
    slugs = ("-".join(words_of(name)) for name in names)
    return tuple(dict.fromkeys(slug for slug in slugs if slug))
