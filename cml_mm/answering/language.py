"""Which language a question is in. The only home of py3langid (its model ships inside it)."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from cml_mm import prose

LEAST_WORDS = 4
LANGUAGE_NAMES = {
    "ar": "Arabic", "ca": "Catalan", "cs": "Czech", "da": "Danish", "de": "German", "el": "Greek", "es": "Spanish",
    "fi": "Finnish", "fr": "French", "gl": "Galician", "he": "Hebrew", "hi": "Hindi", "hu": "Hungarian",
    "it": "Italian", "ja": "Japanese", "ko": "Korean", "nl": "Dutch", "no": "Norwegian", "pl": "Polish",
    "pt": "Portuguese", "ro": "Romanian", "ru": "Russian", "sv": "Swedish", "tr": "Turkish", "uk": "Ukrainian",
    "zh": "Chinese",
}  # fmt: skip
# Function words that no neighbouring language shares.
_SURE_ENGLISH = frozenset(
    "the and what which how does with where when why between their our should would they there about because".split()
)
_INVERTED = frozenset("¿¡")


@lru_cache(maxsize=1)
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


def foreign_language(question: str) -> str | None:
    """The English name of the question's language where it is not English, else None.

    Short questions and those with English function words count as English: names and
    terms would otherwise be mistaken for other languages. Other scripts and an inverted
    question mark leave no doubt.
    """
    said = prose.words(question)
    latin = sum(char.isascii() for char in question if char.isalpha())
    letters = sum(char.isalpha() for char in question)
    doubtful = latin >= 0.5 * letters and not _INVERTED & set(question)
    if doubtful and (len(said) < LEAST_WORDS or any(word in _SURE_ENGLISH for word in said)):
        return None
    code, probability = _identifier().classify(question)
    if code == "en" or (doubtful and probability < 0.8):
        return None
    return LANGUAGE_NAMES.get(code, "a language other than English")
