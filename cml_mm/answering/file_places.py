"""Places in a file that people speak of: a page, a slide, a clause with its number, and back into words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from cml_mm.prose import Span
from cml_mm.types import Section
from cml_mm.visits import StoredFile

Unit = Literal["page", "slide", "clause", "picture", "row"]
_UNITS: dict[str, Unit] = {
    "page": "page", "p": "page", "pg": "page", "slide": "slide", "picture": "picture", "image": "picture",
    "photo": "picture", "figure": "picture", "row": "row",
}  # fmt: skip
_CLAUSE = r"clauses?|articles?|art\.|sections?|sec\.|rules?|paragraphs?|para\.|by-?laws?|agenda items?|chapters?|item"
_PLAIN = r"pages?|p\.|pg\.?|slides?|pictures?|images?|photos?|figures?|rows?"
_ASKED = re.compile(
    rf"(?:\b(?P<plain>{_PLAIN})|(?:\b(?:{_CLAUSE})|§+))\s*(?:(?:no\.?|number|nr\.?)\s*)?"
    r"(?P<number>\d{1,4}(?:\.\d{1,3})*[a-z]?)(?!\w)(?:\s*(?P<sub>\(\w{1,3}\)))?",
    re.IGNORECASE,
)
_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
_NTH = re.compile(rf"\b(?P<nth>{'|'.join(_ORDINALS)}|last) (?P<unit>page|slide|picture|photo)\b", re.IGNORECASE)
# A line that begins with the number of a clause: "§ 7 Terms", "Article 4.", "12.3 Fees", "7) …".
_HEAD = re.compile(
    rf"(?m)^[ \t#*_|>-]{{0,6}}(?P<word>(?:§+|{_CLAUSE}|no\.|point)[ \t]*)?(?P<number>\d{{1,3}}(?:\.\d{{1,3}})*[a-z]?)"
    r"(?P<mark>[.):]|[ \t]*[–—-])?(?=[ \t*_]|$)",
    re.IGNORECASE,
)
_MADE_HEADING = re.compile(r"(?:page|slide|picture|rows?|notes to slide)\b[\s\d.,to–-]*|\d[\d:]+–[\d:]+", re.IGNORECASE)
_ROWS = re.compile(r"rows? (?P<first>[\d,]+)(?: (?:to|[–-]) (?P<last>[\d,]+))?", re.IGNORECASE)
_INNER = re.compile(r"(?P<number>\d{1,3}(?:\.\d{1,3})+)[.):]?\s+[A-Z]")  # "4.3 Each member …", inside a paragraph
_NUMBER = re.compile(r"\d+(?:\.\d+)*[a-z]?")
LONGEST_HEADING = 70
MOST_HEADING_WORDS = 8
FARTHEST_CHARS = 20_000  # before a quote, in which the number of its clause is looked for


@dataclass(frozen=True)
class Place:
    """A numbered place as a question names it; number "-1" is the last."""

    unit: Unit
    number: str
    sub: str = ""  # "(2)" of "§ 14 (2)"

    @property
    def words(self) -> str:
        """As answers call it."""
        if self.number == "-1":
            return f"the last {self.unit}"
        return f"{self.unit} {self.number}{f' {self.sub}' if self.sub else ''}"


@dataclass(frozen=True)
class Stretch:
    """Characters of one section: what stands at a place."""

    section: int
    span: Span


def places_in(question: str) -> tuple[Place, ...]:
    """The numbered places that a question names, in its order."""
    found: list[tuple[int, Place]] = []
    for match in _ASKED.finditer(question):
        unit: Unit = _UNITS.get((match["plain"] or "").lower().rstrip(".s"), "clause")
        found.append((match.start(), Place(unit, match["number"].lower(), (match["sub"] or "").lower())))
    for match in _NTH.finditer(question):
        nth = match["nth"].lower()
        number = "-1" if nth == "last" else str(_ORDINALS.index(nth) + 1)
        found.append((match.start(), Place(_UNITS[match["unit"].lower()], number)))
    return tuple(dict.fromkeys(place for _, place in sorted(found, key=lambda pair: pair[0])))


def without_places(question: str) -> str:
    """The question's other words."""
    return _NTH.sub(" ", _ASKED.sub(" ", question))


def find_place(file: StoredFile, place: Place) -> tuple[Stretch, ...]:
    """What stands at a place of a file; empty where it has no such place."""
    sections = file.read.document.sections
    if place.unit in ("page", "slide"):
        return _page(sections, place.number)
    if place.unit == "picture":
        wanted = f"picture-{'1' if place.number == '-1' else place.number}"
        faces = [placing.face for placing in file.read.placings]
        return tuple(_whole(at, sections[at]) for at, face in enumerate(faces) if face == wanted)
    if place.unit == "row":
        return _row(sections, int(place.number.split(".")[0]) if place.number[0].isdigit() else 0)
    return _clause(sections, place)


def clause_of(section: Section, start: int) -> str:
    """The clause in which a character of a section stands: its heading line, else its number; empty without one."""
    inner = _INNER.match(section.text, start)
    if inner:
        return inner["number"]
    last = ""
    before = max(0, section.text.rfind("\n", 0, max(0, start - FARTHEST_CHARS)) + 1)
    text = section.text[before : start + LONGEST_HEADING * 2]
    for match in _heads(text):
        if before + match.start() > start:
            break
        last = match["number"]
        if match["word"]:
            last = f"{match['word'].strip()} {last}"
        line = text[match.start() :].split("\n", 1)[0].strip().strip("#* _")
        named = len(line.split()) <= MOST_HEADING_WORDS and line[-1:] not in ".!?:;,"
        alone = re.match(r"[^\n]*\n[ \t]*\n", text[match.start() :]) is not None
        if named and (match["word"] or (alone and len(line.split()) > 1)):
            last = line
    return last


def place_words(section: Section, start: int, face_label: str = "", title: str = "") -> str:
    """Where a quote stands, in words: "page 4, § 7", "slide 3, Budget", "Membership, clause 2".

    Args:
        section: of the document.
        start: the quote's first character in its text.
        face_label: of the face that it stands on, "Slide 3"; empty for running text.
        title: what the file is called, which is not said again.
    """
    parts = [face_label[:1].lower() + face_label[1:]] if face_label else []
    if not face_label and section.page:
        parts.append(f"page {section.page}")
    heading = section.heading.strip().strip("#* ")
    clause = clause_of(section, start)
    ended = _another_clause(heading, clause)
    made = not heading or is_made_heading(heading) or ended or heading.casefold() == title.casefold()
    if not made and len(heading) <= LONGEST_HEADING:
        parts.append(heading)
    elif not parts and is_made_heading(heading):
        parts.append(heading[:1].lower() + heading[1:])
    bare = _NUMBER.fullmatch(clause)
    if clause and not set(_NUMBER.findall(clause)) & set(_NUMBER.findall("" if made else heading)):
        parts.append(f"clause {clause}" if bare else clause)
    return ", ".join(parts)


def _another_clause(heading: str, clause: str) -> bool:
    """Whether a page's heading is a clause that ended before the one that a quote stands in."""
    own, other = _HEAD.match(heading), _NUMBER.search(clause)
    if own is None or other is None:
        return False
    return bool(own["number"].split(".")[0] != other.group().split(".")[0])


def is_made_heading(heading: str) -> bool:
    """Whether a heading only names a place: "Page 7", "Rows 1 to 50"."""
    return _MADE_HEADING.fullmatch(heading) is not None


def _page(sections: tuple[Section, ...], number: str) -> tuple[Stretch, ...]:
    pages = [section.page for section in sections]
    if not any(pages) or not number.lstrip("-").isdigit():
        return ()
    wanted = max(pages) if number == "-1" else int(number)
    return tuple(_whole(at, section) for at, section in enumerate(sections) if section.page == wanted)


def _whole(at: int, section: Section) -> Stretch:
    return Stretch(at, Span(0, len(section.text)))


def _row(sections: tuple[Section, ...], number: int) -> tuple[Stretch, ...]:
    """A row of a table by its number, counted over sections that say which rows they hold."""
    for at, section in enumerate(sections):
        if not (told := _ROWS.fullmatch(section.heading.strip())):
            continue
        first, last = int(told["first"].replace(",", "")), int((told["last"] or told["first"]).replace(",", ""))
        if first <= number <= last:
            lines = [line for line in re.finditer(r"[^\n]+", section.text) if line.group().strip("|-: ")]
            at_line = len(lines) - (last - first + 1) + number - first  # a heading line may stand before them
            if 0 <= at_line < len(lines):
                return (Stretch(at, Span(lines[at_line].start(), lines[at_line].end())),)
    return ()


def _clause(sections: tuple[Section, ...], place: Place) -> tuple[Stretch, ...]:
    """A clause by its number: in a heading, else at the beginning of a line; up to the next number of its rank."""
    for at, section in enumerate(sections):
        match = _HEAD.match(section.heading)
        if match and match["number"].lower() == place.number:
            found = (_whole(at, section), *_below(sections, at, place.number))
            return tuple(_sub(sections, stretch, place.sub) for stretch in found)
    for at, section in enumerate(sections):
        heads = list(_heads(section.text))
        for one, match in enumerate(heads):
            if match["number"].lower() != place.number:
                continue
            later = (h.start() for h in heads[one + 1 :] if not h["number"].lower().startswith(f"{place.number}."))
            stretch = Stretch(at, Span(match.start(), next(later, len(section.text))))
            return (_sub(sections, stretch, place.sub),)
    return _inside(sections, place.number)


def _inside(sections: tuple[Section, ...], number: str) -> tuple[Stretch, ...]:
    """A part such as "4.3" that is numbered in the middle of a paragraph."""
    if "." not in number:
        return ()
    for at, section in enumerate(sections):
        found = re.search(rf"(?<=[.;:)] ){re.escape(number)}(?=[.):]?\s)", section.text)
        if found:
            end = re.compile(r"(?<=[.;:)] )\d{1,3}(?:\.\d{1,3})+[.):]?\s|\n[ \t]*\n").search(section.text, found.end())
            return (Stretch(at, Span(found.start(), end.start() if end else len(section.text))),)
    return ()


def _below(sections: tuple[Section, ...], at: int, number: str) -> Iterator[Stretch]:
    """The sections after a heading whose numbers lie below it: "4.1" below "4"."""
    for later in range(at + 1, len(sections)):
        match = _HEAD.match(sections[later].heading)
        if not match or not match["number"].lower().startswith(f"{number}."):
            return
        yield _whole(later, sections[later])


def _sub(sections: tuple[Section, ...], stretch: Stretch, sub: str) -> Stretch:
    """The part "(2)" of a clause; all of it where there is no such part."""
    text = stretch.span.of(sections[stretch.section].text)
    start = text.lower().find(sub) if sub else -1
    if start < 0:
        return stretch
    following = re.search(r"\n\s*\(\w{1,3}\)", text[start + len(sub) :])
    end = start + len(sub) + following.start() if following else len(text)
    return Stretch(stretch.section, Span(stretch.span.start + start, stretch.span.start + end))


def _heads(text: str) -> Iterator[re.Match[str]]:
    """Beginnings of clauses: a number with a word or mark, so that "12 members were present" is none."""
    for match in _HEAD.finditer(text):
        rest = text[match.end() : match.end() + 40].lstrip(" \t*_")
        if match["word"] or match["mark"] or ("." in match["number"]) or rest[:1].isupper():
            yield match
