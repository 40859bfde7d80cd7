"""A diagram in one to three sentences, made from its graph, for who hears a page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from cml_mm.diagrams.values import Diagram
from cml_mm.diagrams.wording import part_names

LONGEST = 400  # characters
_MOST_NAMED = 3
_LONGEST_NAME = 40
_MOST_STEPS = 5  # of a main path, ends included

_Ways = Mapping[str, Sequence[str]]


def alt_text(diagram: Diagram) -> str:
    """Kind and size, where it begins and ends, the longest way through it, and whether it loops.

    Args:
        diagram: as read or corrected.

    Returns: one to three plain sentences, `LONGEST` characters at most.
    """
    names = {part: _short(name) for part, name in part_names(diagram).items()}
    if not diagram.nodes:
        return "A picture on which no boxes joined by arrows were found."
    title = f" “{_short(diagram.title)}”" if diagram.title.strip() else ""
    lanes = f" in {_counted(len(diagram.containers), 'lane')}" if diagram.containers else ""
    sizes = f"{_counted(len(diagram.nodes), 'box', 'boxes')} and {_counted(len(diagram.edges), 'arrow')}"
    said = [f"Diagram{title} of {sizes}{lanes}."]
    ways = _ways(diagram)
    into = {end for ends in ways.values() for end in ends}
    joined = [node.id for node in diagram.nodes if node.id in into or ways.get(node.id)]
    roots = [part for part in joined if part not in into]
    leaves = [part for part in joined if not ways.get(part)]
    loop = _on_a_loop(ways)
    if roots and leaves:
        said.append(f"It leads from {_named(roots, names)} to {_named(leaves, names)}.")
        path = _longest_path(ways, roots)
        if len(path) > 2 and not loop:
            said.append(f"The longest way: {', '.join(_thinned([names[part] for part in path]))}.")
    if loop:
        said.append(f"It loops through {_named(loop, names)}.")
    return _fitting(said)


def _ways(diagram: Diagram) -> dict[str, list[str]]:
    """Where arrows with a head lead from each part, in order, each once."""
    found: dict[str, list[str]] = {}
    for edge in diagram.edges:
        pairs = [(edge.source, edge.target)] if edge.heads != "none" else []
        if edge.heads == "both":
            pairs.append((edge.target, edge.source))
        for source, target in pairs:
            if source != target and target not in found.setdefault(source, []):
                found[source].append(target)
    return found


def _on_a_loop(ways: _Ways) -> list[str]:
    """The parts of a shortest loop of three or more, else of any; empty where nothing leads back."""
    best: list[str] = []
    for start in list(ways)[:200]:
        before: dict[str, str] = {}
        queue = [start]
        for part in queue:
            for following in ways.get(part, ()):
                if following == start:
                    loop = [part]
                    while loop[-1] != start:
                        loop.append(before[loop[-1]])
                    loop.reverse()
                    if not best or (len(best) < 3) > (len(loop) < 3) or 3 <= len(loop) < len(best):
                        best = loop
                elif following not in before:
                    before[following] = part
                    queue.append(following)
    return best


def _longest_path(ways: _Ways, roots: Sequence[str]) -> list[str]:
    """The longest of the shortest ways from a root, which no loop can make endless."""
    best: list[str] = []
    for root in roots[:50]:
        before = {root: ""}
        queue = [root]
        for part in queue:
            for following in ways.get(part, ()):
                if following not in before:
                    before[following] = part
                    queue.append(following)
        path = [queue[-1]]
        while before[path[-1]]:
            path.append(before[path[-1]])
        if len(path) > len(best):
            best = path[::-1]
    return best


def _thinned(path: Sequence[str]) -> Sequence[str]:
    return path if len(path) <= _MOST_STEPS else [*path[: _MOST_STEPS - 2], "…", path[-1]]


def _named(parts: Sequence[str], names: Mapping[str, str]) -> str:
    shown = [names[part] for part in parts[:_MOST_NAMED]]
    if len(parts) > _MOST_NAMED:
        shown.append(f"{len(parts) - _MOST_NAMED} more")
    return " and ".join([", ".join(shown[:-1]), shown[-1]] if len(shown) > 1 else shown)


def _fitting(sentences: Sequence[str]) -> str:
    said = sentences[0][:LONGEST]
    for sentence in sentences[1:3] if len(sentences) > 3 else sentences[1:]:
        if len(said) + 1 + len(sentence) <= LONGEST:
            said += f" {sentence}"
    return said


def _counted(count: int, one: str, several: str = "") -> str:
    return f"{count} {one}" if count == 1 else f"{count} {several or one + 's'}"


def _short(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= _LONGEST_NAME else f"{flat[: _LONGEST_NAME - 1].rstrip()}…"
