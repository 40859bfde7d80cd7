"""Words that say nothing by themselves in languages that visitors' letters and questions are written in.

English stop words are `prose.STOP_WORDS`. A German question holds others, and each of them would
count as a rare word that a file does not say. They are passed over only where a question holds
several of one language, since "die", "war" or "pour" are words of English too.
"""

from __future__ import annotations

from cml_mm import prose

LEAST_WORDS = 2  # of one language
LEAST_SHARE = 0.4  # of a question's words
_LANGUAGES = (
    """wie was wer wo wann warum welche welcher welches wem wen der die das des dem den ein eine einer eines einem
    einen ist sind war waren wird werden hat haben kann darf muss soll und oder aber nicht kein keine bis von vom zu
    zum zur im in am an auf fur mit bei nach aus uber unter vor hoch viel viele es er sie wir ihr ich man steht sagt
    gibt unser unsere mein meine""",
    """que quoi qui ou quand comment combien pourquoi quel quelle quels quelles le la les l un une des du de d est sont
    etait a ont peut doit et mais ne pas pour par avec sans sur sous dans en au aux ce cette ces il elle on nous vous
    notre nos mon ma mes y""",
    """que quien quienes donde cuando como cuanto cuanta cuantos cuantas cual cuales por para el la los las un una unos
    de del al es son esta estan fue ha han hay puede debe y o pero no con sin en sobre se su sus lo nuestro nuestra
    cuesta mi""",
    """che chi cosa dove quando come quanto quanta quanti quante quale quali perche il lo la i gli le un uno una di del
    della dei delle da dal al alla e sono era ha hanno puo deve ed o ma non con senza in nel nella su per si nostro
    nostra mio mia""",
    """que quem onde quando como quanto quanta quantos qual quais por para o a os as um uma de do da dos das no na nos
    nas em e sao foi tem pode deve ou mas nao com sem sobre se seu sua nosso nossa""",
    """wat wie waar wanneer waarom hoe hoeveel welke de het een van voor naar op in met zonder bij uit is zijn was heeft
    kan mag moet en of maar niet geen er onze ons mijn""",
)
_WORDS = tuple(frozenset(words.split()) for words in _LANGUAGES)


def function_words(question: str) -> frozenset[str]:
    """Those of a question in the language that it holds most of; none where it seems to be English."""
    said = prose.words(question)
    found = [[word for word in said if word in words] for words in _WORDS]
    most = max(found, key=len)
    english = sum(word in prose.STOP_WORDS for word in said)
    enough = len(most) >= LEAST_WORDS and len(most) >= LEAST_SHARE * len(said) and len(most) > english
    return frozenset(most) if enough else frozenset()
