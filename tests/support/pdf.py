"""A writer of small PDF files for tests: pages of placed lines, an outline, a title, a lock."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Line:
    """A line of text at `x`, `y` points from the lower left corner."""

    text: str
    y: float
    x: float = 72
    size: float = 11
    bold: bool = False


def flow(*lines: str, top: float = 720, leading: float = 14, x: float = 72, size: float = 11) -> list[Line]:
    """Lines one below the other; an empty one leaves a gap."""
    return [Line(text, top - leading * row, x, size) for row, text in enumerate(lines) if text]


def write_pdf(
    pages: Sequence[Sequence[Line]],
    outline: Sequence[tuple[str, int]] = (),
    title: str = "",
    locked: bool = False,
) -> bytes:
    """The bytes of a PDF file.

    Args:
        pages: the lines of every page; an empty page holds no text.
        outline: (title, page from 1) of its entries.
        title: the title property.
        locked: whether it asks for a password that nobody knows.
    """
    objects: list[bytes] = [b""]  # numbered from 1
    page_ids = [5 + 2 * index for index in range(len(pages))]
    objects.append(b"")  # catalogue, written last
    kids = " ".join(f"{page} 0 R" for page in page_ids)
    objects.append(f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode())
    for name in ("Helvetica", "Helvetica-Bold"):
        objects.append(f"<< /Type /Font /Subtype /Type1 /BaseFont /{name} /Encoding /WinAnsiEncoding >>".encode())
    for page in pages:
        content = b"\n".join(map(_show, page))
        resources = "<< /Font << /F0 3 0 R /F1 4 0 R >> >>"
        contents = len(objects) + 1
        page_head = f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Resources {resources}"
        objects.append(f"{page_head} /Contents {contents} 0 R >>".encode())
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content))
    root = "<< /Type /Catalog /Pages 2 0 R"
    if outline:
        root += f" /Outlines {len(objects)} 0 R"
        objects += _outline(outline, page_ids, len(objects))
    objects[1] = f"{root} >>".encode()
    trailer = "/Root 1 0 R"
    if title:
        trailer += f" /Info {len(objects)} 0 R"
        objects.append(f"<< /Title {_string(title).decode('cp1252')} >>".encode("cp1252"))
    if locked:
        trailer += f" /Encrypt {len(objects)} 0 R /ID [<00> <00>]"
        objects.append(f"<< /Filter /Standard /V 1 /R 2 /P -4 /O <{'ab' * 32}> /U <{'cd' * 32}> >>".encode())
    return _file(objects, trailer)


def _show(line: Line) -> bytes:
    return b"BT /F%d %g Tf %g %g Td %s Tj ET" % (line.bold, line.size, line.x, line.y, _string(line.text))


def _string(text: str) -> bytes:
    escaped = text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
    return b"(" + escaped.encode("cp1252") + b")"


def _outline(entries: Sequence[tuple[str, int]], page_ids: Sequence[int], first: int) -> list[bytes]:
    count = len(entries)
    objects = [f"<< /First {first + 1} 0 R /Last {first + count} 0 R /Count {count} >>".encode()]
    for index, (title, page) in enumerate(entries, 1):
        links = f" /Next {first + index + 1} 0 R" if index < count else ""
        links += f" /Prev {first + index - 1} 0 R" if index > 1 else ""
        target = f"[{page_ids[page - 1]} 0 R /Fit]"
        objects.append(
            b"<< /Title " + _string(title) + f" /Parent {first} 0 R /Dest {target}{links} >>".encode("cp1252")
        )
    return objects


def _file(objects: Sequence[bytes], trailer: str) -> bytes:
    data = b"%PDF-1.4\n"
    places = []
    for number, body in enumerate(objects[1:], 1):
        places.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"xref\n0 %d\n0000000000 65535 f \n" % len(objects)
    table += b"".join(b"%010d 00000 n \n" % place for place in places)
    end = f"trailer\n<< /Size {len(objects)} {trailer} >>\nstartxref\n{len(data)}\n%%EOF\n".encode()
    return data + table + end
