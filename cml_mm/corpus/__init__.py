"""Libraries of markdown patterns → frozen values: patterns, lighthouses, relations, problems."""

from __future__ import annotations

from cml_mm.corpus.library import load_library

__all__ = ["load_library"]
