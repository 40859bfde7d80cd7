"""An answer as Markdown, for the clipboard: words, numbered sources, licences."""

from __future__ import annotations

import re

from cml_mm.types import Answer, Evidence
from cml_mm.ui.evidence import evidence_title, locator_words
from cml_mm.ui.text import safe_url

_SPECIAL = re.compile(r"([\\`*_\[\]<>#|~!])")


def answer_markdown(answer: Answer) -> str:
    """The whole answer with its sources."""
    paragraphs: dict[int, list[str]] = {}
    for sentence in answer.sentences:
        marks = "".join(f"[{number}]" for number in sentence.cites)
        doubt = {"partly": " (partly)", "unsupported": " (no source)", "not_checked": " (not checked)"}
        words = f"{_plain(sentence.text)}{doubt.get(sentence.verdict, '')}{' ' + marks if marks else ''}"
        paragraphs.setdefault(sentence.paragraph, []).append(words)
    body = "\n\n".join(" ".join(parts) for parts in paragraphs.values())
    title = f"## {_plain(answer.title)}\n\n" if answer.title else ""
    return f"{title}{body}\n\n{sources_markdown(answer)}".strip() + "\n"


def sources_markdown(answer: Answer) -> str:
    """The numbered list of sources, each with author and licence."""
    return "\n".join(_source(item) for item in answer.evidence)


def _source(item: Evidence) -> str:
    source = item.source
    credit = ", ".join(_plain(part) for part in (source.attribution, source.licence) if part)
    where = safe_url(source.url) or source.path
    return f"[{item.number}] {_plain(evidence_title(item))}, {_plain(locator_words(item))}. {credit}. <{where}>"


def _plain(text: str) -> str:
    """Text that Markdown shows as it stands, on one line."""
    return _SPECIAL.sub(r"\\\1", " ".join(text.split()))
