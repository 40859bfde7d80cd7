"""Questions about how pictures look: which one shows something, which look alike, which pattern one comes near.

Answered where the profile has an image encoder; what it finds is told as found by its look, and a
notice says that nobody judged it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from cml_mm.answering.book import Draft, EvidenceBook
from cml_mm.answering.compose import Composer
from cml_mm.answering.file_evidence import private_source, whole_face
from cml_mm.answering.file_questions import FileQuestion
from cml_mm.answering.file_reply import FileReply
from cml_mm.answering.file_source import Pictures, Shelf
from cml_mm.answering.passages import core_instruction, definition
from cml_mm.retrieval.picture_index import LEAST_SURE
from cml_mm.types import Evidence, Notice
from cml_mm.visits import Face, FoundPicture, StoredFile

MOST_SHOWN = 3
BY_LOOK = ("how it looks",)
COMPARED = "Pictures were compared by how they look, by a model; nobody judged them. Look for yourself."
_NOUN = r"(?:picture|photo(?:graph)?|image|drawing|illustration|screenshot|(?<!time )(?:key ?)?frame|scene)"
_SHOWS = re.compile(
    rf"\b{_NOUN}s?\b(?:[^?]{{0,40}}?\bfiles?\b)?,?\s+(?:that |which )?(?:do |does |can |is |are )?"
    r"(?:shows?|showing|of|with|depicts?|depicting|contains?|looks? like"
    r"|where (?:we|you|one|i) (?:can )?sees?|on which (?:we|you|one|i) (?:can )?sees?)\s+(?P<topic>[^?]{2,200}?)\W*$",
    re.IGNORECASE,
)
_ALIKE = re.compile(
    rf"\b{_NOUN}s?\b[^?]*\b(?:looks? (?:most |more )?like|similar to|resembles?|(?:is|are) like)\b",
    re.IGNORECASE,
)
_PATTERN = re.compile(
    rf"\bpatterns?\b[^?]*\b{_NOUN}s?\b[^?]*\b(?:shows?|looks? like|depicts?|illustrates?|fits?|match(?:es)?)\b"
    rf"|\bpatterns?\b[^?]*\b(?:near(?:est)?|clos(?:e|est)|fits?|match(?:es)?|looks? like)\b[^?]*\b{_NOUN}\b"
    rf"|\b{_NOUN}\b[^?]*\b(?:near(?:est)?|closest|looks? (?:most )?like)\b[^?]*\bpatterns?\b",
    re.IGNORECASE,
)
_THIS = re.compile(rf"\b(?:this|that|it|one|my {_NOUN}|the {_NOUN})\b", re.IGNORECASE)


def picture_reply(asked: FileQuestion, shelf: Shelf, book: EvidenceBook, composer: Composer) -> FileReply | None:
    """The answer by looks; None where that is not what is asked, or nothing looks so.

    Args:
        asked: the question as it was read.
        shelf: the files that may be asked, also those that the question does not name.
        book: numbers what is cited.
        composer: knows the library's pages.

    Raises: ModelError: the image encoder cannot do its work.
    """
    pictures = shelf.source.pictures
    if pictures is None or not _seen(shelf):
        return None
    told = _Told(pictures, shelf, book)
    if _PATTERN.search(asked.question) and (one := told.meant(asked)):
        return told.patterns(one, composer)
    if _ALIKE.search(asked.question) and (asked.files or _THIS.search(asked.question)) and (one := told.meant(asked)):
        return told.alike(one)
    if found := _SHOWS.search(asked.question):
        return _Told(pictures, shelf.only(asked.files), book).showing(found["topic"])
    return None


def frame_reply(topic: str, shelf: Shelf, book: EvidenceBook) -> FileReply | None:
    """The frames of recordings that look like what is looked for; None where nothing here sees, or none does.

    Args:
        topic: what is to be seen.
        shelf: the recordings that may be asked.
    """
    pictures = shelf.source.pictures
    return None if pictures is None or not _seen(shelf) else _Told(pictures, shelf, book).showing(topic)


def unworded_reply(asked: FileQuestion, shelf: Shelf, book: EvidenceBook) -> FileReply | None:
    """A picture without words that looks like what is asked, where no words answer; None where there is none."""
    pictures = shelf.source.pictures
    if pictures is None or asked.kind != "ask" or not asked.of_files or not _unworded(shelf):
        return None
    return _Told(pictures, shelf, book).showing(asked.topic or asked.question)


@dataclass(frozen=True)
class _Told:
    """What was found, put into sentences that cite the pictures."""

    source: Pictures
    shelf: Shelf
    book: EvidenceBook

    def showing(self, topic: str) -> FileReply | None:
        found = [one for one in self.source.of_text(topic, MOST_SHOWN, self.shelf.ids) if one.sure >= LEAST_SURE]
        if not found:
            return None
        return self._reply(found, [("", " fits your words best."), *[("", " fits them too.")] * (len(found) - 1)])

    def alike(self, one: FoundPicture) -> FileReply | None:
        found = self.source.like(one.file, one.face, MOST_SHOWN, self.shelf.ids)
        if not found:
            return None
        name = self._name(one)
        frames = [(f"Beside the picture {name}, ", " fits best."), *[("", " is the next.")] * (len(found) - 1)]
        return self._reply(found, frames, beside=one)

    def patterns(self, one: FoundPicture, composer: Composer) -> FileReply | None:
        """The patterns nearest to a picture, each with a sentence of its own to be cited."""
        number, name = self._cite(one), self._name(one)
        drafts: list[Draft] = []
        ranked: list[str] = []
        for slug, _ in self.source.patterns(one.file, one.face, MOST_SHOWN):
            page = composer.page(slug)
            passage = core_instruction(page) or definition(page)
            if passage is None:
                continue
            title = composer.library.entries[slug].title
            text = f"The picture {name} fits the pattern {title} best." if not drafts else f"{title} is further."
            cites = (
                (number, self.book.passage(passage, BY_LOOK)) if not drafts else (self.book.passage(passage, BY_LOOK),)
            )
            drafts.append(Draft(text, cites, 0, (title,)))
            ranked.append(slug)
        if not drafts:
            return None
        return FileReply(
            f"What {name} looks like",
            tuple(drafts),
            held=1.0,
            subjects=(one.file, *ranked),
            ranked=tuple(ranked),
            notices=(Notice("confidence", COMPARED),),
        )

    def meant(self, asked: FileQuestion) -> FoundPicture | None:
        """The picture that a question speaks of: of the file that it names, else the newest."""
        named = [file for file in self.shelf.files if file.card.id in asked.files] or list(self.shelf.files)
        for file in sorted(named, key=lambda file: file.card.format != "picture"):
            for face in file.read.faces:
                if face.drawable:
                    return FoundPicture(file.card.id, face.key, 1.0)
        return None

    def _reply(
        self, found: Sequence[FoundPicture], frames: Sequence[tuple[str, str]], beside: FoundPicture | None = None
    ) -> FileReply:
        more = (self._cite(beside),) if beside else ()
        drafts = []
        for number, (one, (before, after)) in enumerate(zip(found, frames, strict=True)):
            cites = (self._cite(one), *(more if not number else ()))
            drafts.append(Draft(f"{before}{self._name(one)}{after}", cites, 0, (self._title(one),)))
        return FileReply(
            f"Found by how it looks: {self._name(found[0])}",
            tuple(drafts),
            held=1.0,
            subjects=tuple(dict.fromkeys(one.file for one in found)),
            notices=(Notice("confidence", COMPARED),),
            in_sight=True,
        )

    def _cite(self, one: FoundPicture) -> int:
        file, face = self.shelf.by_id[one.file], self._face(one)
        name = self._name(one)
        return self.book.private(
            Evidence(
                number=0,
                source=private_source(file, self._title(one)),
                locator=whole_face(file, face),
                heading=face.label,
                passage=name,
                quote=name,
                score=one.cosine,
                found_by=BY_LOOK,
            )
        )

    def _face(self, one: FoundPicture) -> Face:
        return next(face for face in self.shelf.by_id[one.file].read.faces if face.key == one.face)

    def _title(self, one: FoundPicture) -> str:
        return self.shelf.titles[one.file]

    def _name(self, one: FoundPicture) -> str:
        """ "Page 3 of Garden walk"; of a file that is one picture only its title."""
        face = self._face(one)
        lone = len(self.shelf.by_id[one.file].read.faces) == 1 and not face.number
        return self._title(one) if lone else f"{face.label} of {self._title(one)}"


def _seen(shelf: Shelf) -> bool:
    return any(face.drawable for file in shelf.files for face in file.read.faces)


def _unworded(shelf: Shelf) -> bool:
    """Whether a picture stands among these files on which no words were read."""
    return any(
        face.key not in worded for file in shelf.files for worded in (_worded(file),) for face in _drawable(file)
    )


def _worded(file: StoredFile) -> frozenset[str]:
    return frozenset(
        placing.face
        for placing, section in zip(file.read.placings, file.read.document.sections, strict=False)
        if section.text.strip()
    )


def _drawable(file: StoredFile) -> Iterator[Face]:
    return (face for face in file.read.faces if face.drawable)
