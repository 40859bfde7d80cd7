"""Which patterns of the library the boxes and lanes of a diagram stand for.

A label is first read as a name: a title, an alias or a context label, as spelt or with one slip
(`names`). Where it is none, it is compared in meaning with what every pattern is about. A label has
few words, so what its neighbours say is read with it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

import numpy as np
from numpy.typing import NDArray

from cml_mm import prose
from cml_mm.diagrams.values import Diagram
from cml_mm.graph.library_graph import Entry
from cml_mm.graph.snapshot import Snapshot
from cml_mm.ports import TextEncoder
from cml_mm.retrieval.names import NameIndex, NameMatch
from cml_mm.visits import DiagramLink, Nearness

# From which score on a meaning counts; `python -m benchmarks diagram-links` has the figures of every threshold.
LEAST_MEANT = 0.45
LEAST_NAMED = 0.80  # of a name: how nearly the label is spelt like it
LEAST_WORDS = 2  # of substance: "Members" or "Vote" alone means everything and nothing
LEAST_ALONE = 0.30  # of the label by itself, so that its neighbours alone do not decide
MOST_NEIGHBOURS = 6  # that are read with a label


@dataclass(frozen=True)
class PatternRows:
    """The patterns of a library and the vectors of what they are about; shape (len(entries), dimension)."""

    entries: tuple[Entry, ...]
    matrix: NDArray[np.float32]

    @classmethod
    def of(cls, snapshot: Snapshot) -> PatternRows:
        """Those of an opened index; adopters and documents are left out."""
        entries, vectors = snapshot.library.entries, snapshot.pattern_vectors
        kept = [row for row, slug in enumerate(vectors.ids) if entries[slug].kind == "pattern"]
        return cls(tuple(entries[vectors.ids[row]] for row in kept), vectors.matrix[kept])


@dataclass(frozen=True)
class DiagramLinker:
    """The library's side of the joins; made once for an opened index."""

    names: NameIndex
    encoder: TextEncoder
    patterns: PatternRows
    threshold: float = LEAST_MEANT

    def link(self, diagram: Diagram) -> tuple[DiagramLink, ...]:
        """See `link_diagram`."""
        return link_diagram(diagram, self.names, self.encoder, self.patterns, self.threshold)


@dataclass(frozen=True)
class _Label:
    """What is written in one box or lane, and beside it."""

    part: str
    text: str
    around: tuple[str, ...]


def link_diagram(
    diagram: Diagram,
    names: NameIndex,
    encoder: TextEncoder,
    patterns: PatternRows,
    threshold: float = LEAST_MEANT,
) -> tuple[DiagramLink, ...]:
    """Joins the boxes and lanes of a diagram with patterns.

    Args:
        diagram: as read or corrected.
        names: of the library.
        encoder: the one that made the patterns' vectors.
        patterns: that can be linked to.
        threshold: score from which a meaning counts.

    Returns: links in the order of the diagram's boxes, then its lanes; of one label the surest first.
    """
    if not patterns.entries:
        return ()
    slugs = {entry.slug: entry for entry in patterns.entries}
    found: dict[str, list[DiagramLink]] = {}
    unnamed: list[_Label] = []
    labels = tuple(_labels(diagram))
    for label in labels:
        found[label.part] = list(_named(label, names, slugs))
    named = {label.text for label in labels if found[label.part]}
    for label in labels:
        if not found[label.part] and len(set(prose.terms(label.text))) >= LEAST_WORDS:
            # A neighbour that names a pattern would have every box around it mean that pattern.
            others = tuple(one for one in label.around if " ".join(one.split()) not in named)
            unnamed.append(replace(label, around=others))
    for link in _meant(unnamed, encoder, patterns, threshold):
        found[link.node].append(link)
    return tuple(link for links in found.values() for link in links)


def _in_place(label: _Label) -> str:
    """A label with what stands around it: the text that is compared in meaning."""
    return f"{label.text}. {', '.join(label.around)}." if label.around else label.text


def _labels(diagram: Diagram) -> Iterator[_Label]:
    """Every box and lane that has words, with its neighbours' labels: those joined with it, and its lane's."""
    said = {node.id: node.label for node in diagram.nodes} | {lane.id: lane.label for lane in diagram.containers}
    said = {part: label for part, label in said.items() if label.strip()}
    beside: defaultdict[str, dict[str, None]] = defaultdict(dict)
    for edge in diagram.edges:
        for one, other in ((edge.source, edge.target), (edge.target, edge.source)):
            beside[one].update(dict.fromkeys(text for text in (edge.label, said.get(other, "")) if text.strip()))
    for node in diagram.nodes:
        if node.container in said:
            beside[node.id][said[node.container]] = None
            beside[node.container][node.label] = None
    for part, text in said.items():
        around = tuple(one for one in beside[part] if one.strip() and one != text)[:MOST_NEIGHBOURS]
        yield _Label(part, " ".join(text.split()), around)


def _named(label: _Label, names: NameIndex, slugs: dict[str, Entry]) -> Iterator[DiagramLink]:
    """The patterns that a label names, whole or as one of the things it says."""
    whole = names.whole(label.text)
    matches = [whole] if whole else [match for match in names.find(label.text) if match.words > 1]
    seen: set[str] = set()
    for match in matches:
        for slug in match.slugs:
            if slug in slugs and slug not in seen:
                how, score = _spelt(match, slugs[slug])
                if score >= LEAST_NAMED:
                    seen.add(slug)
                    yield DiagramLink(label.part, slug, slugs[slug].title, how, score, (match.name,), LEAST_NAMED)


def _spelt(match: NameMatch, entry: Entry) -> tuple[Nearness, float]:
    """Which name of a pattern was written, and how nearly."""
    kinds: list[tuple[Nearness, Sequence[str]]] = [
        ("title", (entry.title, entry.slug.replace("-", " "))),
        ("alias", entry.aliases),
        ("context label", tuple(name for _, name in entry.context_labels)),
    ]
    written = " ".join(prose.words(match.name))  # folded, and a hyphen is a blank
    alike = [
        (SequenceMatcher(None, written, " ".join(prose.words(name)), autojunk=False).ratio(), -order, kind)
        for order, (kind, held) in enumerate(kinds)
        for name in held
    ]
    score, _, how = max(alike)
    # The index knows shorter ways to say a title too, such as without "Method"; they are aliases in all but writing.
    return (how, round(score, 3)) if score >= LEAST_NAMED or match.label else ("alias", LEAST_NAMED)


def _meant(
    labels: Sequence[_Label], encoder: TextEncoder, patterns: PatternRows, threshold: float
) -> Iterator[DiagramLink]:
    """Of each label the one pattern that is nearest in meaning, where it is near enough."""
    near = _cosines([_in_place(label) for label in labels], encoder, patterns)
    rows = {label.part: int(np.argmax(near[_in_place(label)])) for label in labels}
    close = [label for label in labels if near[_in_place(label)][rows[label.part]] >= threshold]
    alone = _cosines([label.text for label in close], encoder, patterns)
    for label in close:
        row = rows[label.part]
        if alone[label.text][row] >= LEAST_ALONE:
            entry, score = patterns.entries[row], round(min(1.0, float(near[_in_place(label)][row])), 3)
            words = _shared(label.text, entry)
            yield DiagramLink(label.part, entry.slug, entry.title, "meaning", score, words, threshold)


def _cosines(texts: Sequence[str], encoder: TextEncoder, patterns: PatternRows) -> dict[str, NDArray[np.float32]]:
    """How near each text is to every pattern, by text; equal texts are encoded once."""
    unique = list(dict.fromkeys(texts))
    if not unique:
        return {}
    return dict(zip(unique, encoder.encode_passages(unique) @ patterns.matrix.T, strict=True))


def _shared(text: str, entry: Entry) -> tuple[str, ...]:
    """The words of a label that the pattern says of itself; all of the label where it says it in others."""
    held = set(prose.terms(" ".join((entry.title, entry.summary, *entry.aliases, *entry.keywords))))
    heavy = [word for word in prose.WORD.findall(text) if prose.fold(word) not in prose.STOP_WORDS]
    shared = dict.fromkeys(word for word in heavy if prose.stem(prose.fold(word)) in held)
    return tuple(shared) or (text,)
