"""The body of a page: its sections with their roles, its opening words, its tables.

Text stays as written, since answers quote it letter for letter. Only padding inside
tables goes: some files hold a hundred kilobytes of it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from cml_mm.corpus.fences import find_fences
from cml_mm.corpus.names import name_key, words_of
from cml_mm.corpus.openings import RULE, first_sentences, is_boilerplate
from cml_mm.types import Section, SectionRole

_TABLE_ROW = re.compile(r"^\s*\|.*")
_COMMENT = re.compile(r"^\s*<!--(?:(?!-->).)*-->[\s-]*$")
_PADDING = re.compile(r"[ \t\u00a0]{2,}")
_DASHES = re.compile(r"-{4,}")
_NUMBERING = re.compile(
    r"^(?:(?:section|part)\s+\d+\w?\s*[:.\u2013\u2014-]\s*|\d+(?:\.\d+)*[.):]\s*(?!\d)|\d+\.\d+\s+)", re.I
)
_WORD_COUNT = re.compile(r"\s*\((?:[^()]*\d)?[^()\d]*\bwords?\)\s*$", re.I)
_LEAD_HEADING = "In brief"
_LONGEST_HEADING = 120
_SHORT_HEADING = 80

# First match wins. A keyword matches at the start of a word.
_ROLE_WORDS: tuple[tuple[SectionRole, str], ...] = (
    (
        "references",
        "references?|resources|further reading|essential reading|key readings?|bibliography|citations?|books"
        "|articles|academic (?:papers|literature)|sources|publications|tutorials",
    ),
    ("assessment", r"assessment|(?:\w+ )?pillars|commons alignment|score"),
    ("cognitive_era", "cognitive (?:era|age|augmentation)|human[ -]machine|ai era|evolution outlook"),
    ("vitality", "vitality|signs of (?:life|decay)|when to replant"),
    (
        "known_uses",
        "known uses?|evidence|case stud|examples?|use cases|notable adopters|documented outcomes"
        "|research support|impact|results|track record|success stories|in the wild",
    ),
    ("when_to_use", "when (?:not )?to use|applica|scale$|domains?$|where it fits"),
    (
        "consequences",
        r"consequences|anti[ -]patterns?|gotchas|trade[ -]?offs?|benefits|advantages|disadvantages|drawbacks"
        r"|risks?\b|challenges|limitations|criticisms?|pros\b|cons\b|pitfalls|what flourishes|opportunities"
        r"|what risks",
    ),
    ("principles", "(?:core |key |guiding )?principles?|lessons|values"),
    (
        "practices",
        "(?:key |best |core )?practices?|techniques|(?:commons )?patterns in action|key innovations",
    ),
    (
        "implementation",
        r"implement|getting started|how to|prerequisites|steps?\b|phases?\b|stages? \d|roadmap"
        "|success factors|workflow|checklist",
    ),
    ("problem", "problem|forces|tensions?|motivation|pain points?"),
    ("solution", "solution|therefore|how it works|mechanism|structure|rationale|architecture|the model"),
    ("context", "context|background|histor"),
    ("overview", "overview|introduction|summary|intent|definition|description|what is|purpose|in brief"),
)
# Asked last, and never of a sub-section whose parent has a role: these say less. None leads to the roles
# by which a loose file is taken for a pattern, since minutes and essays have such headings too.
_WEAK_ROLE_WORDS: tuple[tuple[SectionRole, str], ...] = (
    (
        "references",
        "related patterns$|relationships?$|relationship to|see also|notes$|detailed notes|insights from|websites"
        r"|organi[sz]ations and communities|online communities|(?:\w+ )?tools and platforms|document information",
    ),
    ("cognitive_era", r"ai\b|aiml|artificial intelligence|the future of|the rise of|from physical \w+ to digital"),
    ("when_to_use", "(?:best|not|most) (?:used|suit)|suitable|industr|variations|exceptions"),
    ("practices", "(?:key |roles and )?responsibilities|collaboration|participants|guidelines|rules of"),
    ("principles", "(?:core|key|basic) (?:concepts|ideas|notions)|(?:key |ethical )?considerations|philosophy|ethics"),
    ("overview", "conclusion|key takeaways|the pattern$|goals of|objectives?$"),
)
_ROLES = tuple((role, re.compile(rf"\b(?:{words})")) for role, words in _ROLE_WORDS)
_WEAK_ROLES = tuple((role, re.compile(rf"\b(?:{words})")) for role, words in _WEAK_ROLE_WORDS)
_PLAIN_NAMES = tuple((role, re.compile(rf"(?:the )?(?:{words})\w*")) for role, words in _ROLE_WORDS)


@dataclass(frozen=True)
class Body:
    """A page's sections, and the opening text that may serve as its summary."""

    sections: tuple[Section, ...]
    lead: str = ""


@dataclass(frozen=True)
class _Part:
    level: int  # 0: before the first heading
    heading: str
    numbered: bool
    text: str


def read_body(body: str, title: str, summary: str = "") -> Body:
    """Cut a page at its headings of level 1 to 3.

    Args:
        body: markdown without front matter.
        title: the page's title; a heading that only repeats it is no section.
        summary: the summary that is known already; an opening that says the same is dropped.

    Returns:
        The sections, their headings unique within the page (a second "When to Use" becomes
        "When to Use (2)", so that a locator is never in doubt), and the opening text.
    """
    lead, parts = _lead_and_parts(_parts(body), title)
    sections: list[Section] = []
    seen: dict[str, int] = {}
    if lead and not (summary and _repeats(lead, summary)):
        sections.append(Section("overview", _LEAD_HEADING if parts else "Overview", lead))
        seen[sections[0].heading.casefold()] = 1
    parents: list[tuple[int, SectionRole]] = []  # the headings above, outermost first
    for position, part in enumerate(parts):
        while parents and parents[-1][0] >= part.level:
            parents.pop()
        role = _role(part, parents[-1][1] if parents else "other")
        parents.append((part.level, role))
        if role == "other" and position == 0 and part.level == 1:
            role = "overview"  # the title in other words, e.g. behind a catalogue number
        if part.text:
            sections.append(Section(role, _unique(part.heading, seen), part.text))
    return Body(tuple(sections), lead)


def clean_heading(raw: str) -> tuple[str, bool]:
    """A heading without numbering, word count and markup; and whether it was numbered."""
    plain = " ".join(raw.replace("_x000D_", "").replace("**", "").replace("`", "").split()).strip("*_ ")
    numbered = _NUMBERING.match(plain)
    if numbered is not None and numbered.end() < len(plain):
        plain = plain[numbered.end() :]
    return _WORD_COUNT.sub("", plain).strip().rstrip(":").strip(), numbered is not None


def _parts(body: str) -> list[_Part]:
    lines = body.split("\n")
    fenced = _fenced_lines(lines)
    parts: list[_Part] = []
    level, heading, numbered, start = 0, "", False, 0
    for number, line in enumerate(lines):
        found = None if fenced[number] or "#" not in line else _heading(line)
        if found is None:
            continue
        parts.append(_Part(level, heading, numbered, _text(lines, fenced, start, number)))
        level, start = found[0], number + 1
        heading, numbered = clean_heading(found[1])
    parts.append(_Part(level, heading, numbered, _text(lines, fenced, start, len(lines))))
    return [part if len(part.heading) <= _LONGEST_HEADING else _shorten(part) for part in parts]


def _heading(line: str) -> tuple[int, str] | None:
    """Level and words of a heading of level 1 to 3; no pattern matching, so padding costs nothing."""
    marks = line.lstrip(" ")
    level = len(marks) - len(marks.lstrip("#"))
    words = marks[level:]
    if len(line) - len(marks) > 3 or not 1 <= level <= 3 or (words and words[0] not in " \t"):
        return None
    words = words.strip()
    bare = words.rstrip("#")
    return level, bare.rstrip() if not bare or bare[-1] in " \t" else words


def _shorten(part: _Part) -> _Part:
    """A paragraph set as a heading is text too, or nobody could quote it."""
    heading = first_sentences(part.heading, _SHORT_HEADING, 1)
    return _Part(part.level, heading, part.numbered, f"{part.heading}\n\n{part.text}".strip())


def _fenced_lines(lines: list[str]) -> list[bool]:
    """Which lines stand in a code fence."""
    fenced = [False] * len(lines)
    for fence in find_fences(lines):
        fenced[fence.first : fence.last + 1] = [True] * (fence.last + 1 - fence.first)
    return fenced


def _text(lines: list[str], fenced: list[bool], start: int, end: int) -> str:
    """Lines as written, table padding collapsed, without what says nothing at both ends."""
    while start < end and _says_nothing(lines[start]):
        start += 1
    while end > start and _says_nothing(lines[end - 1]):
        end -= 1
    kept = []
    for number in range(start, end):
        line = lines[number]
        if not fenced[number] and _TABLE_ROW.match(line):
            line = _DASHES.sub("---", _PADDING.sub(" ", line)).rstrip()
        kept.append(line if line.strip() else "")
    return "\n".join(kept)


def _says_nothing(line: str) -> bool:
    """A blank line, a rule, or a comment such as parts the slides of a deck."""
    return not line.strip() or RULE.match(line) is not None or _COMMENT.match(line) is not None


def _lead_and_parts(parts: list[_Part], title: str) -> tuple[str, list[_Part]]:
    """What stands before the first real section, and the rest."""
    opening: list[str] = []
    rest: list[_Part] = []
    for part in parts:
        if not rest and (part.level == 0 or (part.level <= 2 and name_key(part.heading) == name_key(title))):
            opening.append(part.text)
        else:
            rest.append(part)
    blocks = (block.strip() for text in opening for block in re.split(r"\n[ \t]*\n", text))
    return "\n\n".join(block for block in blocks if _says_something(block)), rest


def _says_something(block: str) -> bool:
    return len(words_of(block)) > 2 and not RULE.match(block) and not is_boilerplate(block)


def _repeats(lead: str, summary: str) -> bool:
    """Whether four fifths of an opening's words stand in the summary already."""
    ours, theirs = words_of(lead), set(words_of(summary))
    return sum(word in theirs for word in ours) >= 0.8 * len(ours)


def _role(part: _Part, parent: SectionRole) -> SectionRole:
    """A sub-section has its parent's role, unless its heading is numbered or names a role outright."""
    key = name_key(part.heading)
    if parent == "other":
        return _role_of(key, _ROLES) or _role_of(key, _WEAK_ROLES) or "other"
    return (_role_of(key, _ROLES) if part.numbered else _outright(key)) or parent


@lru_cache(maxsize=8192)
def _role_of(key: str, roles: tuple[tuple[SectionRole, re.Pattern[str]], ...]) -> SectionRole | None:
    return next((role for role, words in roles if words.search(key)), None)


@lru_cache(maxsize=8192)
def _outright(key: str) -> SectionRole | None:
    return next((role for role, words in _PLAIN_NAMES if words.fullmatch(key)), None)


def _unique(heading: str, seen: dict[str, int]) -> str:
    heading = heading or "Untitled"
    count = seen[heading.casefold()] = seen.get(heading.casefold(), 0) + 1
    if count == 1:
        return heading
    return _unique(f"{heading} ({count})", seen)
