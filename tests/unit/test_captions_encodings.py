"""Captions in any encoding come out as they were written, or are refused: never with letters that nobody wrote."""

from __future__ import annotations

import pytest

from cml_mm.errors import MediaUnreadable
from tests.support.caption_files import cues, read, srt

SAID = {
    "en": "“Shared wells” don’t dry up – they need rules that people make. It’s what we saw in the café.",
    "de": "Der Brunnen gehört allen, und wir müssen darüber sprechen. Das heißt, Regeln für die Nutzung sind nötig.",
    "fr": "Les règles sont écrites par ceux qui les suivent, même dans les petits villages où l'on se connaît déjà.",
    "es": "Las reglas del pozo también están escritas por los vecinos. ¿Qué pasa con el agua en los años secos?",
    "pt": "As regras do poço não são fáceis, mas também é preciso que todos participem na decisão.",
    "it": "Le regole del pozzo non sono difficili, perché è la gente che le scrive. È così che dura di più.",
    "nl": "De regels van de put zijn niet moeilijk, en wij hebben één idee geërfd dat voor iedereen geldt.",
    "sv": "Vi måste komma överens om reglerna för brunnen, och det är inte så svårt när alla får vara med.",
    "pl": "Zasady studni nie są trudne, ale każdy musi być obecny. To jest coś, co się zdarza. Gdzieś źle żyć.",
    "cs": "Pravidla studny nejsou těžká, ale je důležité, že se každý účastní. To je příliš žluťoučký kůň.",
    "hu": "A kút szabályai nem nehezek, de fontos, hogy mindenki ott legyen. Ez az erdő és a víz közös őrzése, fűvel.",
    "tr": "Kuyunun kuralları zor değil, ama herkesin orada olması için çok çalışmak gerekiyor. Bu bir su ve orman işi.",
    "ru": "Правила колодца не трудны, но важно, чтобы все были вместе. Это то, что мы видим в деревне, и так везде.",
    "uk": "Правила криниці не важкі, але важливо, що всі разом. Це те, що ми бачимо в селі, і так є завжди.",
    "el": "Οι κανόνες του πηγαδιού δεν είναι δύσκολοι, και το νερό είναι για όλους. Αυτό βλέπουμε στην πράξη.",
    "he": "הכללים של הבאר לא קשים, אבל זה חשוב כי כל אחד שם. אנחנו רואים את זה גם על המים.",
    "ar": "قواعد البئر في القرية ليست صعبة، لكن من المهم أن يكون كل الناس هنا. هذا ما نراه على الماء.",
    "zh": "水井的规则不难，但是大家都要在。这是我们在村里看到的，人们为了水和森林一起工作。",
    "tw": "水井的規則不難，但是大家都要在。這是我們在村裡看到的，人們為了水和森林一起工作。",
    "ja": "井戸の規則は難しくありませんが、みんなが参加することが大切です。これは村で見たことです。",
    "ko": "우물의 규칙은 어렵지 않습니다. 그러나 모두가 함께하는 것이 중요합니다. 이것은 마을에서 본 것입니다.",
}
OLD = {
    "en": "cp1252 mac_roman",
    "de": "cp1252 iso8859-15 mac_roman cp850",
    "fr": "cp1252 iso8859-15 mac_roman cp850",
    "es": "cp1252 mac_roman cp850",
    "pt": "cp1252 mac_roman cp850",
    "it": "cp1252 mac_roman cp850",
    "nl": "cp1252 cp850",
    "sv": "cp1252 mac_roman cp850",
    "pl": "cp1250 iso8859-2 cp852",
    "cs": "cp1250 iso8859-2 cp852",
    "hu": "cp1250 iso8859-2 cp852",
    "tr": "cp1254",
    "ru": "cp1251 koi8-r cp866 iso8859-5",
    "uk": "cp1251 koi8-u",
    "el": "cp1253 iso8859-7",
    "he": "cp1255",
    "ar": "cp1256",
    "zh": "gb18030",
    "tw": "big5",
    "ja": "cp932 euc_jp iso2022_jp",
    "ko": "cp949",
}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
@pytest.mark.parametrize("language", SAID)
def test_unicode_in_any_form_is_read_without_a_word(language: str, encoding: str) -> None:
    speech = read(srt(SAID[language]).encode(encoding))
    assert [cue.text for cue in speech.cues] == [SAID[language]]
    assert speech.notices == ()


@pytest.mark.parametrize(
    ("language", "encoding"), [(language, encoding) for language, all_ in OLD.items() for encoding in all_.split()]
)
def test_old_encodings_are_told_by_the_words(language: str, encoding: str) -> None:
    speech = read(srt(SAID[language]).encode(encoding))
    assert [cue.text for cue in speech.cues] == [SAID[language]]
    assert len(speech.notices) == 1
    assert "is not UTF-8: by its words it was read as" in speech.notices[0]


@pytest.mark.parametrize(
    ("language", "encoding"), [(language, encoding) for language, all_ in OLD.items() for encoding in all_.split()]
)
def test_pieces_of_them_come_out_as_written_or_not_at_all(language: str, encoding: str) -> None:
    words = SAID[language].split()
    for first in range(0, len(words), 2):
        piece = " ".join(words[first : first + 6])
        try:
            found = cues(srt(piece).encode(encoding))
        except MediaUnreadable:
            continue
        assert [text for _, _, text in found] == [piece]


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(srt("zzz \x81\x8d\x8f qqq xxyy").encode("latin-1"), id="signs that are in no alphabet"),
        pytest.param(srt("Xqž ťřď wěň").encode("cp1250"), id="no word that is known"),
        pytest.param(srt("gehört allen").encode() + "Brücke".encode("cp1252") + b"\n", id="two encodings in one"),
        pytest.param(b"\xff\xfe" + b"1\x00\n\x00\x00\xd8\x00\xd8a\x00", id="half pairs of UTF-16"),
    ],
)
def test_what_cannot_be_told_is_refused_in_words(data: bytes) -> None:
    with pytest.raises(MediaUnreadable, match="its encoding cannot be told for certain"):
        read(data)


def test_data_is_no_text() -> None:
    with pytest.raises(MediaUnreadable, match="holds data, and no text"):
        read(b"\x7fELF\x00\x01\x02\x00")


def test_a_file_that_breaks_off_within_a_letter_is_read_up_to_there() -> None:
    speech = read(srt("Größe zählt", "wir zählen für dié").encode()[:-2])
    assert speech.cues[1].text == "wir zählen für di"
    assert speech.notices == ("talk.srt breaks off in the middle of a letter.",)
