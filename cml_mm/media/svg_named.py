"""Groups of an SVG drawing that its program named: as boxes, containers and the ends of arrows."""

from __future__ import annotations

from collections.abc import Callable, Collection
from xml.etree import ElementTree

from cml_mm.diagrams.drafting import Draft
from cml_mm.media.svg_geometry import local_name
from cml_mm.media.svg_parts import Group, Sheet, shape_of


def groups_that(root: ElementTree.Element, test: Callable[[ElementTree.Element], bool]) -> list[ElementTree.Element]:
    return [element for element in root.iter() if local_name(element.tag) == "g" and test(element)]


def classes_of(element: ElementTree.Element) -> Collection[str]:
    return element.get("class", "").split()


def title_of(element: ElementTree.Element) -> str:
    return next((child.text or "" for child in element if local_name(child.tag) == "title"), "")


def add_box(draft: Draft, key: str, group: Group, sheet: Sheet) -> None:
    node = draft.node(key)
    node.label = group.label
    shapes = [mark for mark in group.marks if mark.bounds[2] > 0 and mark.bounds[3] > 0]
    if shapes:
        node.shape, bounds, node.colour = shape_of(shapes)
        node.box = sheet.box(bounds)
    elif group.words:
        node.shape = "text"
        node.box = sheet.box(bounds_of_words(group))


def bounds_of_words(group: Group) -> tuple[float, float, float, float]:
    left = min(words.left for words in group.words)
    top = min(words.top for words in group.words)
    right = max(words.left + words.width for words in group.words)
    foot = max(words.top + words.height for words in group.words)
    return left, top, right - left, foot - top


def add_container(draft: Draft, key: str, group: Group, sheet: Sheet) -> None:
    shapes = [mark for mark in group.marks if mark.bounds[2] > 0 and mark.bounds[3] > 0]
    container = draft.container(key, group.label)
    if shapes:
        container.box = sheet.box(shape_of(shapes)[1])


def two_names(text: str, signs: tuple[str, ...], known: Collection[str]) -> tuple[str, str] | None:
    """Two names that a text joins with a sign; names may hold the sign too."""
    for sign in signs:
        at = text.find(sign)
        while at >= 0:
            one, other = text[:at], text[at + len(sign) :]
            for first in (one, one.split(":")[0]):
                for second in (other, other.split(":")[0]):
                    if first in known and second in known:
                        return first, second
            at = text.find(sign, at + 1)
    return None
