"""Checks on Cypher before Kuzu sees it.

Kuzu 0.11 answers an unbound `$name` with no rows and crashes on two statements with
parameters, so both are refused here. Reading queries from outside (a person or a
language model wrote them) are held to clauses that read the graph only: even in a
read-only transaction Kuzu would export files, load files and attach databases.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from cml_mm.errors import StoreError

# Quoted texts, quoted names and comments: what they hold is no Cypher.
_OPAQUE = re.compile(
    r"""'(?:\\.|[^'\\])*' | "(?:\\.|[^"\\])*" | `[^`]*` | //[^\n\r]* | /\*.*?\*/""",
    re.VERBOSE | re.DOTALL,
)
_PARAMETER = re.compile(r"\$(\w*)")
# A word after a dot is a property, after a colon a label.
_WORD = re.compile(r"(?<![A-Za-z_.:$])[A-Za-z_]+")
_OPENING = frozenset({"MATCH", "OPTIONAL", "UNWIND", "WITH", "RETURN"})
_REFUSED = frozenset(
    {
        *("ALTER", "ATTACH", "BEGIN", "CALL", "CHECKPOINT", "COMMENT", "COMMIT", "COPY", "CREATE", "DELETE"),
        *("DETACH", "DROP", "EXPORT", "EXTENSION", "IMPORT", "INSERT", "INSTALL", "LOAD", "MACRO", "MERGE"),
        *("PROJECT", "ROLLBACK", "SET", "TRANSACTION", "UNINSTALL", "UPDATE", "USE"),
    }
)


def check_statement(query: str, parameters: Mapping[str, Any]) -> None:
    """Refuses what Kuzu would answer wrongly or not survive.

    Args:
        query: one Cypher statement; a semicolon at its end is allowed.
        parameters: the values of its `$names`.

    Raises:
        StoreError: more than one statement, or a `$name` without a value.
    """
    bare = _OPAQUE.sub(" ", query)
    if ";" in bare.rstrip("; \t\r\n"):
        raise StoreError("A query must be a single statement.", "Send the statements one after the other.")
    unbound = sorted({name for name in _PARAMETER.findall(bare) if name not in parameters})
    if unbound:
        names = ", ".join(f"${name}" for name in unbound)
        raise StoreError(f"The query has no value for {names}.", "Give every $name of the query a value.")


def check_reading(query: str) -> None:
    """Refuses everything but clauses that read the graph.

    Args:
        query: one Cypher statement from outside.

    Raises:
        StoreError: it would write, call a procedure, or reach files.
    """
    words = [word.upper() for word in _WORD.findall(_OPAQUE.sub(" ", query))]
    refused = sorted(_REFUSED.intersection(words))
    if not words or words[0] not in _OPENING or refused:
        what = ", ".join(refused) or (words[0] if words else "nothing")
        raise StoreError(
            f"Only queries that read the graph are allowed here, not {what}.",
            "Use MATCH, OPTIONAL MATCH, WHERE, WITH, UNWIND and RETURN.",
        )
