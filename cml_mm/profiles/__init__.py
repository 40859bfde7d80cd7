"""The only place that chooses implementations: profiles by name, and the parts that they name."""

from __future__ import annotations

from cml_mm.ports import DocumentReader, FileReader
from cml_mm.profiles.choosing import chosen, profile_states
from cml_mm.profiles.loading import NAMES, limits_of, load_profile, profile_of
from cml_mm.profiles.presence import missing_words
from cml_mm.profiles.schema import Profile
from cml_mm.profiles.wiring import Parts
from cml_mm.settings import Settings

__all__ = [
    "NAMES",
    "Parts",
    "Profile",
    "chosen",
    "document_reader",
    "file_reader",
    "limits_of",
    "load_profile",
    "missing_words",
    "parts_of",
    "profile_of",
    "profile_states",
]


def parts_of(settings: Settings) -> Parts:
    """The parts of the profile that the settings name, with what they put in its place.

    Raises: InputError: no such profile, or settings that contradict each other.
    """
    return Parts(profile_of(settings), settings)


def document_reader() -> DocumentReader:
    """Reads files that are no patterns; the same in every profile."""
    from cml_mm.media.documents import read_document

    return read_document


def file_reader(settings: Settings) -> FileReader:
    """Opens files of visitors, in a process of their own."""
    return parts_of(settings).file_reader()
