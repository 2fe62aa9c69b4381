"""livekit-plugins-smallestai 1.8.9: the TTS plugin as an agent session drives it."""

import asyncio
import contextlib

import aiohttp
from common import BAD_KEY, INPUT, KEY, URL, WS_URL, main, saved, scenario
from livekit.agents import APIConnectOptions
from livekit.plugins import smallestai

TEXT = INPUT["text"]
LONG = INPUT["long"]
VOICE = INPUT["voice"]
ONCE = APIConnectOptions(max_retry=0)


@contextlib.asynccontextmanager
async def plugin(**more):
    async with aiohttp.ClientSession() as session:
        tts = smallestai.TTS(
            **{
                "api_key": KEY,
                "base_url": f"{URL}/waves/v1",
                "ws_url": f"{WS_URL}/waves/v1/tts/live",
                "model": "lightning_v3.1",
                "voice_id": VOICE,
                "http_session": session,
                **more,
            }
        )
        try:
            yield tts
        finally:
            await tts.aclose()


async def heard(stream) -> tuple[bytes, list]:
    """All audio of a stream and its timed words."""
    audio, words = b"", []
    async for event in stream:
        audio += bytes(event.frame.data)
        timed = event.frame.userdata.get("lk.timed_transcripts", [])
        words += [[str(word), word.start_time, word.end_time] for word in timed]
    return audio, words


async def spoken(tts, text, **options) -> tuple[bytes, list]:
    """Push a text word by word, as a language model would."""
    async with tts.stream(conn_options=ONCE) as stream:
        for word in text.split(" "):
            stream.push_text(word + " ")
            await asyncio.sleep(0)
        stream.end_input()
        return await heard(stream)


@scenario
async def chunked():
    async with plugin() as tts:
        audio, _ = await heard(tts.synthesize(TEXT, conn_options=ONCE))
    return saved("chunked.pcm", audio)


@scenario
async def chunked_wav():
    async with plugin(output_format="wav") as tts:
        audio, _ = await heard(tts.synthesize(TEXT, conn_options=ONCE))
    return saved("chunked-wav.pcm", audio)


@scenario
async def chunked_mp3():
    async with plugin(output_format="mp3") as tts:
        audio, _ = await heard(tts.synthesize(TEXT, conn_options=ONCE))
    return saved("chunked-mp3.pcm", audio)


@scenario
async def chunked_defaults():
    """The plugin's own model and voice: lightning_v3.1_pro, meher; then sophia."""
    async with aiohttp.ClientSession() as session:
        both = []
        for more in ({}, {"model": "lightning_v3.1"}):
            tts = smallestai.TTS(
                api_key=KEY, base_url=f"{URL}/waves/v1", http_session=session, **more
            )
            audio, _ = await heard(tts.synthesize(TEXT, conn_options=ONCE))
            both.append(saved(f"chunked-default-{len(both)}.pcm", audio))
            await tts.aclose()
    return both


@scenario
async def continuations():
    async with plugin() as tts:
        audio, words = await spoken(tts, TEXT)
    return saved("continuations.pcm", audio, words=words)


@scenario
async def continuations_turns():
    """One turn after the other; the plugin takes a new socket for each."""
    async with plugin() as tts:
        return [saved(f"turn-{n}.pcm", (await spoken(tts, TEXT))[0]) for n in range(2)]


@scenario
async def continuations_words():
    """Several sentences; the plugin stops 0.6 s after the last frame."""
    async with plugin(word_timestamps=True, voice_id="meher", model="lightning_v3.1_pro") as tts:
        audio, words = await spoken(tts, LONG)
    return saved("continuations-words.pcm", audio, words=words)


@scenario
async def continuations_slow_text():
    """A language model that pauses in the middle of a sentence for longer than the buffer delay."""
    async with plugin(max_buffer_delay_ms=200) as tts:
        stream = tts.stream(conn_options=ONCE)
        stream.push_text("The first half of this sentence ")
        first = await anext(stream)  # released without the rest of the sentence
        stream.push_text("comes before its second half.")
        stream.end_input()
        audio, _ = await heard(stream)
        await stream.aclose()
    return saved("continuations-slow.pcm", bytes(first.frame.data) + audio)


@scenario
async def buffered():
    """``use_continuations=False``: waits for one complete, and uses the socket again."""
    async with plugin(use_continuations=False) as tts:
        first, _ = await spoken(tts, TEXT)
        second, _ = await spoken(tts, TEXT)
    return [saved("buffered-1.pcm", first), saved("buffered-2.pcm", second)]


@scenario
async def buffered_words():
    async with plugin(
        use_continuations=False, word_timestamps=True, voice_id="meher", max_buffer_flush_ms=500
    ) as tts:
        audio, words = await spoken(tts, LONG)
    return saved("buffered-words.pcm", audio, words=words)


@scenario
async def barge_in():
    """The user speaks: the stream is closed while audio still comes, then a new turn starts."""
    async with plugin() as tts:
        stream = tts.stream(conn_options=ONCE)
        stream.push_text(LONG)
        stream.flush()
        first = await anext(stream)
        await stream.aclose()
        audio, _ = await spoken(tts, TEXT)
    return saved("barge-in.pcm", audio, first=len(bytes(first.frame.data)))


@scenario
async def barge_in_before_the_end_of_the_text():
    """Interrupted with the context still open: the plugin sends ``cancel_request``."""
    async with plugin() as tts:
        stream = tts.stream(conn_options=ONCE)
        stream.push_text(LONG)
        first = await anext(stream)
        await stream.aclose()
        audio, _ = await spoken(tts, TEXT)
    return saved("barge-in-open.pcm", audio, first=len(bytes(first.frame.data)))


@scenario
async def barge_in_buffered():
    async with plugin(use_continuations=False) as tts:
        stream = tts.stream(conn_options=ONCE)
        stream.push_text(LONG)
        stream.flush()
        first = await anext(stream)
        await stream.aclose()
        audio, _ = await spoken(tts, TEXT)
    return saved("barge-in-buffered.pcm", audio, first=len(bytes(first.frame.data)))


@scenario
async def prewarmed():
    async with plugin() as tts:
        tts.prewarm()
        audio, _ = await spoken(tts, TEXT)
    return saved("prewarmed.pcm", audio)


@scenario
async def bad_key():
    async with plugin(api_key=BAD_KEY) as tts:
        await heard(tts.synthesize(TEXT))


@scenario
async def bad_key_stream():
    async with plugin(api_key=BAD_KEY) as tts, tts.stream() as stream:
        stream.push_text(TEXT)
        stream.end_input()
        await heard(stream)


@scenario
async def bad_voice():
    async with plugin(voice_id="nobody") as tts:
        await heard(tts.synthesize(TEXT))


@scenario
async def bad_voice_stream():
    async with plugin(voice_id="nobody") as tts:
        await spoken(tts, TEXT)


main()
