"""What stands around a page: its relations by kind, who uses it, and names that the library does not hold."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from cml_mm.types import SYMMETRIC_KINDS, TRUST_LAYERS, TRUST_WORDS, Adoption, Dangling, Reading, Relation
from cml_mm.ui.icons import icon, trust_mark
from cml_mm.ui.page_text import page_link
from cml_mm.ui.relation import LOOKS, relation_line
from cml_mm.ui.text import escape, passage_html

# What stands first is what a reader must know first.
_ORDER = (
    "TENSIONS_WITH",
    "REQUIRES",
    "ENABLES",
    "SPECIALIZES_TO",
    "USES_TOOL",
    "COMPLEMENTS",
    "ALTERNATIVE_TO",
    "ADOPTS",
    "RELATED",
)
_GLOSSES: dict[tuple[str, bool], str] = {
    ("TENSIONS_WITH", True): "These pull against it",
    ("REQUIRES", True): "It needs these in place",
    ("REQUIRES", False): "These need it in place",
    ("ENABLES", True): "It makes these possible",
    ("ENABLES", False): "These make it possible",
    ("SPECIALIZES_TO", True): "Narrower forms of it",
    ("SPECIALIZES_TO", False): "Broader forms of it",
    ("USES_TOOL", True): "Tools that it uses",
    ("USES_TOOL", False): "These use it as a tool",
    ("COMPLEMENTS", True): "These work well beside it",
    ("ALTERNATIVE_TO", True): "These can stand in for it",
    ("ADOPTS", True): "It uses these",
    ("ADOPTS", False): "These use it",
    ("RELATED", True): "These speak of something near",
}
_BY_PEOPLE = frozenset({"curated", "approved", "earlier"})
_FIRST = 8  # relations of one kind that stand open
_FOLDED = 60  # further ones at most; a page of the real library has 2,712 incoming
_FIRST_ADOPTIONS = 6


@dataclass(frozen=True)
class _End:
    """A relation seen from the page that is read."""

    relation: Relation
    down: bool  # the page is the subject
    slug: str  # at the other end
    title: str


def relations_html(reading: Reading, known: Collection[str]) -> str:
    """Every kind of relation with its direction, tensions first.

    Args:
        reading: the page and what stands around it.
        known: slugs of the library's pages; only these become links.
    """
    told = {adoption.adopter_slug for adoption in reading.adoptions} | {item.pattern for item in reading.adoptions}
    ends = [end for end in _ends(reading) if end.relation.kind != "ADOPTS" or end.slug not in told]
    ends.sort(key=_rank)
    grouped = groupby(ends, key=lambda end: (end.relation.kind, end.down))
    groups = "".join(
        _group(kind, down, list(found), known, reading.page.source.path) for (kind, down), found in grouped
    )
    return f'<section class="part" id="s-relations" data-heading=""><h2 tabindex="-1">Relations</h2>{groups}</section>'


def count_relations(reading: Reading) -> int:
    return len(reading.outgoing) + len(reading.incoming)


def find_tensions(reading: Reading) -> tuple[tuple[str, str], ...]:
    """Slug and title of every page in tension with this one."""
    ends = (end for end in _ends(reading) if end.relation.kind == "TENSIONS_WITH")
    return tuple(dict.fromkeys((end.slug, end.title) for end in sorted(ends, key=_rank)))


def find_users(reading: Reading) -> frozenset[str]:
    """Slugs of those who use the page, or of what it uses: told with a quote, or only related."""
    here = reading.page.slug
    told = {item.adopter_slug if item.pattern == here else item.pattern for item in reading.adoptions}
    return frozenset(told | {end.slug for end in _ends(reading) if end.relation.kind == "ADOPTS"})


def _ends(reading: Reading) -> Iterable[_End]:
    slug = reading.page.slug
    seen: set[tuple[str, bool, str]] = set()
    for relation in (*reading.outgoing, *reading.incoming):
        outgoing = relation.subject == slug
        other = relation.object if outgoing else relation.subject
        title = (relation.object_title if outgoing else relation.subject_title) or other.replace("-", " ").capitalize()
        down = outgoing or relation.kind in SYMMETRIC_KINDS
        if (relation.kind, down, other) not in seen:
            seen.add((relation.kind, down, other))
            yield _End(relation, down, other, title)


def _rank(end: _End) -> tuple[int, bool, int, float, str]:
    kind, layer = end.relation.kind, end.relation.layer
    return (
        _ORDER.index(kind) if kind in _ORDER else len(_ORDER),
        not end.down,
        TRUST_LAYERS.index(layer) if layer in TRUST_LAYERS else len(TRUST_LAYERS),
        -end.relation.weight,
        end.title.casefold(),
    )


def _group(kind: str, down: bool, ends: Sequence[_End], known: Collection[str], path: str) -> str:
    look = LOOKS.get(kind, LOOKS["RELATED"])
    label = look.down if down else look.up
    trusted = [end for end in ends if end.relation.layer in _BY_PEOPLE]
    first = trusted[:_FIRST] if trusted else list(ends[: _FIRST // 2])
    rest = [end for end in ends if end not in first]
    rows = "".join(_row(end, known, path) for end in first)
    warns = " warn" if kind == "TENSIONS_WITH" else ""
    return (
        f'<div class="rg {look.tone}{warns}"><h3>{relation_line(kind)}<span class="rl">{label}</span>'
        f'<span class="gloss">{_GLOSSES.get((kind, down), "")}</span></h3>'
        f'<ul class="rels">{rows}</ul>{_folded(rest, known, path)}</div>'
    )


def _folded(rest: Sequence[_End], known: Collection[str], path: str) -> str:
    if not rest:
        return ""
    machine = all(end.relation.layer not in _BY_PEOPLE for end in rest)
    words = f"{len(rest):,} more" + (", found by machine" if machine else "")
    rows = "".join(_row(end, known, path) for end in rest[:_FOLDED])
    left = len(rest) - _FOLDED
    beyond = f'<p class="small mut">{left:,} further ones are not listed.</p>' if left > 0 else ""
    return (
        f'<details class="rest"><summary>{words}{icon("down")}</summary><ul class="rels">{rows}</ul>{beyond}</details>'
    )


def _row(end: _End, known: Collection[str], path: str) -> str:
    relation = end.relation
    name = page_link(end.slug, end.title) if end.slug in known else escape(end.title)
    reason = f'<p class="why">{escape(relation.reason)}</p>' if relation.reason else ""
    layer = TRUST_WORDS.get(relation.layer, "Unknown origin")
    place = "on this page" if relation.declared_by == path else f"in {relation.declared_by}"
    where = f'<span class="by">{escape(place)}</span>' if relation.declared_by else ""
    return (
        f'<li><b>{name}</b>{reason}<p class="tr"><span class="tl">{trust_mark(relation.layer)}{escape(layer)}</span>'
        f"{where}</p></li>"
    )


def adoptions_html(reading: Reading, titles: Mapping[str, str], title: str, adopter: bool) -> str:
    """Who uses the pattern, or what an adopter uses, each in the words of the library.

    Args:
        reading: the page and what stands around it.
        titles: of every page, by slug.
        title: of the section.
        adopter: whether the page that is read is the adopter.
    """
    rows = [_adoption(item, titles, reading.page.slug, adopter) for item in reading.adoptions]
    first, rest = "".join(rows[:_FIRST_ADOPTIONS]), rows[_FIRST_ADOPTIONS:]
    more = (
        f'<details class="rest"><summary>{len(rest):,} more{icon("down")}</summary>'
        f'<ul class="adopters">{"".join(rest[:_FOLDED])}</ul></details>'
        if rest
        else ""
    )
    return (
        f'<section class="part" id="s-adopters" data-heading=""><h2 tabindex="-1">{title}</h2>'
        f'<ul class="adopters">{first}</ul>{more}</section>'
    )


def _adoption(item: Adoption, titles: Mapping[str, str], here: str, adopter: bool) -> str:
    slug = item.pattern if adopter else item.adopter_slug
    words = titles.get(slug, item.pattern.replace("-", " ").capitalize()) if adopter else item.adopter
    name = page_link(slug, words) if slug in titles else escape(words)
    section = item.span.section
    if item.page == here:
        where = f"On this page, section “{escape(section)}”"
    elif item.page in titles:
        where = f"{page_link(item.page, titles[item.page], section)}, section “{escape(section)}”"
    else:
        where = escape(f"{item.page}, section “{section}”")
    return f'<li><b>{name}</b><div class="q">{passage_html(item.quote, "")}</div><p class="small mut">{where}</p></li>'


def dangling_html(dangling: Sequence[Dangling]) -> str:
    """Names that the page gives and the library does not hold, as written."""
    names = "".join(
        f'<li><span class="nm">{escape(item.name)}</span>'
        f'<span class="small mut">{escape(_kind_words(item))}</span></li>'
        for item in list(dict.fromkeys(dangling))[:_FOLDED]
    )
    return (
        '<section class="part" id="s-missing" data-heading=""><h2 tabindex="-1">Named, but not in this library</h2>'
        '<p class="lead">The page points to these names. No page of this library has them, and none was guessed.</p>'
        f'<ul class="missing">{names}</ul></section>'
    )


def _kind_words(item: Dangling) -> str:
    look = LOOKS.get(item.kind)
    return look.down.lower() if look else item.kind.replace("_", " ").lower()
