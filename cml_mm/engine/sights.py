"""Pictures that were seen before: which page of which earlier file a new picture shows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from cml_mm.media.picture_match import PictureShelf
from cml_mm.visits import FileCard, PictureFeatures, Sight, StoredFile

MOST_SIGHTS = 3


def recognised(stored: StoredFile, earlier: Callable[[], Sequence[StoredFile]]) -> StoredFile:
    """A file with what its pictures were seen as before.

    Only a file of few pictures is asked about: a photo, a crop; not a whole document.

    Args:
        earlier: loads the visitor's other files; called where that is needed only.

    Returns: it, its sights without the other files' names, which must not outlive those (see `named`).
    """
    asked = stored.read.features
    if not asked or len(asked) > MOST_SIGHTS:
        return stored
    sights = tuple(replace(sight, name="") for sight in find_sights(asked, earlier()))
    return replace(stored, card=replace(stored.card, sights=sights))


def named(card: FileCard, names: Mapping[str, str]) -> FileCard:
    """The card with the names of the files that its pictures show; one that is gone is not shown.

    Args:
        names: of the visitor's files, by id.
    """
    sights = tuple(replace(sight, name=names[sight.file]) for sight in card.sights if sight.file in names)
    return replace(card, sights=sights) if card.sights else card


def find_sights(asked: Sequence[PictureFeatures], earlier: Sequence[StoredFile]) -> tuple[Sight, ...]:
    """Which earlier pages, slides and pictures these pictures show, most surely first."""
    known = [(file, features) for file in earlier for features in file.read.features]
    if not known:
        return ()
    shelf = PictureShelf([features for _, features in known])
    found: dict[tuple[str, str], Sight] = {}
    for features in asked:
        for seen in shelf.find(features, MOST_SIGHTS):
            file, at = known[seen.row]
            face = next((face for face in file.read.faces if face.key == at.face), None)
            box = seen.box(face.width, face.height) if face else None
            label = face.label if face else "Picture"
            sight = Sight(file.card.id, file.card.name, at.face, label, seen.agreeing, box)
            key = (sight.file, sight.face)
            if key not in found or found[key].matches < sight.matches:
                found[key] = sight
    return tuple(sorted(found.values(), key=lambda sight: -sight.matches)[:MOST_SIGHTS])
