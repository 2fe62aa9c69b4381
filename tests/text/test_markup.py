"""Inline controls: what is one, what it asks for, and what stays text."""

import time
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groundswell.errors import InvalidInput
from groundswell.text.markup import MAX_PAUSE, MAX_PAUSES, Markup, parse, unfinished
from groundswell.text.plan import PlanOptions, Segment, plan


def planned(text: str, language: str = "en") -> list[Segment]:
    return list(plan(text, PlanOptions(language=language)))


def spoken(text: str, language: str = "en") -> str:
    return " ".join(segment.spoken for segment in planned(text, language))


@pytest.mark.parametrize(
    "text",
    [
        "a < b and c > d",
        "x<y>z",
        "I <3 you",
        "Vec<String>",
        "H<sub>2</sub>O",
        "use the <p> tag",
        "<b>bold</b> <i>it</i>",
        "if a<s then",
        "a </s> b",
        "<break> down",
        '<break time="1s',
        "[paused] [pause x] [pause 5]",
        "list[pause]s[0]"[:4],
        "<speak",
        "email <someone@example.com>",
        '<lang>x</lang> <prosody>y</prosody> <sub alias="z">',
        "&lt;break/&gt; AT&amp;T",
    ],
)
def test_what_is_no_control_is_text(text: str) -> None:
    assert parse(text) == Markup(text)


@pytest.mark.parametrize(
    ("control", "seconds"),
    [
        ("[pause 500ms]", 0.5),
        ("[pause 1.5s]", 1.5),
        ("[pause:2s]", 2.0),
        ("[pause: 300 ms]", 0.3),
        ("[PAUSE 1S]", 1.0),
        ("[pause]", 0.5),
        ("[pause 99s]", MAX_PAUSE),
        ('<break time="700ms"/>', 0.7),
        ("<break time='1s' />", 1.0),
        ('<break time="1s"></break>', 1.0),
        ('<break strength="strong"/>', 0.8),
        ("<break/>", 0.5),
    ],
)
def test_pauses(control: str, seconds: float) -> None:
    text = f"One, two {control} three."
    first, second = planned(text)
    assert (first.silence, first.pause) == (seconds, 0.0)
    assert [word.text for word in first.words] == ["One,", "two"]
    assert [word.text for word in second.words] == ["three."]
    assert text[second.start : second.end] == "three."


def test_pauses_at_the_ends_and_in_a_row() -> None:
    (only,) = planned("[pause 1s] Hello. [pause 2s][pause 1s]")
    assert (only.lead, only.silence) == (1.0, 3.0)
    total = sum(s.lead + s.silence for s in planned("Well [pause 9s] " * 50 + "end."))
    assert total == pytest.approx(MAX_PAUSES)


def test_a_pause_alone_says_nothing() -> None:
    with pytest.raises(InvalidInput, match="Nothing in the text"):
        planned("[pause 1s]")


def test_rate() -> None:
    inner = '<prosody rate="50%">more</prosody>'
    segments = planned(f'Now <prosody rate="slow">slowly {inner}</prosody> on.')
    assert [(s.spoken, s.rate) for s in segments] == [
        ("Now", 1.0),
        ("slowly", 0.75),
        ("more", 0.375),
        ("on.", 1.0),
    ]


@pytest.mark.parametrize(
    ("rate", "factor"), [("fast", 1.25), ("120%", 1.2), ("+20%", 1.2), ("-25%", 0.75), ("1.5", 1.5)]
)
def test_rates(rate: str, factor: float) -> None:
    (segment,) = planned(f'<prosody rate="{rate}">Hello</prosody>')
    assert segment.rate == pytest.approx(factor)


def test_words_as_typed_without_the_tags() -> None:
    said = '<phoneme ph="təˈmɑːtoʊ">tomato</phoneme>'
    text = f'The <sub alias="World Wide Web">WWW</sub>, I say {said}.'
    (segment,) = planned(text)
    words = {word.text: word for word in segment.words}
    assert list(words) == ["The", "WWW", "I", "say", "tomato"]
    assert words["WWW"].spoken == "World Wide Web"
    assert segment.spoken == "The World Wide Web, I say tomato."
    assert segment.phonemes[slice(*words["tomato"].phonemes)] == "təmˈɑtO"
    assert all(text[word.start : word.end] == word.text for word in segment.words)


@pytest.mark.parametrize(
    ("kind", "typed", "said"),
    [
        ("characters", "AB1", "A B one"),
        ("spell-out", "Cat", "C A T"),
        ("digits", "1234", "one two three four"),
        ("ordinal", "21", "twenty first"),
        ("cardinal", "2024", "two thousand twenty four"),
    ],
)
def test_say_as(kind: str, typed: str, said: str) -> None:
    found = spoken(f'It is <say-as interpret-as="{kind}">{typed}</say-as> now.')
    heard = found.removeprefix("It is ").removesuffix(" now.")
    assert heard.lower().replace("-", " ") == said.lower()


def test_language() -> None:
    (segment,) = planned('She said <lang xml:lang="fr-FR">bonjour</lang> and left.')
    assert [word.language for word in segment.words] == ["en", "en", "fr", "en", "en"]
    assert segment.language == "en"
    (segment,) = planned('<speak xml:lang="es">Hola, amigo.</speak>')
    assert segment.language == "es"


def test_document() -> None:
    text = (
        '<?xml version="1.0"?><speak version="1.0"><p><s>AT&amp;T said &lt;no&gt;</s>'
        "<s>Fine</s></p><!-- not this --><p>Last</p></speak>"
    )
    segments = planned(text)
    assert [word.text for s in segments for word in s.words] == [
        "AT&amp;T",
        "said",
        "&lt;no&gt;",
        "Fine",
        "Last",
    ]
    assert [segment.pause for segment in segments] == [0.16, 0.4, 0.0]


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("<speak>Hi <b>there</b></speak>", "<b> at character 10"),
        ("<speak>Hi <s>there</speak>", "<s> at character 10 is still open"),
        ("<speak>Hi there", "<speak> at character 0"),
        ("<speak>Hi</s> there</speak>", "</s> at character 9"),
        ("<speak>a < b</speak>", "'<' at character 9"),
        ("<speak>a</speak> b", "character 16"),
        ('<speak><sub alias="x">a <break/></sub></speak>', "<break> at character 24"),
        ("<speak><sub>a</sub></speak>", "alias"),
        ("<speak><speak>a</speak></speak>", "<speak> at character 7"),
        ('Hi <break time="soon"/> there', "<break> at character 3"),
        ('Hi <break strength="huge"/> there', "strength"),
        ('<prosody rate="warp">a</prosody>', "rate"),
        ('<prosody pitch="high">a</prosody>', "pitch"),
        ('<lang xml:lang="xx">a</lang>', "unknown language 'xx'"),
        ('<phoneme alphabet="x-sampa" ph="t">a</phoneme>', "alphabet"),
        ('<phoneme ph="☃">a</phoneme>', "U+2603"),
        ('<say-as interpret-as="song">a</say-as>', "interpret-as"),
    ],
)
def test_what_cannot_be_done_is_refused(text: str, named: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        plan(text)
    assert named in caught.value.message
    assert caught.value.field == "text"


TOKENS = st.sampled_from(
    [
        *("<speak>", "</speak>", "<p>", "</p>", "<s>", "</s>", "<break/>", "[pause 1s]", "[pause"),
        *('<break time="1s"/>', '<sub alias="x y">', "</sub>", '<prosody rate="fast">', "<", ">"),
        *("</prosody>", '<lang xml:lang="hi">', "</lang>", '<say-as interpret-as="digits">'),
        *("</say-as>", '<phoneme ph="a">', "</phoneme>", "one ", "12", " नमस्ते ", ".", " ", "&lt;"),
        *("<!--", "-->", "<?", "?>", "&", "]", '"', "\n"),
    ]
)


@given(st.lists(TOKENS, max_size=40).map("".join))
def test_any_mixture_is_planned_or_refused(text: str) -> None:
    try:
        segments = planned(text)
    except InvalidInput as error:
        assert error.field == "text"  # noqa: PT017  either outcome is right
        return
    at = index = -1
    for segment in segments:
        assert segment.text == text[segment.start : segment.end]
        assert 0 <= segment.lead + segment.silence <= 2 * MAX_PAUSES
        for word in segment.words:
            assert word.start >= at
            assert word.index >= index
            assert word.text == text[word.start : word.end]
            at, index = word.end, word.index


@pytest.mark.parametrize(
    "unit",
    ["<", "<p>", "</p>", "<p", "<p a='", '<sub alias="', "<!--", "[pause ", "<s></p>",
     "<lang xml:lang='fr'>", "<prosody rate='slow'>a", "&",
     "<p a=", "<?", "<break/>", "< ", "<p></p>"],
)  # fmt: skip
@pytest.mark.parametrize("frame", ["{}", "<speak>{}</speak>"])
def test_hostile_markup_is_read_in_linear_time(unit: str, frame: str) -> None:
    text = frame.format(unit * (40_000 // len(unit)))
    began = time.perf_counter()
    with suppress(InvalidInput):
        parse(text)
    unfinished(text)
    assert time.perf_counter() - began < 20  # quadratic takes minutes


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("Hello <bre", 6),
        ("Hello <", 6),
        ("Hello [pau", 6),
        ('Hello <break time="1', 6),
        ("Hello <break/> you", 18),
        ('Hello <sub alias="x">you', 6),
        ('Hello <sub alias="x">you</sub>', 30),
        ('<prosody rate="slow">One. Two.', 0),
        ("<speak>One. Two.", 0),
        ("a < b", 5),
        ("a [1", 4),
        ("I <3 you", 8),
        ("</", 0),
    ],
)
def test_unfinished(text: str, at: int) -> None:
    assert unfinished(text) == at
