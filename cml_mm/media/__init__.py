"""Files of other kinds → values: documents that are no patterns."""

from __future__ import annotations

from cml_mm.media.documents import read_document

__all__ = ["read_document"]
