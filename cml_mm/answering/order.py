"""An order to try things in: what is required, and what enables, comes first.

A topological order (Kahn, Topological sorting of large networks, 1962) over the few patterns
that a goal needs. Where relations run in a circle, the least trusted one on it is set aside.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from cml_mm import prose
from cml_mm.types import TRUST_LAYERS, TRUSTED_LAYERS, Relation, RelationKind

MOST_STEPS = 7
ORDERING = frozenset({"REQUIRES", "ENABLES"})

_US = r"(we|i|you|one|they)"
_WE = r"(we|i|you|one|they|it|(our|an?|the) ([\w-]+ )?[\w-]+)"
_MODAL = r"(do|does|should|can|could|would|might|must|shall|will|did)"
_ENDS = r"(?=\s*(?:[?.!,;:]|$|(?:and|or|then|when|if|before|to|in|with|for|on)\b))"
# Asks for an order in so many words.
_ORDER = re.compile(
    "|".join(
        (
            r"\b(what|which)( \w+)? (order|sequence)\b",
            r"\bin (what|which|the right|a sensible|a good) (order|sequence)\b",
            rf"\b(what|which)\b[^.?!]*\b{_MODAL} {_US} [^.?!]*(?<!\bthe )(?<!\bour )(?<!\bat )first{_ENDS}",
            rf"\b(what|which)\b[^.?!]* to \w+ first{_ENDS}",
            rf"\b(where|how) (best )?{_MODAL} {_WE} (even |best |then |actually )?(start|begin|get started){_ENDS}",
            r"\b(where|how) (best )?to (start|begin|get started)(?=\s*(?:[?.!,;]|$|with\b))",
            r"\bwhat ('s |is |are |would be |might be |could be )?(the|our|my|your|a good|some) first "
            r"(\w+ )?(steps?|things?|moves?)\b",
            r"\bfirst steps?\b[^.?!]*\b(to|towards?|for)\b[^.?!]*\?",
            r"\b(what|which)( of (these|those|them))? (comes|goes|should come|should go|to do|to try) first\b",
            rf"\bhow {_MODAL} {_US} (best )?(sequence|order)\b",
            r"\b(give|make|draw|draft|sketch|write|suggest|propose|outline|show|recommend)\b[^.?!]*"
            r"\b(plan|road ?map|sequence|order)\b",
            r"\b(what|which|how|is there|have you|do you have)\b[^.?!]*\b(plan|road ?map|sequence) (for|to|towards?)\b",
            r"^(an? |our |the )?(step.by.step |rough |simple |first )*(plan|road ?map|sequence) (for|to|towards?)\b",
            r"\b(how|what|which|show|guide|take|lead)\b[^.?!]*\b(step by step|one step at a time|in stages|in steps)\b",
        )
    )
)
# Asks for a way to a goal; an order only where the goal is a pattern of the library.
_GOAL = re.compile(
    "|".join(
        (
            rf"\bhow ({_MODAL} {_WE} (ever |best |actually )?|to )"
            r"(get|arrive|work|move|build|grow)( our way| up)? (to|at|towards?)\b",
            r"\bwhat (does|would|will) it take to\b",
            r"\b(is|'s|there|show|find|give|know) (us |me )?(the|an?|our) (\w+ )?(way|road|path) (to|towards?)\b",
            r"\b(which|what) steps\b[^.?!]*\b(to|towards?)\b",
        )
    )
)
_BETWEEN = re.compile(r"\bfrom\b.+\b(to|towards?)\b|\bbetween\b.+\band\b|\bin order to\b")


def is_order_question(question: str) -> bool:
    """Whether it asks what to do first, in which order, or how to get somewhere.

    A way between two things ("from … to …") is a path, not an order.
    """
    folded = " ".join(prose.fold(question).split())
    if _BETWEEN.search(folded) and not _ORDER.search(_BETWEEN.sub(" ", folded)):
        return False
    return bool(_ORDER.search(folded) or _GOAL.search(folded))


def asks_outright(question: str) -> bool:
    """Whether an order is asked for in so many words, so that no goal needs to be named."""
    return bool(_ORDER.search(" ".join(prose.fold(question).split())))


@dataclass(frozen=True)
class Order:
    """Steps as slugs, in order.

    `reasons` are the relations that order them, all between steps, most trusted first;
    `set_aside` those that the order goes against, because they run in a circle with more trusted ones.
    """

    steps: tuple[str, ...]
    reasons: tuple[Relation, ...] = ()
    set_aside: tuple[Relation, ...] = ()

    def reasons_for(self, slug: str) -> tuple[Relation, ...]:
        """Why a step comes after earlier ones, best trusted first."""
        return tuple(relation for relation in self.reasons if before_after(relation)[1] == slug)


def before_after(relation: Relation) -> tuple[str, str]:
    """What comes first by a relation that orders, and what comes after."""
    if relation.kind == "REQUIRES":
        return relation.object, relation.subject
    return relation.subject, relation.object


def find_order(wanted: Iterable[str], relations: Iterable[Relation]) -> Order:
    """Puts patterns into an order that every trusted relation between them agrees with.

    Args:
        wanted: slugs, nearest to the question first; where nothing orders two, this does.
        relations: any; only trusted ones that require or enable count, and only between `wanted`.
    """
    ranks = {slug: place for place, slug in enumerate(dict.fromkeys(wanted))}
    kept = sorted((r for r in relations if _orders(r) and r.subject in ranks and r.object in ranks), key=_trust)
    set_aside = []
    while circle := _on_circles(kept):
        weakest = max(circle, key=_trust)
        kept.remove(weakest)
        set_aside.append(weakest)
    steps = _sorted(ranks, kept)
    agreeing = [relation for relation in set_aside if _agrees(relation, steps)]
    against = tuple(relation for relation in set_aside if relation not in agreeing)
    return Order(steps, tuple(sorted((*kept, *agreeing), key=_trust)), against)


def with_earlier(
    goals: Iterable[str], relations: Iterable[Relation], kind: RelationKind, levels: int, most: int = MOST_STEPS
) -> tuple[str, ...]:
    """Goals and what comes before them by trusted relations, level by level, best trusted first.

    Args:
        goals: slugs, kept in their order.
        relations: of the library.
        kind: REQUIRES or ENABLES.
        levels: how many relations before a goal a step may still stand.
        most: slugs at most, goals included.
    """
    chosen = list(dict.fromkeys(goals))[:most]
    leading: dict[str, list[Relation]] = {}
    for relation in relations:
        if _orders(relation) and relation.kind == kind:
            leading.setdefault(before_after(relation)[1], []).append(relation)
    level = list(chosen)
    for _ in range(levels):
        found = sorted((r for slug in level for r in leading.get(slug, ())), key=_trust)
        new = [slug for slug in dict.fromkeys(before_after(r)[0] for r in found) if slug not in chosen]
        level = new[: most - len(chosen)]
        chosen += level
    return tuple(chosen)


def _agrees(relation: Relation, steps: tuple[str, ...]) -> bool:
    first, after = before_after(relation)
    return steps.index(first) < steps.index(after)


def _orders(relation: Relation) -> bool:
    return relation.kind in ORDERING and relation.layer in TRUSTED_LAYERS and relation.subject != relation.object


def _trust(relation: Relation) -> tuple[int, bool, float, str, str]:
    """Less is more trusted; between equals a need counts more than a help."""
    place = TRUST_LAYERS.index(relation.layer)
    return place, relation.kind != "REQUIRES", -relation.weight, relation.subject, relation.object


def _on_circles(relations: Iterable[Relation]) -> list[Relation]:
    """Those relations from whose later end the earlier one is reached again."""
    listed = list(relations)
    following: dict[str, set[str]] = {}
    for relation in listed:
        first, after = before_after(relation)
        following.setdefault(first, set()).add(after)
    reached = {slug: _reached(slug, following) for slug in following}
    ends = ((relation, *before_after(relation)) for relation in listed)
    return [relation for relation, first, after in ends if first in reached.get(after, ())]


def _reached(start: str, following: Mapping[str, set[str]]) -> set[str]:
    seen: set[str] = set()
    left = [start]
    while left:
        for slug in following.get(left.pop(), ()):
            if slug not in seen:
                seen.add(slug)
                left.append(slug)
    return seen


def _sorted(ranks: Mapping[str, int], relations: Iterable[Relation]) -> tuple[str, ...]:
    """Kahn's order; among steps that are ready, the nearest to the question first."""
    before: dict[str, set[str]] = {slug: set() for slug in ranks}
    for relation in relations:
        first, after = before_after(relation)
        before[after].add(first)
    steps: list[str] = []
    left = dict(ranks)
    while left:
        ready = min((slug for slug in left if before[slug] <= set(steps)), key=left.__getitem__)
        steps.append(ready)
        del left[ready]
    return tuple(steps)
