"""Corrections of a file's diagrams: the diagram, the section that says it in words, its chunks and their vectors."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from cml_mm.diagrams.editing import corrected
from cml_mm.diagrams.values import Diagram, DiagramEdit
from cml_mm.diagrams.wording import heading_of, worded
from cml_mm.errors import InputError, LimitExceeded
from cml_mm.media.placed_diagram import placed_words
from cml_mm.ports import Vectors
from cml_mm.retrieval.chunks import chunk_document
from cml_mm.types import Section
from cml_mm.visits import Chunk, Correction, Placing, ReadFile, StoredFile, TextOrigin, count_parts

Encode = Callable[[tuple[Chunk, ...]], Vectors]
Edits = tuple[DiagramEdit, ...]
MOST_KEPT = 2_000  # edits of one diagram


def edited(
    stored: StoredFile,
    corrections: tuple[Correction, ...],
    diagram: int,
    change: Callable[[Edits], Edits],
    encode: Encode,
) -> tuple[StoredFile, tuple[Correction, ...]]:
    """A file with other corrections of one diagram, made anew from how it was first read.

    Args:
        stored: as it is kept.
        corrections: of all its diagrams.
        diagram: the place of the one that is meant.
        change: gives the edits that it shall have for those that it has.
        encode: makes the vectors of chunks, shape (len(chunks), dimension).

    Raises: InputError: there is no such diagram, or an edit cannot be made.
    """
    read = stored.read
    if not 0 <= diagram < len(read.diagrams):
        raise no_such_diagram()
    before = next((one for one in corrections if one.diagram == diagram), None)
    place = section_of(read, diagram)
    first = before.first if before else read.diagrams[diagram]
    if place is None:
        first = _named_apart(first, read)
    edits = change(before.edits if before else ())
    others = tuple(one for one in corrections if one.diagram != diagram)
    worded_first = before.worded if before else place is not None
    kept = (*others, Correction(diagram, first, edits, worded_first)) if edits else others
    now = _remade(first, edits)
    last = place == len(read.document.sections) - 1
    if not edits and not worded_first and last:
        revised = _without_words(read, diagram, now)
    else:
        revised = _with_words(read, diagram, now, place)
    place = len(read.document.sections) if place is None else place
    return _cut_anew(stored, revised, place, encode), kept


def added(more: Sequence[DiagramEdit]) -> Callable[[Edits], Edits]:
    """For `edited`: these edits beside those that were made before."""

    def both(edits: Edits) -> Edits:
        if len(edits) + len(more) > MOST_KEPT:
            raise LimitExceeded(
                f"This diagram has been changed {len(edits)} times; {MOST_KEPT} changes are kept.",
                "Take some back, or add the file anew with the changes made where it was drawn.",
            )
        return (*edits, *more)

    return both


def last_taken_back(edits: Edits) -> Edits:
    """For `edited`: without the last edit.

    Raises: InputError: there is none.
    """
    if not edits:
        raise InputError("Nothing in this diagram was changed by hand.", "There is nothing to take back.")
    return edits[:-1]


def all_taken_back(edits: Edits) -> Edits:
    """For `edited`: without any edit."""
    return ()


def no_such_diagram() -> InputError:
    """The words for a diagram that a file does not hold."""
    return InputError("There is no such diagram in this file.", "Open the file again to see what was read of it.")


def _remade(first: Diagram, edits: Edits) -> Diagram:
    """Edits are made one by one: together they may be more than somebody sends at a time."""
    for edit in edits:
        first = corrected(first, (edit,))
    return first


def section_of(read: ReadFile, number: int) -> int | None:
    """The place of the section that says a diagram in words; None where no section does.

    It is known by its heading, face and words. Equal diagrams stand in the order of their sections,
    and so do all of one face where the words are those of an older version of the app.
    """
    meant = read.diagrams[number]
    heading, text = heading_of(meant), worded(meant).text
    sections = [place for place in range(len(read.document.sections)) if _is_of(read, heading, meant.face, place)]
    exact = [place for place in sections if read.document.sections[place].text == text]
    alike = [
        place
        for place, diagram in enumerate(read.diagrams)
        if (heading_of(diagram), diagram.face) == (heading, meant.face)
        and (worded(diagram).text == text if exact else diagram.has_structure or place == number)
    ]
    rank, found = alike.index(number), exact or sections
    return found[rank] if rank < len(found) else None


def _named_apart(diagram: Diagram, read: ReadFile) -> Diagram:
    """A diagram that gets a section of its own, with a title that no other section bears."""
    taken = {section.heading.casefold() for section in read.document.sections}
    base, number, found = diagram.title or heading_of(diagram), 1, diagram
    while heading_of(found).casefold() in taken:
        number += 1
        found = replace(diagram, title=f"{base} ({number})")
    return found


def _is_of(read: ReadFile, heading: str, face: str, place: int) -> bool:
    stands = read.placings[place].face if place < len(read.placings) else ""
    return read.document.sections[place].heading == heading and stands == face


def _with_words(read: ReadFile, number: int, diagram: Diagram, place: int | None) -> ReadFile:
    """The reading with another diagram, and its words in their section or, where there is none, in a new last one."""
    said = worded(diagram)
    sections, placings = list(read.document.sections), list(read.placings)
    placings += [Placing()] * (len(sections) - len(placings))
    origin: TextOrigin = "file" if diagram.origin != "picture" else "ocr"
    placing = placed_words(diagram, said, origin)
    if place is None:
        page = next((face.number for face in read.faces if face.key == diagram.face), 0)
        sections.append(Section("other", said.heading, said.text, page))
        placings.append(placing)
    else:
        before = placings[place]
        times = tuple(replace(run, start=0, end=len(said.text)) for run in before.times[:1])  # of a slide in a film
        placing = replace(placing, origin=before.origin, confidence=before.confidence, times=times)
        sections[place], placings[place] = replace(sections[place], text=said.text), placing
    return replace(
        read,
        document=replace(read.document, sections=tuple(sections)),
        placings=tuple(placings),
        diagrams=(*read.diagrams[:number], diagram, *read.diagrams[number + 1 :]),
    )


def _without_words(read: ReadFile, number: int, diagram: Diagram) -> ReadFile:
    """The reading with another diagram, and without its last section, which a correction had added."""
    return replace(
        read,
        document=replace(read.document, sections=read.document.sections[:-1]),
        placings=read.placings[: len(read.document.sections) - 1],
        diagrams=(*read.diagrams[:number], diagram, *read.diagrams[number + 1 :]),
    )


def _cut_anew(stored: StoredFile, read: ReadFile, place: int, encode: Encode) -> StoredFile:
    """The file with another reading of one section; no other is cut or encoded again."""
    fresh = _chunks_of(read, place, stored.card.id)
    before = [row for row, chunk in enumerate(stored.chunks) if chunk.section < place]
    after = [row for row, chunk in enumerate(stored.chunks) if chunk.section > place]
    chunks = (*(stored.chunks[row] for row in before), *fresh, *(stored.chunks[row] for row in after))
    made = encode(fresh) if fresh else np.zeros((0, stored.vectors.shape[1]), np.float32)
    vectors = np.concatenate([stored.vectors[before], made, stored.vectors[after]])
    card = replace(stored.card, diagrams=count_parts(read.diagrams))
    return replace(stored, card=card, read=read, chunks=chunks, vectors=vectors)


def _chunks_of(read: ReadFile, place: int, file: str) -> tuple[Chunk, ...]:
    """The chunks of one section, called as they would be among all of them."""
    sections = read.document.sections
    if place >= len(sections):
        return ()
    alone = (*(Section("other", "", "") for _ in range(place)), sections[place])
    return chunk_document(replace(read.document, sections=alone), file)
