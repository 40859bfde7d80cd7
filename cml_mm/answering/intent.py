"""What kind of answer a question wants: a definition, relations, a comparison, or help.

Read from its words and from the names of the library that it speaks. It looks nothing
up: whether the graph holds such a relation is for the composer to find out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from cml_mm import prose
from cml_mm.retrieval.names import NameMatch
from cml_mm.types import RelationKind

IntentKind = Literal["help", "define", "relations", "tension", "adopters", "adopted", "compare", "path"]


@dataclass(frozen=True)
class Intent:
    """`relation` and `outgoing` are meant for kind "relations" only; `subjects` are slugs in order."""

    kind: IntentKind
    subjects: tuple[str, ...] = ()
    relation: RelationKind | None = None
    outgoing: bool = True


_NAME = "\x01"  # stands for a name of the library in the patterns below
# Ordered: the first pattern that is found decides. "\1" is a name; direction is that of the relation.
_RELATION_FORMS: tuple[tuple[RelationKind, bool, str], ...] = (
    ("ENABLES", False, rf"^(which|what)( patterns?)? (leads?( up)? to|enables?|unlocks?|supports?) {_NAME}"),
    (
        "REQUIRES",
        True,
        rf"(in place|ready|needed|required|necessary|must be there).{{0,40}}\b(before|for|by|to)\b.*{_NAME}",
    ),
    ("REQUIRES", True, rf"(prerequisites?|preconditions?|requirements?)\b.*{_NAME}"),
    (
        "REQUIRES",
        True,
        rf"{_NAME}.*\b(requires?|depends? (up)?on|needs?|rel(y|ies) on|rests? on|presupposes?|builds? (up)?on)\b",
    ),
    (
        "REQUIRES",
        False,
        rf"\b(requires?|depends? (up)?on|needs?|rel(y|ies) on|presupposes?|builds? (up)?on)\b.*{_NAME}",
    ),
    ("ENABLES", True, rf"\b(enabled|made possible|unlocked|opened up) by\b.*{_NAME}"),
    (
        "ENABLES",
        True,
        rf"{_NAME}.*\b(enables?|makes? (\w+ )?possible|leads? to|unlocks?|opens? up|paves? the way)\b",
    ),
    ("ENABLES", True, rf"\b(does|can|do|will)\b[^.?]*{_NAME}[^.?]*\b(enable|make possible|lead to|unlock)\b"),
    ("ENABLES", False, rf"\b(enables?|makes?|leads? (up )?to|unlocks?|paves? the way)\b.*{_NAME}"),
    ("ALTERNATIVE_TO", True, r"\b(alternatives?|instead of|in place of|substitutes?)\b"),
    (
        "COMPLEMENTS",
        True,
        r"\b(complement\w*|(goes|go|works?|combines?|fits?) (well |best )?(together )?with|pairs? (well )?with)\b",
    ),
    (
        "SPECIALIZES_TO",
        False,
        r"\b(more general|broader|parent|special cases? of which|generali[sz]\w*|umbrella|of which .*special case)",
    ),
    (
        "SPECIALIZES_TO",
        True,
        r"\b(more speciali[sz]ed|more specific|special cases?|variants?|speciali[sz]\w*|kinds of)\b",
    ),
    ("USES_TOOL", True, r"\b(which|what) tools?\b"),
    ("RELATED", True, r"\b(related to|similar to|neighbou?rs? of|connected (to|with))\b"),
)
_TENSION = re.compile(
    r"\b(tensions?|tug.of.war|pulls? against|pull against each other|conflicts? with|clash\w*|at odds|contradict\w*"
    r"|trade.?offs?|works? against|opposing forces|core conflict)\b"
)
_ADOPTERS = re.compile(
    r"\b(who|which (organi[sz]ations?|co-?ops?|cooperatives?|cities|companies|groups?|people|communities)"
    r"|(has|have|did|does|do) any(body|one)|(has|have) any \w+)\b"
    r".*\b(uses?|used|using|adopt(s|ed)?|appl(y|ies|ied)|practi[cs]es?d?|has done|have done|did|tried|set up|done it)\b"
)
_ADOPTED = re.compile(r"\b(use[sd]?|using|adopt(s|ed)?|appl(y|ies|ied)|practi[cs]es?d?|follow(s|ed)?)\b")
# Words that always compare, asked first; and words that do so only where nothing else is asked of two names.
_DIFFERENCE = re.compile(r"\b(differences?|differs?|compare[ds]?|versus|vs|better than|distinguish\w*)\b")
_CHOICE = re.compile(r"\b(or|rather than)\b")
_PATH = re.compile(r"\b(path|steps?|leads?|chain|route|connect(s|ed|ion)?|link(s|ed)?|relate[sd]?|between|get from)\b")
_DEFINE = re.compile(
    r"^(what('s| is| are| does| do)\b.*|define|definition|explain|describe|tell me about|meaning of|who is|remind me)"
)


def read_intent(question: str, names: tuple[NameMatch, ...], lighthouses: frozenset[str]) -> Intent:
    """The kind of answer that is wanted.

    Args:
        question: as asked.
        names: the library's names found in it, in order.
        lighthouses: slugs that are adopters, not patterns.
    """
    subjects = tuple(dict.fromkeys(match.slugs[0] for match in names))
    if not subjects:
        return Intent("help")
    text = _with_names_marked(question, names)
    patterns = tuple(slug for slug in subjects if slug not in lighthouses)
    adopters = tuple(slug for slug in subjects if slug in lighthouses)
    if adopters and _ADOPTED.search(text):
        return Intent("adopted", adopters)
    if not patterns:
        return Intent("define", adopters)
    if _ADOPTERS.search(text):
        return Intent("adopters", patterns)
    if len(patterns) > 1 and (two := _about_two(text, patterns)):
        return two
    if _TENSION.search(text):
        return Intent("tension", patterns)
    for relation, outgoing, form in _RELATION_FORMS:
        if re.search(form, text):
            return Intent("relations", patterns, relation, outgoing)
    if _about_the_name(text, names):
        return Intent("define", patterns)
    return Intent("help", patterns)


def _about_two(text: str, patterns: tuple[str, ...]) -> Intent | None:
    if _DIFFERENCE.search(text):
        return Intent("compare", patterns)
    if _TENSION.search(text):
        return Intent("path", patterns)
    if _PATH.search(text):
        return Intent("path", patterns)
    if _CHOICE.search(text):
        return Intent("compare", patterns)
    return None


def _about_the_name(text: str, names: tuple[NameMatch, ...]) -> bool:
    """A bare name, or "what is" and little else beside it."""
    rest = [word for word in prose.words(text.replace(_NAME, " ")) if word not in prose.STOP_WORDS]
    if not rest:
        return True
    named = sum(match.words for match in names)
    return bool(_DEFINE.search(text.strip())) and len(rest) <= max(3, named + 1)


def _with_names_marked(question: str, names: tuple[NameMatch, ...]) -> str:
    """The folded question with each name replaced by one mark."""
    folded = prose.fold(question)
    found = list(prose.WORD.finditer(folded))
    for match in sorted(names, key=lambda match: -match.start):
        if match.end <= len(found):
            start, end = found[match.start].start(), found[match.end - 1].end()
            folded = folded[:start] + _NAME + folded[end:]
    return folded
