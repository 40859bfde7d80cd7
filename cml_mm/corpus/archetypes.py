"""`archetypes.json`: for whom, at which stage and in which domain a pattern is meant."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from cml_mm.corpus.frontmatter import as_fields, as_items, as_share, as_text
from cml_mm.corpus.names import NameBook
from cml_mm.corpus.pattern import domain_names
from cml_mm.types import Pattern, Problem

# Archetypes that say how large a thing is, smallest first; the others are kinds of people.
_SCALES = (
    "Individual",
    "Family",
    "Team",
    "SME",
    "Enterprise",
    "Community",
    "Village",
    "City",
    "Region",
    "Network",
    "Ecosystem",
)
_WEAK = 0.5  # an archetype below this strength is not one the pattern is meant for
_WEAK_DOMAIN = "general"


@dataclass(frozen=True)
class Archetype:
    """One entry of the file, still named as written."""

    pattern_id: str
    pattern_name: str
    personas: tuple[str, ...]
    stages: tuple[str, ...]
    domains: tuple[str, ...]


def read_archetypes(data: object, path: str) -> tuple[list[Archetype], list[Problem]]:
    """The entries of a parsed `archetypes.json`.

    Args:
        data: what the JSON file holds.
        path: the file, for messages.

    Returns:
        The entries that say something, and at most one problem that counts the others.
    """
    if not isinstance(data, list):
        return [], [Problem(path, "The file is no list of archetypes; it was left out.", True)]
    entries: list[Archetype] = []
    for item in data:
        fields = as_fields(item)
        entry = Archetype(
            as_text(fields.get("pattern_id")),
            as_text(fields.get("pattern_name")),
            _strongest(fields.get("archetypes"), "strength"),
            _strongest(fields.get("stages"), "importance"),
            domain_names(_domains(fields.get("domains"))),
        )
        if (entry.pattern_id or entry.pattern_name) and (entry.personas or entry.stages or entry.domains):
            entries.append(entry)
    empty = len(data) - len(entries)
    if not empty:
        return entries, []
    return entries, [Problem(path, f"{empty} of {len(data)} entries hold no archetype.", False)]


def apply_archetypes(
    patterns: Sequence[Pattern], entries: Iterable[Archetype], book: NameBook
) -> tuple[list[Pattern], int]:
    """Put personas, stages, scales and domains on the patterns they belong to.

    Args:
        patterns: all patterns.
        entries: all entries; of two for one pattern the first holds.
        book: finds a pattern by id, or by name where the id is not its own alone.

    Returns:
        The patterns in the same order, and how many entries name no pattern.
    """
    by_slug: dict[str, Archetype] = {}
    strange = 0
    for entry in entries:
        slug = book.slug_of_id(entry.pattern_id) or book.slug(entry.pattern_name)
        if slug is None:
            strange += 1
        else:
            by_slug.setdefault(slug, entry)
    return [_with(pattern, by_slug.get(pattern.slug)) for pattern in patterns], strange


def _with(pattern: Pattern, entry: Archetype | None) -> Pattern:
    if entry is None:
        return pattern
    return replace(
        pattern,
        personas=entry.personas,
        stages=entry.stages,
        scales=tuple(scale for scale in _SCALES if scale in entry.personas),
        domains=tuple(dict.fromkeys((*pattern.domains, *entry.domains))),
    )


def _strongest(value: object, measure: str) -> tuple[str, ...]:
    """Names from strong to weak; those of equal strength in the order of the file."""
    rated: list[tuple[float, int, str]] = []
    for item in as_items(value):
        fields = as_fields(item)
        name = as_text(fields.get("name")) or as_text(item)
        strength = as_share(fields.get(measure))
        if name and strength >= _WEAK:
            rated.append((-strength, len(rated), name))
    return tuple(dict.fromkeys(name for _, _, name in sorted(rated)))


def _domains(value: object) -> list[str]:
    found = []
    for item in as_items(value):
        fields = as_fields(item)
        if as_text(fields.get("specificity")) != _WEAK_DOMAIN:
            found.append(as_text(fields.get("name")) or as_text(item))
    return found
