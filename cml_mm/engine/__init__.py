"""The one face for screens, commands and later the API."""

from cml_mm.engine.engine import Engine
from cml_mm.engine.indexing import read_status

__all__ = ["Engine", "read_status"]
