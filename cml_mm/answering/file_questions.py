"""What a question wants of the visitor's own files: an answer, a place, a summary, a list, a comparison, a link.

Read from its words and from the names of the files; nothing is looked up here. A question
that does not speak of files at all is read as `of_files` false, and kind "ask".
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from cml_mm import prose
from cml_mm.answering import file_forms as forms
from cml_mm.answering.file_places import Place, places_in, without_places

FileQuestionKind = Literal["ask", "inventory", "summary", "pages", "place", "mentions", "compare", "links", "decisions"]
LEAST_NAME_WORDS = 2  # content words of a file's name that must be said for it to be meant
_FORMAT_NOUNS: dict[str, frozenset[str]] = {
    "slide": frozenset({"pptx"}),
    "slides": frozenset({"pptx"}),
    "deck": frozenset({"pptx"}),
    "presentation": frozenset({"pptx"}),
    "pdf": frozenset({"pdf"}),
    "photo": frozenset({"picture"}),
    "picture": frozenset({"picture", "svg"}),
    "image": frozenset({"picture", "svg"}),
    "screenshot": frozenset({"picture"}),
    "diagram": frozenset({"picture", "svg", "dot", "mermaid", "plantuml", "drawio"}),
    "spreadsheet": frozenset({"csv"}),
    "csv": frozenset({"csv"}),
    "table": frozenset({"csv"}),
}
_WHOLE = re.compile(
    r"^\W*(?:please |can you |could you )?(?:summari[sz]e|sum up"
    r"|give (?:me|us) (?:a|an) (?:short |brief )?(?:summary|overview))"
    r"(?: (?:it|this|that|them|everything|all))?(?: (?:in|for|with|please)\b.*)?\W*$"
    r"|^\W*(?:what(?:['’]s| is| are) (?:it|this|that|they|these|all this) (?:all )?about|tl;?dr)\W*$"
)
_LENGTHS = frozenset(prose.stem(word) for word in "page slide sheet row word many long there".split())
_EMPTY = re.compile(r"^(?:it|that|this|them|there)$")


@dataclass(frozen=True)
class NamedFile:
    """A file as a question may name it."""

    id: str
    title: str
    name: str
    format: str = ""


@dataclass(frozen=True)
class FileQuestion:
    """What is wanted.

    `topic` is what the files are searched for: the question without the words that only say
    where to look. `files` are those that it names, empty for all; `places` the numbered places.
    `of_files` says that it speaks of files at all, `against` that it looks for what pulls apart.
    """

    question: str
    topic: str
    kind: FileQuestionKind = "ask"
    files: tuple[str, ...] = ()
    places: tuple[Place, ...] = ()
    of_files: bool = False
    against: bool = False
    unit: str = ""  # of what is counted: "pages"


def read_file_question(
    question: str,
    files: Sequence[NamedFile],
    patterns: Sequence[str] = (),
    latest: Sequence[str] = (),
    alone: bool = False,
) -> FileQuestion:
    """What a question wants of files.

    Args:
        question: made whole, in English.
        files: those that it may be asked of, newest first.
        patterns: names of the library that it speaks, as written.
        latest: ids of the files that the last answer was about, for "this document".
        alone: whether nothing but files is asked, so that "how many pages are there?" is of them.
    """
    asking = _asking(question)
    folded = prose.fold(asking).replace("’", "'")
    places = places_in(asking)
    named = named_files(asking, files)
    mentioned = _mentions_files(asking, folded, files, alone)
    of_files = bool(mentioned or named or places)
    if not of_files and not forms.UPLOADED.search(folded):
        counted = forms.PAGES.search(folded) if alone else None
        if alone and forms.DECISIONS.search(folded):
            return FileQuestion(question, question, "decisions", of_files=True)
        whole = (counted and not _of_more(question)) or (alone and _WHOLE.search(folded))
        return _of_all(question, counted) if whole else FileQuestion(question, question)
    if not named and latest and (forms.POINTED.search(asking) or forms.THIS_FILE.search(folded)):
        named = tuple(latest[:1])
    if not named and forms.LATEST.search(folded) and files:
        named = (files[0].id,)
    topic = topic_of(question, files, named)
    kind = _kind(folded, topic, places, len(named) or len(files), patterns)
    if kind == "mentions":
        topic = _mentioned(question) or topic
    if kind == "compare" or kind == "links":
        topic = _compared(question, topic, files, patterns)
    unit = _unit(forms.PAGES.search(folded)) if kind == "pages" else ""
    return FileQuestion(
        question, topic, kind, named, places, True, against=bool(forms.AGAINST.search(folded)), unit=unit
    )


def _of_all(question: str, counted: re.Match[str] | None) -> FileQuestion:
    """A question of all files as wholes that does not say so, since nothing else is asked."""
    return FileQuestion(question, question, "pages" if counted else "summary", of_files=True, unit=_unit(counted))


def _unit(counted: re.Match[str] | None) -> str:
    return (counted["unit"] or "pages").rstrip("s") + "s" if counted else ""


def _of_more(question: str) -> bool:
    """Whether it asks for more than the length: "how long is the notice?"."""
    left = [term for term in prose.terms(question) if term not in _LENGTHS]
    return bool(left) or not re.search(r"\b(?:pages?|slides?|sheets?|rows?|words?)\b", question.lower())


def named_files(question: str, files: Sequence[NamedFile]) -> tuple[str, ...]:
    """Ids of the files that a question names: by whole name, by what they are called, or by kind and date."""
    folded = f" {' '.join(prose.words(question))} "
    whole = [
        file.id
        for file in files
        if any(
            len(key) >= LEAST_NAME_WORDS and f" {' '.join(key)} " in folded
            for key in (prose.words(file.title), prose.words(file.name))
        )
    ]
    if whole:
        return tuple(dict.fromkeys(whole))
    said = _stems(question)
    nouns = {prose.stem(prose.fold(match["noun"])) for match in forms.MENTION.finditer(question)}
    formats = {form for noun in _nouns(question) for form in _FORMAT_NOUNS.get(noun.rstrip("s"), frozenset())}
    scores: dict[str, int] = {}
    for file in files:
        own = _stems(f"{file.title} {re.sub(r'[._-]', ' ', file.name)}")
        shared = own & said
        if shared & nouns or file.format in formats:
            scores[file.id] = len(shared) + 1
        elif len(shared) >= LEAST_NAME_WORDS and len(shared) >= len(_stems(file.title)) - 1:
            scores[file.id] = len(shared)
    most = max(scores.values(), default=0)
    return tuple(id for id, score in scores.items() if score == most)


def topic_of(question: str, files: Sequence[NamedFile], named: Sequence[str] = ()) -> str:
    """The question without mentions of files, places and "what does … say about"."""
    text = question
    for file in files:
        for name in (file.title, file.name):
            if len(name) > 3 and file.id in named:
                text = re.sub(rf"(?:\b(?:in|on|of|from)\s+)?(?:\bthe\s+)?{re.escape(name)}", " ", text, flags=re.I)
    text = without_places(text)
    about = forms.ABOUT.search(text)
    if about and prose.terms(forms.MENTION.sub(" ", about["topic"])):
        text = about["topic"]
    text = re.sub(forms.MENTION.pattern + forms.NAMED_BY, " ", text)
    text = re.sub(rf"(?i:{forms.MENTION.pattern})", " ", text)
    text = forms.FRAME.sub(" ", text)
    return re.sub(r"\s+([?.!,])", r"\1", re.sub(r"\s+", " ", text)).strip(" ,;:")


def _kind(folded: str, topic: str, places: Sequence[Place], several: int, patterns: Sequence[str]) -> FileQuestionKind:
    """The kind of a question that speaks of files."""
    if forms.INVENTORY.search(folded):
        return "inventory"
    if forms.DECISIONS.search(folded):
        return "decisions"
    joined = bool(forms.LIBRARY.search(folded))
    if joined or (patterns and forms.COMPARES_WITH.search(folded)):
        return "links"
    if forms.PAGES.search(folded) and not re.search(r"\bhow long (?:is|are) (?:a|an|the term|\w+ terms?)\b", folded):
        rest = [term for term in prose.terms(topic) if term not in ("page", "slide", "mani", "long", "row", "word")]
        if len(rest) <= 1:
            return "pages"
    left = [word for word in prose.words(topic) if word not in prose.STOP_WORDS and word not in forms.PLACE_ONLY]
    if places and not left:
        return "place"
    if several > 1 and forms.COMPARE.search(folded):
        return "compare"
    if forms.MENTIONS.search(folded) or forms.WHERE_MENTIONED.search(folded):
        return "mentions"
    if not places and (forms.SUMMARY.search(folded) or not left):
        return "summary"
    return "ask"


def _mentions_files(question: str, folded: str, files: Sequence[NamedFile], alone: bool) -> bool:
    """Whether it speaks of files: by a word that means nothing else, or by one that does so here."""
    if alone and forms.MENTIONS.search(folded):
        return True
    if forms.POINTED.search(question) or forms.UPLOADED.search(folded) or forms.INVENTORY.search(folded):
        return True
    called = {word for file in files for word in _stems(f"{file.title} {re.sub(r'[._-]', ' ', file.name)}")}
    for match in forms.MENTION.finditer(question):
        noun = prose.fold(match["noun"])
        if forms.STRONG_NOUN.fullmatch(noun):
            return True
        own = re.search(r"\b(?:our|my|this|these)\b", match.group().lower())
        said = forms.SAYS.search(folded) or (own and forms.COMPARES_WITH.search(folded))
        if prose.stem(noun) in called or ((own or alone) and said):
            return True
    return False


def _asking(question: str) -> str:
    """The sentences that ask, where some do: what is told before them speaks of life, not of files."""
    spans = prose.sentences(question, prose.Span(0, len(question)))
    said = [span.of(question) for span in spans]
    asking = [text for text in said if text.rstrip().endswith("?")]
    return " ".join(asking) if asking and len(asking) < len(said) else question


def _mentioned(question: str) -> str:
    """What files are asked to mention."""
    found = re.search(forms.WHERE_MENTIONED.pattern, question, re.IGNORECASE) or re.search(
        forms.MENTIONS.pattern, question, re.IGNORECASE
    )
    topic = found["topic"].strip(" ?!.\"'“”") if found else ""
    return re.sub(r"^(?:the|a|an|any|our|my)\s+", "", topic, flags=re.IGNORECASE)


def _compared(question: str, topic: str, files: Sequence[NamedFile], patterns: Sequence[str]) -> str:
    """What two things are compared about; empty where nothing narrower is said."""
    about = re.search(
        r"\b(?:on|about|regarding|concerning|over|in terms of|as to)\s+(?P<topic>(?!(?:this|the|our|my|these) "
        r"(?:page|slide|clause|file|document|patterns?)\b).+?)[?.!]*$",
        question,
        re.IGNORECASE,
    )
    said = without_places(about["topic"]) if about else topic
    for name in patterns:
        said = re.sub(re.escape(name), " ", said, flags=re.IGNORECASE)
    if not about:
        for form in (forms.LIBRARY, forms.COMPARES_WITH, forms.COMPARE, forms.AGAINST, forms.MENTION):
            said = re.sub(form.pattern, " ", said, flags=re.IGNORECASE)
    words = [word for word in prose.words(said) if word not in prose.STOP_WORDS and not _EMPTY.match(word)]
    generic = {"clause", "clauses", "rule", "rules", "article", "articles", "section", "two", "go", "show", "tell"}
    return " ".join(said.split()).strip(" ?.!,") if set(words) - generic - forms.PLACE_ONLY else ""


def _stems(text: str) -> frozenset[str]:
    """Stems of the words that may name a file; the month of May is no auxiliary verb."""
    kept = [word for word in prose.words(text) if word not in prose.STOP_WORDS and len(word) > 1]
    may = ["may"] if re.search(r"\b(?:May|\d{1,2}\.? may|may \d)\b|(?<=[-_ ])may(?=[-_ .])", text) else []
    ending = {"pdf", "docx", "pptx", "md", "txt", "csv", "html", "png", "jpg", "jpeg", "webp", "svg"}
    ending |= {"dot", "gv", "mmd", "puml", "drawio"}
    return frozenset(prose.stem(word) for word in (*kept, *may) if word not in ending)


def _nouns(question: str) -> list[str]:
    return [prose.fold(match["noun"]) for match in forms.MENTION.finditer(question)]
