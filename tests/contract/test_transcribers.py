"""What every Transcriber keeps: Whisper and faster-whisper on the same tiny checkpoint, which always hears SPOKEN.

Pocketsphinx and the one that only tells when somebody speaks come with real weights; they are given a voice without
words, and, where ../shared is there, people.
"""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from cml_mm.errors import LimitExceeded, ModelError, ModelMissing
from cml_mm.models.faster_whisper_transcriber import FasterWhisperTranscriber, stretch_of
from cml_mm.models.hearing import SAMPLES_A_SECOND, Samples, transcript, turn
from cml_mm.models.pocketsphinx_child import listened
from cml_mm.models.pocketsphinx_transcriber import (
    ENGLISH_ONLY,
    WITHHELD,
    PocketsphinxTranscriber,
    utterances_of,
)
from cml_mm.models.speech_spans import SpeechSpans, spans_of
from cml_mm.models.whisper_transcriber import WhisperTranscriber, phrases_of
from cml_mm.ports import SpokenWord, Transcriber, Transcript
from tests.support.spoken_sound import voice
from tests.support.tiny_senses import SPOKEN, tiny_faster_whisper, tiny_whisper

ROOT = Path(__file__).resolve().parents[2]
WORDS = SPOKEN.split()
needs_faster = pytest.mark.skipif(
    importlib.util.find_spec("faster_whisper") is None, reason="the optional package faster-whisper is not installed"
)
KINDS = ["whisper", pytest.param("faster", marks=needs_faster)]


def noise(seconds: float) -> Samples:
    count = round(seconds * SAMPLES_A_SECOND)
    return np.asarray(0.1 * np.random.default_rng(5).standard_normal(count), dtype=np.float32)


def silence(seconds: float) -> Samples:
    return np.zeros(round(seconds * SAMPLES_A_SECOND), np.float32)


class Told(list[tuple[str, int, int]]):
    def __call__(self, words: str, done: int, of: int) -> None:
        self.append((words, done, of))


def hear(
    ears: Transcriber, sound: Samples, told: Told | None = None, cancelled: Callable[[], bool] = lambda: False
) -> Transcript:
    heard = ears.transcribe(sound, told if told is not None else Told(), cancelled)
    assert heard is not None
    return heard


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """speaking.pt and mute.pt, and folders of the same names where faster-whisper is installed."""
    place = tmp_path_factory.mktemp("whisper")
    for name, says in (("speaking", SPOKEN), ("mute", "")):
        tiny_whisper(place / f"{name}.pt", says, language="de")
        if importlib.util.find_spec("faster_whisper") is not None:
            tiny_faster_whisper(place / name, place / f"{name}.pt")
    return place


def open_ears(kind: str, name: str, weights: Path, longest_minutes: float = 60) -> Transcriber:
    if kind == "whisper":
        return WhisperTranscriber(str(weights / f"{name}.pt"), longest_minutes)
    return FasterWhisperTranscriber(str(weights / name), longest_minutes)


@pytest.fixture(scope="module", params=KINDS)
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def ears(kind: str, weights: Path) -> Transcriber:
    return open_ears(kind, "speaking", weights)


# --- what all of them keep -----------------------------------------------------------------------


def test_words_have_their_times_and_the_language_is_told(ears: Transcriber) -> None:
    heard = hear(ears, noise(6))
    assert [word.text for word in heard.words] == WORDS
    assert heard.language == "de" and heard.origin == ears.name
    starts = [word.start_seconds for word in heard.words]
    assert np.allclose(starts, np.arange(len(WORDS)) / 2, atol=0.06)  # its words are half a second long
    assert all(word.start_seconds < word.end_seconds <= 6 for word in heard.words)


def test_confidence_is_the_words_mean(ears: Transcriber) -> None:
    heard = hear(ears, noise(6))
    assert 0.5 < heard.confidence <= 1
    assert heard.confidence == pytest.approx(np.mean([word.confidence for word in heard.words]))


def test_windows_follow_each_other_and_progress_is_told(ears: Transcriber) -> None:
    told = Told()
    heard = hear(ears, noise(65), told)
    assert [word.text for word in heard.words] == WORDS * 3
    firsts = [word.start_seconds for word in heard.words[:: len(WORDS)]]
    assert np.allclose(firsts, [0, 30, 60], atol=0.06)
    done = [row[1] for row in told]
    assert done == sorted(done) and done[0] == 0 and told[-1][1] == told[-1][2] > 64 and len(set(done)) > 3


def test_silence_is_no_speech_and_is_not_asked_about(ears: Transcriber) -> None:
    for sound in (silence(40), silence(0)):
        assert hear(ears, sound) == Transcript((), "", ears.name, 0.0)


def test_speech_after_silence_stands_at_its_time(kind: str, weights: Path) -> None:
    heard = hear(open_ears(kind, "speaking", weights), np.concatenate([noise(5), silence(355), noise(5)]))
    assert [word.text for word in heard.words] == WORDS * 2
    assert heard.words[len(WORDS)].start_seconds == pytest.approx(360, abs=0.06)


def test_sound_without_speech_gives_no_words(kind: str, weights: Path) -> None:
    mute = open_ears(kind, "mute", weights)
    assert hear(mute, noise(35)) == Transcript((), "", mute.name, 0.0)


def test_it_stops_when_cancelled(ears: Transcriber) -> None:
    told = Told()
    assert ears.transcribe(noise(65), told, lambda: True) is None and not told
    asked = iter([False] * 2 + [True] * 1_000)
    told = Told()
    assert ears.transcribe(noise(65), told, lambda: next(asked)) is None
    assert told[-1][1] < 60


def test_a_recording_that_is_too_long_is_refused(kind: str, weights: Path) -> None:
    short = open_ears(kind, "speaking", weights, longest_minutes=1)
    with pytest.raises(LimitExceeded, match="plays for 2 minutes; 1 are listened to at most"):
        short.transcribe(silence(120), Told(), lambda: False)


@pytest.mark.parametrize(
    "sound", [np.zeros((2, 16_000), np.float32), np.zeros(16_000, np.int16), np.full(16_000, np.nan, np.float32)]
)
def test_what_is_no_sound_is_refused(ears: Transcriber, sound: Samples) -> None:
    with pytest.raises(ModelError, match="not mono samples"):
        ears.transcribe(sound, Told(), lambda: False)


def test_two_at_once_hear_the_same(ears: Transcriber) -> None:
    sound = noise(6)
    together = threading.Barrier(2)

    def listen(_: int) -> Transcript:
        together.wait(timeout=60)
        return hear(ears, sound)

    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(listen, range(2))
    assert first == second and [word.text for word in first.words] == WORDS


def test_who_waits_for_a_turn_can_be_cancelled() -> None:
    lock = threading.Lock()
    with lock, turn(lock, lambda: True) as came:
        assert not came
    with turn(lock, lambda: True) as came:
        assert came and lock.locked()
    assert not lock.locked()


# --- Whisper -------------------------------------------------------------------------------------


def phrases(tokens: list[int], seconds: float = 30.0, last: bool = False) -> tuple[list[tuple[float, float]], float]:
    """Times from token 1000 on; 0 to 899 are text, 900 is the end."""
    found, step = phrases_of(tokens, 1_000, 900, seconds, last)
    return [(round(one.start, 2), round(one.end, 2)) for one in found], round(step, 2)


def test_the_next_window_begins_where_the_last_phrase_ends() -> None:
    assert phrases([1000, 5, 6, 1400]) == ([(0, 8)], 30)  # nothing is said after it
    assert phrases([1000, 5, 1400, 1400]) == ([(0, 8)], 8)  # something is, from there on
    assert phrases([1000, 5, 1400, 1450, 6, 7]) == ([(0, 8)], 9)  # it is cut off: heard again, whole
    assert phrases([1000, 5, 1400, 1450, 6, 7], last=True) == ([(0, 8), (9, 30)], 30)
    assert phrases([1000, 5, 6, 7]) == ([(0, 30)], 30)  # one phrase fills it all
    assert phrases([1000, 5, 1005, 1005]) == ([(0, 0.1)], 1)  # never stands still
    assert phrases([1000, 5, 1100, 1100, 6]) == ([(0, 2), (2, 30)], 30)  # too early to begin again
    assert phrases([]) == ([], 30)
    assert phrases([1000, 5, 2500], seconds=12.0) == ([(0, 12)], 12)  # times end with the sound


def test_words_of_a_transcript_are_in_order() -> None:
    words = [SpokenWord("one", 0.0, 1.0, 0.5), SpokenWord("", 1.0, 1.0, 0.1), SpokenWord("two", 0.8, 0.9, 1.0)]
    heard = transcript([words[0], SpokenWord("three", 2.0, 3.0, 1.0), words[1], words[2]], "jw", "x")
    assert [(word.start_seconds, word.end_seconds) for word in heard.words] == [(0, 1), (2, 3), (2, 2)]
    assert heard.language == "jv" and heard.confidence == pytest.approx(2.5 / 3)


def test_a_whisper_that_is_missing_or_changed_is_said(
    weights: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    for name in ("base", "whisper-base"):
        with pytest.raises(ModelMissing, match="Whisper base is not on this machine") as caught:
            WhisperTranscriber(name)
        assert caught.value.hint == "Run: cml models get whisper-base"
    with pytest.raises(ModelMissing, match="no speech recogniser at"):
        WhisperTranscriber(str(tmp_path / "nowhere.pt"))
    (tmp_path / "whisper").mkdir()
    shutil.copyfile(weights / "speaking.pt", tmp_path / "whisper" / "base.pt")  # under a name of OpenAI's
    changed = WhisperTranscriber("base")
    assert changed.name == "Whisper base"
    with pytest.raises(ModelError, match="has been changed or damaged"):
        changed.transcribe(noise(1), Told(), lambda: False)
    (tmp_path / "other.pt").write_bytes((weights / "speaking.pt").read_bytes()[:10_000])
    with pytest.raises(ModelError, match="could not be loaded"):
        WhisperTranscriber(str(tmp_path / "other.pt")).transcribe(noise(1), Told(), lambda: False)


def test_naming_a_transcriber_loads_no_torch(weights: Path) -> None:
    code = (
        "import sys; from cml_mm.models.whisper_transcriber import WhisperTranscriber; "
        "from cml_mm.models import faster_whisper_transcriber; print(WhisperTranscriber(sys.argv[1]).name); "
        "sys.exit(bool({'torch', 'whisper', 'faster_whisper'} & set(sys.modules)))"
    )
    ask = [sys.executable, "-c", code, str(weights / "speaking.pt")]
    done = subprocess.run(ask, cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0 and done.stdout == "Whisper speaking\n"


# --- without a download --------------------------------------------------------------------------

SHIPPED = [PocketsphinxTranscriber, SpeechSpans]
PEOPLE = ROOT.parent / "shared" / "checks" / "speech" / "jfk.flac"


def close_to(spans: tuple[tuple[float, float], ...], *expected: tuple[float, float]) -> bool:
    return len(spans) == len(expected) and np.allclose(spans, expected, atol=0.25)


def test_spans_say_when_somebody_speaks_and_nothing_else() -> None:
    ears = SpeechSpans()
    heard = hear(ears, np.concatenate([silence(2), voice(3), silence(20), voice(2), silence(1)]))
    assert close_to(heard.spans, (2, 5), (25, 27))
    assert (heard.words, heard.language, heard.origin, heard.origin_kind) == ((), "", ears.name, "spans")


@pytest.fixture(scope="module")
def weakly() -> Transcript:
    """Two stretches of a voice, with times; what is heard in them are no true words."""
    return hear(
        PocketsphinxTranscriber(least_confidence=0), np.concatenate([silence(2), voice(3), silence(3), voice(2)])
    )


def test_weak_words_stand_where_somebody_speaks_and_are_marked(weakly: Transcript) -> None:
    assert weakly.origin_kind == "weak recogniser" and weakly.notices == (ENGLISH_ONLY,)
    assert close_to(weakly.spans, (2, 5), (8, 10))
    assert len(weakly.words) > 4 and weakly.language == ""
    assert {word.start_seconds > 7 for word in weakly.words} == {True, False}
    for word in weakly.words:
        assert word.text.isprintable() and not set(word.text) & set("<>[]()")
        assert 0 <= word.confidence <= 1 and word.start_seconds < word.end_seconds
        assert any(start - 0.3 <= word.start_seconds < end + 0.3 for start, end in weakly.spans)
    assert weakly.confidence == pytest.approx(np.mean([word.confidence for word in weakly.words]))


def test_what_is_heard_with_too_much_doubt_is_withheld() -> None:
    heard = hear(PocketsphinxTranscriber(least_confidence=1.0), voice(2))
    assert heard.words == () and heard.origin_kind == "spans" and close_to(heard.spans, (0, 2))
    assert heard.notices == (WITHHELD, ENGLISH_ONLY)


def test_an_utterance_is_heard_the_same_after_any_other() -> None:
    from pocketsphinx import Decoder

    decoder = Decoder(samprate=SAMPLES_A_SECOND, loglevel="FATAL")
    first, other = ((voice(1, seed) * 32_767).astype("<i2").tobytes() for seed in (3, 8))
    before = listened(decoder, first)
    assert before and listened(decoder, other) != before
    assert listened(decoder, first) == before


@pytest.mark.parametrize("kind", SHIPPED)
def test_without_speech_neither_hears_any(kind: type[PocketsphinxTranscriber | SpeechSpans]) -> None:
    for sound in (silence(40), silence(0), noise(5)):
        heard = hear(kind(), sound)
        assert (heard.words, heard.spans, heard.confidence, heard.notices) == ((), (), 0.0, ())


@pytest.mark.parametrize("kind", SHIPPED)
def test_shipped_ones_refuse_what_the_others_refuse(kind: type[PocketsphinxTranscriber | SpeechSpans]) -> None:
    with pytest.raises(LimitExceeded, match="plays for 2 minutes; 1 are listened to at most"):
        kind(longest_minutes=1).transcribe(silence(120), Told(), lambda: False)
    with pytest.raises(ModelError, match="not mono samples"):
        kind().transcribe(np.full(16_000, np.nan, np.float32), Told(), lambda: False)


@pytest.mark.parametrize("kind", SHIPPED)
def test_shipped_ones_tell_how_far_they_are_and_stop(kind: type[PocketsphinxTranscriber | SpeechSpans]) -> None:
    sound = np.concatenate([voice(1), silence(18), voice(1), silence(18), voice(1)])
    told = Told()
    hear(kind(), sound, told)
    done = [row[1] for row in told]
    assert done == sorted(done) and done[0] == 0 and told[-1][1] == told[-1][2] == 40 and len(set(done)) >= 4
    assert kind().transcribe(sound, Told(), lambda: True) is None
    told = Told()
    assert kind().transcribe(sound, told, lambda: len(told) > 1) is None
    assert told[-1][1] < 39


def test_a_listener_that_stops_is_said_and_so_is_one_that_cannot_start(tmp_path: Path) -> None:
    for name, content in (
        ("ends", "#!/bin/sh\nexit 3\n"),
        ("babbles", "#!/bin/sh\necho '[[1]]'\nexec cat > /dev/null\n"),
    ):
        program = tmp_path / name
        program.write_text(content)
        program.chmod(0o755)
        with pytest.raises(ModelError, match="Pocketsphinx stopped while it listened"):
            hear(PocketsphinxTranscriber(python=str(program)), voice(4))
    with pytest.raises(ModelError, match="Pocketsphinx could not be started"):
        hear(PocketsphinxTranscriber(python=str(tmp_path / "nowhere")), voice(1))


def test_cancel_reaches_a_listener_that_is_busy(tmp_path: Path) -> None:
    program = tmp_path / "deaf"
    program.write_text("#!/bin/sh\nexec cat 3>&1 > /dev/null\n")  # takes everything, says nothing
    program.chmod(0o755)
    asked = iter([False] * 4 + [True] * 100)
    assert PocketsphinxTranscriber(python=str(program)).transcribe(voice(1), Told(), lambda: next(asked)) is None


def test_spans_are_cut_and_joined_by_what_is_probable() -> None:
    frame = 0.032
    sure = np.zeros(200, np.float32)
    sure[20:60] = 0.9
    sure[40:45] = 0.4  # doubt within a sentence does not end it
    sure[64:80] = 0.6  # a breath later
    sure[150:153] = 0.9  # a click
    assert spans_of(sure, 6.4) == (pytest.approx((20 * frame - 0.1, 80 * frame + 0.1), abs=0.001),)
    sure[:] = 0.9
    assert spans_of(sure, 6.4) == ((0.0, 6.4),)


def test_utterances_are_no_longer_than_can_be_weighed_at_once() -> None:
    rate, sound = SAMPLES_A_SECOND, noise(50)
    sound[round(12.9 * rate) : round(13.2 * rate)] = 0
    parts = list(utterances_of(sound, ((1.0, 25.0), (25.5, 26.0), (29.0, 33.0), (33.5, 40.0), (40.4, 49.9))))
    seconds = [(start / rate, end / rate) for start, end in parts]
    assert seconds[0][0] == 0.75 and 12.8 < seconds[0][1] < 13.3 and seconds[1][0] == seconds[0][1]
    assert seconds[1][1] == 26.25 and seconds[2][0] == 28.75 and seconds[-1][1] == 50
    assert all(end - start <= 15 for start, end in seconds)
    assert all(a[1] <= b[0] for a, b in pairwise(seconds))


@pytest.mark.skipif(not PEOPLE.is_file(), reason="../shared is missing: no human speech to hear")
def test_of_a_person_most_words_are_heard_where_they_are_said() -> None:
    import av

    with av.open(str(PEOPLE)) as opened:
        resampler = av.AudioResampler("s16", "mono", SAMPLES_A_SECOND)
        parts = [part.to_ndarray()[0] for frame in opened.decode(audio=0) for part in resampler.resample(frame)]
    heard = hear(PocketsphinxTranscriber(), np.concatenate(parts).astype(np.float32) / 32_768)
    words = {word.text: word for word in heard.words}
    assert {"fellow", "not", "country", "can", "do", "for", "you"} <= set(words)
    assert heard.origin_kind == "weak recogniser" and 5 < words["you"].start_seconds < 10


def test_naming_the_shipped_ones_loads_nothing_heavy() -> None:
    code = (
        "import sys; from cml_mm.models.pocketsphinx_transcriber import PocketsphinxTranscriber as P; print(P().name); "
        "sys.exit(bool({'torch', 'pocketsphinx', 'silero_vad', 'onnxruntime'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0 and done.stdout == "Pocketsphinx\n"


# --- faster-whisper ------------------------------------------------------------------------------


def test_long_sound_is_cut_where_it_is_quiet() -> None:
    sound = noise(400)
    quiet = slice(290 * SAMPLES_A_SECOND, round(290.2 * SAMPLES_A_SECOND))
    sound[quiet] = 0
    assert quiet.start <= stretch_of(sound) <= quiet.stop
    assert stretch_of(np.concatenate([sound[: 60 * SAMPLES_A_SECOND], silence(40)])) == 60 * SAMPLES_A_SECOND
    assert stretch_of(sound[: 300 * SAMPLES_A_SECOND]) == 300 * SAMPLES_A_SECOND


@needs_faster
def test_a_faster_whisper_that_is_missing_is_said(
    weights: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path))
    with pytest.raises(ModelMissing, match="is not on this machine") as caught:
        FasterWhisperTranscriber()
    assert caught.value.hint == "Run: cml models get faster-whisper-base"
    copy = Path(shutil.copytree(weights / "speaking", tmp_path / "speaking"))
    (copy / "tokenizer.json").unlink()  # the library would fetch another
    with pytest.raises(ModelMissing, match=r"is incomplete: no tokenizer\.json"):
        FasterWhisperTranscriber(str(copy))
    shutil.copyfile(weights / "speaking" / "tokenizer.json", copy / "tokenizer.json")
    (copy / "model.bin").write_bytes(b"nothing")
    with pytest.raises(ModelError, match="could not be loaded"):
        FasterWhisperTranscriber(str(copy)).transcribe(noise(1), Told(), lambda: False)


@pytest.mark.skipif(importlib.util.find_spec("faster_whisper") is not None, reason="faster-whisper is installed")
def test_without_the_package_the_way_to_it_is_said(tmp_path: Path) -> None:
    with pytest.raises(ModelMissing, match="faster-whisper is not installed") as caught:
        FasterWhisperTranscriber(str(tmp_path))
    assert caught.value.hint == "Run: pip install faster-whisper"
