"""Titles for passages that have none, from their headings, captions and own words.

Titles carry most of what a walk over passages gains (FACTS §6), and transcripts, slides and bare
chunks have none. A passage is mostly about what its first sentence speaks of: "X is a …", "X (born
…) was …", "The X has …". Where it opens otherwise, it is about the name that it says most often,
else about its rarest phrase. No model and no list of names.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Iterator

from cml_mm import prose

MOST_TITLES = 6
MOST_WORDS = 10
_READ = 1_500  # characters of a passage that are read
_OPENING = 400  # characters of them in which the first sentence's verb is looked for
_PHRASE_WORDS = 3

_VERB = re.compile(
    r"\s(?:(?:is|was|are|were|has|have|had|became|becomes|began|refers?|means?|consists?|contains?|includes?|describes?"
    r"|serves?|served|features?|provides?|shows?|plays?|played|takes?|took|stands?|lies|runs|comes?|came|can|could|may"
    r"|might|will|would|must|should|does|did)\s|(?!United)[a-z]{3,}ed\s(?:in|by|to|as|for|on|at|from|with)\s)"
)
_BRACKETS = re.compile(r"\s*\([^()]*(?:\([^()]*\)[^()]*)*\)|\s*\[[^\[\]]*\]|\s*\([^()]*$")
_QUOTES = re.compile(r"[\"“”„«»]|(?<!\w)['‘]|['’](?!\w)")
_ARTICLE = re.compile(r"\A(?:the|an?)\s+", re.IGNORECASE)
_ALSO = re.compile(
    r"(?:known|called|titled|nicknamed|named|credited|abbreviated|referred to)(?: \w+ly)?(?: as| to)?"
    r"|\baka|\ba\.k\.a\.|(?<=[(,]) ?or(?= )|\bn[ée]e\b",
)
_WORD = r"(?:(?:[A-Z]\.)+(?![A-Za-z])|[A-Z0-9][\w’'&-]*(?:\.\w+)*)"
_SMALL = r"(?:of|the|and|for|in|on|to|at|a|an|de|la|le|du|del|der|von|van|di|da|al|y|&)"
_SMALL_WORD = re.compile(_SMALL)
_NAMED = re.compile(rf"{_WORD}(?:[ -](?:{_SMALL} ){{0,2}}{_WORD}){{0,8}}")
_TWO_SENTENCES = re.compile(r"[a-z]{3,}[.!?:;] ")
_OR = re.compile(r",? or (?=[\"“]? ?[A-Z])")
_NICKNAME = re.compile(r"^(\S+)(?: \S+)*? ?[\"“] ?([A-Z][\w.-]+) ?[\"”] ?(\S+)$")
_KIND = re.compile(
    r"\s(?:is|was|are|were)\s(?:an?|the|one of the)\s((?:[\w’'-]+\s){0,9}?[\w’'-]+?)"
    r"(?=[.,;:(]|\s(?:of|by|that|which|who|in|on|at|from|for|to|with|and|about|based|set|located|founded"
    r"|situated|between|(?:[a-z]+ly\s)?[a-z]+(?:ed|ten|ing))\b|$)"
)
_YEAR = re.compile(r"\b(?:1[0-9]|20)\d\d\b")
_PERSON = re.compile(r"[(,]\s*(?:born|b\.|n[ée]e|died|d\.|c\.|\d|[A-Z][a-z]+,? )[^)]*\d{3,4}")
_HONOURS = frozenset("sir dame lord lady dr prof professor saint st rev mr mrs ms king queen prince princess".split())
_SUFFIXES = frozenset({"jr", "sr", "ii", "iii", "iv"})
_AFTER_NAME = re.compile(r"(?:, ?(?:[A-Z]{2,5}|Ph\.?D\.?|[JS]r\.?))+$| (?:[A-Z]BE|CH|KC|QC)$")
_PARTICLE = frozenset({"of", "the", "and", "or", "in"})
_DATE = re.compile(
    r"(?:\d+ )?(?:January|February|March|April|May|June|July|August|September|October|November|December|\d{4})\b"
)
_EMPTY_HEADING = re.compile(
    r"^(?:(?:the )?(?:introduction|overview|contents|summary|conclusions?|abstract|references|notes?|appendix"
    r"|background|untitled|agenda|questions|thank you|thanks|figure|table|image|slide|page|section|chapter|part)"
    r"\W*[\divx.]*|[\W\d]*)$",
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"^(?:(?:fig(?:ure)?|table|image|slide|chapter|section|part)\b\.?\s*)?[\divx.]*[.:)–—-]\s+", re.IGNORECASE
)


def make_titles(
    text: str, heading: str = "", caption: str = "", frequency: Callable[[str], int] | None = None
) -> tuple[str, ...]:
    """Titles for a passage, the surest first.

    Args:
        text: of the passage.
        heading: that it stands under, if any; one such as "Overview" says nothing and is passed over.
        caption: of the picture or table that the passage is about, if any.
        frequency: in how many passages a stem occurs; tells rare phrases from common ones.

    Returns:
        At most six, none that differs from another only by case; none at all for a text without words.
    """
    found = [*_from_labels(heading, caption), *_from_opening(text[:_READ])]
    if not found:
        found = list(_from_names(text[:_READ]))
    if not found and (phrase := _key_phrase(text[:_READ], frequency)):
        found = [phrase]
    once: dict[tuple[str, ...], str] = {}
    for title in found:
        key = tuple(prose.words(title))
        if key and len(key) <= MOST_WORDS and any(word not in prose.STOP_WORDS for word in key):
            once.setdefault(key, title)
    return tuple(once.values())[:MOST_TITLES]


def _from_labels(heading: str, caption: str) -> Iterator[str]:
    for label in (heading, caption):
        bare = _LABEL.sub("", prose.plain(label)).strip(" .:")
        if bare and not _EMPTY_HEADING.match(bare) and len(prose.words(bare)) <= MOST_WORDS:
            yield bare


def _from_opening(text: str) -> Iterator[str]:
    """What the first sentence is about, in the forms in which it may be spoken of."""
    opening = re.sub(r"\s+", " ", text[:_OPENING]).strip()
    bare = re.sub(r"\s+", " ", _BRACKETS.sub(" ", opening)).replace(" ,", ",")
    verb = _VERB.search(bare + " ")
    subject = _as_name(bare[: verb.start()] if verb else "")
    if not subject:
        return
    person = bool(_PERSON.search(opening[: len(subject) + 60]))
    kind = "" if person else bare[len(subject) :]
    for one in (part for part in _OR.split(subject) if part):
        name = _QUOTES.sub("", one).strip(" ,-–")
        yield name
        yield from _other_forms(one, name, person)
        yield from _qualified(name, kind)
    if verb:
        yield from _also_known(opening)


def _as_name(subject: str) -> str:
    """A subject that can be a title: it starts like a name, and so does what follows each comma."""
    parts = [part for part in subject.split(", ") if part]
    if not parts:
        return ""
    head = parts[0]
    for part in parts[1:]:
        start = _ARTICLE.sub("", part, count=1)[:1]
        if not (start.isupper() or start.isdigit()) or _opens_idly(part.split()[0].lower()):
            break
        head += ", " + part
    words = prose.words(head)
    first = words[0] if words else ""
    if not words or len(words) > MOST_WORDS or _TWO_SENTENCES.search(head):
        return ""
    if first in prose.STOP_WORDS and len(words) < 2:
        return ""
    after = _ARTICLE.sub("", head, count=1)
    lower = after != head and after[:1].islower()
    return "" if lower or (_opens_idly(first) and not _mostly_capital(head)) else head


def _opens_idly(word: str) -> bool:
    """Whether a word opens a sentence without being part of a name: "Since", "In", "This"."""
    return word in prose.STOP_WORDS and word not in {"the", "a", "an"}


def _mostly_capital(name: str) -> bool:
    said = [word for word in prose.WORD.findall(name) if not _SMALL_WORD.fullmatch(word)]
    return len(said) > 2 and all(word[0].isupper() for word in said) and not _DATE.search(name)


def _other_forms(subject: str, name: str, person: bool) -> Iterator[str]:
    """Without the article, what follows a comma, honours or middle names; with a nickname."""
    without = _ARTICLE.sub("", name, count=1)
    if without != name:
        yield without
    if nickname := _NICKNAME.match(subject):
        first, nick, last = nickname.groups()
        yield from (f"{nick} {last}", f"{first} {last}")
    if person and _AFTER_NAME.search(without):
        without = _AFTER_NAME.sub("", without)
        yield without
    head = without.split(", ")[0]
    if head != without:
        yield head
    parts = [part for part in head.split() if part.lower().strip(".") not in _HONOURS]
    while parts and parts[-1].lower().strip(".,") in _SUFFIXES:
        parts.pop()
    if person and 2 <= len(parts) <= 5 and not _PARTICLE.intersection(parts) and parts[-1][0].isupper():
        yield from (" ".join(parts), f"{parts[0]} {parts[-1]}")
        if len(parts) > 2 and not parts[1].endswith("."):
            yield " ".join(parts[1:])


def _qualified(name: str, rest: str) -> Iterator[str]:
    """ "Name (1951 film)" where the text says that it is a 1951 … film: how namesakes are told apart."""
    kind = _KIND.search(rest)
    if not kind:
        return
    said = kind.group(1)
    noun = said.split()[-1]
    if noun.islower() and noun.isalpha():
        if year := _YEAR.search(said):
            yield f"{name} ({year.group()} {noun})"
        yield f"{name} ({noun})"


def _also_known(opening: str) -> Iterator[str]:
    """Names that the opening gives beside the first."""
    for cue in _ALSO.finditer(opening):
        rest = opening[cue.end() :].lstrip(" ,:\"“'‘")
        rest = _ARTICLE.sub("", rest, count=1).lstrip("\"“'‘ ")
        found = _NAMED.match(rest)
        if found and not _DATE.match(found.group()):
            yield _QUOTES.sub("", found.group()).strip(" .,")


def _from_names(text: str) -> Iterator[str]:
    """The capitalised names that a passage says most often, earlier ones first among equals."""
    counts: Counter[str] = Counter()
    for found in _NAMED.finditer(_QUOTES.sub(" ", text)):
        words = found.group().strip(".,'’-").split()
        while words and (words[0].lower() in prose.STOP_WORDS or words[0].isdecimal()):
            words.pop(0)
        name = " ".join(words).removesuffix("'s").removesuffix("’s")
        if len(name) > 2 and not _DATE.fullmatch(name):
            counts[name] += 1
    for name, count in counts.most_common(2):
        if count > 1 or len(name.split()) > 1:
            yield name


def _key_phrase(text: str, frequency: Callable[[str], int] | None) -> str:
    """The run of two or three content words that is repeated most here and whose words are rarest elsewhere."""
    words = prose.words(text)
    runs: dict[tuple[str, ...], list[str]] = {}
    for size in range(2, _PHRASE_WORDS + 1):
        for start in range(len(words) - size + 1):
            run = words[start : start + size]
            if not any(word in prose.STOP_WORDS or word.isdecimal() for word in run):
                runs.setdefault(tuple(prose.stem(word) for word in run), []).append(" ".join(run))

    def worth(key: tuple[str, ...]) -> float:
        rarity = sum(1 / math.sqrt(1 + (frequency(stem) if frequency else 0)) for stem in key) / len(key)
        return (len(runs[key]) - 0.5) * rarity * math.sqrt(len(key))

    return runs[max(runs, key=worth)][0] if runs else ""
