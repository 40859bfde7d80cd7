"""A lighthouse page, in the specified form or the simple one → Lighthouse and what it adopts."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from cml_mm.corpus.frontmatter import Meta, as_fields, as_text, as_texts, split_page
from cml_mm.corpus.links import Declared
from cml_mm.corpus.names import name_key
from cml_mm.corpus.openings import first_paragraph, first_sentences
from cml_mm.corpus.pattern import identify, make_source, summary_of
from cml_mm.corpus.sections import read_body
from cml_mm.prose import plain
from cml_mm.types import Lighthouse, Section

_REASON_LIMIT = 400
_NUMBER = re.compile(r"^\d+-(?=\D)")
_ROW = re.compile(r"^\s*\|([^|]+)\|([^|]+)\|")


@dataclass(frozen=True)
class LighthousePage:
    """What one file gives. `links` have the lighthouse as subject and kind ADOPTS."""

    lighthouse: Lighthouse
    links: tuple[Declared, ...]
    repairs: tuple[str, ...] = ()


def is_lighthouse(data: bytes, path: str) -> bool:
    """Whether a loose file is a lighthouse, by its folder or by its first fields."""
    if PurePosixPath(path).parent.name in {"_lighthouses", "lighthouses"}:
        return True
    return re.search(rb"^(?:id:\s*[\"']?lh_|patterns_used:)", data[:4000], re.M) is not None


def read_lighthouse(data: bytes, path: str) -> LighthousePage:
    """Read one lighthouse.

    Args:
        data: the file's bytes.
        path: the file, relative to its library folder, with forward slashes.

    Returns:
        The lighthouse; its links name patterns as written, each with the sentence of the page
        that speaks of it.

    Raises:
        UnicodeDecodeError: the file is no UTF-8.
        ValueError: the file holds neither a name nor text.
    """
    page = split_page(data.decode("utf-8"))
    meta = page.meta
    who = identify(page, path)
    who = replace(who, slug=_NUMBER.sub("", who.slug))
    stated = as_text(meta.get("description")) or as_text(meta.get("summary")) or as_text(meta.get("tagline"))
    body = read_body(page.body, who.title, stated)
    if not (body.sections or stated or who.stated):
        raise ValueError("The file holds neither a title nor any text.")
    names = (*as_texts(meta.get("patterns_used")), *as_texts(meta.get("implements")))
    lighthouse = Lighthouse(
        slug=who.slug,
        title=who.title,
        source=make_source(meta, data, path, "lighthouse", who),
        summary=summary_of(stated, body),
        sections=body.sections,
        country=as_text(meta.get("country")) or as_text(as_fields(meta.get("location")).get("country")),
        sector=_sector(meta),
        adopts=tuple(dict.fromkeys(names)),
    )
    links = tuple(
        Declared("ADOPTS", who.slug, name, "curated", path, _reason(name, body.sections)) for name in lighthouse.adopts
    )
    return LighthousePage(lighthouse, links, page.repairs)


def _sector(meta: Meta) -> str:
    """The sector as stated; the specified form has a list of industries instead."""
    industries = as_texts(as_fields(meta.get("tags")).get("industry"))
    return as_text(meta.get("sector")) or ", ".join(industries)


def _reason(name: str, sections: tuple[Section, ...]) -> str:
    """What the page says about a pattern: under its heading, in a table row, or in passing."""
    key = name_key(name)
    # The last section of that name: pages first describe their model, then the pattern in it.
    for section in reversed(sections):
        heading = name_key(re.sub(r"\s*\(\d+\)$", "", section.heading))
        if heading == key:
            return first_sentences(plain(first_paragraph(section.text)), _REASON_LIMIT, 1)
    for section in sections:
        for row in map(_ROW.match, section.text.split("\n")):
            if row is not None and name_key(plain(row[1])) == key:
                return first_sentences(plain(row[2]), _REASON_LIMIT)
    for section in sections:
        for sentence in re.split(r"(?<=[.!?])\s+", plain(section.text)):
            if f" {key} " in f" {name_key(sentence)} ":
                return first_sentences(sentence, _REASON_LIMIT, 1)
    return ""
