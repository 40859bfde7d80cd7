"""An answer as Markdown, for the clipboard: words, numbered sources, licences."""

from __future__ import annotations

import re

from cml_mm.types import Answer, Evidence
from cml_mm.ui.evidence import evidence_title, locator_words
from cml_mm.ui.file_section import NO_FILES, FileLook
from cml_mm.ui.text import safe_url, without_controls

_SPECIAL = re.compile(r"([\\`*_\[\]<>#|~!])")
_DOUBTS = {"partly": " (partly)", "unsupported": " (no source)", "not_checked": " (not checked)"}


def answer_markdown(answer: Answer) -> str:
    """The whole answer with its sources."""
    title = f"## {plain_line(answer.title)}\n\n" if answer.title else ""
    return f"{title}{body_markdown(answer)}\n\n{sources_markdown(answer)}".strip() + "\n"


def body_markdown(answer: Answer) -> str:
    """The sentences in their paragraphs, each with its verdict unless it is supported, and its sources."""
    claims = answer.status not in {"not_in_library", "advice"}
    title = f"{answer.title}."  # a refusal begins with its title
    paragraphs: dict[int, list[str]] = {}
    for sentence in answer.sentences:
        marks = "".join(f"[{number}]" for number in sentence.cites)
        doubt = _DOUBTS.get(sentence.verdict, "") if claims else ""
        text = sentence.text if claims else sentence.text.removeprefix(title)
        words = f"{plain_line(text)}{doubt}{' ' + marks if marks else ''}"
        paragraphs.setdefault(sentence.paragraph, []).append(words)
    return "\n\n".join(" ".join(filter(None, parts)) for parts in paragraphs.values())


def sources_markdown(answer: Answer) -> str:
    """The numbered list of sources, each with author and licence."""
    return "\n".join(source_markdown(item) for item in answer.evidence)


def source_markdown(item: Evidence, look: FileLook = NO_FILES) -> str:
    """One numbered source; of a private file nothing but its name and the place in it."""
    source = item.source
    place = f"[{item.number}] {plain_line(evidence_title(item))}, {plain_line(locator_words(item, look))}."
    if source.owner != "library":
        return f"{place} A private file."
    credit = ", ".join(plain_line(part) for part in (source.attribution, source.licence) if part)
    where = safe_url(source.url).replace("<", "%3C").replace(">", "%3E") or plain_line(source.path)
    return f"{place} {credit}. <{where}>"


def plain_line(text: str) -> str:
    """Text that Markdown shows as it stands, on one line."""
    return _SPECIAL.sub(r"\\\1", " ".join(without_controls(text).split()))
