"""Checks of the whole graph: contradictions, circles, hubs, pages that stand alone."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np

from cml_mm.corpus.lint.circles import find_circles
from cml_mm.corpus.lint.kinds import found, some
from cml_mm.corpus.lint.pages import View
from cml_mm.corpus.lint.report import Finding, Severity
from cml_mm.types import Relation, RelationKind

_UNTRUSTED = frozenset({"machine", "inferred"})
# Fewer than this is never suspicious: a good general pattern is needed by many.
_LEAST_HUB = 20
_FAR_OUT = 3.0  # Tukey's outer fence, in interquartile ranges
_LEAST_EDGES = 100  # before the share of a first letter says anything
_CROWDED = 0.5
_TIMES_ITS_SHARE = 3.0


def contradictions(view: View) -> Iterator[Finding]:
    """Pairs that cannot both hold, whoever says so."""
    pairs: dict[frozenset[str], dict[str, list[Relation]]] = defaultdict(lambda: defaultdict(list))
    for relation in view.library.relations:
        if relation.kind in {"REQUIRES", "ALTERNATIVE_TO", "COMPLEMENTS"}:
            pairs[frozenset((relation.subject, relation.object))][relation.kind].append(relation)
    for kind, other in (("requires_alternative", "REQUIRES"), ("complement_alternative", "COMPLEMENTS")):
        for said in pairs.values():
            if "ALTERNATIVE_TO" in said and other in said:
                first, second = said[other][0], said["ALTERNATIVE_TO"][0]
                message = f"{_words(first)}, and {_words(second)} ({second.declared_by})."
                yield found(kind, first.declared_by, message, severity=_weight((first, second)))


def circles(view: View) -> Iterator[Finding]:
    """Circles of REQUIRES and of SPECIALIZES_TO, first in what people stand behind, then in all."""
    kinds: tuple[tuple[RelationKind, str], ...] = (
        ("REQUIRES", "requires_circle"),
        ("SPECIALIZES_TO", "specialises_circle"),
    )
    for relation_kind, kind in kinds:
        edges = [relation for relation in view.library.relations if relation.kind == relation_kind]
        trusted = [relation for relation in edges if relation.layer not in _UNTRUSTED]
        told: set[str] = set()
        for part in (trusted, edges):
            for circle, members in find_circles((edge.subject, edge.object) for edge in part):
                if not told.isdisjoint(members):
                    continue
                told |= members
                yield _circle(kind, view, circle, members, part is trusted)


def hubs(view: View) -> Iterator[Finding]:
    """Targets beyond Tukey's outer fence on log2(1 + incoming), among all that have an incoming relation."""
    incoming: dict[str, Counter[str]] = defaultdict(Counter)
    for relation in _between(view):
        incoming[relation.object][relation.layer] += 1
    numbers = {slug: sum(layers.values()) for slug, layers in incoming.items()}
    bound = hub_bound(list(numbers.values()))
    usual = float(np.median(list(numbers.values()))) if numbers else 0.0
    for slug in sorted((slug for slug in numbers if numbers[slug] > bound), key=lambda slug: (-numbers[slug], slug)):
        machine = sum(incoming[slug][layer] for layer in _UNTRUSTED)
        message = (
            f"{numbers[slug]:,} relations point here, {machine:,} of them machine-made;"
            f" half of all targets have at most {usual:.0f}, and {bound:.0f} would be far out."
        )
        made = machine * 2 > numbers[slug]
        yield found("hub", view.path(slug), message, severity=None if made else "note")


def hub_bound(incoming: Sequence[int]) -> float:
    """The highest number of incoming relations that is not far out."""
    if not incoming:
        return float(_LEAST_HUB)
    low, high = np.percentile(np.log2(1 + np.asarray(incoming, dtype=np.float64)), (25, 75))
    return max(float(_LEAST_HUB), float(2 ** (high + _FAR_OUT * (high - low)) - 1))


def hub_alphabet(view: View) -> Iterator[Finding]:
    """Machine-made relations that mostly point to names of one letter: a list that was cut off."""
    targets = [relation.object for relation in _between(view) if relation.layer in _UNTRUSTED]
    if len(targets) < _LEAST_EDGES:
        return
    letter, number = Counter(slug[0] for slug in targets).most_common(1)[0]
    share = number / len(targets)
    usual = sum(pattern.slug[0] == letter for pattern in view.patterns) / len(view.patterns)
    if share > _CROWDED and share > _TIMES_ITS_SHARE * usual:
        crowd = Counter(slug for slug in targets if slug[0] == letter)
        message = (
            f"{share:.1%} of {len(targets):,} machine-made relations point to names that begin with “{letter}”,"
            f" as {usual:.1%} of the patterns do; most to {some([slug for slug, _ in crowd.most_common(3)])}."
            " Whoever made them saw only the beginning of the list."
        )
        yield found("hub_alphabet", "", message)


def isolated(view: View) -> Iterator[Finding]:
    """Patterns that no relation joins to another page, where there is another page."""
    if len(view.patterns) < 2:
        return
    joined = {slug for relation in _between(view) for slug in (relation.subject, relation.object)}
    for pattern in view.patterns:
        if pattern.slug not in joined:
            yield found("isolated", view.path(pattern.slug), "No relation joins it to another pattern.")


def _between(view: View) -> Iterator[Relation]:
    """Relations between patterns; adoptions are told apart."""
    return (relation for relation in view.library.relations if relation.kind != "ADOPTS")


def _circle(kind: str, view: View, circle: Sequence[str], members: frozenset[str], trusted: bool) -> Finding:
    titles = _titles(view, circle)
    verb = "requiring" if kind == "requires_circle" else "the wider of"
    message = " → ".join((*titles, titles[0])) + f", each {verb} the next."
    if len(members) > len(circle):
        message += f" {len(members)} patterns hang together in such circles."
    return found(kind, view.path(circle[0]), message, severity="error" if trusted else "warning")


def _titles(view: View, slugs: Iterable[str]) -> tuple[str, ...]:
    names: Mapping[str, str] = {pattern.slug: pattern.title for pattern in view.patterns}
    return tuple(names.get(slug, slug) for slug in slugs)


def _words(relation: Relation) -> str:
    kind = relation.kind.replace("_", " ")
    return f"{relation.subject_title} {kind} {relation.object_title}"


def _weight(relations: Iterable[Relation]) -> Severity:
    """What a machine alone says should be mended; what people stand behind must be."""
    return "warning" if any(relation.layer in _UNTRUSTED for relation in relations) else "error"


GRAPH_CHECKS = (contradictions, circles, hub_alphabet, hubs, isolated)
