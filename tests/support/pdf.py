"""A writer of small PDF files for tests: pages of placed lines and pictures, an outline, a title, a lock."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

_NO_LETTERS = b"""/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /None def
1 begincodespacerange <00> <ff> endcodespacerange
1 beginbfrange <20> <ff> <e020> endbfrange endcmap end end"""  # every sign is one of private use


@dataclass(frozen=True)
class Line:
    """A line of text at `x`, `y` points from the lower left corner."""

    text: str
    y: float
    x: float = 72
    size: float = 11
    bold: bool = False


@dataclass(frozen=True)
class Photo:
    """A JPEG of `size_px` with its lower left corner at `x`, `y`, drawn `w` by `h` points large."""

    jpeg: bytes
    size_px: tuple[int, int]
    x: float = 0
    y: float = 0
    w: float = 612
    h: float = 792


def flow(*lines: str, top: float = 720, leading: float = 14, x: float = 72, size: float = 11) -> list[Line]:
    """Lines one below the other; an empty one leaves a gap."""
    return [Line(text, top - leading * row, x, size) for row, text in enumerate(lines) if text]


def write_pdf(
    pages: Sequence[Sequence[Line | Photo]],
    outline: Sequence[tuple[str, int]] = (),
    title: str = "",
    locked: bool = False,
    turned: int = 0,
    crop: tuple[float, float, float, float] | None = None,
    readable: bool = True,
) -> bytes:
    """The bytes of a PDF file.

    Args:
        pages: the lines and photos of every page; an empty page holds no text.
        outline: (title, page from 1) of its entries.
        title: the title property.
        locked: whether it asks for a password that nobody knows.
        turned: how far every page is turned clockwise when it is shown, in degrees.
        readable: whether it says which letters its signs are, beside drawing them.
        crop: the part of every page that is shown: left, bottom, right, top.
    """
    objects: list[bytes] = [b""]  # numbered from 1
    page_ids = [5 + 2 * index for index in range(len(pages))]
    objects.append(b"")  # catalogue, written last
    kids = " ".join(f"{page} 0 R" for page in page_ids)
    objects.append(f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode())
    letters = 5 + 2 * len(pages) + sum(isinstance(item, Photo) for page in pages for item in page)
    said = "" if readable else f" /ToUnicode {letters} 0 R"
    for name in ("Helvetica", "Helvetica-Bold"):
        font = f"/Type /Font /Subtype /Type1 /BaseFont /{name} /Encoding /WinAnsiEncoding{said}"
        objects.append(f"<< {font} >>".encode())
    last_photo = 4 + 2 * len(pages)  # photos are numbered after all pages
    for page in pages:
        photos = [item for item in page if isinstance(item, Photo)]
        content = b"\n".join(
            [*map(_draw, range(len(photos)), photos), *(_show(i) for i in page if isinstance(i, Line))]
        )
        first = last_photo + 1
        last_photo += len(photos)
        images = " ".join(f"/I{index} {first + index} 0 R" for index in range(len(photos)))
        resources = f"<< /Font << /F0 3 0 R /F1 4 0 R >> /XObject << {images} >> >>"
        contents = len(objects) + 1
        page_head = f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Resources {resources}"
        page_head += f" /Rotate {turned}" if turned else ""
        page_head += f" /CropBox [{' '.join(map(str, crop))}]" if crop else ""
        objects.append(f"{page_head} /Contents {contents} 0 R >>".encode())
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content))
    objects += [_image(item) for page in pages for item in page if isinstance(item, Photo)]
    if not readable:
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(_NO_LETTERS), _NO_LETTERS))
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


def _draw(number: int, photo: Photo) -> bytes:
    return b"q %g 0 0 %g %g %g cm /I%d Do Q" % (photo.w, photo.h, photo.x, photo.y, number)


def _image(photo: Photo) -> bytes:
    head = b"/Type /XObject /Subtype /Image /ColorSpace /DeviceRGB /BitsPerComponent 8 /Filter /DCTDecode"
    size = b"/Width %d /Height %d /Length %d" % (*photo.size_px, len(photo.jpeg))
    return b"<< %s %s >>\nstream\n%s\nendstream" % (head, size, photo.jpeg)


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
