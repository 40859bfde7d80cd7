"""A drawing whose arrows could not be read, asked about its arrows: said so, before its words are searched."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from cml_mm.answering.book import Draft
from cml_mm.answering.diagram_answers import DRAWN
from cml_mm.answering.diagram_flow_forms import FLOW_FORMS
from cml_mm.answering.diagram_forms import FORMS, LEAD, PLACE
from cml_mm.answering.diagram_telling import listed
from cml_mm.answering.file_reply import FileReply
from cml_mm.answering.file_source import Shelf

# What only arrows, boxes and lanes can tell; whether a label is named cannot be known where none was read.
_STRUCTURAL = frozenset(
    """after before all_after all_before leads joined path connects between arrow_label loops loop_of loop_sign roots
    leaves hub unjoined condition in_lane lane_of lanes boxes arrows""".split()
)
MOST_NAMED = 3  # files


def unread_words(question: str, shelf: Shelf, files: Sequence[str] = ()) -> str:
    """A sentence that says that arrows could not be followed; "" where that is not what is asked, or they could.

    Args:
        question: made whole, in English.
        shelf: the files that may be asked.
        files: ids of those that the question names.
    """
    chosen = shelf.only(files).files
    drawn = [file for file in chosen if file.card.format in DRAWN]
    readable = any(diagram.has_structure for file in chosen for diagram in file.read.diagrams)
    if not drawn or len(drawn) < len(chosen) or readable or not _asks_structure(question):
        return ""
    names = listed([shelf.titles[file.card.id] for file in drawn[:MOST_NAMED]])
    lead = f"No boxes joined by arrows could be read in {names}, so nothing can be followed there"
    return f"{lead}; only words were searched."


def with_words(reply: FileReply, words: str) -> FileReply:
    """The reply with that sentence before its own; the same reply where there is none to say."""
    if not words:
        return reply
    if not reply.sure and reply.drafts:
        first = replace(reply.drafts[0], text=f"{words} {reply.drafts[0].text}")
        return replace(reply, drafts=(first, *reply.drafts[1:]))
    return replace(reply, drafts=(Draft(words, (), 0), *reply.drafts))


def _asks_structure(question: str) -> bool:
    text = PLACE.sub(" ", LEAD.sub("", question.replace("’", "'"))).strip()
    return any(form.kind in _STRUCTURAL and form.words.match(text) for form in (*FORMS, *FLOW_FORMS))
