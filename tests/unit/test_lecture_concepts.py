"""Where names are mentioned, and what a heading says apart from its time."""

from __future__ import annotations

from cml_mm.lectures.concepts import Mention, first_mentions, mentions_of
from cml_mm.lectures.reading import lecture_of
from cml_mm.lectures.values import Cue, Lecture, Speech
from cml_mm.retrieval.chunks import chunk_document, is_written
from cml_mm.retrieval.lecture_titles import without_time
from cml_mm.types import Document, Section, Source
from tests.support.made_lecture import slide


def said(*texts: str, language: str = "en") -> Lecture:
    cues = tuple(Cue(5.0 * at, 5.0 * at + 5, text) for at, text in enumerate(texts))
    return lecture_of(5.0 * len(texts), (), Speech(cues, "captions", language))


def words(lecture: Lecture, **names: str) -> list[tuple[str, str]]:
    found = mentions_of(lecture, {key: [name] for key, name in names.items()})
    return [(one.key, one.said) for one in found]


def test_a_name_is_found_in_any_case_as_plural_or_singular_and_as_whole_words() -> None:
    lecture = said("SEED LIBRARIES lend.", "A seed-library's door.", "Seed librarian.", "Poppyseed library.")
    assert words(lecture, seed="Seed Library") == [("seed", "SEED LIBRARIES"), ("seed", "seed-library")]
    assert words(said("Two churches, one bus."), church="Church", bus="Bus") == [("church", "churches"), ("bus", "bus")]


def test_a_name_of_one_word_is_not_its_singular_and_capitals_count_for_short_ones() -> None:
    assert words(said("A common field. The commons."), commons="Commons") == [("commons", "commons")]
    assert words(said("It is who they are.", "The WHO uses IT."), who="WHO", it="IT") == [("who", "WHO"), ("it", "IT")]


def test_the_longest_name_is_meant_and_equal_names_all() -> None:
    lecture = said("The commons trust meets.")
    assert words(lecture, a="Trust", b="Commons Trust", c="Commons") == [("b", "commons trust")]
    assert words(lecture, one="Commons Trust", two="commons trusts") == [
        ("one", "commons trust"),
        ("two", "commons trust"),
    ]


def test_a_name_runs_over_cues_and_not_over_sentences() -> None:
    lecture = said("so the bread", "oven cools. A mill.", "Pond life.")
    (found,) = mentions_of(lecture, {"oven": ["Bread Oven"], "pond": ["Mill Pond"]})
    assert found == Mention("oven", "bread oven", "speech", 0.0, 10.0, 1, 0, (0, 2))


def test_the_first_mention_of_each_in_order_of_time_slides_included() -> None:
    slides = (slide(1, 0, 30, "Night watch", "lanterns"), slide(2, 30, 60, "Mill ponds"))
    cues = (Cue(4, 6, "Lanterns of the mill pond."), Cue(33, 40, "The mill pond and the night watch."))
    lecture = lecture_of(60, slides, Speech(cues, "captions"))
    names = {"pond": ["mill pond"], "watch": ["watch house", "night watch"], "lamp": ["lantern"], "no": ["", "ferry"]}
    found = first_mentions(lecture, names)
    assert [(one.key, one.where, one.start_seconds, one.moment, one.slide) for one in found] == [
        ("watch", "slide", 0, 1, 1),
        ("lamp", "slide", 0, 1, 1),
        ("pond", "speech", 4, 1, 1),
    ]
    assert len(mentions_of(lecture, names)) == 7
    assert first_mentions(lecture, {}) == first_mentions(said(), names) == ()


def test_unspaced_scripts() -> None:
    assert words(said("これは共有地です。", language="ja"), commons="共有地") == [("commons", "共有地")]


def test_accents_and_ligatures_keep_their_places() -> None:
    assert words(said("Das Café der Straße."), cafe="cafe", street="Strasse") == [
        ("cafe", "Café"),
        ("street", "Straße"),
    ]


def test_a_heading_without_its_time() -> None:
    assert without_time("2:00–3:04 · Graduated sanctions") == "Graduated sanctions"
    assert without_time("Slide at 1:02:00 · Dues") == "Dues"
    assert without_time("2:00–3:04") == without_time("Slide at 2:00") == ""
    assert without_time("2:00 tea · biscuits") == "2:00 tea · biscuits"
    assert not is_written("Slide at 2:00") and is_written("Slide at 2:00 · Dues")


def test_chunks_of_a_recording_are_titled_by_what_they_are_about() -> None:
    source = Source("0", "Evening talk", "document", "file-1", "talk.mp4", "", "", owner="visitor")
    sections = (
        Section("other", "0:00–1:00 · Bread oven", "We bake."),
        Section("other", "1:00–2:00", "The mill pond is wet."),
    )
    first, second = chunk_document(Document("file-1", "Evening talk", source, sections=sections), "file-1")
    assert first.title == "Bread oven (Evening talk)"
    assert second.title == "mill pond"
