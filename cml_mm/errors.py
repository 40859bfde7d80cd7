"""The one tree of errors.

* CmlError                    message: what happened · hint: what to do
  * InputError                the visitor can mend it; reads as advice on the screen
    - UnsupportedMedia
    - MediaUnreadable
    - LimitExceeded
    - LibraryUnreadable
  * ModelError
    - ModelMissing            hint names the command that brings it
    - ModelTimeout
    - OutOfMemory
  * StoreError
    - StoreMissing
    - StoreCorrupt
    - SchemaMismatch
    - StoreBusy
    - StoreFull
  * ServeError                the server could not start

Foreign errors become ours where they enter, with `raise … from exc`.
"""

from __future__ import annotations


class CmlError(Exception):
    """What happened and what to do about it, in sentences for the reader.

    Args:
        message: what happened.
        hint: the way out.
    """

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} {self.hint}"


class InputError(CmlError):
    """What was asked or given cannot be used as it is."""


class UnsupportedMedia(InputError):
    """A kind of file that is not read."""


class MediaUnreadable(InputError):
    """A file of a known kind whose contents cannot be read."""


class LimitExceeded(InputError):
    """More than a stated limit."""


class LibraryUnreadable(InputError):
    """A library folder that is missing, empty or holds nothing that can be read."""


class ModelError(CmlError):
    """A model could not do its work."""


class ModelMissing(ModelError):
    """Weights that are not there; the hint names the command that brings them."""


class ModelTimeout(ModelError):
    """A model that did not answer in time."""


class OutOfMemory(ModelError):
    """Not enough memory for a model."""


class StoreError(CmlError):
    """The index or the record cannot be used."""


class StoreMissing(StoreError):
    """No index at this place."""


class StoreCorrupt(StoreError):
    """An index whose files are damaged or incomplete."""


class SchemaMismatch(StoreError):
    """An index of another schema or encoder."""


class StoreBusy(StoreError):
    """Another process is writing here."""


class StoreFull(StoreError):
    """The disk has no room left."""


class ServeError(CmlError):
    """The server could not start."""
