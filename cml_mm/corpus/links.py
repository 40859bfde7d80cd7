"""Relations as one file declares them: kinds, spellings, reasons. Targets are still only names."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from cml_mm.corpus.frontmatter import Meta, as_fields, as_items, as_share, as_text
from cml_mm.corpus.names import is_placeholder, name_key
from cml_mm.types import RelationKind, TrustLayer

_KINDS: dict[str, RelationKind] = {
    "enables": "ENABLES",
    "enabler": "ENABLES",
    "enablers": "ENABLES",
    "enablement": "ENABLES",
    "requires": "REQUIRES",
    "specializes": "SPECIALIZES_TO",
    "specializes to": "SPECIALIZES_TO",
    "generalizes from": "SPECIALIZES_TO",
    "generalizes": "SPECIALIZES_TO",
    "specialises to": "SPECIALIZES_TO",
    "generalises from": "SPECIALIZES_TO",
    "manifests as": "SPECIALIZES_TO",
    "distills to": "SPECIALIZES_TO",
    "distills into": "SPECIALIZES_TO",
    "tools": "USES_TOOL",
    "uses tool": "USES_TOOL",
    "complementary": "COMPLEMENTS",
    "complements": "COMPLEMENTS",
    "alternatives": "ALTERNATIVE_TO",
    "alternative": "ALTERNATIVE_TO",
    "alternative to": "ALTERNATIVE_TO",
    "tensions with": "TENSIONS_WITH",
    "tensions": "TENSIONS_WITH",
    "tension": "TENSIONS_WITH",
    "conflicts with": "TENSIONS_WITH",
    "complement": "COMPLEMENTS",
    "related": "RELATED",
    "related to": "RELATED",
    "related patterns": "RELATED",
    "analogous": "RELATED",
}
# `generalizes_from: X` says that X is the parent, so the edge runs from X to this page.
_FROM_PARENT = frozenset({"generalizes from", "generalizes", "generalises from", "distills to", "distills into"})
# What an entry calls its target. A `typeid` outlives renames, yet a slug can be read: it is asked second.
_TARGETS = ("slug", "id", "target", "target_slug", "pattern", "hub_id", "title", "name", "typeid")
_ATTRIBUTES = frozenset(
    """weight confidence strength influence description reason rationale why note type kind source principle label
    evidence shared_entities""".split()
)
# Who made an entry, in the words of v8 files.
_SOURCES: dict[str, TrustLayer] = {
    "curated": "curated",
    "migration": "machine",
    "inferred": "inferred",
    "graphrag": "inferred",
}
_DEEPEST = 4  # groups in groups of entries
_STRONGEST = 10.0  # inferred links may count shared entities instead of a confidence


@dataclass(frozen=True)
class Declared:
    """One relation as a file states it, before its target is looked up."""

    kind: RelationKind
    subject: str  # slug of the page that says so
    name: str  # the other end, as written
    layer: TrustLayer
    declared_by: str
    reason: str = ""
    weight: float = 1.0
    from_parent: bool = False  # the other end is the subject
    identifier: str = ""  # the other end's id, where its name is none of the library


def relation_kind(word: str) -> RelationKind:
    """The kind that a written relation type means; RELATED where it is none of ours."""
    return _KINDS.get(name_key(word), "RELATED")


def is_hand_written(meta: Meta) -> bool:
    """Whether people wrote a page's relations: at least one gives its reason.

    In the commons library this marks the same 85 patterns as `specification_layer` does.
    """
    return any(_reason(entry) and _made_by(entry, "curated") == "curated" for _, entry in _hard(meta))


def declared_links(meta: Meta, slug: str, path: str, v1: bool) -> tuple[Declared, ...]:
    """All relations that a page's front matter declares.

    Args:
        meta: its front matter.
        slug: the page.
        path: its file, relative to the library.
        v1: whether its front matter is of the first generation.

    Returns:
        In the order of the file: hard relations, those at the top level, a v8 page's hubs (the
        principles that it manifests, named by a script), inferred ones.
    """
    found: list[Declared] = []
    layer: TrustLayer = "curated" if is_hand_written(meta) else "machine"
    for word, entry in _hard(meta):
        found += _link(word, entry, slug, path, layer)
    for word, entry in _entries(meta):
        found += _link(word, entry, slug, path, "earlier" if v1 else layer)
    for entry in _flat(meta.get("gravitational_hubs")):
        found += _link("generalizes_from", entry, slug, path, "machine")
    for entry in as_items(as_fields(meta.get("graph_garden")).get("inferred_links")):
        found += _link(as_text(as_fields(entry).get("type")), entry, slug, path, "inferred")
    return tuple(found)


def _hard(meta: Meta) -> Iterator[tuple[str, object]]:
    """The relations that the front matter calls its own; a plain list of typed ones is read too."""
    stated = meta.get("relationships")
    if isinstance(stated, list):
        yield from ((as_text(as_fields(entry).get("type")), entry) for entry in stated)
        return
    fields = as_fields(stated)
    yield from _entries(fields)
    for group, value in fields.items():  # kinds below a word for who made them
        if name_key(group) not in _KINDS:
            for word, entry in _entries(as_fields(value)):
                yield word, {"source": group, **(as_fields(entry) or {"slug": entry})}


def _entries(fields: Meta) -> Iterator[tuple[str, object]]:
    """Every entry under a key that names a kind of relation."""
    for key, value in fields.items():
        if name_key(key) in _KINDS:
            for entry in _flat(value):
                yield key, entry


def _flat(value: object, depth: int = 0) -> Iterator[object]:
    """The entries of a list, a lone one, those of groups, and those of a table from names to weights."""
    for item in as_items(value):
        fields = as_fields(item)
        if not fields or any(key in fields for key in _TARGETS) or _ATTRIBUTES & fields.keys():
            yield item
            continue
        for name, inner in fields.items():
            if isinstance(inner, list) and depth < _DEEPEST:
                for entry in _flat(inner, depth + 1):
                    yield {"source": name, **(as_fields(entry) or {"slug": entry})}
            elif isinstance(inner, dict):
                yield {"slug": name, **inner}
            else:
                yield {"slug": name, "weight": inner}


def _link(word: str, entry: object, slug: str, path: str, layer: TrustLayer) -> Iterator[Declared]:
    fields = as_fields(entry)
    names = (as_text(fields.get(key)) for key in _TARGETS)
    name = as_text(entry) or next((name for name in names if name), "")
    if not name or is_placeholder(name):
        return
    weight = next((fields[key] for key in ("weight", "confidence", "influence") if key in fields), None)
    strength = as_share(fields.get("strength"), 1.0)
    if weight is None and "strength" in fields:
        strength = _strength(as_text(fields.get("strength")))
    yield Declared(
        kind=relation_kind(word),
        subject=slug,
        name=name,
        layer=_made_by(entry, layer),
        declared_by=path,
        reason=_reason(entry),
        weight=as_share(weight) if weight is not None else strength,
        from_parent=name_key(word) in _FROM_PARENT,
        identifier=as_text(fields.get("typeid")),
    )


def _made_by(entry: object, layer: TrustLayer) -> TrustLayer:
    """The layer of an entry that says who made it, else the page's."""
    return _SOURCES.get(name_key(as_text(as_fields(entry).get("source"))), layer)


def _strength(count: str) -> float:
    return min(_STRONGEST, float(count)) / _STRONGEST if count.isdecimal() and len(count) < 6 else 1.0


def _reason(entry: object) -> str:
    fields = as_fields(entry)
    reasons = (as_text(fields.get(key)) for key in ("description", "reason", "rationale", "why"))
    return next((reason for reason in reasons if reason), "")
