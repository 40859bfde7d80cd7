"""Takes what a language model writes apart while it writes: hidden thought, sentences, citations, plain words.

Nothing of a model's text keeps a meaning beyond its words: HTML, links, pictures and addresses
that its sources do not hold are taken off, so that no answer can carry a reader's words away.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from cml_mm import prose
from cml_mm.answering.scrubbing import visible
from cml_mm.types import Edge, Evidence

LONGEST_SENTENCE = 1_500  # characters after which one is cut, ended or not
_THOUGHT = re.compile(r"<(?P<over>/?)\s*(?:think|thinking|thought|reasoning)\s*>", re.IGNORECASE)
_LONGEST_TAG = 16  # characters of a tag that may be cut between two pieces
_BORDER = re.compile(r"(?P<dot>[.!?…]+[\"'”’)»*_]*(?=[\s\[【]|\Z))|(?P<wide>[。！？])|(?P<line>\n[ \t]*)")
_NUMBERS = (
    r"(?:\^|source|sources|evidence|no\.?|#)?\s*\d{1,3}(?:\s*(?:[,;&–—-]|and|to|,\s*and)\s*#?\d{1,3}|\s+\d{1,3})*"
)
_MARK = rf"[\[【［〔]\s*{_NUMBERS}\s*(?:†[^\]】\n]{{0,40}})?[\]】］〕]"
_CITATION = re.compile(rf"(?:\\)?{_MARK}(?:\([^()\n]{{0,300}}\))?", re.IGNORECASE)
_MARKS_AFTER = re.compile(rf"(?:[ \t]*{_MARK}(?:\([^()\n]{{0,300}}\))?)+[.]?|", re.IGNORECASE)
_HALF_MARK = re.compile(r"[ \t]*[\[【［〔][^\]】］〕\n]{0,48}\Z")
_ABBREVIATION = re.compile(
    r"(?:\b(?:e\.g|i\.e|etc|vs|cf|ca|approx|Dr|Mr|Mrs|Ms|St|Prof|Inc|Ltd|Jr|pp?|fig|sec|art|vol|U\.S|U\.K|[A-Z]))\.\Z",
    re.IGNORECASE,
)
_NUMBER_WORD = re.compile(r"\b(?:no|nos|nr)\.\Z", re.IGNORECASE)
_LEAD = re.compile(r"[ \t]*(?:(?:[-*+•–]|\d{1,2}[.)]|>)[ \t]+)+")
_ONLY_LEAD = re.compile(r"[ \t]*\d{1,2}[.)]\Z")
_HEADING = re.compile(r"[ \t]*(?:#{1,6}[ \t]|(?:\*\*|__)[^*_\n]{1,80}:?(?:\*\*|__):?[ \t]*\Z)")
_NO_WORDS = re.compile(r"[ \t]*(?:`{3}.*|~{3}.*|[-*_=|: \t]{3,}|\|[-|: \t]+\|?)\Z")
_SOURCES = re.compile(r"\W*(?:sources?|references|citations|evidence used)\W*:", re.IGNORECASE)
_IMAGE = re.compile(r"!\[([^\[\]]*)\](?:\([^()]*(?:\([^()]*\)[^()]*)*\)|\[[^\[\]]*\])?")
_LINK = re.compile(r"\[([^\[\]]*)\](?:\([^()]*(?:\([^()]*\)[^()]*)*\)|\[[^\[\]]*\])")
_TAG = re.compile(r"<[a-zA-Z/!?][^<>]*>")
_ADDRESS = re.compile(
    r"(?:\b[a-z][a-z0-9+.-]{1,12}://|\bwww\.|\b(?:javascript|data|vbscript|mailto):(?=\S))\S*", re.IGNORECASE
)
# Where a number stands in place of a name: "according to [1]", "[2] says".
_AS_NAME = re.compile(
    rf"(?P<before>\b(?:according to|as per|as|in|from|by|of|with|see|and|both|between|source)\s+){_MARK}"
    rf"(?=\s+[a-z]|[\s,.;:!?]*\Z|,)|(?P<first>\A\s*){_MARK}(?=\s+[a-z])",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Raw:
    """A sentence as the model wrote it, its citations with it. `paragraph` counts from 0."""

    text: str
    paragraph: int


@dataclass(frozen=True)
class Said:
    """A sentence in plain words.

    `cites` are numbers of the prompt, each once, in order; `removed` counts those that the prompt
    did not give; `names` are titles of cited sources that the sentence speaks.
    """

    text: str
    cites: tuple[int, ...]
    removed: int
    paragraph: int
    names: tuple[str, ...] = ()


class ThoughtFilter:
    """Leaves out what stands between <think> and </think>, whole or cut between two pieces.

    `stray` becomes true where only the end was written: then all before it was thought too.
    """

    def __init__(self) -> None:
        self.stray = False
        self._inside = False
        self._held = ""

    def feed(self, piece: str) -> str:
        """What of the text so far is not thought, and was not given before."""
        text, shown = self._held + piece, []
        start = 0
        self.stray = False
        for tag in _THOUGHT.finditer(text):
            if not self._inside:
                shown.append(text[start : tag.start()])
            if tag["over"] and not self._inside:
                self.stray, shown = True, []
            self._inside = not tag["over"]
            start = tag.end()
        rest = text[start:]
        half = rest.rfind("<", max(0, len(rest) - _LONGEST_TAG))
        kept = rest[:half] if half >= 0 and ">" not in rest[half:] else rest
        self._held = rest[len(kept) :]
        if not self._inside:
            shown.append(kept)
        return "".join(shown)

    def end(self) -> str:
        """What was held back."""
        held, self._held = self._held, ""
        return "" if self._inside else held


class SentenceStream:
    """Cuts a growing text into sentences, each as soon as it is certain where it ends."""

    def __init__(self) -> None:
        self._text = ""
        self._paragraph = 0
        self._new = False  # whether the next sentence opens a paragraph
        self._any = False

    def feed(self, text: str) -> list[Raw]:
        """The sentences that this ends."""
        self._text += text
        return list(self._cut(final=False))

    def end(self) -> list[Raw]:
        """The last ones."""
        return list(self._cut(final=True))

    def _cut(self, final: bool) -> Iterator[Raw]:
        while found := self._border(final):
            end, opens = found
            yield from self._sentence(self._text[:end])
            self._text = self._text[end:].lstrip(" \t")
            self._new = self._new or opens
        if final and self._text.strip():
            yield from self._sentence(self._text)
            self._text = ""

    def _sentence(self, text: str) -> Iterator[Raw]:
        joined = re.sub(r"[ \t]*\n[ \t]*", " ", text.strip("\n")).strip()
        if not joined:
            return
        if self._any and (self._new or _LEAD.match(joined)):
            self._paragraph += 1
        self._new, self._any = False, True
        yield Raw(joined, self._paragraph)

    def _border(self, final: bool) -> tuple[int, bool] | None:
        """Where the first sentence ends, and whether a paragraph ends with it; None while that is open."""
        for found in _BORDER.finditer(self._text):
            if found["line"] is not None:
                border = self._line_border(found, final)
            elif found["wide"]:
                border = self._wide_border(found, final)
            else:
                border = self._dot_border(found, final)
            if border == _OPEN:
                break
            if border:
                return border, found["line"] is not None
        if len(self._text) > LONGEST_SENTENCE:
            return max(self._text.rfind(" ", 0, LONGEST_SENTENCE), 1), False
        return None

    def _line_border(self, found: re.Match[str], final: bool) -> int:
        rest = self._text[found.end() :]
        before = self._text[: found.start()]
        if not rest.strip():
            return found.end() if final or rest.startswith("\n") else _OPEN
        if not before.strip() or rest.startswith("\n"):
            return found.end()
        wrapped = rest[0].islower() and not _HEADING.match(before) and not _LEAD.match(rest)
        return 0 if wrapped else found.end()

    def _wide_border(self, found: re.Match[str], final: bool) -> int:
        """After a full stop that no blank follows, as in Chinese and Japanese."""
        marks = _MARKS_AFTER.match(self._text, found.end())
        end = marks.end() if marks else found.end()
        after = self._text[end:]
        return _OPEN if not final and (not after.strip(" \t") or _HALF_MARK.match(after)) else end

    def _dot_border(self, found: re.Match[str], final: bool) -> int:
        said, rest = self._text[: found.end()], self._text[found.end() :]
        marks = _MARKS_AFTER.match(rest)
        end = marks.end() if marks else 0
        after = rest[end:]
        if not final and (not after.strip(" \t") or _HALF_MARK.match(after)):
            return _OPEN
        following = after.lstrip()[:1]
        line = said.rsplit("\n", 1)[-1]
        if _ONLY_LEAD.match(line):
            return 0
        if not end and not after[:1].isspace() and after:
            return 0
        if following and found["dot"].startswith(".") and not after.lstrip(" \t").startswith("\n"):
            if not end and (_ABBREVIATION.search(said) or following.islower()):
                return 0
            if _NUMBER_WORD.search(said) and following.isdigit():
                return 0
        quoted = found["dot"][-1] in "\"'”’)»" and following.islower()
        return 0 if quoted and not end else found.end() + end


_OPEN = -1


def read_sentence(raw: Raw, given: Sequence[Evidence]) -> Said | None:
    """A sentence in plain words with its citations apart; None where it says nothing.

    Args:
        raw: as the model wrote it.
        given: the evidence that the prompt numbered from 1 on.
    """
    if _NO_WORDS.match(raw.text) or _HEADING.match(raw.text) or is_source_list(raw.text):
        return None
    wanted = [number for mark in _CITATION.finditer(raw.text) for number in _numbers(mark.group())]
    cites = tuple(dict.fromkeys(number for number in wanted if 1 <= number <= len(given)))
    named = _AS_NAME.sub(lambda found: _name(found, given), raw.text)
    text = plain_words(_CITATION.sub("", named), given)
    if not any(char.isalnum() for char in text) or (_ONLY_LEAD.match(text) and not cites):
        return None
    titles = [title for number in cites for title in _titles(given[number - 1])]
    names = tuple(dict.fromkeys(title for title in titles if title and title in text))
    return Said(text, cites, len(set(wanted)) - len(cites), raw.paragraph, names)


def is_source_list(text: str) -> bool:
    """Whether a model begins to list its sources, which the page does by itself."""
    return bool(_SOURCES.match(text))


def plain_words(text: str, given: Sequence[Evidence]) -> str:
    """Words only: without marks, links, pictures, HTML, and addresses that the evidence does not hold."""
    for _ in range(8):  # one inside the other
        bare = _TAG.sub("", _LINK.sub(r"\1", _IMAGE.sub(r"\1", text)))
        if bare == text:
            break
        text = bare
    text = visible(text)
    if lead := _LEAD.match(text):
        text = text[lead.end() :]
    held = "\n".join(item.passage for item in given)
    text = _ADDRESS.sub(lambda found: found.group() if found.group().rstrip(".,;:)") in held else "", text)
    text = prose.plain(text.strip("| ").replace(" | ", ", "))
    text = text.replace("](", "] (").replace("![", "[")
    text = re.sub(r"<(?=[a-zA-Z/!?])", "", text)
    text = re.sub(r"\(\s*(?:source|see|cf\.?)?\s*:?\s*\)|\[\s*\]", "", text, flags=re.IGNORECASE)
    text = re.sub(r"\s+(?=[.,;:!?…])", "", text)
    text = re.sub(r"[,;:]+(?=[.!?])|(?<=[.!?])\.(?!\.)(?=\Z)", "", text)
    return re.sub(r"\s+", " ", text).strip()


def _numbers(mark: str) -> list[int]:
    """ "[1, 3-5]" → 1, 3, 4, 5"""
    inside = re.split(r"[\]】］〕†]", mark, maxsplit=1)[0]
    numbers: list[int] = []
    for found in re.finditer(r"(\d{1,3})(?:\s*(?:[–—-]|to)\s*#?(\d{1,3}))?", inside):
        first, last = int(found[1]), int(found[2] or found[1])
        numbers += range(first, last + 1) if first <= last <= first + 20 else [first, last]
    return numbers


def _name(found: re.Match[str], given: Sequence[Evidence]) -> str:
    """The title that a number stands for, and the number after it."""
    before = found["before"] or found["first"] or ""
    mark = found.group()[len(before) :]
    numbers = [number for number in _numbers(mark) if 1 <= number <= len(given)]
    if not numbers:
        return found.group()
    titles = dict.fromkeys(given[number - 1].source.title for number in numbers)
    return f"{before}{' and '.join(titles)} {mark}"


def _titles(item: Evidence) -> list[str]:
    if isinstance(item.locator, Edge):
        return [title for relation in item.path for title in (relation.subject_title, relation.object_title)]
    return [item.source.title]
