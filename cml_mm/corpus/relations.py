"""From declared names to edges: looked up, directed, and each stated once by its best witness."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from cml_mm.corpus.links import Declared
from cml_mm.corpus.names import NameBook
from cml_mm.types import RELATION_KINDS, SYMMETRIC_KINDS, TRUST_LAYERS, Dangling, Relation

_LAYER_RANK = {layer: rank for rank, layer in enumerate(TRUST_LAYERS)}
_KIND_RANK = {kind: rank for rank, kind in enumerate(RELATION_KINDS)}


def resolve(
    declared: Iterable[Declared], book: NameBook, titles: Mapping[str, str]
) -> tuple[list[Relation], list[Dangling]]:
    """Look up both ends of every declared relation.

    Args:
        declared: relations as the files state them.
        book: finds the pattern that a name means.
        titles: of patterns and lighthouses, by slug.

    Returns:
        Relations between pages of the library (a page's relation to itself left out), and
        those whose other end the library does not hold.
    """
    relations: list[Relation] = []
    dangling: list[Dangling] = []
    for link in declared:
        other = book.slug(link.name) or book.slug_of_id(link.identifier)
        if other is None:
            dangling.append(Dangling(link.kind, link.subject, link.name, link.declared_by))
            continue
        if other == link.subject:
            continue
        subject, target = (other, link.subject) if link.from_parent else (link.subject, other)
        relations.append(
            Relation(
                kind=link.kind,
                subject=subject,
                object=target,
                layer=link.layer,
                reason=link.reason,
                weight=link.weight,
                declared_by=link.declared_by,
                subject_title=titles.get(subject, subject),
                object_title=titles.get(target, target),
            )
        )
    return relations, dangling


def merge(relations: Iterable[Relation]) -> tuple[Relation, ...]:
    """State every relation once, on the word of its most trusted layer.

    Args:
        relations: in any order.

    Returns:
        In the order of subject, kind and object. Of several statements of one relation that
        with a reason and the higher weight is kept. A symmetric relation that both sides
        declare by hand, each with a reason of its own, is kept twice: each as it was declared.
    """
    groups: dict[tuple[str, str, str], list[Relation]] = {}
    for relation in relations:
        first, second = relation.subject, relation.object
        if relation.kind in SYMMETRIC_KINDS and second < first:
            first, second = second, first
        groups.setdefault((relation.kind, first, second), []).append(relation)
    kept = [relation for group in groups.values() for relation in _best(group)]
    return tuple(sorted(kept, key=_order))


def sort_dangling(dangling: Iterable[Dangling]) -> tuple[Dangling, ...]:
    """Dangling relations, each once, in the order of subject, kind and name."""
    return tuple(
        sorted(
            dict.fromkeys(dangling),
            key=lambda item: (item.subject, _KIND_RANK[item.kind], item.name, item.declared_by),
        )
    )


def _best(group: list[Relation]) -> list[Relation]:
    ranked = sorted(group, key=_worth)
    best = ranked[0]
    if best.layer != "curated" or best.kind not in SYMMETRIC_KINDS or not best.reason:
        return [best]
    answer = next(
        (
            relation
            for relation in ranked
            if relation.layer == "curated"
            and relation.subject == best.object
            and relation.reason not in ("", best.reason)
        ),
        None,
    )
    return [best] if answer is None else [best, answer]


def _worth(relation: Relation) -> tuple[int, bool, float, str, str, str]:
    rank = _LAYER_RANK[relation.layer]
    return (
        rank,
        not relation.reason,
        -relation.weight,
        relation.subject,
        relation.declared_by,
        relation.reason,
    )


def _order(relation: Relation) -> tuple[str, int, str, int]:
    return relation.subject, _KIND_RANK[relation.kind], relation.object, _LAYER_RANK[relation.layer]
