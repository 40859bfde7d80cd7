"""`cml diagram`: what was read of a diagram, as a list, as data for other programs, or drawn over its picture."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Sequence

from cml_mm.cli.progress import ProgressLine
from cml_mm.diagrams.export import alt_text, json_values, to_dot, to_mermaid, to_svg
from cml_mm.diagrams.values import UNCLEAR, Diagram
from cml_mm.diagrams.wording import arrow_words, part_names
from cml_mm.errors import InputError, MediaUnreadable
from cml_mm.media.intake import clean_name
from cml_mm.ports import FileReader, Picture
from cml_mm.profiles import parts_of
from cml_mm.settings import Settings
from cml_mm.visits import ReadFile

_LONGEST_PX = 3_000  # of a picture that is drawn over; `FileReader.look` passes 60 MB at most
_FILE = "file-1"  # the id of the file that is read; nothing of it is kept


def diagram(options: argparse.Namespace, settings: Settings) -> int:
    """Reads one file in a process of its own, as uploads are read, and prints its diagrams.

    Raises: UnsupportedMedia, MediaUnreadable, LimitExceeded, InputError: it has no such diagram.
    """
    reader = parts_of(settings).file_reader()
    name = clean_name(options.file.name)
    told = ProgressLine(sys.stderr) if sys.stderr.isatty() else _tell_nobody
    read = reader.read(options.file, name, _FILE, told, lambda: False)
    if read is None:  # never, since nobody cancels
        raise MediaUnreadable(f"{name} could not be read.", "Try again.")
    found = _chosen(read, options.number, name)
    if options.overlay is not None:
        _write_overlay(options, reader, name, found)
    written = _as_source(options)
    if options.json:
        print(json.dumps(json_values(found, _said_of(read, found, name)), ensure_ascii=False, indent=1))
    elif written is not None:
        print(written(_the_one(found, name)), end="")
    else:
        print("\n\n".join(_summary(number, one, len(found) > 1) for number, one in enumerate(found, 1)), end="")
        print("".join(f"\n({notice})" for notice in _said_of(read, found, name)) or "")
    return 0


def _chosen(read: ReadFile, number: int | None, name: str) -> tuple[Diagram, ...]:
    if number is None:
        structured = tuple(one for one in read.diagrams if one.has_structure)
        return structured or read.diagrams
    if not 1 <= number <= len(read.diagrams):
        raise InputError(
            f"There is no diagram {number} in {name}; {len(read.diagrams) or 'none'} found.",
            "Leave --number out to see them all.",
        )
    return (read.diagrams[number - 1],)


def _as_source(options: argparse.Namespace) -> Callable[[Diagram], str] | None:
    forms = ((options.mermaid, to_mermaid), (options.dot, to_dot), (options.svg, to_svg))
    return next((form for wanted, form in forms if wanted), None)


def _the_one(found: Sequence[Diagram], name: str) -> Diagram:
    if not found or not found[0].nodes:
        raise InputError(f"No structure was found in {name}.", "Without --mermaid, --dot or --svg its words are shown.")
    if len(found) > 1:
        raise InputError(f"{name} holds {len(found)} diagrams.", "Choose one with --number, counted from 1.")
    return found[0]


def _said_of(read: ReadFile, found: Sequence[Diagram], name: str) -> list[str]:
    """What is to be said besides, each once: of the file, of its diagrams, and that nothing was found."""
    said = list(read.notices)
    said += [notice for one in found for notice in one.notices]
    if not any(one.has_structure for one in found):
        said.append(f"No structure was found in {name}: no boxes joined by arrows.")
    return list(dict.fromkeys(said))


def _summary(number: int, one: Diagram, several: bool) -> str:
    """A diagram for a terminal: how much there is of it, then every part on a line."""
    names = part_names(one)
    lead = f"Diagram {number}: " if several else ""
    title = " ".join(one.title.split())
    lines = [f"{lead}{title}" if title else lead.rstrip(": "), _counts(one), ""]
    if one.has_structure:
        lines[-1:] = [alt_text(one), ""]
    for place, node in enumerate(one.nodes, 1):
        lines.append(f"{place:4}  {names[node.id]} ({node.shape}){_doubt(node.confidence)}")
    if one.containers:
        lines.append("")
    for lane in one.containers:
        inside = [names[node.id] for node in one.nodes if node.container == lane.id]
        inside += [names[other.id] for other in one.containers if other.parent == lane.id]
        lines.append(f"      in {names[lane.id]}: {', '.join(inside) or 'nothing'}{_doubt(lane.confidence)}")
    lines += [""] * bool(one.edges)
    lines += [f"      {arrow_words(edge, names)}{_doubt(edge.confidence)}" for edge in one.edges]
    words = [" ".join(text.text.split()) for text in one.unplaced]
    if any(words):
        lines += ["", "Beside them:", *(f"      {text}" for text in words if text)]
    return "\n".join(lines[lines[0] == "" :])


def _counts(one: Diagram) -> str:
    """ "12 boxes, 14 arrows, 1 unclear"."""
    counts = [
        _counted(len(one.nodes), "box", "boxes"),
        _counted(len(one.edges), "arrow", "arrows"),
        *([_counted(len(one.containers), "lane", "lanes")] if one.containers else []),
        f"{len(one.unclear)} unclear",
    ]
    return ", ".join(counts)


def _counted(count: int, one: str, several: str) -> str:
    return f"{count} {one if count == 1 else several}"


def _doubt(confidence: float) -> str:
    return f" ? ({100 * confidence:.0f} % sure)" if confidence < UNCLEAR else ""


def _write_overlay(options: argparse.Namespace, reader: FileReader, name: str, found: Sequence[Diagram]) -> None:
    from cml_mm.diagrams.layout import laid_out
    from cml_mm.media.diagram_overlay import overlaid

    if len(found) != 1:
        _the_one(found, name)
    one = found[0]
    looks: tuple[tuple[str, Picture], ...] = ()
    if one.face and not one.face.startswith(("drawing", "slide")):
        looks = reader.look(options.file, name, (one.face,), _LONGEST_PX, _tell_nobody, lambda: False) or ()
    picture = looks[0][1] if looks else None
    drawn = overlaid(one if picture is not None else laid_out(one), picture)
    try:
        options.overlay.write_bytes(drawn)
    except OSError as exc:
        raise InputError(
            f"{options.overlay} cannot be written ({exc.strerror}).", "Choose a folder that exists and can be written."
        ) from exc


def _tell_nobody(words: str, done: int, of: int) -> None:
    """Nobody watches."""
