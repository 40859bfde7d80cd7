"""Questions about a diagram that lean on the answer before ("and after that?"), or hold several.

What was found before is found again by asking the earlier question once more: the walk is the same, so no
more than the conversation itself has to be remembered.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from cml_mm.answering.book import EvidenceBook
from cml_mm.answering.compose import Composer
from cml_mm.answering.diagram_answers import PATTERN_KINDS, AskedOfDiagram, DiagramAnswers, asked_of_diagram
from cml_mm.answering.diagram_change_answers import in_order
from cml_mm.answering.diagram_names import Names
from cml_mm.answering.diagram_questions import all_parts
from cml_mm.answering.diagram_shelf import diagrams_of
from cml_mm.answering.diagram_telling import listed
from cml_mm.answering.diagram_versions import asked_of_each
from cml_mm.answering.file_questions import NamedFile, named_files
from cml_mm.answering.file_source import Shelf
from cml_mm.talk import Talk

MOST_PARTS = 6  # boxes that "that" may stand for
_THAT = r"(?:that|this|it|them|those|these|him|her|that (?:one|box|step)|this (?:one|box|step)|there)"
_ASKS = r"(?:what|who|which(?: \w+)?)(?:'s| is| are)?(?: \w+){0,3}"
_LEADING = r"^\W*(?:(?:and|but|so|ok|okay|then|well)\b[\s,]*)*"
_LEANS: tuple[tuple[str, str], ...] = (
    (
        "What comes after {}?",
        rf"(?:{_ASKS} )?(?:right |directly )?(?:after|below|behind) {_THAT}"
        r"|(?:what|who)(?:'s| is| are| comes?| happens?| decides?| follows?| does)*(?: \w+)? (?:next|then|afterwards)"
        rf"|next|what next|(?:where|what) (?:does|do) {_THAT} (?:lead|go|point|flow)(?: to)?|afterwards"
        rf"|(?:what|who) (?:follows|depends on) {_THAT}",
    ),
    (
        "What comes before {}?",
        rf"(?:{_ASKS} )?(?:right |directly )?(?:before|above) {_THAT}"
        rf"|(?:what|who) (?:feeds|leads to|precedes|causes) {_THAT}|where (?:does|do) {_THAT} come from",
    ),
    ("Which pattern is {}?", rf"(?:which|what) patterns? (?:is|are) {_THAT}|is {_THAT} a pattern"),
    ("Which lane is {} in?", rf"(?:which|what|in which|in what) lanes? (?:is|are) {_THAT}(?: in)?|who does {_THAT}"),
    ("Is {} part of a loop?", rf"(?:is|are) {_THAT} (?:part of|in) (?:a|any) (?:loop|cycle)"),
)
_THEN = re.compile(r"^\W*(?:and|so|ok|but)?\W*(?:and )?then\W*$", re.IGNORECASE)
_OTHER = re.compile(r"^\W*(?:(?:and|but|so|ok)\b[\s,]*)?(?:(?:what|how) about|and)\s+(?P<x>[^?]+?)\W*$", re.IGNORECASE)
_AGAIN = {
    "after": "What comes after {}?",
    "before": "What comes before {}?",
    "all_after": "What comes anywhere after {}?",
    "all_before": "What comes anywhere before {}?",
    "in_lane": "What is in {}?",
    "lane_of": "Which lane is {} in?",
    "loop_of": "Is {} part of a loop?",
    "pattern_of": "Which pattern is {}?",
    "condition": "What happens if {}?",
}
_JOINT = re.compile(
    r"\s*[,;?]?\s*\band\s+(?:also\s+)?(?=(?:where|what|who|how|which|is there|are there|does|do)\b)", re.IGNORECASE
)
_PATTERN = re.compile(r"\bpatterns?\b|\bmissing\b", re.IGNORECASE)


def diagram_followup(question: str, talk: Talk, shelf: Shelf, composer: Composer) -> str:
    """The question made whole from the last answer about a diagram; "" where it does not lean on one.

    Args:
        question: as asked.
        talk: the earlier turns; the id of the diagram's file stands among their subjects.
        shelf: the files that may be asked.
        composer: knows the library's pages.
    """
    past = next((turn for turn in reversed(talk.turns) if not turn.refused), None)
    files = [subject for subject in past.subjects if subject in shelf.ids] if past else []
    if past is None or not files:
        return ""
    told = question.replace("’", "'").strip()
    rest = re.sub(_LEADING, "", told, flags=re.IGNORECASE).strip(" ?.!,")
    form = next((whole for whole, words in _LEANS if re.fullmatch(words, rest, re.IGNORECASE)), "")
    other = _OTHER.match(told)
    if not (form or other or _THEN.match(told)):
        return ""
    before = asked_of_diagram(past.understood or past.question, shelf, files)
    if before is None:
        return ""
    if not form and not _THEN.match(told):
        return _of_another(other["x"], before) if other else ""
    names = _found(before, shelf, composer)
    return (form or "What comes after {}?").format(names) if names else ""


def _of_another(said: str, before: AskedOfDiagram) -> str:
    """ "And the board?": the question before, of another box."""
    form = _AGAIN.get(before.question.kind, "")
    if not form:
        return ""
    if before.question.kind == "condition":
        return form.format(said)
    names = Names.of(before.one.graph)
    found = names.find(said, names.masked(said))
    return form.format(f"“{found.label}”") if found.parts else ""


def _found(before: AskedOfDiagram, shelf: Shelf, composer: Composer) -> str:
    """What "that" is: the boxes that the earlier answer found, else those that were asked about."""
    graph = before.one.graph
    parts: Sequence[str] = ()
    if before.question.kind not in PATTERN_KINDS:
        parts = DiagramAnswers(shelf, EvidenceBook(entries={}), composer).found_parts(before)
    held = [part for part in parts if part in graph.nodes or part in graph.containers]
    held = held or list(all_parts(before.question.subjects))
    labels = dict.fromkeys(graph.label(part) for part in held if graph.label(part).strip())
    return listed([f"“{label}”" for label in labels][:MOST_PARTS])


def _of_both(question: str, shelf: Shelf, alone: bool) -> tuple[str, ...]:
    """A question to both of two versions, asked of each; () where it is not read as one of either."""
    found = diagrams_of(shelf)
    if len(found) != 2 or found[0].file is found[1].file:
        return ()
    pair = in_order(found, question)
    each = asked_of_each(question, [one.title for one in pair])
    read = [asked_of_diagram(one, shelf, (pair[at].file.card.id,), alone) for at, one in enumerate(each)]
    return each if any(one is not None and not one.question.missing for one in read) else ()


def diagram_needs(question: str, shelf: Shelf, files: Sequence[NamedFile], alone: bool) -> tuple[str, ...]:
    """A question about a diagram as it is to be answered: whole, or its parts in turn; () for any other question."""
    named = named_files(question, files)
    if each := _of_both(question, shelf, alone):
        return each
    parts = [part.strip(" ,;?") for part in _JOINT.split(question) if part.strip(" ,;?")]
    if len(parts) > 1 and not any(_PATTERN.search(part) for part in parts[1:]):
        read = [asked_of_diagram(f"{part}?", shelf, named, alone) for part in parts]
        if all(one is not None and not one.question.missing for one in read):
            return tuple(f"{part[:1].upper()}{part[1:]}?" for part in parts)
    whole = asked_of_diagram(question, shelf, named, alone)
    return (question,) if whole is not None and not whole.question.missing else ()
