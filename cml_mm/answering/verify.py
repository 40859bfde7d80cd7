"""Checks a sentence against what it cites, by code.

A sentence is supported when its content words, numbers, negations and the relation it
claims all stand in the cited evidence. It knows nothing about who wrote the sentence,
so the same check holds for the composer and for a language model.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from cml_mm import prose
from cml_mm.types import SYMMETRIC_KINDS, Edge, Evidence, Sentence, Verdict

SUPPORTED_SHARE = 0.92  # of content words; a slip of inflection is no invention
PARTLY_SHARE = 0.6
RELATION_VERBS: dict[str, str] = {
    "REQUIRES": "requires",
    "ENABLES": "enables",
    "SPECIALIZES_TO": "has the special case",
    "USES_TOOL": "uses the tool",
    "COMPLEMENTS": "goes well with",
    "ALTERNATIVE_TO": "is an alternative to",
    "RELATED": "is related to",
    "TENSIONS_WITH": "pulls against",
    "ADOPTS": "has adopted",
}
# Words of CML that frame a quote and claim nothing about the world.
_FRAME = frozenset(
    prose.stem(word)
    for word in (
        "fits may best also core practice advice first step library says holds tension pattern"
        " second third fourth fifth sixth seventh last costs left yes perhaps"
        " file page slide picture row clause begins heading recognised doubt speak matter words pull stand against"
        " advises join joins names further place"
    ).split()
)
# Whose name follows, in the words of the asker's situation: "(for a city official: Fixed Terms)".
_FOR_WHOM = re.compile(r"\(for an? [^():]{2,40}: ")
# The answer to "can X do without Y?", before the relation that says so.
_NO_LEAD = re.compile(r"\A(?:No|Perhaps not): ")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_NEGATION = frozenset({"not", "no", "never", "nor", "none", "without", "cannot", "nobody", "nothing"})


def statement(subject: str, kind: str, object_: str) -> str:
    """A relation in words, as the composer writes it and the verifier reads it."""
    return f"{subject} {RELATION_VERBS[kind]} {object_}"


def verify(sentence: Sentence, evidence: Mapping[int, Evidence]) -> Verdict:
    """The verdict on one sentence.

    Args:
        sentence: its text and the numbers it cites.
        evidence: number to evidence.
    Returns: "not_checked" without citation; "unsupported" when a citation does not exist.
    """
    if not sentence.cites:
        return "not_checked"
    cited = [evidence[number] for number in sentence.cites if number in evidence]
    if len(cited) < len(sentence.cites):
        return "unsupported"
    if not _relation_holds(sentence.text, cited):
        return "unsupported"
    held = _held_text(cited)
    if not _numbers_hold(sentence.text, held) or not _negations_hold(sentence.text, held):
        return "unsupported"
    said = [term for term in prose.terms(_FOR_WHOM.sub(" ", sentence.text)) if term not in _FRAME]
    known = set(prose.terms(held))
    share = sum(term in known for term in said) / len(said) if said else 1.0
    if share >= SUPPORTED_SHARE:
        return "supported"
    return "partly" if share >= PARTLY_SHARE else "unsupported"


def _held_text(cited: list[Evidence]) -> str:
    parts = []
    for item in cited:
        parts += [item.source.title, item.heading, prose.plain(item.passage)]
        for relation in item.path:
            parts.append(statement(relation.subject_title, relation.kind, relation.object_title))
            parts.append(relation.reason)
    return "\n".join(parts)


def _numbers_hold(text: str, held: str) -> bool:
    return set(_NUMBER.findall(text)) <= set(_NUMBER.findall(held))


def _negations_hold(text: str, held: str) -> bool:
    said = _NEGATION & set(prose.words(_NO_LEAD.sub("", text)))
    return not said or bool(_NEGATION & set(prose.words(held))) or "n't" in held or "n’t" in held


def _relation_holds(text: str, cited: list[Evidence]) -> bool:
    """A sentence that cites an edge must name its ends, and in the edge's direction."""
    folded = prose.fold(text)
    for item in cited:
        if not isinstance(item.locator, Edge):
            continue
        for relation in item.path:
            first = folded.find(prose.fold(relation.subject_title))
            last = folded.find(prose.fold(relation.object_title), max(first, 0))
            both = first >= 0 and prose.fold(relation.object_title) in folded
            forward = last > first >= 0
            if relation.kind in SYMMETRIC_KINDS:
                if both:
                    continue
                return False
            if not forward or RELATION_VERBS[relation.kind] not in folded:
                return False
    return True
