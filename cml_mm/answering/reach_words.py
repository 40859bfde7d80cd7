"""What is asked for, in words: the headings of answers from the graph."""

from __future__ import annotations

from collections.abc import Mapping

from cml_mm.answering.reach import Hop, Joined, Less, Named, Reach, hops_in, names_in
from cml_mm.types import SYMMETRIC_KINDS, RelationKind

BOTH_WAYS = SYMMETRIC_KINDS

# (kind, outgoing) → heading for one name, and the same as a description of "a pattern …".
_WORDS: dict[tuple[str, bool], tuple[str, str]] = {
    ("REQUIRES", True): ("What {} requires", "a pattern that {} requires"),
    ("REQUIRES", False): ("What requires {}", "a pattern that requires {}"),
    ("ENABLES", True): ("What {} enables", "a pattern that {} enables"),
    ("ENABLES", False): ("What enables {}", "a pattern that enables {}"),
    ("COMPLEMENTS", True): ("What goes well with {}", "a pattern that goes well with {}"),
    ("ALTERNATIVE_TO", True): ("Alternatives to {}", "an alternative to {}"),
    ("TENSIONS_WITH", True): ("What pulls against {}", "a pattern that pulls against {}"),
    ("SPECIALIZES_TO", True): ("Special cases of {}", "a special case of {}"),
    ("SPECIALIZES_TO", False): ("What {} is a special case of", "a pattern that {} is a special case of"),
    ("USES_TOOL", True): ("Tools that {} uses", "a tool that {} uses"),
    ("USES_TOOL", False): ("What uses the tool {}", "a pattern that uses the tool {}"),
    ("ADOPTS", True): ("What {} has adopted", "a pattern that {} has adopted"),
    ("ADOPTS", False): ("Who has adopted {}", "an adopter of {}"),
    ("RELATED", True): ("What is related to {}", "a pattern that is related to {}"),
}
_OPENINGS = frozenset({"What", "Who", "Alternatives", "Special", "Tools"})
# Where several names are the subject, the verb is another.
_OF_SEVERAL: dict[tuple[str, bool], str] = {
    ("REQUIRES", True): "What {} require",
    ("ENABLES", True): "What {} enable",
    ("SPECIALIZES_TO", False): "What {} are special cases of",
    ("USES_TOOL", True): "Tools that {} use",
    ("ADOPTS", True): "What {} have adopted",
}


def one_relation(kind: RelationKind, outgoing: bool, title: str) -> str:
    """The heading for one relation of one page."""
    return _WORDS[kind, outgoing or kind in BOTH_WAYS][0].format(title)


def in_words(reach: Reach, titles: Mapping[str, str]) -> str:
    """The heading for an expression: "What X requires", "X: what it enables, and what that requires".

    Args:
        titles: by slug.
    """
    if isinstance(reach, Named):
        return titles[reach.slug]
    hops = hops_in(reach)
    if isinstance(reach, Less):
        denied = lowered(in_words(reach.but, titles))
        return f"{in_words(reach.of, titles)}, less {denied}" if reach.of is not None else f"All patterns but {denied}"
    if isinstance(reach, Hop) and len(hops) > 1 and len(names_in(reach)) == 1 and _is_chain(reach):
        return f"{titles[names_in(reach)[0]]}: {_chained(hops)}"
    if isinstance(reach, Hop):
        return _WORDS[reach.kind, reach.outgoing][0].format(_described(reach.of, titles))
    shared = _shared(reach.parts, titles)
    if shared:
        kind, outgoing, names = shared
        joined = " and ".join(names) if reach.how == "all" else " or ".join(names)
        heading = _OF_SEVERAL.get((kind, outgoing), _WORDS[kind, outgoing][0])
        return heading.format(f"both {joined}" if reach.how == "all" else joined)
    words = [in_words(part, titles) for part in reach.parts]
    joint = ", and at the same time " if reach.how == "all" else "; "
    return words[0] + "".join(f"{joint}{lowered(word)}" for word in words[1:])


def lowered(heading: str) -> str:
    """A heading inside a sentence; one that begins with a title keeps its capital."""
    first = heading.split(" ")[0]
    return f"{heading[0].lower()}{heading[1:]}" if first in _OPENINGS else heading


def nothing_said(heading: str) -> str:
    """The sentence for a heading that nothing stands under: "The library does not say what X requires."."""
    words = lowered(heading)
    if words.split(" ")[0] in {"what", "who", "where", "which"}:
        return f"The library does not say {words}."
    return f"The library names nothing here: {words}."


def _is_chain(reach: Reach) -> bool:
    return isinstance(reach, Named) or (isinstance(reach, Hop) and _is_chain(reach.of))


def _chained(hops: tuple[Hop, ...]) -> str:
    """ "what it enables, and what that requires"."""
    said = [
        lowered(_WORDS[hop.kind, hop.outgoing][0].format("that" if place else "it")) for place, hop in enumerate(hops)
    ]
    return f"{', '.join(said[:-1])}, and {said[-1]}"


def _described(reach: Reach, titles: Mapping[str, str]) -> str:
    """An inner part as a description."""
    if isinstance(reach, Hop):
        return _WORDS[reach.kind, reach.outgoing][1].format(_described(reach.of, titles))
    if isinstance(reach, Joined) and reach.how == "all" and all(isinstance(part, Hop) for part in reach.parts):
        return " that is also ".join(_described(part, titles) for part in reach.parts)
    return in_words(reach, titles)


def _shared(parts: tuple[Reach, ...], titles: Mapping[str, str]) -> tuple[str, bool, list[str]] | None:
    """The relation that all parts have in common, with their names; None where they differ."""
    hops = [part for part in parts if isinstance(part, Hop)]
    if len(hops) < len(parts) or len({(part.kind, part.outgoing) for part in hops}) > 1:
        return None
    return hops[0].kind, hops[0].outgoing, [_described(part.of, titles) for part in hops]
