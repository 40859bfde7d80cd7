"""Checks of the files beside the pages: approved relations, archetypes."""

from __future__ import annotations

from collections.abc import Iterator

from cml_mm.corpus.approved import speaks_of
from cml_mm.corpus.folders import Folder, read_json
from cml_mm.corpus.frontmatter import as_fields, as_items, as_text
from cml_mm.corpus.lint.kinds import found
from cml_mm.corpus.lint.pages import View
from cml_mm.corpus.lint.report import Finding


def approved(view: View) -> Iterator[Finding]:
    """Entries of `relationships_approved.json` that the library does not believe."""
    patterns = {pattern.slug: pattern for pattern in view.patterns}
    for folder in view.folders:
        if folder.approved is None:
            continue
        path = folder.name(folder.approved)
        data, problems = _read(folder, path)
        yield from problems
        entries = as_items(as_fields(data).get("relationships") if isinstance(data, dict) else data)
        for number, entry in enumerate(map(as_fields, entries), start=1):
            names = [as_text(entry.get(end)) for end in ("source_id", "target_id")]
            slugs = [view.book.slug(name) for name in names]
            kind = as_text(entry.get("relationship_type")) or "relation"
            unknown = [name or "nothing" for name, slug in zip(names, slugs, strict=True) if slug is None]
            if unknown:
                yield found("approved_unknown", path, f"Entry {number}: {kind} with {' and '.join(unknown)}.")
                continue
            ends = [patterns[slug] for slug in slugs if slug is not None]
            silent = [f"“{end.title}”" for end in ends if not speaks_of(as_text(entry.get("evidence")), end)]
            if silent:
                titles = " – ".join(end.title for end in ends)
                message = f"Entry {number}: {kind} {titles}; its evidence does not name {' or '.join(silent)}."
                yield found("approved_unnamed", path, message)


def archetypes(view: View) -> Iterator[Finding]:
    """Entries of `archetypes.json` that name no pattern of the library."""
    for folder in view.folders:
        if folder.archetypes is None:
            continue
        path = folder.name(folder.archetypes)
        data, problems = _read(folder, path)
        yield from problems
        for number, entry in enumerate(map(as_fields, as_items(data)), start=1):
            names = [as_text(entry.get("pattern_id")), as_text(entry.get("pattern_name"))]
            if not (view.book.slug_of_id(names[0]) or view.book.slug(names[1])):
                said = " / ".join(name for name in names if name) or "nothing"
                yield found("archetype_unknown", path, f"Entry {number} is for {said}.")


def _read(folder: Folder, path: str) -> tuple[object, list[Finding]]:
    try:
        return read_json(folder.root / path), []
    except (OSError, ValueError) as exc:
        message = f"The file cannot be read: {exc}"
        return None, [found("file_unreadable", path, message, hint="Mend the JSON, or take the file out.")]


SIDECAR_CHECKS = (approved, archetypes)
