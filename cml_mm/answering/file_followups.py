"""Makes a question that leans on an answer from files whole: "and page 5?", "what else does it say?".

Read by form, like `followups`, which is asked where this finds nothing. A question that stands
on its own is never touched.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from cml_mm import prose
from cml_mm.answering import file_forms as forms
from cml_mm.answering.file_places import places_in, without_places
from cml_mm.answering.file_questions import NamedFile, named_files, read_file_question
from cml_mm.talk import PastTurn, Talk

MOST_WORDS = 12
_LEAD = re.compile(r"^\W*(?:(?:and|but|so|ok|okay|then|now|what about|how about|or)\b[\s,]*)+", re.IGNORECASE)
_ELSE = re.compile(
    r"(?:(?:what|anything|something) (?:else|more)(?: (?:does|do|did|is|are|can|has|have) .{1,40}"
    r"| (?:is there|there|in it|in there|about (?:it|this|that)))?|(?:tell me |say |show me |any)? ?more"
    r"|go on|continue|which others?|and the (?:others?|rest))"
)
_IT = re.compile(r"\b(?:it|they|this|that|there|them|the (?:file|document))\b", re.IGNORECASE)
_SAYS = re.compile(r"\b(?:say|says|mention|mentions|state|states|contain|contains|speak|written|stand|stands)\b")
_THESE_PATTERNS = re.compile(r"\b(?:these|those|that|this|the) patterns?\b", re.IGNORECASE)


@dataclass(frozen=True)
class ResolvedOfFiles:
    """A question as it is to be answered.

    `again` counts how often it was answered before and more is wanted; `latest` are the ids of
    the files that were spoken of; `patterns` the slugs that "these patterns" are.
    """

    question: str
    changed: bool = False
    again: int = 0
    latest: tuple[str, ...] = ()
    patterns: tuple[str, ...] = ()


def resolve_of_files(question: str, talk: Talk, files: tuple[NamedFile, ...]) -> ResolvedOfFiles:
    """The question made whole from an earlier answer out of files, or as it stands.

    Args:
        question: as asked.
        talk: the earlier turns; ids of files may stand among their subjects.
        files: those that may be asked.
    """
    ids = {file.id: file for file in files}
    past = next((turn for turn in reversed(talk.turns) if not turn.refused), None)
    last = talk.turns[-1] if talk.turns else None
    latest = _files_of(past, ids)
    patterns = _patterns_of(past, question)
    if last is None or past is None or not latest:
        return ResolvedOfFiles(question, latest=latest, patterns=patterns)
    rest = _LEAD.sub("", question).strip().rstrip("?!. ").strip()
    said = prose.fold(rest).replace("’", "'")
    whole = ""
    again = 0
    if len(prose.words(rest)) <= MOST_WORDS:
        if _ELSE.fullmatch(said) and not prose.terms(_ELSE_FILLER.sub(" ", said)):
            whole = past.understood or past.question
            again = 1 + sum(_same(turn, past) for turn in talk.turns if _is_else(turn.question))
        else:
            whole = (
                _place(rest, ids[latest[0]])
                or _another(question, rest, past, files, latest)
                or _it(rest, ids[latest[0]])
            )
    if not whole or (whole == question and not again):
        return ResolvedOfFiles(question, latest=latest, patterns=patterns)
    return ResolvedOfFiles(whole, True, again, latest, patterns)


_ELSE_FILLER = re.compile(
    r"\b(?:else|more|anything|something|say|says|said|mention\w*|state\w*|contain\w*|written|tell|show|go on|continue"
    r"|file|document|others?|rest)\b"
)


def _place(rest: str, file: NamedFile) -> str:
    """ "And page 5?": what stands there, in the file that was spoken of."""
    places = places_in(rest)
    left = [word for word in prose.words(without_places(rest)) if word not in prose.STOP_WORDS]
    if not places or set(left) - forms.PLACE_ONLY:
        return ""
    return f"What does {places[0].words} of {file.title} say?"


def _another(question: str, rest: str, past: PastTurn, files: tuple[NamedFile, ...], latest: tuple[str, ...]) -> str:
    """ "And the minutes?": the question before, of another file."""
    if not _LEAD.match(question):
        return ""
    named = named_files(rest, files)
    left = forms.MENTION.sub(" ", re.sub(forms.MENTION.pattern + forms.NAMED_BY, " ", rest))
    for file in files:
        left = re.sub(re.escape(file.title), " ", left, flags=re.IGNORECASE)
    left = re.sub(r"\b(?:of|from|in|19\d\d|20\d\d)\b", " ", left)
    if not named or prose.terms(left) or named == latest:
        return ""
    title = next(file.title for file in files if file.id == named[0])
    before = past.understood or past.question
    asked = read_file_question(before, files, (), latest)
    old = next((file for file in files if file.id in asked.files), None)
    if old and old.title in before:
        return before.replace(old.title, title)
    if asked.kind in ("summary", "pages") or not prose.terms(asked.topic):
        return f"What is {title} about?" if asked.kind == "summary" else f"How many pages does {title} have?"
    topic = asked.topic.rstrip("?!. ")
    if asked.places:
        return f"What does {asked.places[0].words} of {title} say?"
    if re.match(r"(?:who|what|when|where|how|why|which|is|are|do|does|can|may|must)\b", topic, re.IGNORECASE):
        return f"{topic[:1].upper()}{topic[1:]}, in {title}?"
    return f"What does {title} say about {topic}?"


def _it(rest: str, file: NamedFile) -> str:
    """ "What does it say about loans?": it is the file that was spoken of."""
    match = _IT.search(rest)
    if not match or not _SAYS.search(prose.fold(rest)) or prose.terms(rest[: match.start()]):
        return ""
    word = match.group().lower()
    what = f"in {file.title}" if word == "there" else file.title
    whole = f"{rest[: match.start()]}{what}{rest[match.end() :]}"
    return f"{whole[:1].upper()}{whole[1:]}?"


def _files_of(turn: PastTurn | None, ids: dict[str, NamedFile]) -> tuple[str, ...]:
    return tuple(subject for subject in turn.subjects if subject in ids) if turn else ()


def _patterns_of(turn: PastTurn | None, question: str) -> tuple[str, ...]:
    """The slugs of the last answer, where the question points at them; ids of files are none."""
    if turn is None or not _THESE_PATTERNS.search(question):
        return ()
    return tuple(subject for subject in turn.subjects if not subject.startswith("file-"))


def _is_else(question: str) -> bool:
    rest = prose.fold(_LEAD.sub("", question).strip().rstrip("?!. ")).strip()
    return bool(_ELSE.fullmatch(rest))


def _same(turn: PastTurn, past: PastTurn) -> bool:
    return (turn.understood or turn.question) == (past.understood or past.question)
