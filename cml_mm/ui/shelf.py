"""Which pages of the library are wanted: what was typed, what was chosen, and how many there are of each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, get_args

from cml_mm.ports import Librarian
from cml_mm.types import RELATION_KINDS, Card

Group = Literal["domain", "persona", "kind", "relation"]
GROUPS: tuple[Group, ...] = get_args(Group)
STEP = 60  # cards shown at first, and further ones at each "Show more"
FOUND = 300  # at most so many pages are taken from a search
_TYPED_CHARACTERS = 200
_VALUE_CHARACTERS = 1000
_CHOSEN_VALUES = 20


@dataclass(frozen=True)
class Wanted:
    """What a visitor looks for. Within a group one value suffices; every group must fit."""

    typed: str = ""
    domain: tuple[str, ...] = ()
    persona: tuple[str, ...] = ()
    kind: tuple[str, ...] = ()
    relation: tuple[str, ...] = ()
    shown: int = STEP

    @classmethod
    def read(cls, data: object) -> Wanted:
        """From what a browser sent; what does not fit is left out."""
        given: Mapping[str, object] = data if isinstance(data, dict) else {}
        shown = given.get("shown")
        return cls(
            typed=" ".join(str(given.get("typed") or "").split())[:_TYPED_CHARACTERS],
            shown=max(STEP, shown) if isinstance(shown, int) else STEP,
            **{group: _values(given.get(group)) for group in GROUPS},
        )

    def chosen(self, group: Group) -> tuple[str, ...]:
        values: dict[Group, tuple[str, ...]] = {
            "domain": self.domain,
            "persona": self.persona,
            "kind": self.kind,
            "relation": self.relation,
        }
        return values[group]

    @property
    def narrowed(self) -> bool:
        return any(self.chosen(group) for group in GROUPS)


@dataclass(frozen=True)
class Choice:
    """One value that pages may be narrowed to, and how many there would be."""

    group: Group
    value: str
    count: int
    chosen: bool = False


@dataclass(frozen=True)
class Shelf:
    """What was found, in order, and what it can be narrowed to."""

    wanted: Wanted
    cards: tuple[Card, ...]
    choices: dict[Group, tuple[Choice, ...]]
    total: int  # pages in the library

    @property
    def capped(self) -> bool:
        """Whether a search may have found more than were taken."""
        return bool(self.wanted.typed) and not self.wanted.narrowed and len(self.cards) >= FOUND


def fill_shelf(librarian: Librarian, wanted: Wanted) -> Shelf:
    """Asks the library and narrows what it gives."""
    every = librarian.cards()
    cards = librarian.find(wanted.typed, FOUND) if wanted.typed else every
    return Shelf(
        wanted,
        tuple(card for card in cards if _fits(card, wanted)),
        {group: _choices(cards, wanted, group) for group in GROUPS},
        len(every),
    )


def values_of(card: Card, group: Group) -> Sequence[str]:
    """What a card says in this group."""
    if group == "domain":
        return card.domains
    if group == "persona":
        return card.personas
    return (card.kind,) if group == "kind" else card.relation_kinds


def _values(given: object) -> tuple[str, ...]:
    if not isinstance(given, (list, tuple)):
        return ()
    values = (value[:_VALUE_CHARACTERS] for value in given if isinstance(value, str) and value.strip())
    return tuple(dict.fromkeys(values))[:_CHOSEN_VALUES]


def _fits(card: Card, wanted: Wanted) -> bool:
    return all(
        not wanted.chosen(group) or not set(wanted.chosen(group)).isdisjoint(values_of(card, group)) for group in GROUPS
    )


def _choices(cards: Iterable[Card], wanted: Wanted, group: Group) -> tuple[Choice, ...]:
    """The values of one group among the pages that fit every other group, most frequent first."""
    cleared: dict[str, tuple[str, ...]] = {group: ()}
    others = replace(wanted, **cleared)  # type: ignore[arg-type]
    counts = Counter(value for card in cards if _fits(card, others) for value in set(values_of(card, group)))
    chosen = wanted.chosen(group)
    counts.update({value: 0 for value in chosen})
    order: dict[str, int] = (
        {kind: position for position, kind in enumerate(RELATION_KINDS)} if group == "relation" else {}
    )
    ranked = sorted(counts.items(), key=lambda item: (order.get(item[0], 99), -item[1], item[0].casefold()))
    return tuple(Choice(group, value, count, value in chosen) for value, count in ranked)
