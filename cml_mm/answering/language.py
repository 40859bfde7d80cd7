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


def language_words(language: str, english_only: bool, of_files: bool = False) -> str:
    """What to say of a question in another language than English.

    Args:
        language: its English name.
        english_only: whether the text encoder in use reads nothing else.
        of_files: whether the asker's own files, in whatever language, were asked.
    """
    said = f"Your question seems to be in {language}."
    if not english_only:
        held = "" if of_files else " This library is in English:"
        return f"{said}{held} What was found goes by meaning alone, and words that must agree were not compared."
    if of_files:
        return (
            f"{said} The text encoder in use reads English only, so what was found may miss the point; words that your"
            " files use themselves are found all the same."
        )
    return (
        f"{said} This library is in English and the text encoder in use reads English only, so what was found may miss"
        " the point. Asking in English works better."
    )
