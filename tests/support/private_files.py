"""Files of a visitor as they are stored, made from plain sections, for tests of what searches them."""

from __future__ import annotations

from cml_mm.ports import TextEncoder
from cml_mm.retrieval.chunks import chunk_document
from cml_mm.retrieval.file_index import encoded_text
from cml_mm.types import Document, Section, Source
from cml_mm.visits import FileCard, Placing, ReadFile, StoredFile


def stored(encoder: TextEncoder, file: str, title: str, *sections: tuple[str, str]) -> StoredFile:
    """A file whose section n stands on page n, each given by heading and text."""
    source = Source("0" * 64, title, "document", file, f"{file}.pdf", "", "", owner="visitor")
    parts = tuple(Section("other", heading, text, number) for number, (heading, text) in enumerate(sections, 1))
    document = Document(file, title, source, sections=parts, format="pdf")
    placings = tuple(Placing(face=f"page-{number}") for number in range(1, len(sections) + 1))
    chunks = chunk_document(document, file)
    vectors = encoder.encode_passages([encoded_text(chunk) for chunk in chunks])
    card = FileCard(file, f"{file}.pdf", "ready", title=title, format="pdf")
    return StoredFile(card, "0" * 64, ReadFile(document, placings), chunks, vectors, encoder.name)
