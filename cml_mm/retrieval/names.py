"""Which of the library's names a question speaks: titles, aliases, slugs.

Exact words only (folded and stemmed). It knows nothing about vectors or scores.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from cml_mm import prose
from cml_mm.graph.library_graph import Entry

MAX_NAME_WORDS = 12
_GENERIC_TAIL = frozenset({"pattern", "method", "methodology", "model", "framework", "practice", "technique"})
_ORGANISATION_TAIL = frozenset(
    {"corporation", "company", "project", "foundation", "federation", "network", "group", "cooperative", "co-operative"}
)
_QUOTED = re.compile(r"[\"“”‘«»]([^\"“”’«»\n]{3,80})[\"“”’«»]|(?<!\w)'([^'\n]{3,80})'(?!\w)")
_CAPITALISED = re.compile(r"(?<=[\w,] )[A-Z][\w'’-]+(?: (?:(?:of|the|and|for|with|in) )?[A-Z][\w'’-]+)+")
_ABOUT_A_PATTERN = re.compile(
    r"\b(patterns?\b|what (does|is|are|do)\b.*\b(require|enable|need|depend|lead to|complement|tension|alternative))",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class NameMatch:
    """A name of the library found in a question.

    `start` and `end` count words of the question; `slugs` share the name;
    `exact` is false for an alias or a shortened title.
    """

    name: str
    slugs: tuple[str, ...]
    start: int
    end: int
    exact: bool

    @property
    def words(self) -> int:
        return self.end - self.start


class NameIndex:
    """Names to slugs, by their stemmed words."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._full: dict[tuple[str, ...], list[str]] = {}
        self._short: dict[tuple[str, ...], list[str]] = {}
        for entry in entries:
            self._add(self._full, entry.title, entry.slug)
            self._add(self._full, entry.title.replace("&", " "), entry.slug)
            self._add(self._full, entry.slug.replace("-", " "), entry.slug)
            for name in (*entry.aliases, *_shortened(entry.title, entry.kind == "lighthouse")):
                self._add(self._short, name, entry.slug)

    @staticmethod
    def _add(table: dict[tuple[str, ...], list[str]], name: str, slug: str) -> None:
        key = name_key(name)
        if key and slug not in table.setdefault(key, []):
            table[key].append(slug)

    def resolve(self, name: str) -> tuple[str, ...]:
        """The slugs that bear exactly this name, titles before aliases."""
        key = name_key(name)
        full = self._full.get(key, [])
        return tuple(full or self._short.get(key, []))

    def find(self, question: str) -> tuple[NameMatch, ...]:
        """Longest names first come first served, in the order of the question.

        A one-word name counts only where it is written as a name (capital or digit) or
        nothing else of substance is asked, since "trust" or "growth" are also words.
        """
        raw = prose.words(question)
        stems = [prose.stem(word) for word in raw]
        shown = _written(question)
        taken = [False] * len(raw)
        found = []
        for size in range(min(MAX_NAME_WORDS, len(raw)), 0, -1):
            for start in range(len(raw) - size + 1):
                if any(taken[start : start + size]):
                    continue
                match = self._at(stems, raw, shown, start, size)
                if match:
                    found.append(match)
                    taken[start : start + size] = [True] * size
        return tuple(sorted(found, key=lambda match: match.start))

    def _at(self, stems: list[str], raw: list[str], shown: list[str], start: int, size: int) -> NameMatch | None:
        key = tuple(stems[start : start + size])
        full = self._full.get(key)
        slugs = full or self._short.get(key)
        if not slugs:
            return None
        alone = all(word in prose.STOP_WORDS for word in (*raw[:start], *raw[start + size :]))
        if size == 1 and not alone:
            word = shown[start] if start < len(shown) else raw[start]
            named = any(char.isdigit() for char in word) or word.isupper() or (word[0].isupper() and start > 0)
            if not named or raw[start] in prose.STOP_WORDS:
                return None
        if all(word in prose.STOP_WORDS for word in raw[start : start + size]):
            return None
        name = " ".join(shown[start : start + size])
        return NameMatch(name, tuple(slugs), start, start + size, exact=bool(full))


def name_key(name: str) -> tuple[str, ...]:
    """How names are compared: folded, stemmed words, "&" read as "and"."""
    return tuple(prose.stem(word) for word in prose.words(name.replace("&", " and ")))


def unknown_names(question: str, names: NameIndex) -> tuple[str, ...]:
    """Names that the library does not hold, as written: quoted, or capitalised where a pattern is asked about."""
    written = [a or b for a, b in _QUOTED.findall(question)]
    if _ABOUT_A_PATTERN.search(question):
        written += _CAPITALISED.findall(question)
    return tuple(name for name in written if name[:1].isupper() and not _known(name, names))


def _known(name: str, names: NameIndex) -> bool:
    """Whether this is a name of the library, or several joined by "and"."""
    return bool(names.resolve(name)) or all(names.resolve(part) for part in name.split(" and "))


def title_boosts(matches: Iterable[NameMatch]) -> dict[str, float]:
    """Slug to boost: min(1, 0.4 + 0.3 × words), divided among those that share the name (FACTS §6)."""
    boosts: dict[str, float] = {}
    for match in matches:
        strength = min(1.0, 0.4 + 0.3 * match.words) / len(match.slugs) ** 0.5
        for slug in match.slugs:
            boosts[slug] = max(boosts.get(slug, 0.0), strength if match.exact else 0.9 * strength)
    return boosts


def _shortened(title: str, adopter: bool) -> list[str]:
    """Other ways to say a title: its bracketed part, without it, without a generic last word."""
    short = []
    inside = re.search(r"\(([^)]+)\)", title)
    outside = re.sub(r"\s*\([^)]*\)", "", title).strip()
    if inside:
        short += [outside, *re.split(r"[/,]", inside.group(1))]
    head = re.split(r"\s+[-–—:]\s+|:\s+", outside)[0]
    if head != outside:
        short.append(head)
    parts = outside.split()
    generic = _ORGANISATION_TAIL if adopter else _GENERIC_TAIL
    if len(parts) > 1 and parts[-1].lower() in generic:
        short.append(" ".join(parts[:-1]))
    return [name.strip() for name in short if len(name.strip()) > 2]


def _written(question: str) -> list[str]:
    """The question's words as written, one for each of `prose.words`."""
    return [found.group().split("'")[0].split("’")[0] for found in prose.WORD.finditer(question)]
