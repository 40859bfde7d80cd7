"""What is said when the text of a diagram cannot be read."""

from __future__ import annotations

from cml_mm.errors import MediaUnreadable

_SHOWN = 60  # characters of the faulty place


def fault_at(text: str, at: int, language: str, expected: str = "") -> MediaUnreadable:
    """The error for a place in a source.

    Args:
        text: the whole source.
        at: the character that could not be read.
        language: what it is written in, for the message.
        expected: what should stand there.
    """
    at = max(0, min(at, len(text)))
    number = text.count("\n", 0, at) + 1
    found = " ".join(text[at : at + _SHOWN].split()) or "the end of the text"
    wanted = f" Expected there: {expected}." if expected else ""
    return MediaUnreadable(
        f"Line {number} of this {language} diagram cannot be read: {found}.{wanted}",
        "Mend that line, or export the diagram as SVG or PNG, and add that.",
    )
