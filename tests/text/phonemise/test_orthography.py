"""Spellings of Indian languages: what is said, in both normal forms, schwa by schwa."""

# ruff: noqa: E501  ruff counts the width of wide characters, and editors do not agree on it

import unicodedata

import pytest

from groundswell.text.phonemise.espeak import pieces
from groundswell.text.phonemise.orthography import respelled, schwas
from groundswell.text.plan import PlanOptions, plan


def said(text: str, language: str) -> str:
    return "".join(piece.phonemes for piece in pieces(text, language))


def flat(text: str, language: str) -> str:
    """Without stress: which vowels and consonants are heard."""
    return unicodedata.normalize("NFC", said(text, language).replace("ˈ", "").replace("ˌ", ""))


# Thirty words each, as a speaker of the standard language says them.
HINDI = """
कमल kʌməl|कमला kʌmlaː|बचपन bʌcpən|समझना sʌməɟʰnaː|नमकीन nəmkiːn|सड़क sʌɾək|लड़का lʌɾkaː
कहना kʌhnaː|रहना ɾʌhnaː|पहला pʌhlaː|पढ़ना pʌɾhnaː|मेहनत meːhnət|पहचान pəhcaːn|महसूस məhsuːs
शहर ʃʌhəɾ|बहन bʌhən|आदमी aːdmi|सरकार səɾkaːɾ|चलती cʌlti|औरत ɔːɾət|भारत bʰaːɾət|इमारत ɪmaːɾət
दुबला dʊblaː|बिजली bɪɟli|रोशनी ɾoːʃni|सोमवार soːmʋaːɾ|महल mʌhəl|फ़िल्म fɪlm|जन्म ɟʌnm|सुबह sʊbəh
"""
GUJARATI = """
સરકાર sʌɾkaːɾ|છોકરો cʰoːkɾoː|કરવું kʌrʋũ|ચાલવું caːlʋũ|સમજવું səmʌɟʋũ|લડવું lʌɖʋũ|કમળ kəmʌl
ઝડપ zəɖʌp|ઘર ɡʰʌɾ|બજાર bʌɟaːɾ|વરસાદ wərsaːd|ગુજરાત ɡuɟɾaːt|અમદાવાદ ʌmdaːʋaːd|આંખ aːŋkʰ|ચાંદ caːnd
પાણી paːɳi|ફળ pʰʌl|બાળક baːlʌk|જીવન ɟiʋʌn|ગામડું ɡaːmɖũ|મુંબઈ mumbʌi|હાં hãː|નહીં nʌhĩ|ગાંધી ɡaːndʰi
ઉપર ʊpəɾ|નીચે niːceː|શહેર ʃʌheːɾ|ડર ɖʌɾ|ઘોડો ɡʰoːɖoː|સંસાર sʌnsaːɾ
"""
PUNJABI = """
ਕਮਰਾ kʌmɾa|ਸਰਕਾਰ səɾkaɾ|ਅਦਰਕ ʌdɾək|ਪੜ੍ਹਨਾ pʌɾna|ਲੜਕਾ lʌɾka|ਜਾਣਕਾਰੀ ɟaɳkaɾi|ਬਚਪਨ bʌcpən|ਸਮਝਣਾ səmʌɟɳa
ਸਿੰਘ sɪŋɡ|ਮੁੰਡਾ mʊɳɖa|ਪੰਜਾਬ pəɲɟab|ਕੰਮ kʌmm|ਗੰਗਾ ɡʌŋɡa|ਕੱਲ੍ਹ kʌl|ਘਰ kʌɾ|ਭਾਰਤ paɾət|ਢੋਲ ʈol|ਦੁੱਧ dʊd|ਬਾਘ baɡ
ਸੜਕ sʌɾək|ਕਮਲ kʌməl|ਰਾਤ ɾat|ਬੱਚਾ bʌcːa|ਚੰਗਾ cʌŋɡa|ਸ਼ਹਿਰ ʃʌhɪɾ|ਜ਼ਮੀਨ zəmin|ਖ਼ਬਰ xʌbəɾ|ਪਿੰਡ pɪɳɖ|ਔਰਤ ɔɾət|ਨਹੀਂ nʌhĩ
"""
MARATHI = """
मुलगा mʊlɡaː|मुलगी mʊlɡi|करतो kʌɾtoː|बसतो bʌstoː|सरकार səɾkaːɾ|लहान ləhaːn|शिक्षण ʃɪkʃəɳ|करणार kəɾɳaːɾ
करणे kʌɾɳeː|असणे ʌsɳeː|बोलणे boːlɳeː|कामगार kaːmɡaːɾ|नागरिक naːɡɾɪk|रविवार ɾəvɪvaːɾ|बुधवार bʊdʰvaːɾ|घर ɡʰʌɾ
माझा maːʣʰaː|झोप ʣʰoːp|चांगला ʦaːŋɡəlaː|त्याचा tːjaːʦaː|पाच paːʦ|चार caːɾ|मुंबई mʊmbəi|आंबा aːmbaː|बाळ baːl
दोन doːn|तीन tiːn|मराठी məɾaːʈʰi|केळ keːl|साठी saːʈʰi
"""


def words(table: str) -> list[tuple[str, str]]:
    table = unicodedata.normalize("NFC", table)
    pairs = [pair.split() for pair in table.replace("\n", "|").split("|") if pair.strip()]
    return [(word, phonemes) for word, phonemes in pairs]


@pytest.mark.parametrize(
    ("language", "table"), [("hi", HINDI), ("gu", GUJARATI), ("pa", PUNJABI), ("mr", MARATHI)]
)
def test_thirty_words(language: str, table: str) -> None:
    pairs = words(table)
    assert len(pairs) == 30
    assert [(word, flat(word, language)) for word, _ in pairs] == pairs


@pytest.mark.parametrize(
    ("language", "text", "phonemes"),
    [
        ("bn", "পড়া হওয়া ধন্যবাদ বাড়ি এক করছে", "pɔɾa hɔwa dʰonnobad baɾi æk koɾʧʰe"),
        ("or", "ଓଡ଼ିଆ ଭୁବନେଶ୍ୱର ଘର ୱାର୍ଡ କ୍ଷମା ଜଳ", "oɾia bʰubɔnesbɔɾɔ ɡʰɔɾɔ waɾɖɔ kʰɔma ɟɔlɔ"),
        ("te", "జీవితం గంగ సంసారం", "ɟiːʋitam ɡaŋɡa samsaːɾam"),
        ("ml", "വീട് അത് അറ്റം മഴ", "viːɖɨ ɐdɨ ɐtːəm mɐɻɐ"),
        ("ta", "காற்று இது ஹரி", "kaːʈrɯ idɯ hʌɾi"),
        ("kn", "ರಾಮ ಮಳೆ", "ɾaːmɐ mɐle"),
        ("hi", "आँख हिंदी मुँह गाँव", "aːŋkʰ hɪndi mũh ɡãʋ"),
    ],
)
def test_espeaks_mistakes_are_mended(language: str, text: str, phonemes: str) -> None:
    assert flat(text, language) == unicodedata.normalize("NFC", phonemes)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("hi", "क़लम ख़बर ग़लत ज़मीन सड़क पढ़ना फ़ौज"),
        ("bn", "বাড়ি আষাঢ় সময় হওয়া"),
        ("pa", "ਸ਼ਹਿਰ ਖ਼ਬਰ ਜ਼ਮੀਨ ਫ਼ਲ"),
        ("or", "ଓଡ଼ିଆ ଗାଢ଼"),
        ("ta", "கொடி போ சௌ"),
        ("ml", "കൊടി പോ"),
    ],
)
def test_composed_and_decomposed_letters_are_said_alike(language: str, text: str) -> None:
    whole = text
    for mark in (0x093C, 0x09BC, 0x0A3C, 0x0B3C):  # what NFC takes apart
        for code in range(mark & 0xFF80, (mark & 0xFF80) + 0x80):
            apart = unicodedata.normalize("NFD", chr(code))
            if len(apart) == 2 and apart[1] == chr(mark):
                whole = whole.replace(apart, chr(code))
    said = {
        "".join(segment.phonemes for segment in plan(form, PlanOptions(language=language)))
        for form in (
            text,
            whole,
            unicodedata.normalize("NFD", text),
            unicodedata.normalize("NFC", text),
        )
    }
    assert len(said) == 1


@pytest.mark.parametrize(("language", "plain"), [("hi", "क्षमा"), ("kn", "ರ್ಯಾಂಕ್")])
def test_joiners_change_no_sound(language: str, plain: str) -> None:
    virama = {"hi": "्", "kn": "್"}[language]
    for joiner in "\u200c\u200d":
        assert flat(plain.replace(virama, virama + joiner, 1), language) == flat(plain, language)


def test_a_word_stays_one_word() -> None:
    for language, text in (("hi", "कहना आँख  बचपन"), ("mr", "माझा त्याचा"), ("bn", "বড় এক")):
        assert len(respelled(text, language).split()) == len(text.split())
    assert respelled("Hello", "hi") == "Hello"
    assert schwas("कहना", "hi") == "कह्ना"
