"""The only module that chooses implementations and wires them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from cml_mm.errors import InputError
from cml_mm.ports import DocumentReader, FileReader, TextEncoder
from cml_mm.settings import Settings


@dataclass(frozen=True)
class Profile:
    """A named choice of parts; `make_encoder` gives the text encoder, loaded with its first text."""

    name: str
    make_encoder: Callable[[Settings], TextEncoder]


def _embedded_encoder(settings: Settings) -> TextEncoder:
    from cml_mm.models.minilm import MiniLM

    return MiniLM(settings.models, lazy=True)  # a re-index that changes no text needs no model


PROFILES: dict[str, Profile] = {"embedded": Profile("embedded", _embedded_encoder)}


def load_profile(name: str) -> Profile:
    """The profile of this name.

    Raises:
        InputError: no such profile; the hint lists the choices.
    """
    try:
        return PROFILES[name]
    except KeyError as exc:
        raise InputError(f"There is no profile {name!r}.", f"Choose one of: {', '.join(PROFILES)}.") from exc


def document_reader() -> DocumentReader:
    """Reads files that are no patterns; the same in every profile."""
    from cml_mm.media.documents import read_document

    return read_document


# Named, not imported: only the process that decodes a picture loads it.
OCR = "cml_mm.models.rapid_ocr:RapidOcr"


def file_reader(settings: Settings) -> FileReader:
    """Opens files of visitors, in a process of their own; the same in every profile."""
    from cml_mm.media.sandbox import SandboxedReader

    return SandboxedReader(settings.limits, OCR)
