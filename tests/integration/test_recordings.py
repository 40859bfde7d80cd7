"""Recordings, from their bytes to an answer that cites the second: decoded behind walls, heard, kept, asked, gone."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from cml_mm.cli import main
from cml_mm.engine.bringing import Bringer
from cml_mm.engine.files import Files
from cml_mm.engine.listening import PIECE_SECONDS, Listener
from cml_mm.engine.opened import Opened
from cml_mm.engine.resuming import NothingKept
from cml_mm.errors import InputError, LimitExceeded, MediaUnreadable, UnsupportedMedia
from cml_mm.graph.session_store import SessionStore
from cml_mm.graph.snapshot import open_snapshot
from cml_mm.lectures.values import Speech
from cml_mm.media.film.slides import NO_SLIDES
from cml_mm.media.sandbox import SandboxedReader
from cml_mm.media.signatures import recording_sign
from cml_mm.media.sound import SAMPLES_A_SECOND, SoundTrack
from cml_mm.models.minilm import MiniLM
from cml_mm.models.whisper_transcriber import WhisperTranscriber
from cml_mm.profiles import file_reader
from cml_mm.record import Record
from cml_mm.settings import Settings
from cml_mm.talk import NO_TALK, Scope
from cml_mm.types import Answer, AnswerReady, TimeSpan
from cml_mm.ui.evidence import locator_words
from cml_mm.ui.files_view import facts_words
from cml_mm.visits import DEFAULT_LIMITS, FileCard, ReadFile, Recorded
from tests.integration.test_bad_files import children
from tests.support import made_files as made
from tests.support.record_values import DAY, Clock
from tests.support.said_transcriber import SaidTranscriber, words_at
from tests.support.tiny_senses import SPOKEN, tiny_whisper

ANNA = "a" * 40
LIMITS = replace(DEFAULT_LIMITS, cpu_seconds=30, wall_seconds=60)
MEETING = words_at(
    (1.0, "Welcome to the meeting of the boathouse."),
    (20.0, "We begin with the roof, which leaks over the north wing."),
    (64.0, "The heron fund pays forty francs to whoever mends a boat."),
    (70.0, "It was set up last winter."),
    (134.0, "The keeper of the keys is chosen by lot each spring."),
)
QUESTION = "How is the keeper of the keys chosen?"


def silent(words: str, done: int, of: int) -> None:
    """Nobody listens."""


def never() -> bool:
    return False


class Told(list[tuple[str, int, int]]):
    def __call__(self, words: str, done: int, of: int) -> None:
        self.append((words, done, of))


def heard(tmp_path: Path, data: bytes, name: str) -> ReadFile | Recorded | None:
    (tmp_path / "x").write_bytes(data)
    return SandboxedReader(LIMITS).read_or_hear(tmp_path / "x", name, "file-1", silent, never)


def loud_seconds(samples: np.ndarray) -> tuple[float, float]:
    places = np.flatnonzero(np.abs(samples.astype(np.int32)) > 3_000)
    return float(places[0]) / SAMPLES_A_SECOND, float(places[-1]) / SAMPLES_A_SECOND


# --- decoding ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("container", "codec", "name", "kind", "late_seconds"),
    [
        ("wav", "pcm_s16le", "talk.wav", "sound", 0.0),
        ("mp3", "libmp3lame", "talk.mp3", "sound", 0.0),
        ("ogg", "libopus", "talk.ogg", "sound", 0.0),
        ("flac", "flac", "talk.flac", "sound", 0.0),
        ("mp4", "aac", "talk.m4a", "sound", 0.0),
        ("mp4", "aac", "talk.mp4", "film", 1.0),
        ("webm", "libopus", "talk.webm", "film", 0.0),
        ("matroska", "libopus", "talk.mkv", "film", 1.0),
        ("mpegts", "aac", "talk.ts", "film", 1.0),
    ],
)
def test_sound_comes_out_of_every_kind_at_its_time(
    tmp_path: Path, container: str, codec: str, name: str, kind: str, late_seconds: float
) -> None:
    data = made.tones(container, codec, pictures=kind == "film", late_seconds=late_seconds)
    found = heard(tmp_path, data, name)
    assert isinstance(found, Recorded) and found.format == kind and found.sound
    assert found.notices == ((NO_SLIDES,) if kind == "film" else ())
    assert found.samples.dtype == np.int16 and len(found.samples) == pytest.approx((4 + late_seconds) * 16_000, abs=800)
    assert loud_seconds(found.samples) == pytest.approx((2.0, 2.5), abs=0.05)


def test_other_files_are_read_as_ever_and_a_wrong_name_is_said(tmp_path: Path) -> None:
    read = heard(tmp_path, made.WORDS.encode(), "rules.txt")
    assert isinstance(read, ReadFile) and read.document.sections[0].text == made.WORDS
    sound = heard(tmp_path, made.sound(1), "rules.pdf")
    assert isinstance(sound, Recorded) and sound.notices[0].startswith("rules.pdf is a sound recording, whatever")


def test_a_long_recording_comes_in_pieces(tmp_path: Path) -> None:
    found = heard(tmp_path, made.sound(75.0, 8_000), "talk.wav")
    assert isinstance(found, Recorded) and len(found.samples) == pytest.approx(75 * SAMPLES_A_SECOND, abs=600)


def test_samples_come_only_where_somebody_listens_and_documents_readers_refuse_recordings(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(made.sound(1))
    reader = SandboxedReader(LIMITS)
    silent_one = reader.read_or_hear(tmp_path / "x", "talk.wav", "file-1", silent, never, hears=False)
    assert isinstance(silent_one, Recorded) and silent_one.sound and len(silent_one.samples) == 0
    assert silent_one.seconds == pytest.approx(1.0)
    with pytest.raises(UnsupportedMedia, match="a sound recording of about 1 minute, and only documents and pictures"):
        reader.read(tmp_path / "x", "talk.wav", "file-1", silent, never)
    with pytest.raises(InputError, match="No picture can be made"):
        reader.draw(tmp_path / "x", "talk.wav", "page-1", 300)


def test_length_is_counted_whatever_the_file_says(tmp_path: Path) -> None:
    data = made.tones("ogg", "libopus")
    track = SoundTrack(data, recording_sign(data) or "", "talk.ogg", replace(LIMITS, recording_seconds=2))
    with pytest.raises(LimitExceeded, match=r"talk\.ogg plays for .* minutes; 0\.0333 minutes are read at most"):
        list(track.pieces(silent))
    (tmp_path / "x").write_bytes(data)
    reader = SandboxedReader(replace(LIMITS, recording_seconds=2))
    with pytest.raises(LimitExceeded, match=r"talk\.ogg plays for"):
        reader.read_or_hear(tmp_path / "x", "talk.ogg", "file-1", silent, never)


@pytest.mark.parametrize(
    ("container", "codec", "name"),
    [("mp3", "libmp3lame", "talk.mp3"), ("flac", "flac", "talk.flac"), ("mp4", "aac", "talk.m4a")],
)
def test_a_spoiled_recording_is_heard_as_far_as_it_goes_or_refused(container: str, codec: str, name: str) -> None:
    good = made.tones(container, codec, (0.5, 1.5, 2.5, 3.2))
    middle = len(good) // 2
    noise = np.random.default_rng(4).bytes(400)
    for data in (good[:middle], good[:middle] + noise + good[middle + 400 :]):
        track = SoundTrack(data, recording_sign(data) or "", name, LIMITS)
        try:
            seconds = sum(map(len, track.pieces(silent))) / SAMPLES_A_SECOND
        except MediaUnreadable as error:
            assert name in error.message and len(data) == middle
        else:
            assert seconds > 1 and (track.damaged or len(data) == middle)


def test_damage_is_said(tmp_path: Path) -> None:
    data = bytearray(made.tones("mp4", "aac", (0.5, 1.5, 2.5, 3.2)))
    data[len(data) // 2 : len(data) // 2 + 400] = np.random.default_rng(4).bytes(400)
    found = heard(tmp_path, bytes(data), "talk.m4a")
    assert isinstance(found, Recorded) and found.notices == ("talk.m4a is damaged: parts of it could not be played.",)


# --- heard, kept, asked --------------------------------------------------------------------------


@pytest.fixture(scope="module")
def opened(settings: Settings, encoder: MiniLM) -> Iterator[Opened]:
    snapshot = open_snapshot(settings.index, encoder.name, encoder.dimension, settings.graph_buffer_bytes)
    yield Opened.over(snapshot, encoder)
    snapshot.close()


@pytest.fixture
def record(tmp_path: Path) -> Iterator[Record]:
    made_here = Record(tmp_path / "data", DAY, 30 * DAY, DEFAULT_LIMITS, Clock())
    yield made_here
    made_here.close()


def files_over(record: Record, settings: Settings, encoder: MiniLM, said: SaidTranscriber | None) -> Files:
    return Files(record, Bringer(file_reader(settings), encoder, transcriber=said), DEFAULT_LIMITS)


def add(files: Files, name: str, data: bytes, told: Told | None = None) -> FileCard:
    content = files.inbox() / "arriving"
    content.write_bytes(data)
    card = files.add(ANNA, name, content, told if told is not None else Told(), never)
    assert card is not None and not content.exists()
    return card


def ask(files: Files, opened: Opened, question: str) -> Answer:
    scope = Scope("files", ANNA)
    events = opened.answerer.ask(question, never, NO_TALK, scope, files.source(scope, opened))
    return next(event.answer for event in events if isinstance(event, AnswerReady))


def test_from_bytes_to_an_answer_that_cites_the_second(
    record: Record, settings: Settings, encoder: MiniLM, opened: Opened, tmp_path: Path
) -> None:
    files, told = files_over(record, settings, encoder, SaidTranscriber(MEETING)), Told()
    card = add(files, "meeting.wav", made.sound(150), told)
    assert (card.format, card.title, card.notices) == ("sound", "meeting.wav", ("Heard by Said: words may be wrong.",))
    assert facts_words(card).startswith("Sound recording, 2:30 minutes, ")
    assert next(one for one in told if one[0].startswith("Listening")) == ("Listening: minute 1 of 3", 0, 150)
    assert any(one[0] == "Listening: minute 3 of 3" for one in told)
    read = files.read(ANNA, card.id)  # as the record gives it back
    assert [run.start_seconds for placing in read.placings for run in placing.times] == [1.0, 20.0, 64.0, 70.0, 134.0]
    assert read.lecture is not None and read.lecture.speech.origin == "recogniser" and read.lecture.seconds == 150
    answer = ask(files, opened, QUESTION)
    sentence, evidence = answer.sentences[0], answer.evidence[0]
    assert sentence.text.startswith("At 2:14")
    assert "“The keeper of the keys is chosen by lot each spring.”" in sentence.text
    assert sentence.verdict == "supported" and answer.notices == ()
    place = evidence.locator
    assert isinstance(place, TimeSpan) and (place.start_seconds, place.end_seconds) == pytest.approx((134.0, 138.35))
    assert place.fragment().startswith("t=134,138.3") and evidence.heading == "At 2:14"
    assert locator_words(evidence) == "meeting.wav, from 2:14 to 2:18"
    section = next(one for one in read.document.sections if one.heading == place.section)
    assert section.text[place.start : place.end] == evidence.quote
    fund = ask(files, opened, "What does the heron fund pay for a boat?")
    assert fund.sentences[0].text.startswith("At 1:04")
    (stored,) = record.files.load(ANNA)
    (node,) = SessionStore.over(opened.snapshot.store, [stored], ()).get(ids=[stored.chunks[-1].id])
    assert node.properties["start_seconds"] == pytest.approx(134.0)
    assert node.properties["heading"] == read.document.sections[-1].heading
    files.remove(ANNA, card.id)
    assert files.files(ANNA) == () and not list((tmp_path / "data" / "sessions").rglob("original"))


def test_what_a_file_of_sound_is_and_how_long(
    record: Record, settings: Settings, encoder: MiniLM, opened: Opened
) -> None:
    files = files_over(record, settings, encoder, SaidTranscriber(MEETING))
    add(files, "meeting.wav", made.sound(150))
    assert (
        "meeting.wav is a sound recording of about 2 minutes."
        in ask(files, opened, "Which files do I have?").sentences[0].text
    )
    about = " ".join(sentence.text for sentence in ask(files, opened, "What is meeting.wav about?").sentences)
    assert "Its headings" not in about and "At 1:04: “The heron fund pays forty" in about


def test_doubt_film_and_language_are_said(record: Record, settings: Settings, encoder: MiniLM, opened: Opened) -> None:
    unsure = words_at((1.0, "The keeper of the keys is chosen by lot each spring."), confidence=0.4)
    files = files_over(record, settings, encoder, SaidTranscriber(unsure, language="de"))
    card = add(files, "meeting.mp4", made.tones("mp4", "aac", pictures=True, seconds=8))
    assert card.format == "film" and card.notices == (
        NO_SLIDES,
        "It seems to be in German, and the library is in English: what the two share may be missed.",
        "Heard by Said: words may be wrong.",
        "Much of it was heard with doubt; listen to what you rely on.",
    )
    answer = ask(files, opened, QUESTION)
    assert (
        answer.sentences[0].text.startswith("At 0:01") and "(heard with doubt): “The keeper" in answer.sentences[0].text
    )
    assert [notice.text for notice in answer.notices if notice.kind == "confidence"] == [
        "The words of meeting.mp4 were heard with doubt; listen to the recording."
    ]


def test_without_speech_or_somebody_to_listen_it_is_refused_and_nothing_stays(
    record: Record, settings: Settings, encoder: MiniLM
) -> None:
    dumb, deaf = (files_over(record, settings, encoder, said) for said in (SaidTranscriber(()), None))
    with pytest.raises(MediaUnreadable, match=r"hush\.wav holds no speech that could be made out\."):
        add(dumb, "hush.wav", made.sound(2))
    with pytest.raises(UnsupportedMedia, match=r"hush\.wav is a sound recording of about 1 minute\. There is nobody"):
        add(deaf, "hush.wav", made.sound(2))
    assert list(dumb.inbox().iterdir()) == [] and dumb.files(ANNA) == ()


def test_cancel_ends_it_within_a_window_and_leaves_nothing(record: Record, settings: Settings, encoder: MiniLM) -> None:
    stop, before = threading.Event(), children()
    said = SaidTranscriber(MEETING, before=stop.set)
    files = files_over(record, settings, encoder, said)
    content = files.inbox() / "arriving"
    content.write_bytes(made.sound(150))
    assert files.add(ANNA, "meeting.wav", content, silent, stop.is_set) is None
    assert said.looks == 1 and children() == before
    assert list(files.inbox().iterdir()) == [] and files.files(ANNA) == ()
    said.before, said.heard = lambda: None, []
    assert add(files, "meeting.wav", made.sound(150)).state == "ready"  # the next one is not kept waiting


def test_one_recording_is_heard_at_a_time_and_who_waits_can_stop() -> None:
    inside, go, stop = threading.Event(), threading.Event(), threading.Event()

    def hold() -> None:
        inside.set()
        assert go.wait(30)

    said = SaidTranscriber(words_at((0.0, "Welcome to the house.")), before=hold)
    listener, sound = Listener(said), np.zeros(2 * SAMPLES_A_SECOND, np.int16)
    found: list[Speech | None] = []
    first = threading.Thread(target=lambda: found.append(listener.listen(sound, silent, never, NothingKept())))
    first.start()
    assert inside.wait(30)
    told = Told()

    def tell(words: str, done: int, of: int) -> None:
        told(words, done, of)
        stop.set()

    assert listener.listen(sound, tell, stop.is_set, NothingKept()) is None
    assert told[0][0] == "Waiting until another recording has been heard" and said.most_at_once == 1
    go.set()
    first.join()
    assert found[0] is not None and [cue.text for cue in found[0].cues] == ["Welcome to the house."]


def test_long_sound_is_heard_in_pieces_cut_where_it_is_quiet() -> None:
    seconds = int(1.3 * PIECE_SECONDS)
    samples = np.random.default_rng(1).integers(-9_000, 9_000, seconds * SAMPLES_A_SECOND, np.int16)
    quiet = PIECE_SECONDS - 12
    samples[quiet * SAMPLES_A_SECOND : (quiet + 1) * SAMPLES_A_SECOND] //= 900
    words = words_at((5.0, "Welcome."), (quiet - 2.0, "We stop here."), (quiet + 3.0, "Goodbye, all of you."))
    said, told = SaidTranscriber(words), Told()
    found = Listener(said).listen(samples, told, never, NothingKept())
    assert len(said.heard) == 2 and sum(said.heard) == len(samples)
    assert quiet < said.heard[0] / SAMPLES_A_SECOND < quiet + 1
    assert found is not None and found.origin == "recogniser"
    assert found.cues[-1].start_seconds == pytest.approx(quiet + 3.0, abs=0.01)
    assert [done for _, done, _ in told] == sorted(done for _, done, _ in told) and told[-1][0].endswith(" of 13")


# --- a real Whisper ------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def whisper(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_whisper(tmp_path_factory.mktemp("whisper") / "tiny.pt")


@pytest.fixture
def commanded(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A recording, and an environment in which a command finds library and models."""
    monkeypatch.setenv("CML_INDEX", str(settings.index))
    monkeypatch.setenv("CML_MODELS", str(settings.models))
    monkeypatch.setenv("CML_DATA", str(tmp_path / "data"))
    (tmp_path / "talk.wav").write_bytes(made.tones("wav", "pcm_s16le", (0.5, 1.5, 2.5)))
    return tmp_path / "talk.wav"


def test_a_command_asks_a_recording_that_a_real_whisper_hears(
    whisper: Path, commanded: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    profile = commanded.parent / "listens.toml"
    profile.write_text(f'title = "Listens"\n\n[transcriber]\nengine = "whisper"\nmodel = "{whisper}"\n', "utf-8")
    monkeypatch.setenv("CML_PROFILE", str(profile))
    ask_it = [
        "ask",
        "What do members decide about the common pool?",
        "--file",
        str(commanded),
        "--only-files",
        "--json",
    ]
    assert main(ask_it) == 0
    answer = json.loads(capsys.readouterr().out)
    first = answer["evidence"][0]
    assert "Members decide together about the common pool." in answer["sentences"][0]["text"]
    assert first["locator"]["type"] == "TimeSpan" and first["fragment"].startswith("t=")
    assert 0 <= first["locator"]["start_seconds"] < first["locator"]["end_seconds"] <= 4.0
    assert not (commanded.parent / "data").exists()


def test_what_a_real_whisper_hears_becomes_cues_with_their_times(
    whisper: Path, record: Record, encoder: MiniLM
) -> None:
    ears = WhisperTranscriber(str(whisper))
    files = Files(record, Bringer(SandboxedReader(LIMITS), encoder, transcriber=ears), LIMITS)
    card = add(files, "talk.wav", made.tones("wav", "pcm_s16le", (0.5, 1.5, 2.5)))
    lecture = files.read(ANNA, card.id).lecture
    assert lecture is not None and (lecture.speech.origin, lecture.speech.by) == ("recogniser", ears.name)
    cues = lecture.speech.cues
    assert " ".join(cue.text for cue in cues) == SPOKEN
    assert cues[0].start_seconds < 0.1 and all(cue.start_seconds < cue.end_seconds <= 4.0 for cue in cues)
    assert cues[-1].end_seconds == pytest.approx(len(SPOKEN.split()) / 2, abs=0.3)  # its words are half a second long
    assert lecture.moments[0].cues == (0, len(cues))


def test_a_profile_that_does_not_listen_refuses_it_with_the_way_out(
    commanded: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    profile = commanded.parent / "deaf.toml"
    profile.write_text('title = "Does not listen"\n', "utf-8")
    monkeypatch.setenv("CML_PROFILE", str(profile))
    assert main(["ask", QUESTION, "--file", str(commanded)]) != 0
    said = capsys.readouterr().err
    assert "talk.wav is a sound recording of about 1 minute. There is nobody here to listen to it." in said
    assert "its captions as .srt or .vtt, or its transcript as .txt; a profile that listens, such as laptop" in said
    assert sorted(os.listdir(commanded.parent)) == ["deaf.toml", "talk.wav"]
