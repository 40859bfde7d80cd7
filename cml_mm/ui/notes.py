"""Where no answer stands: not in the library, advice, stopped, our fault. Also notices beside an answer."""

from __future__ import annotations

from cml_mm.types import Answer, Notice
from cml_mm.ui.evidence import evidence_title
from cml_mm.ui.parts import button, chips, note
from cml_mm.ui.text import escape, with_strong
from cml_mm.ui.turns import Trouble, Turn

ABSENT = "That is not in the library"
_NOTICES = {
    "language": "About the language",
    "index": "The library is still being read",
    "confidence": "Read with care",
    "input": "About your question",
    "model": "About who wrote this",
}
_DRAWINGS = {"advice": "warn", "ours": "warn", "model": "warn", "stopped": "stop", "lost": "none", "gone": "info"}


def notice_html(notice: Notice, turn: int = 0) -> str:
    """Args: turn: the number of the turn that it stands in; without one nothing can be asked."""
    way = _without_model(turn) if notice.kind == "model" and turn else ""
    return note("info", "ado", _NOTICES.get(notice.kind, "Note"), escape(notice.text), way)


def refusal_html(turn: Turn, answer: Answer) -> str:
    """Not in the library, or advice: a proper answer, in a calmer dress."""
    absent = answer.status == "not_in_library"
    title = ABSENT if absent else (answer.title or "About your question")
    titles = {item.number: evidence_title(item) for item in answer.evidence}
    said = []
    for sentence in answer.sentences:
        text = sentence.text.removeprefix(f"{title}.").strip()
        if text:
            said.append(with_strong(text, sentence.strong) + chips(turn.number, sentence.cites, titles))
    words = " ".join(said)
    if not absent:
        return note("warn", "rust", title, words, _edit(turn))
    seen = bool(answer.evidence or answer.considered)
    nearest = button("See the nearest pages", "panel", data_panel=str(turn.number)) if seen else ""
    return note("search", "sec", title, words, nearest)


def trouble_html(turn: Turn, trouble: Trouble) -> str:
    """Why there is no answer, and the way on. The question is never lost."""
    text = escape(trouble.text)
    if trouble.kind in {"ours", "model"}:
        kept = "Your question is kept. If it happens again, tell whoever runs this page the reference"
        text = f'{text} {kept} <span class="mono">{escape(trouble.reference)}</span>.'.strip()
    again = button("Try again", "again", data_turn=str(turn.number))
    tone = "sec" if trouble.kind in {"stopped", "gone"} else "rust"
    buttons = _edit(turn) if trouble.kind == "advice" else again
    if trouble.kind == "model":
        buttons += _without_model(turn.number)
    return note(_DRAWINGS[trouble.kind], tone, trouble.title.rstrip("."), text, buttons)


def _without_model(turn: int) -> str:
    """Asks once more, to be answered in the library's own sentences."""
    return button("Answer without the model", "plain", data_turn=str(turn))


def _edit(turn: Turn) -> str:
    return button("Edit the question", "edit", data_turn=str(turn.number))
