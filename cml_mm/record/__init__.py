"""The durable record: visitors, their files and conversations, in SQLite and plain folders."""

from cml_mm.record.record import Record

__all__ = ["Record"]
