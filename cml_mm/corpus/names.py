"""Names of patterns: how they are compared, made into slugs and looked up."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from cml_mm.types import Pattern

_WORD = re.compile(r"[^\W_]+")
_SLUG = re.compile(r"[a-z0-9][a-z0-9._-]*\Z")
_PLACEHOLDER = "pat_placeholder"  # several files of the commons library carry it as their id


def words_of(text: str) -> list[str]:
    """The words of a text in lower case, without punctuation; "&" counts as "and"."""
    return _WORD.findall(unicodedata.normalize("NFKC", text).replace("&", " and ").casefold())


def name_key(text: str) -> str:
    """A name as it is compared: case and punctuation do not matter, words do."""
    return " ".join(words_of(text))


def slug_of(text: str) -> str:
    """A slug from any text; the same text always gives the same slug.

    Args:
        text: a title, a file name without ending, or a slug that may hold anything.

    Returns:
        The text itself where it is a slug already, else its words in lower case joined by
        hyphens; "" where it holds no word.
    """
    text = text.strip()
    return text if _SLUG.match(text) else "-".join(words_of(text))


class NameBook:
    """Finds the one pattern that a written name means; never guesses.

    Tried in turn: slug, id, title, alias, each letter for letter apart from case and
    punctuation. A name that fits several patterns at the same step means none.

    Args:
        patterns: all patterns of all libraries.
    """

    def __init__(self, patterns: Iterable[Pattern]) -> None:
        known = list(patterns)
        self._slugs = {pattern.slug for pattern in known}
        self._ids = _unique((pattern.id, pattern.slug) for pattern in known if pattern.id)
        self._keys = (
            _unique((name_key(pattern.slug), pattern.slug) for pattern in known),
            _unique((name_key(pattern.title), pattern.slug) for pattern in known),
            _unique((name_key(alias), pattern.slug) for pattern in known for alias in pattern.aliases),
        )

    def slug(self, name: str) -> str | None:
        """The slug of the pattern that `name` means, or None where it means none or several."""
        if name in self._slugs:
            return name
        if name in self._ids:
            return self._ids[name]
        key = name_key(name)
        for book in self._keys:
            if key in book:
                return book[key]
        return None

    def slug_of_id(self, identifier: str) -> str | None:
        """The slug of the only pattern with this id, or None."""
        return self._ids.get(identifier)


def is_placeholder(name: str) -> bool:
    """Whether a name is the library's stand-in for "no id yet"."""
    return name == _PLACEHOLDER


def _unique(pairs: Iterable[tuple[str, str]]) -> dict[str, str | None]:
    """Names to slugs; a name of several patterns is kept with None, so that later steps skip it too."""
    book: dict[str, str | None] = {}
    for name, slug in pairs:
        if name:
            book[name] = slug if book.get(name, slug) == slug else None
    return book
