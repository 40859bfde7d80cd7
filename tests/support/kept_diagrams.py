"""A visitor's file with diagrams between two texts, as reading it gives it, without the reading."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from cml_mm.diagrams.values import Diagram
from cml_mm.diagrams.wording import worded
from cml_mm.media.placed_diagram import placed_words
from cml_mm.ports import TextEncoder
from cml_mm.retrieval.chunks import chunk_document
from cml_mm.retrieval.file_index import encoded_text
from cml_mm.types import Document, Section, Source
from cml_mm.visits import Face, FileCard, Placing, ReadFile, StoredFile, count_parts, new_file_id

BEFORE = Section("other", "Minutes of May", "The cellar was painted on Friday, and everybody was tired afterwards.")
AFTER = Section("other", "Minutes of June", "The roof is still to be mended before the autumn storms arrive.")


def file_with(encoder: TextEncoder, diagrams: Sequence[Diagram], name: str = "plan.pdf", file: str = "") -> StoredFile:
    """A text before, a section for every diagram that has structure, and a text after."""
    file = file or new_file_id()
    said = [(worded(diagram), diagram) for diagram in diagrams if diagram.has_structure]
    sections = (BEFORE, *(Section("other", words.heading, words.text) for words, _ in said), AFTER)
    placings = (Placing(), *(placed_words(diagram, words) for words, diagram in said), Placing())
    digest = hashlib.sha256(f"{name} {file}".encode()).hexdigest()
    source = Source(digest, name, "document", file, name, "private", "you", owner="visitor")
    document = Document(file, name.split(".", maxsplit=1)[0].capitalize(), source, "", sections, "pdf")
    keys = dict.fromkeys(diagram.face for diagram in diagrams if diagram.face)
    faces = tuple(Face(key, key.capitalize(), 0, 800, 600, drawable=False) for key in keys)
    read = ReadFile(document, placings, faces, diagrams=tuple(diagrams))
    chunks = chunk_document(document, file)
    card = FileCard(file, name, "ready", title=document.title, format="pdf", diagrams=count_parts(diagrams))
    vectors = encoder.encode_passages([encoded_text(chunk) for chunk in chunks])
    return StoredFile(card, digest, read, chunks, vectors, encoder.name)
