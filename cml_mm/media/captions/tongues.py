"""Letters and commonest words of languages, by which the encoding of an old file is told."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Tongue:
    """A language as old files write it.

    `letters` are those beyond a to z, in lower case; `words` its commonest, for scripts without blanks its commonest
    signs; `encodings` the ones that it was written in, as Python names them.
    """

    letters: frozenset[str]
    words: frozenset[str]
    encodings: tuple[str, ...]
    spaced: bool = True


def _tongue(letters: str, words: str, *encodings: str) -> Tongue:
    return Tongue(frozenset(letters), frozenset(words.split()), encodings)


def _signs(signs: str, *encodings: str) -> Tongue:
    return Tongue(frozenset(), frozenset(signs), encodings, spaced=False)


_WEST = ("cp1252", "iso8859-15", "mac_roman", "cp850")
_MIDDLE = ("cp1250", "iso8859-2", "cp852")
_CYRILLIC = ("cp1251", "koi8-r", "koi8-u", "cp866", "iso8859-5")
_BORROWED = "éèêëàâäáçïîíñóôöøåæü"

TONGUES: tuple[Tongue, ...] = (
    _tongue(
        _BORROWED,
        "the of and to in is that it we for you this with on are as be not have what by or from at so they can",
        *_WEST,
    ),
    _tongue(
        "äöüßé",
        "der die das und ist in zu den nicht wir ein eine es mit sich auf für wie auch dass von im sie so aber über",
        *_WEST,
    ),
    _tongue(
        "àâæçéèêëîïôœùûüÿ",
        "le la les de des et est un une que qui dans pour pas nous vous ce sur avec il en du à au où on l d même très",
        *_WEST,
    ),
    _tongue(
        "áéíóúüñ",
        "el la los las de que y en un una es se por con para no lo como más pero su al del este también está son qué",
        *_WEST,
    ),
    _tongue(
        "áàâãçéêíóôõúü",
        "o a os as de que e em um uma é se por com para não no na como mais mas do da são também está isso nós você",
        *_WEST,
    ),
    _tongue(
        "àèéìíîòóùú",
        "il la i le di che e in un una è si per con non lo come più ma del della sono questo anche al da nel perché",
        *_WEST,
    ),
    _tongue(
        "àçèéíïòóúü",
        "el la els les de que i en un una és es per amb no com més però del al són aquest també a",
        *_WEST,
    ),
    _tongue(
        "éëèïóöüáêç",
        "de het een en van is in dat we niet te op voor met zijn die er ook maar om aan als wij hoe wat",
        *_WEST,
    ),
    _tongue("åäöéü", "och att det som en är i på för vi av med inte den har om till ett så vad kan var", *_WEST),
    _tongue("æøåéäöü", "og at det som en er i på for vi af av med ikke den har om til et så hvad hva kan", *_WEST),
    _tongue("äöåšž", "ja on se että ei ole oli mutta niin kun me myös tämä mitä ovat kuin hän voi jos", *_WEST),
    _tongue("áéíóúýðþæö", "og að er í það sem við á en um ekki til með fyrir hann af var", *_WEST),
    _tongue(
        "ąćęłńóśźż",
        "i w na z nie się to jest że do o jak ale co tak za od po czy dla są tego ich być przez my",
        *_MIDDLE,
    ),
    _tongue(
        "áčďéěíňóřšťúůýžäöü",
        "a v na se je že to s z do o jak ale co tak za od po pro jsou i jsme být není který si",
        *_MIDDLE,
    ),
    _tongue(
        "áäčďéíĺľňóôŕšťúýžöü",
        "a v na sa je že to s z do o ako ale čo tak za od po pre sú i sme byť nie ktorý si",
        *_MIDDLE,
    ),
    _tongue(
        "áéíóöőúüű",
        "a az és hogy nem is van egy ez de azt meg már csak mint ha el mi ki itt ami vagy kell még lehet közös",
        *_MIDDLE,
    ),
    _tongue(
        "čćđšžäöü",
        "i u je se na da su za od što koji ne to kao o ali s ili bi smo in v so pa ki ne za tudi z po",
        *_MIDDLE,
    ),
    _tongue("ăâîșțşţ", "și şi de la în nu este o un că cu a pe să din mai care pentru sunt ce noi dar am", *_MIDDLE),
    _tongue(
        "çğıöşüâîûi\u0307",
        "ve bir bu da de için ne ile çok ama olarak daha gibi var en o ben biz değil olan kadar sonra her",
        "cp1254",
        "iso8859-9",
        "cp857",
    ),
    _tongue("äöõüšž", "ja on ei et see ka oli kui mis aga ta me kes siis nii või meie ning", "cp1257", "iso8859-13"),
    _tongue(
        "āčēģīķļņšūž",
        "un ir ka ar no uz par kas es mēs tas nav arī bet lai var vai kā pie",
        "cp1257",
        "iso8859-13",
    ),
    _tongue(
        "ąčęėįšųūž",
        "ir kad yra tai su į iš ne kaip bet o ar apie mes už jis jos taip buvo",
        "cp1257",
        "iso8859-13",
    ),
    _tongue(
        "абвгдеёжзийклмнопрстуфхцчшщъыьэюя",
        "и в не на что с как это по но к из у за то мы а от о для так все его бы же он или они вы если есть",
        *_CYRILLIC,
    ),
    _tongue(
        "абвгґдеєжзиіїйклмнопрстуфхцчшщьюя",
        "і в не на що з як це по але до із у за то ми а від о для так все його би та він або вони ви якщо є й про ще",
        *_CYRILLIC,
    ),
    _tongue(
        "абвгдежзийклмнопрстуфхцчшщъьюя",
        "и в не на че с как това по но към от у за то ние а о да така всичко се са те или вие ако е ще като",
        *_CYRILLIC,
    ),
    _tongue(
        "абвгдђежзијклљмнњопрстћуфхцчџшѓѕќ",
        "и у не на што с како то по али да из се за је ми а од о тако све су они или ви ако са као који во и на",
        *_CYRILLIC,
    ),
    _tongue(
        "αβγδεζηθικλμνξοπρστυφχψωςάέήίόύώϊϋΐΰ",
        "και το του της να η ο με για που από είναι την τα στο των δεν θα οι σε μας αυτό στην ένα μια τον",
        "cp1253",
        "iso8859-7",
    ),
    _tongue(
        "אבגדהוזחטיךכלםמןנסעףפץצקרשת",
        "של את לא על הוא זה אני עם גם כי או אנחנו מה כל היא יש אם אז אבל הם זאת היה לנו לכם אתם",
        "cp1255",
        "iso8859-8",
    ),
    _tongue(
        "ءآأؤإئابةتثجحخدذرزسشصضطظعغـفقكلمنهوىيًٌٍَُِّْپچژگ",
        "في من على أن إلى لا ما هذا هذه هو هي عن مع كان التي الذي كل أو نحن ذلك ثم قد لم إن بين و",
        "cp1256",
        "iso8859-6",
    ),
    _signs(
        "的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里",
        "gb18030",
    ),
    _signs(
        "的一是不了在人有我他這個們中來上大為和國地到以說時要就出會可也你對生能而子那得於著下自之年過發後作裡",
        "big5hkscs",
    ),
    _signs(
        "のにはをたがでてとしれさあいうなもるらりこそまかくけきつすせみめよんっョスンルトドラリアイ", "cp932", "euc_jp"
    ),
    _signs("이다는을를의에가고하은지도로사한기그나어니들리인해서것있우습게라면만자수요시일보", "cp949"),
)
