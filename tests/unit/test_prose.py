from __future__ import annotations

import pytest

from cml_mm import prose
from cml_mm.prose import Span

PAGE = """> **Therefore, write it down.** It helps, e.g. at work. Then
go on.

1.  **Name it:** This is "it". Next one!
2.  Two words

| a table | is no prose. |
```mermaid
graph TD. A --> B.
```
The end"""


def test_paragraphs_are_slices_without_tables_and_fences() -> None:
    found = [span.of(PAGE) for span in prose.paragraphs(PAGE)]
    assert found[0].startswith("> **Therefore")
    assert found[1:] == ['1.  **Name it:** This is "it". Next one!', "2.  Two words", "The end"]


def test_sentences_keep_abbreviations_whole_and_leave_leads_out() -> None:
    first, second = prose.paragraphs(PAGE)[:2]
    said = [prose.plain(span.of(PAGE)) for span in prose.sentences(PAGE, first)]
    assert said == ["Therefore, write it down.", "It helps, e.g. at work.", "Then go on."]
    assert prose.sentences(PAGE, second)[0].of(PAGE) == '**Name it:** This is "it".'


@pytest.mark.parametrize("text", ["", "   ", "...", "💧💧", "a" * 50_000, "no end " * 3000, "\n\n\n> \n"])
def test_odd_texts_never_fail(text: str) -> None:
    for span in prose.paragraphs(text):
        prose.sentences(text, span)
    prose.plain(text)
    prose.terms(text)


def test_terms_keep_digits_and_fold_accents() -> None:
    assert prose.terms("The 5S method, 83b & Müller's café") == ["5s", "method", "83b", "muller", "cafe"]


def test_terms_stem_so_that_forms_meet() -> None:
    assert prose.terms("rotating roles") == prose.terms("rotate role")


def test_plain_takes_marks_off_but_keeps_words() -> None:
    assert prose.plain("> **Bold** and *soft* [link](https://x.y) `code`") == "Bold and soft link code"
    assert prose.plain("It learns: *This group is safe.") == "It learns: This group is safe."
    assert prose.plain("_Soft_ words [3], said twice [1, 12].") == "Soft words, said twice."
    assert prose.plain("2 * 3 * 4 and snake_case_name") == "2 * 3 * 4 and snake_case_name"


def test_span_of() -> None:
    assert Span(1, 3).of("abcd") == "bc"
