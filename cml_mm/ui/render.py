"""The conversation as HTML: questions, sentences with their citations, verdicts, and what went wrong."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import groupby

from cml_mm.talk import Facet
from cml_mm.types import Answer, Evidence, IndexStatus, Sentence, Step
from cml_mm.ui.copying import answer_markdown, sources_markdown
from cml_mm.ui.evidence import evidence_title
from cml_mm.ui.icons import icon
from cml_mm.ui.lens_view import again_as_html, read_as_html
from cml_mm.ui.notes import notice_html, refusal_html, trouble_html
from cml_mm.ui.parts import button, chips, note
from cml_mm.ui.text import escape, with_strong
from cml_mm.ui.turns import LIBRARY_ASKED, Asked, Turn

SHOWN_QUESTION = 400  # characters of a question that are shown; all of it is kept
_VERDICTS = {
    "partly": ("pt", "p", "warn", "partly"),
    "unsupported": ("un", "", "none", "no source"),
    "not_checked": ("nc", "n", "", "not checked yet"),
}
_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_ORDINALS = (
    "",
    "first",
    "second",
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
    "tenth",
)


def turn_html(turn: Turn, status: IndexStatus | None, choices: Sequence[Facet] = ()) -> str:
    """The newest turn, open. `choices` are whom it can be asked again as."""
    state = "busy" if turn.busy else "over"
    return (
        f'<article class="turn {state}" data-turn="{turn.number}" tabindex="-1"'
        f' aria-label="Question and answer">'
        f"{_question(turn)}{_body(turn, status, choices)}</article>"
    )


def past_html(turns: Sequence[Turn], status: IndexStatus | None, choices: Sequence[Facet] = ()) -> str:
    """Earlier turns, each folded to one line."""
    return "".join(
        f'<article class="turn old" data-turn="{turn.number}" aria-label="Earlier question and answer">'
        f'{_question(turn)}<details><summary><span class="gist">{escape(_gist(turn))}</span> '
        f'<span class="open">{_open_words(turn)}</span></summary>{_body(turn, status, choices)}</details></article>'
        for turn in turns
    )


def _question(turn: Turn) -> str:
    """The question, and the form in which it can be edited where it stands."""
    shown = turn.question[:SHOWN_QUESTION]
    rest = len(turn.question) - len(shown)
    more = f' <span class="mut">… and {rest:,} more characters</span>' if rest else ""
    read = read_as_html(turn.answer) if turn.answer else ""
    asked = f'<div class="asked"><span class="vh">You asked: </span>{escape(shown)}{more}</div>'
    late = _late(turn.asked)
    return f'<div class="you">{asked}{read}{late}{"" if turn.busy else _edit_form(turn)}</div>'


def _late(asked: Asked) -> str:
    """Which files were left out, because they were not read yet."""
    if not asked.late:
        return ""
    names = ", ".join(f"<bdi>{escape(name)}</bdi>" for name in asked.late)
    verb = "is" if len(asked.late) == 1 else "are"
    return f'<p class="meant late">Asked without {names}, which {verb} still being read</p>'


def _edit_form(turn: Turn) -> str:
    return (
        f"{button('Edit', 'edit', 'qt ed', 'edit', data_turn=str(turn.number))}"
        f'<form class="reask" data-turn="{turn.number}" hidden><label class="vh" for="re-{turn.number}">'
        f'This question, edited</label><textarea id="re-{turn.number}" rows="1">{escape(turn.question)}'
        '</textarea><div class="row"><button type="submit" class="b sm pri"><span>Ask again</span></button>'
        f"{button('Leave it', 'reask-leave', 'qt')}</div></form>"
    )


def _gist(turn: Turn) -> str:
    if turn.sentences:
        return turn.sentences[0].text
    return turn.trouble.title if turn.trouble else "No answer."


def _open_words(turn: Turn) -> str:
    count = len(turn.evidence)
    if not turn.sentences:
        return "Open this"
    return f"Open this answer, {count} source{'' if count == 1 else 's'}" if count else "Open this answer"


def _body(turn: Turn, status: IndexStatus | None, choices: Sequence[Facet]) -> str:
    parts = []
    if turn.busy:
        parts.append(_waiting(turn) if turn.phase == "waiting" else _steps(turn.steps))
    if turn.answer and turn.answer.status in {"not_in_library", "advice"}:
        return "".join(parts) + refusal_html(turn, turn.answer) + _after(turn, turn.answer, status, choices)
    if turn.sentences:
        parts.append(_answer(turn))
    if turn.trouble:
        parts.append(trouble_html(turn, turn.trouble))
    if turn.answer and turn.sentences:
        parts.append(_after(turn, turn.answer, status, choices))
    return "".join(parts)


def _waiting(turn: Turn) -> str:
    if not turn.place:
        return _steps((Step("Sending your question"),))
    place = _ORDINALS[turn.place] if turn.place < len(_ORDINALS) else f"number {turn.place}"
    about = f", about {max(1, round(turn.wait))} seconds" if turn.wait else ""
    return note(
        "clock",
        "pine",
        f"You are {place} in line{about}",
        "Others are asking too. Your question is kept, and you can read on meanwhile.",
    )


def _steps(steps: Sequence[Step]) -> str:
    rows = "".join(
        f'<li class="{"" if step.done else "now"}">'
        f"{icon('check') if step.done else icon('now', 'spin')}{escape(step.name)}</li>"
        for step in steps
    )
    return f'<ul class="steps" role="status">{rows}</ul>'


def _answer(turn: Turn) -> str:
    title = f"<h2>{escape(turn.answer.title)}</h2>" if turn.answer and turn.answer.title else ""
    titles = {item.number: evidence_title(item) for item in turn.evidence}
    paragraphs = "".join(
        f"<p>{' '.join(sentence_html(turn.number, s, titles) for s in group)}</p>"
        for _, group in groupby(turn.sentences, key=lambda sentence: sentence.paragraph)
    )
    return f'<div class="ans">{title}{paragraphs}</div>'


def sentence_html(turn: int, sentence: Sentence, titles: dict[int, str]) -> str:
    """A sentence, its verdict unless it is supported, and its citations after the full stop."""
    words = with_strong(sentence.text, sentence.strong)
    cited = chips(turn, sentence.cites, titles)
    marks = _VERDICTS.get(sentence.verdict)
    if marks is None:
        return f"<span>{words}</span>{cited}"
    line, tone, drawing, said = marks
    shape = icon(drawing) if drawing else ""
    # The no-break space keeps the mark on the line of the word that it judges.
    return f'<span class="{line}">{words}</span><span class="v {tone}">&nbsp;{shape}{said}</span>{cited}'


def _after(turn: Turn, answer: Answer, status: IndexStatus | None, choices: Sequence[Facet]) -> str:
    """What stands under the words: notices, tally, status line, actions, trace, follow-ups."""
    refused = answer.status in {"not_in_library", "advice"}
    tally = "" if refused else tally_html(answer.sentences, answer.withheld)
    return (
        "".join(notice_html(notice, turn.number) for notice in answer.notices)
        + f'<div class="foot">{tally}<p class="status">{escape(status_line(answer, status, turn.asked))}</p>'
        + ("" if refused or not answer.sentences else _actions(turn, answer))
        + "</div>"
        + again_as_html(turn.number, answer, choices)
        + _followups(answer.followups)
    )


def tally_html(sentences: Sequence[Sentence], withheld: int = 0) -> str:
    """How many sentences hold up, how many do not, each with its mark, and how many were left out."""
    held, *others = _tallied(sentences)
    others += [("withheld", f"{withheld} withheld")] if withheld else []
    looks = {
        "partly": ("v p", "warn"),
        "unsupported": ("v", "none"),
        "not_checked": ("v n", ""),
        "withheld": ("v n", "none"),
    }
    ok = any(sentence.verdict == "supported" for sentence in sentences)
    parts = [f'<span class="row ok">{icon("check")}{held[1]}</span>' if ok else f'<span class="row">{held[1]}</span>']
    for verdict, words in others:
        look, drawing = looks[verdict]
        parts.append(f'<span class="{look}">{icon(drawing) if drawing else ""}{words}</span>')
    return f'<div class="tally">{"".join(parts)}</div>'


def tally_words(sentences: Sequence[Sentence]) -> str:
    """ "4 of 6 sentences hold up against their source, 1 only partly, 1 has none"."""
    return ", ".join(words for _, words in _tallied(sentences))


def _tallied(sentences: Sequence[Sentence]) -> list[tuple[str, str]]:
    """Verdicts in words; the supported first, of the others those that there are."""
    count = Counter(sentence.verdict for sentence in sentences)
    total, none = len(sentences), count["unsupported"]
    noun, hold = ("sentence", "holds up against its") if total == 1 else ("sentences", "hold up against their")
    told = [("supported", f"{count['supported']} of {total} {noun} {hold} source")]
    told += [("partly", f"{count['partly']} only partly")] if count["partly"] else []
    told += [("unsupported", f"{none} {'has' if none == 1 else 'have'} none")] if none else []
    return told + ([("not_checked", f"{count['not_checked']} not checked")] if count["not_checked"] else [])


def status_line(answer: Answer, status: IndexStatus | None, asked: Asked = LIBRARY_ASKED) -> str:
    """Seconds, what was asked, and who wrote, in one sentence."""
    done = {"stopped": "Stopped after", "not_in_library": "Looked for", "advice": "Looked at for"}
    verb = done.get(answer.status, "Answered in")
    seconds = "under 0.1" if answer.seconds < 0.05 else f"{answer.seconds:.1f}"
    what = _asked_words(status, asked)
    pages = f" {'in' if answer.status == 'not_in_library' else 'from'} {what}" if what else ""
    name, _, aside = answer.model.partition(", ")
    article = "the " if name.startswith(("built-in", "extractive")) else ""
    by = f" by {article}{name}{f' ({aside})' if aside else ''}" if name else ""
    return f"{verb} {seconds} s{pages}{by}"


def _asked_words(status: IndexStatus | None, asked: Asked) -> str:
    """ "20 patterns and 2 of your files"."""
    patterns = [f"{status.patterns:,} patterns"] if status and asked.where != "files" else []
    files = [f"{asked.count:,} of your files"] if asked.where != "library" and asked.count else []
    return " and ".join(patterns + files)


def _actions(turn: Turn, answer: Answer) -> str:
    why, trace = _trace(turn, answer) if answer.evidence else ("", "")
    copy = button("Copy", "copy", "qt", "copy")
    cite = button("Cite", "cite", "qt", "cite") if answer.evidence else ""
    number = str(turn.number)
    prints = button("Print", "ho-print", "qt ho", "print", data_turn=number)
    saves = button("Markdown", "ho-save", "qt ho", "save", data_turn=number)
    return (
        f'<div class="acts">{copy}{cite}{why}{prints}{saves}</div>{trace}'
        f'<pre class="md-all" hidden>{escape(answer_markdown(answer))}</pre>'
        f'<pre class="md-cite" hidden>{escape(sources_markdown(answer))}</pre>'
    )


def _trace(turn: Turn, answer: Answer) -> tuple[str, str]:
    """The button "Why these?" and what it opens."""
    count = len(answer.evidence)
    words = f"these {_NUMBERS[count] if count < len(_NUMBERS) else count}" if count > 1 else "this one"
    rows = "".join(_trace_row(item) for item in answer.evidence)
    opened = f"why-{turn.number}"
    why = button("Why these?", "why", "qt", "why", aria_expanded="false", aria_controls=opened)
    return why, f'<div class="trace" id="{opened}" hidden><h3>Why {words}</h3><dl>{rows}</dl></div>'


def _trace_row(item: Evidence) -> str:
    found = ", ".join(item.found_by) or "its place in the library"
    return f"<dt>{item.number}. {escape(evidence_title(item))}</dt><dd>found by {escape(found)}</dd>"


def _followups(questions: Sequence[str]) -> str:
    if not questions:
        return ""
    rows = "".join(
        f'<li><button type="button" data-ask="{escape(q)}">{icon("arrow")}<span>{escape(q)}</span></button></li>'
        for q in questions
    )
    return f'<nav aria-label="Ask next"><ul class="next">{rows}</ul></nav>'
