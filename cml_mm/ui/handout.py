"""A conversation to hand out: Markdown, and a page to print that needs no script and nothing from elsewhere.

The page carries its own styles. Its pictures are those of the visitor's files, which only
their browser is given; on paper they stay.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from urllib.parse import quote

from cml_mm.errors import InputError
from cml_mm.ports import Desk
from cml_mm.prose import plain
from cml_mm.types import Answer, Edge, Evidence, Page, PictureArea, Sentence
from cml_mm.ui.copying import body_markdown, plain_line, source_markdown
from cml_mm.ui.evidence import evidence_title, locator_words
from cml_mm.ui.file_section import GONE, FileLook, file_name, has_side, shown_place
from cml_mm.ui.icons import LOGO
from cml_mm.ui.keeping_talks import NOTHING_WRITTEN, title_of
from cml_mm.ui.lens_view import lens_words, read_as_html
from cml_mm.ui.notes import ABSENT, notice_html
from cml_mm.ui.page_picture import Shown, lit_svg, paper_html, window_of
from cml_mm.ui.parts import chips
from cml_mm.ui.relation import path_html
from cml_mm.ui.render import sentence_html, tally_html, tally_words
from cml_mm.ui.talks_view import day_words, questions_words
from cml_mm.ui.text import escape, passage_html, safe_url, with_strong
from cml_mm.visits import KeptTalk, KeptTurn

HERE = Path(__file__).resolve().parent
SHOWN_CHARACTERS = 4_000  # of a question
_ROOT = re.compile(r":root\s*\{[^}]*\}")
_DARK = re.compile(r"\.dark[^{]*\{([^}]*)\}")


@dataclass(frozen=True)
class Handout:
    """One conversation, or one answer of it, in both forms."""

    title: str
    markdown: str
    html: str


@dataclass(frozen=True)
class _Part:
    """A question with its answer; `number` counts from 1 within the conversation."""

    number: int
    turn: KeptTurn


def render(desk: Desk, visitor: str, talk: str, turn: int = 0) -> Handout:
    """Writes a kept conversation out.

    Args:
        visitor: the key of whose conversation it is.
        talk: its id.
        turn: which of its questions, from 1; 0 for all of them.

    Raises: InputError: this visitor has no such conversation, or it has no such question.
    """
    kept = desk.talks.load(visitor, talk)
    parts = [_Part(number, one) for number, one in enumerate(kept.turns, 1)]
    if turn:
        parts = [part for part in parts if part.number == turn]
        if not parts:
            raise InputError(
                "This conversation has no such question.", "Open it from the list of your conversations and try again."
            )
    title = title_of(parts[0].turn.question) if turn else kept.title
    look = FileLook(lambda: desk.files, visitor)
    return Handout(title, _markdown(title, kept, parts, look), _page(title, kept, parts, look))


def lead_words(kept: KeptTalk, count: int) -> str:
    """What this is, in a line."""
    asked = f", last changed on {day_words(kept.changed)}" if kept.changed else ""
    return f"{questions_words(count)} asked of CML{asked}"


def writer_words(answer: Answer) -> str:
    """Who wrote the words, and from which state of the library."""
    name = answer.model or "an unnamed writer"
    article = "the " if name.startswith(("built-in", "extractive")) else ""
    index = f" Index {answer.fingerprint[:8]}." if answer.fingerprint else ""
    return f"Written by {article}{name}.{index}"


# Markdown


def _markdown(title: str, kept: KeptTalk, parts: Sequence[_Part], look: FileLook) -> str:
    head = f"# {plain_line(title)}\n\n{plain_line(lead_words(kept, len(parts)))}."
    return "\n\n".join([head, *(_part_markdown(part, look) for part in parts)]).strip() + "\n"


def _part_markdown(part: _Part, look: FileLook) -> str:
    question, answer = part.turn.question, part.turn.answer
    blocks = [f"## {part.number}. {plain_line(title_of(question))}"]
    if title_of(question) != " ".join(question.split()):
        blocks.append(f"> {plain_line(question[:SHOWN_CHARACTERS])}")
    if answer is None:
        return "\n\n".join([*blocks, f"*{plain_line(part.turn.gone or NOTHING_WRITTEN)}*"])
    if answer.understood and answer.understood.strip() != question.strip():
        blocks.append(f"Understood as: {plain_line(answer.understood)}")
    if answer.lens.facets:
        blocks.append(f"Read as {plain_line(lens_words(answer.lens))}")
    title = answer.title or (ABSENT if answer.status == "not_in_library" else "")
    blocks += [f"### {plain_line(title)}"] if title else []
    blocks.append(body_markdown(answer))
    blocks += [f"*{plain_line(notice.text)}*" for notice in answer.notices]
    if answer.evidence:
        blocks += ["### Evidence", *(_evidence_markdown(item, look) for item in answer.evidence)]
    counted = f"{tally_words(answer.sentences)}. " if _checked(answer) else ""
    return "\n\n".join([*blocks, f"{plain_line(f'{counted}{writer_words(answer)}')}"])


def _evidence_markdown(item: Evidence, look: FileLook) -> str:
    """The source, and the words that it is cited for as a quotation."""
    lines = [plain_line(plain(line)) for line in (item.quote or item.passage).strip().splitlines()]
    quoted = "\n".join(f"> {line}".rstrip() for line in lines)
    return f"{source_markdown(item, look)}\n\n{quoted}" if quoted else source_markdown(item, look)


def _checked(answer: Answer) -> bool:
    return bool(answer.sentences) and answer.status not in {"not_in_library", "advice"}


# The page


def _page(title: str, kept: KeptTalk, parts: Sequence[_Part], look: FileLook) -> str:
    body = "".join(_part_html(part, look, alone=len(parts) == 1) for part in parts)
    several = len(parts) > 1
    contents = "".join(
        f'<li><a href="#q-{part.number}">{escape(title_of(part.turn.question))}</a></li>' for part in parts
    )
    index = f'<nav aria-label="Questions"><ol>{contents}</ol></nav>' if several else ""
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex">'
        f'<meta name="color-scheme" content="light dark"><title>{escape(title)}</title><style>{_styles()}</style>'
        f'</head><body><main><header><span class="brand">{LOGO}CML</span>'
        f"<span>{escape(lead_words(kept, len(parts)))}</span></header>"
        f"<h1>{escape(title)}</h1>{index}{body}<footer>{_credits(parts)}</footer></main></body></html>"
    )


def _part_html(part: _Part, look: FileLook, alone: bool) -> str:
    """One question and its answer. The question alone on a page is its title, and is not said twice."""
    question, answer = part.turn.question, part.turn.answer
    shown = question[:SHOWN_CHARACTERS]
    rest = len(question) - len(shown)
    more = f" … and {rest:,} more characters" if rest else ""
    number = "" if alone else f'<span class="no">{part.number}</span>'
    heading = f'<h2 class="asked">{number}<span><span class="vh">Question: </span>{escape(shown)}{more}</span></h2>'
    if answer is None:
        gone = f'<p class="gone">{escape(part.turn.gone or NOTHING_WRITTEN)}</p>'
        return f'<article id="q-{part.number}">{heading}{gone}</article>'
    return (
        f'<article id="q-{part.number}">{heading}{read_as_html(answer)}{_answer(part.number, answer)}'
        f"{''.join(notice_html(notice) for notice in answer.notices)}"
        f"{_evidence(part.number, answer, look)}"
        f'<div class="by">{tally_html(answer.sentences) if _checked(answer) else ""}'
        f"<p>{escape(writer_words(answer))}</p></div></article>"
    )


def _answer(number: int, answer: Answer) -> str:
    title = ABSENT if answer.status == "not_in_library" else answer.title
    heading = f"<h3>{escape(title)}</h3>" if title else ""
    titles = {item.number: evidence_title(item) for item in answer.evidence}
    paragraphs = []
    numbered = enumerate(answer.sentences, 1)
    for _, group in groupby(numbered, key=lambda pair: pair[1].paragraph):
        said = " ".join(
            f'<span id="s-{number}-{place}">{_sentence(number, answer, sentence, titles)}</span>'
            for place, sentence in group
        )
        paragraphs.append(f"<p>{said}</p>")
    return f'<div class="ans">{heading}{"".join(paragraphs)}</div>'


def _sentence(number: int, answer: Answer, sentence: Sentence, titles: dict[int, str]) -> str:
    """With its verdict, except where nothing was claimed that could be checked."""
    if _checked(answer):
        return sentence_html(number, sentence, titles)
    text = sentence.text.removeprefix(f"{ABSENT}.").strip()
    return with_strong(text, sentence.strong) + chips(number, sentence.cites, titles)


def _evidence(number: int, answer: Answer, look: FileLook) -> str:
    if not answer.evidence:
        return ""
    items = "".join(_item(number, item, answer, look) for item in answer.evidence)
    return (
        '<section aria-label="Evidence for this answer"><h3 class="lab">Evidence</h3>'
        f'<ol class="el">{items}</ol></section>'
    )


def _item(number: int, item: Evidence, answer: Answer, look: FileLook) -> str:
    """One source. Its number leads back to the first sentence that it is cited in."""
    cited = next((place for place, one in enumerate(answer.sentences, 1) if item.number in one.cites), 0)
    back = (
        f'<a class="c" href="#s-{number}-{cited}" aria-label="Source {item.number}: back to the sentence">'
        f"{item.number}</a>"
        if cited
        else f'<span class="c">{item.number}</span>'
    )
    if isinstance(item.locator, Edge):
        body = path_html(item.path, item.locator)
    else:
        words = passage_html(item.passage or item.quote, item.quote)
        body = f'{_picture(item, look)}<blockquote class="q">{words}</blockquote>'
    return (
        f'<li id="ev-{number}-{item.number}">{back}<div><b class="serif">{escape(evidence_title(item))}</b>'
        f'<p class="loc">{escape(locator_words(item, look))}</p>{body}{_credit_line(item, look)}</div></li>'
    )


def _picture(item: Evidence, look: FileLook) -> str:
    """The part of the page around the words, which are lit; a sentence where the file is gone."""
    place, file = item.locator, item.source.slug
    if item.source.owner == "library" or not isinstance(place, (Page, PictureArea)) or not has_side(place):
        return ""
    if look.gone(file):
        return f'<p class="gone">{GONE}</p>'
    shown = shown_place(item.source, place, look)
    if shown is None:
        return ""
    seen = window_of(shown)
    return (
        f'<figure class="pp" style="aspect-ratio: 1 / {seen.part:.4f}"><div class="pp-place"'
        f' style="top: {-100 * seen.top / seen.part:.3f}%; left: {-100 * seen.left:.3f}%;'
        f' width: {100 * seen.zoom:.3f}%">{_paper(shown)}</div></figure>'
    )


def _paper(shown: Shown) -> str:
    """The page with its boxes. Drawn at once, not when it is scrolled to: it may be printed before."""
    face = shown.face
    if not face.drawable:
        return paper_html(shown)
    address = f"../../files/{quote(shown.file, safe='')}/faces/{quote(face.key, safe='')}"
    return (
        f'<div class="pp-paper" style="aspect-ratio: {face.width:g} / {face.height:g}">'
        f'<img src="{escape(address)}" alt="{escape(shown.words)}">'
        f"{lit_svg(shown)}</div>"
    )


def _credit_line(item: Evidence, look: FileLook) -> str:
    source = item.source
    if source.owner != "library":
        since = ", deleted since" if look.gone(source.slug) else ""
        return f'<p class="src"><bdi>{escape(file_name(source))}</bdi>, a private file{since}</p>'
    credit = ", ".join(part for part in (source.attribution, source.licence) if part)
    url = safe_url(source.url)
    where = (
        f'<a href="{escape(url)}" rel="noopener noreferrer">{escape(url)}</a>'
        if url
        else f'<span class="file">{escape(source.path)}</span>'
    )
    return f'<p class="src">{escape(credit)}{". " if credit else ""}{where}</p>'


def _credits(parts: Iterable[_Part]) -> str:
    """Authors and licences of everything that is quoted, each once; and what the marks mean."""
    credits: dict[str, None] = {}
    private = False
    for part in parts:
        for item in part.turn.answer.evidence if part.turn.answer else ():
            private = private or item.source.owner != "library"
            if item.source.owner == "library":
                credits[", ".join(word for word in (item.source.attribution, item.source.licence) if word)] = None
    named = "; ".join(escape(credit) for credit in credits if credit)
    library = f"Quoted from the library: {named}. " if named else ""
    own = "Quotes from private files were visible to whoever asked only; hand them on with care. " if private else ""
    return f"<p>{library}{own}Numbers lead to the evidence, and from there back to the sentence.</p>"


def _styles() -> str:
    """The tokens, dark on a dark screen, and the styles of this page."""
    tokens = (HERE / "tokens.css").read_text(encoding="utf-8")
    light, dark = _ROOT.search(tokens), _DARK.search(tokens)
    own = (HERE / "handout.css").read_text(encoding="utf-8")
    night = f"@media screen and (prefers-color-scheme: dark) {{ :root {{{dark.group(1)}}} }}" if dark else ""
    return f"{light.group() if light else ''}\n{night}\n{own}"
