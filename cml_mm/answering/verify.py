"""Checks a sentence against what it cites, by code.

First what contradicts: a changed number, an unknown or swapped name, a denial, a reversed relation, an
overstatement, an invented cause. Then whether its words stand in the evidence, clause by clause. It knows
nothing about who wrote the sentence, so the same check holds for the composer and for a language model.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cml_mm import prose
from cml_mm.answering.diagram_check import diagram_verdict
from cml_mm.answering.verify_alignment import Held, Pairing, found_in, paired
from cml_mm.answering.verify_causes import invented_cause
from cml_mm.answering.verify_names import unknown_name
from cml_mm.answering.verify_negation import denied
from cml_mm.answering.verify_numbers import as_digits, changed_number
from cml_mm.answering.verify_quotes import lead_and_rest, stands
from cml_mm.answering.verify_roles import reversed_relation
from cml_mm.answering.verify_scope import widened
from cml_mm.answering.verify_strength import overstated
from cml_mm.answering.verify_support import Support, supports, unborne
from cml_mm.answering.verify_text import Statement, Word, read_statement, read_statements
from cml_mm.answering.verify_words import joined, opposite
from cml_mm.ports import TextEncoder
from cml_mm.types import SYMMETRIC_KINDS, Edge, Evidence, Relation, Sentence, Verdict

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

_ADDS = frozenset("most many some half all one few none several with including".split())
_GOES_ON = frozenset("and which who whose where while".split())
_LEAST_ADDED = 2  # content words of a tail
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
# The answer to "can X do without Y?", or a place in an order, before the relation that says so.
_LEAD = re.compile(r"\A(?:No|Perhaps not|First|Second|Third|Fourth|Fifth|Sixth|Seventh|Last): ")


_QUOTED = re.compile(r"“(?P<quoted>[^“”]{3,})”")
# By which words a sentence may tell a relation that it cites.
_TOLD_BY: dict[str, str] = {
    "REQUIRES": r"requir|need|depend|rel(?:y|ies) on|rests? on|presuppos|pre-?condition|pre-?requis|without|before",
    "ENABLES": r"enabl|unlock|allow|help|support|lead|make|open|prepar|facilitat|possible|easier|way",
    "SPECIALIZES_TO": r"special|narrow|general|form of|kind of|case|version|variant|broad|specific",
    "USES_TOOL": r"us(?:e|es|ed|ing)\b|tool|work",
    "ADOPTS": r"adopt|us(?:e|es|ed|ing)\b|appl|practi[sc]|work",
}


@dataclass(frozen=True)
class Judgement:
    """A verdict; `why` names what the evidence does not bear out, empty where it bears out all."""

    verdict: Verdict
    why: str = ""


def statement(subject: str, kind: str, object_: str) -> str:
    """A relation in words, as the composer writes it and the verifier reads it."""
    return f"{subject} {RELATION_VERBS[kind]} {object_}"


def verify(sentence: Sentence, evidence: Mapping[int, Evidence], encoder: TextEncoder | None = None) -> Verdict:
    """The verdict on one sentence.

    Args:
        sentence: its text and the numbers it cites.
        evidence: number to evidence; more than is cited may be given, so that what is denied is looked for there.
        encoder: measures meaning where words differ; without it fewer paraphrases are recognised.
    Returns: "not_checked" without citation; "unsupported" when a citation does not exist.
    """
    if not sentence.cites:
        return "not_checked"
    cited = [evidence[number] for number in sentence.cites if number in evidence]
    if len(cited) < len(sentence.cites) or not _relations_hold(sentence.text, cited):
        return "unsupported"
    if drawn := diagram_verdict(sentence.text, cited, tuple(evidence.values())):
        return drawn
    passages: list[str] = []
    around: list[str] = []
    for item in cited:
        around += [item.source.title, item.heading]
        passages.append(prose.plain(item.passage))
        passages += [f"{_in_words(relation)}. {relation.reason}" for relation in item.path]
    claimed = _claimed(sentence.text, passages)
    if _only_frames(claimed, around):
        return "supported"
    lead, rest = lead_and_rest(claimed)
    if lead and stands(rest, passages) and (_only_frames(lead, around) or stands(lead, passages)):
        return "supported"
    return judge(claimed, passages, around, encoder).verdict


def _only_frames(text: str, around: Sequence[str]) -> bool:
    """Whether a text is made of titles and the words that frame a quote, and of nothing else."""
    known = {term for title in around for term in prose.terms(title)} | _FRAME
    denies = {"not", "no", "never", "without", "nobody", "none"} & set(prose.words(text))
    return not denies and all(term in known for term in prose.terms(text))


def _in_words(relation: Relation) -> str:
    return statement(relation.subject_title, relation.kind, relation.object_title)


def _claimed(text: str, passages: Sequence[str]) -> str:
    """What a sentence says itself: without its lead, and without quotes that stand so in a passage."""
    held = [" ".join(passage.split()) for passage in passages]
    bare = _FOR_WHOM.sub("(", _LEAD.sub("", text))

    def kept(found: re.Match[str]) -> str:
        quoted = " ".join(found["quoted"].split()).rstrip("….,;:")
        return " " if any(quoted in passage for passage in held) else found.group()

    return _QUOTED.sub(kept, bare)


def judge(
    sentence: str, passages: Sequence[str], around: Sequence[str] = (), encoder: TextEncoder | None = None
) -> Judgement:
    """The verdict on one sentence held against some passages.

    Args:
        sentence: plain text.
        passages: what it has to stand on.
        around: titles and headings: their words are known, but claim nothing.
        encoder: measures meaning where words differ.
    Returns: "not_checked" where there is no sentence or nothing to hold it against.
    """
    if stands(sentence, passages):
        return Judgement("supported")
    held = _held(passages, around)
    parts = [part.text for part in read_statements(sentence)]
    if len(parts) > 1:
        whole = _judge_one(" ".join(parts), held, encoder)
        contradicted = whole.why and not whole.why.startswith("words")
        return whole if contradicted else _together([_judge_one(part, held, encoder) for part in parts])
    return _judge_one(sentence, held, encoder)


def _together(found: Sequence[Judgement]) -> Judgement:
    """The verdict on several sentences of which none contradicts the evidence: one that is not makes it partly so."""
    if all(one.verdict == "unsupported" for one in found):
        return found[0]
    weak = next((one for one in found if one.verdict in ("partly", "unsupported")), None)
    return Judgement("partly", weak.why) if weak else Judgement("supported")


def _judge_one(sentence: str, held: Held, encoder: TextEncoder | None) -> Judgement:
    said = read_statement(sentence)
    if not said.words:
        return Judgement("not_checked")
    if not held.statements:
        return Judgement("not_checked", "no evidence")
    found = supports(said, held, encoder, _FRAME)
    pairings = tuple(pairing for clause in said.clauses if (pairing := paired(clause, held, said)) is not None)
    why = _contradicted(said, pairings, held)
    if why:
        return Judgement("unsupported", why)
    added = _added_at_the_end(said, held)
    found_out = _borne_out(found)
    return Judgement("partly", f"words: {added}") if added and found_out.verdict == "supported" else found_out


def _added_at_the_end(said: Statement, held: Held) -> str:
    """What follows the last comma, where no word of it stands in the evidence: "…, most of them from abroad"."""
    for clause in said.clauses[1:]:
        new = [word for word in clause.content if word.stem not in _FRAME]
        told = any(word.low[0].isdigit() for word in clause.words)
        if len(new) >= _LEAST_ADDED and not told and clause.words[0].low in _GOES_ON and not _any_known(new, held):
            return clause.text
    at = next((word.place for word in reversed(said.words) if word.before.startswith(",")), 0)
    tail = [word for word in said.words[at:] if word.content and word.stem not in _FRAME]
    if not at or len(tail) < _LEAST_ADDED or said.words[at].low not in _ADDS:
        return ""
    return "" if _any_known(tail, held) else " ".join(word.text for word in said.words[at:])


def _any_known(words: Sequence[Word], held: Held) -> bool:
    return any(found_in(word, held.words) or any(opposite(word.stem, o.stem) for o in held.words) for word in words)


def _contradicted(said: Statement, pairings: tuple[Pairing, ...], held: Held) -> str:
    number = changed_number(as_digits(joined(said.text)), held.digits)
    if number:
        return f"number: {number}"
    name = unknown_name(said, held)
    if name:
        return f"name: {name}"
    cause = invented_cause(said, held)
    if cause:
        return cause
    checks = ((denied, "negation"), (reversed_relation, "relation"), (overstated, "strength"), (widened, "strength"))
    for check, kind in checks:
        why = check(said, pairings, held)
        if why:
            return f"{kind}: {why}"
    return ""


def _borne_out(found: Sequence[Support]) -> Judgement:
    verdict, clause = unborne(found)
    if verdict == "supported":
        return Judgement(verdict)
    return Judgement(verdict, f"words: {clause}" if clause else "words")


def _held(passages: Sequence[str], around: Sequence[str]) -> Held:
    statements = tuple(one for passage in passages for one in read_statements(passage))
    titles = tuple(word for title in around for word in read_statement(title).words)
    return Held(statements, titles, as_digits(joined("\n".join((*passages, *around)))))


def _relations_hold(text: str, cited: Sequence[Evidence]) -> bool:
    """A sentence that cites an edge must name its ends, tell its kind, and leave its direction."""
    folded = prose.fold(text)
    for item in cited:
        for relation in item.path if isinstance(item.locator, Edge) else ():
            first = folded.find(prose.fold(relation.subject_title))
            last = folded.find(prose.fold(relation.object_title))
            if first < 0 or last < 0:
                return False
            if relation.kind in SYMMETRIC_KINDS:
                continue
            forward = folded.find(prose.fold(relation.object_title), first) > first
            if forward and RELATION_VERBS[relation.kind] in folded:
                continue
            if not re.search(rf"\b(?:{_TOLD_BY[relation.kind]})", folded) or _turned(text, relation):
                return False
    return True


def _turned(text: str, relation: Relation) -> bool:
    """Whether a sentence has put the ends of a relation in each other's places."""
    said = read_statement(text)
    held = _held([f"{_in_words(relation)}."], ())
    pairings = tuple(found for clause in said.clauses if (found := paired(clause, held, said)) is not None)
    if reversed_relation(said, pairings, held):
        return True
    folded = prose.fold(text)
    active = re.search(r"\b(?:requires?|enables?|needs|adopts?|uses)\b", folded)
    first, last = prose.fold(relation.subject_title), prose.fold(relation.object_title)
    return active is not None and folded.find(last) < active.start() < folded.find(first)
