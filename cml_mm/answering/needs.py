"""Takes a long question apart where it really holds several needs, and joins what was found for each.

A story of three sentences about one trouble is one need: only several questions, questions
joined by "and how", numbered or bulleted points, "besides …" and lists of three or more
short complaints with subjects of their own are taken apart. The task is query
decomposition (Min et al. 2019, "Multi-hop Reading Comprehension through Question
Decomposition and Rescoring"); it is read by form here, no model is asked.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice, zip_longest

from cml_mm import prose
from cml_mm.answering.book import Draft
from cml_mm.answering.plan import Plan
from cml_mm.prose import Span

MOST_NEEDS = 4
LEAST_TERMS = 2  # content words without which nothing can be looked up
MOST_SHARED = 0.34  # of the shorter need's content words: more, and both are about one thing
MOST_COMPLAINT_WORDS = 9
MOST_SAID = 4  # sentences to a need: an answer to three needs stays as long as one to one

_POINT = re.compile(r"(?:^|\n|\s)(?:\(?\d[.)]|[-*•]|[a-d]\))\s+")
_OPENS = r"(?:how|what|who|whom|which|when|where|why|is there|are there|can|could|should)"
_JOINED = re.compile(
    rf"(?<!\s)\s*(?:[,;:–—]\s*)?\b(?:and also|and|but also|but|or|as well as"
    rf"|plus)\s+(?:also\s+)?(?={_OPENS}\b)",
    re.I,
)
_BESIDES = re.compile(
    r"^(?:also|besides(?: that)?|in addition|on top of that|another (?:thing|question|problem)(?: is)?|separately"
    r"|secondly?|thirdly?"
    r"|and then there(?: is|'s| are)|unrelated|apart from that|finally|lastly)\b[\s,:]*(?=\S)",
    re.IGNORECASE,
)
_ALSO = re.compile(r"^(?:we|i) also (?:need|want|wonder|look|would like)\b", re.IGNORECASE)
_THEN = re.compile(r"\b(?:then|later|after|afterwards|before|suddenly|when|now|so|because|first|next|again|once)\b")
_LEAD = re.compile(r"\A(?:(?:and|also|but|then)\b[\s,]*)+", re.IGNORECASE)
_LEANS = re.compile(
    r"\b(?:it|its|that|this|these|those|the same|the (?:next|other|first|second) one|in turn|they"
    r"|itself)\b"
)
_GENERIC = frozenset(
    prose.stem(word)
    for word in "start begin first start helps change fix solve solution idea advice tip pattern improve better deal"
    " handle try answer question problem issue trouble next step suggest recommend possible find know think"
    " say tell".split()
)
_SUBJECT = re.compile(
    r"\s*(?P<subject>we|i|nobody|no one|everybody|everyone|somebody|half|most|some|people"
    r"|(?:our|my|the|a|an|two|three|many|few|new)\s+\w+)\b\s+\w+"
)
_CLAUSES = re.compile(r"\s*(?:,\s*and|,\s*but|,|;|\band\b|\bbut\b)\s+")


def split(question: str) -> tuple[str, ...]:
    """The needs of a question, in its order; the question alone where it holds one.

    A need is worded so that it can be looked up by itself; what was said just before a
    question belongs to it.
    """
    for take_apart in (_points, _questions, _joined, _complaints):
        needs = _kept(take_apart(question))
        if len(needs) > 1 and _separate(needs):
            return needs[:MOST_NEEDS]
    return (question,)


def round_robin(rankings: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """One ranking out of several: the best of each need, then the second of each, … each slug once."""
    rows = zip_longest(*rankings)
    return tuple(dict.fromkeys(slug for row in rows for slug in row if slug is not None))


def needs_plan(parts: Sequence[tuple[str, Plan]], where: str = "the library") -> Plan:
    """One answer to several needs: each one's beginning under its own words, the rankings in turn.

    Args:
        parts: each need with its plan; all plans write into the same book of evidence.
        where: what was asked, for what is not there.
    """
    answered = [plan for _, plan in parts if plan.status == "answered"]
    if not answered:
        return parts[0][1]
    held = [plan.ranked for plan in answered]
    best = tuple(dict.fromkeys(plan.title.removeprefix("Start with ") for plan in answered))
    missing = len(parts) - len(answered)
    rest = (f"{missing} not in {where}",) if missing else ()
    return Plan(
        title=f"{len(parts)} questions: {'; '.join((*best, *rest))}",
        drafts=_by_need(parts),
        ranked=round_robin(held),
        notices=tuple(dict.fromkeys(notice for plan in answered for notice in plan.notices)),
        subjects=round_robin([(plan.subjects or plan.ranked)[:1] for plan in answered]),
        followups=tuple(need for need, _ in parts),
        in_words=all(plan.in_words for _, plan in parts),
    )


def _by_need(parts: Sequence[tuple[str, Plan]]) -> Iterator[Draft]:
    """Each need in quotation marks, then the first sentences about it; paragraphs count on."""
    paragraph = 0
    for need, plan in parts:
        inner = _LEAD.sub("", need.replace("“", "‘").replace("”", "’").strip())
        yield Draft(f"On “{inner[:1].upper()}{inner[1:]}”", (), paragraph)
        last = 0
        for draft in islice(plan.drafts, MOST_SAID):
            last = max(last, draft.paragraph)
            yield replace(draft, paragraph=paragraph + 1 + draft.paragraph)
        paragraph += last + 2


def _kept(needs: Iterable[str]) -> tuple[str, ...]:
    """Those with something to look up."""
    return tuple(need for need in (text.strip() for text in needs) if _substance(need))


def _substance(need: str) -> bool:
    return len([term for term in dict.fromkeys(prose.terms(need)) if term not in _GENERIC]) >= LEAST_TERMS


def _separate(needs: Sequence[str]) -> bool:
    """Whether no two share much of their words."""
    terms = [set(prose.terms(need)) for need in needs]
    pairs = ((a, b) for place, a in enumerate(terms) for b in terms[place + 1 :])
    return all(len(a & b) <= MOST_SHARED * min(len(a), len(b)) for a, b in pairs)


def _points(question: str) -> list[str]:
    """Numbered or bulleted points; a line before them is their introduction."""
    marks = list(_POINT.finditer(question))
    if len(marks) < 2:
        return []
    ends = [*(mark.start() for mark in marks[1:]), len(question)]
    return [question[mark.end() : end] for mark, end in zip(marks, ends, strict=True)]


def _questions(question: str) -> list[str]:
    """One need for each question sentence, or "besides": with the statements before it."""
    needs: list[str] = []
    story: list[str] = []
    apart = False  # whether what is left at the end was said to be another matter
    for span in prose.sentences(question, Span(0, len(question))):
        said = span.of(question).strip()
        besides = _BESIDES.match(said)
        if besides or _ALSO.match(said):
            needs += [" ".join(story)] if story else []
            story, apart = [], True
        story.append(said[besides.end() :] if besides else said)
        if said.endswith("?"):
            if needs and _leans(said) and len(story) == 1:
                needs[-1] = f"{needs[-1]} {said}"  # a second question about the same thing
            else:
                needs.append(" ".join(story))
            story, apart = [], False
    if story:
        rest = " ".join(story)
        if apart or not needs:
            needs.append(rest)
        else:
            needs[-1] = f"{needs[-1]} {rest}"
    return needs


def _joined(question: str) -> list[str]:
    """Questions joined in the last sentence: "how do we …, and how do we …"."""
    spans = prose.sentences(question, Span(0, len(question)))
    if not spans or len(spans) > 1:
        return []
    said = spans[0].of(question)
    parts = _JOINED.split(said)
    asks = re.compile(rf"(?:.*,\s*)?{_OPENS}\b", re.IGNORECASE)
    if len(parts) < 2 or not asks.match(parts[0]) or any(_leans(part) for part in parts[1:]):
        return []
    return [part if part.endswith("?") else f"{part}?" for part in parts]


def _complaints(question: str) -> list[str]:
    """Three or more short complaints in one sentence, each of its own; the questions after them are needs too."""
    spans = prose.sentences(question, Span(0, len(question)))
    for span in spans:
        said = span.of(question).strip().rstrip(".!")
        clauses = _CLAUSES.split(said)
        if len(clauses) < 3 or said.endswith("?"):
            continue
        subjects = [match["subject"].lower() if (match := _SUBJECT.match(clause.lower())) else "" for clause in clauses]
        short = all(len(prose.words(clause)) <= MOST_COMPLAINT_WORDS for clause in clauses)
        own = all(subjects) and len(set(subjects)) == len(subjects) and not any(map(_leans, clauses))
        if short and own and not _THEN.search(said.lower()):
            return [*clauses, *(other.of(question) for other in spans if other.of(question).strip().endswith("?"))]
    return []


def _leans(text: str) -> bool:
    return bool(_LEANS.search(prose.fold(text)))
