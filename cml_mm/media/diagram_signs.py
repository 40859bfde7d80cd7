"""By what a text is known as the source of a diagram: its first words, whatever it is called."""

from __future__ import annotations

import re

from cml_mm.media.signatures import without_prolog
from cml_mm.visits import FileFormat

# Endings that say which language a text is in, even where its first words do not.
NAMED_FOR: dict[str, FileFormat] = {
    ".dot": "dot",
    ".gv": "dot",
    ".mmd": "mermaid",
    ".mermaid": "mermaid",
    ".puml": "plantuml",
    ".plantuml": "plantuml",
    ".pu": "plantuml",
    ".iuml": "plantuml",
    ".drawio": "drawio",
    ".dio": "drawio",
}
_PROSE = frozenset({"", ".txt", ".text", ".md", ".markdown"})  # here too a text may be a diagram, if it begins like one
_DRAWIO = re.compile(rb"<(?:mxfile|mxGraphModel)\b")
_DOT = re.compile(r"(?:strict\s+)?(?:di)?graph(?:\s+(?:\"[^\"\n]{0,200}\"|[\w.]{1,200}))?\s*\{", re.I)
_MERMAID = re.compile(
    r"(?:flowchart(?:-elk|-v2)?|graph)(?:[ \t]+(?:TB|TD|BT|RL|LR)\b[ \t]*(?:;|\r?\n|$)|[ \t]*\r?\n)"
    r"|(?:stateDiagram(?:-v2)?|mindmap)[ \t]*\r?\n"
)
_PLANTUML = re.compile(r"@start(?:uml|mindmap|wbs|salt|json|yaml|gantt)\b", re.I)
_MOST_NOTES = 200  # lines of comments that may stand before the first words
_FRONT = re.compile(r"---[ \t]*\r?\n(?:(?!---)[^\n]{0,400}\n){0,100}?---[ \t]*\r?\n")


def diagram_sign(head: bytes, ending: str) -> FileFormat | None:
    """Which kind of diagram a text is the source of.

    Args:
        head: its first bytes, UTF-8 or UTF-16 with a mark.
        ending: of its name, such as ".txt".

    Returns: the kind; None where neither its words nor its ending say so. A drawing of draw.io is
        known by its first element alone.
    """
    if _DRAWIO.match(without_prolog(_utf_8(head))):
        return "drawio"
    text = _utf_8(head).decode("utf-8", "ignore")
    if ending in _PROSE or ending in NAMED_FOR:
        said = _language(text, ("//", "/*", "#", "'") if ending in NAMED_FOR else ("//", "/*"))
        if said is not None:
            return said
    return NAMED_FOR.get(ending) if NAMED_FOR.get(ending) != "drawio" else None


def _language(text: str, marks: tuple[str, ...]) -> FileFormat | None:
    """Args: marks: of comments; in prose a # is a heading."""
    bare = _without_notes(text, marks)
    if _PLANTUML.match(bare):
        return "plantuml"
    if _DOT.match(bare):
        return "dot"
    front = _FRONT.match(text.lstrip())
    body = text.lstrip()[front.end() :] if front is not None else text
    return "mermaid" if _MERMAID.match(_without_notes(body, ("%%",)) + "\n") else None


def _without_notes(text: str, marks: tuple[str, ...]) -> str:
    """A text from its first line that is no comment."""
    rest = text.lstrip()
    for _ in range(_MOST_NOTES):
        if not rest.startswith(marks):
            break
        if rest.startswith("/*"):
            place = rest.find("*/")
            rest = rest[place + 2 :].lstrip() if place >= 0 else ""
        else:
            rest = rest.partition("\n")[2].lstrip()
    return rest


def _utf_8(head: bytes) -> bytes:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return head.decode("utf-16", "ignore").encode("utf-8", "ignore")
    return head.removeprefix(b"\xef\xbb\xbf")
