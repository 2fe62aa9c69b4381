"""SDK 3.1.0: ``WavesClient``, ``AsyncWavesClient``, ``TextToAudioStream``."""

import asyncio
import json
from collections.abc import AsyncIterator

from common import BAD_KEY, INPUT, KEY, OUT, URL, main, saved, scenario
from smallestai.waves import (
    AsyncWavesClient,
    TextToAudioStream,
    WavesClient,
    async_waves_client,
    utils,
    waves_client,
)

# The SDK has no setting for it: the base URL is a constant that two modules import by name.
for module in (utils, waves_client, async_waves_client):
    module.API_BASE_URL = f"{URL}/api/v1"

TEXT = INPUT["text"]
LONG = INPUT["long"]


@scenario
def voices():
    client = WavesClient(api_key=KEY)
    listed = {}
    for model in client.get_models():
        answer = client.get_voices(model=model)
        assert isinstance(answer, str)
        listed[model] = [voice["voiceId"] for voice in json.loads(answer)["voices"]]
    return listed


@scenario
def wav():
    return saved("wav.wav", WavesClient(api_key=KEY).synthesize(TEXT))


@scenario
def pcm():
    client = WavesClient(api_key=KEY, add_wav_header=False, sample_rate=16000, speed=1.25)
    return saved("pcm.pcm", client.synthesize(TEXT), 16000)


@scenario
def saved_as():
    path = OUT / "saved_as.wav"
    assert WavesClient(api_key=KEY).synthesize(TEXT, save_as=str(path)) is None
    return {"file": str(path), "rate": 24000}


LARGE = {"api_key": KEY, "model": "lightning-large", "voice_id": "lakshya"}


@scenario
def streamed():
    """One request for every 140 characters of text."""
    chunks = list(WavesClient(**LARGE).synthesize(LONG, stream=True))
    return saved("streamed.pcm", b"".join(chunks), chunks=len(chunks))


@scenario
def long_text_joined():
    return saved("long.pcm", WavesClient(**LARGE).synthesize(LONG, add_wav_header=False))


@scenario
def large():
    return saved("large.wav", WavesClient(**LARGE, consistency=0.6).synthesize(TEXT))


@scenario
def v2():
    client = WavesClient(api_key=KEY, model="lightning-v2", voice_id=INPUT["voice"])
    audio = client.synthesize(TEXT, similarity=0.3, enhancement=2, add_wav_header=False)
    return saved("v2.pcm", audio)


@scenario
async def asynchronous():
    async with AsyncWavesClient(api_key=KEY, add_wav_header=False) as client:
        one, two = await asyncio.gather(client.synthesize(TEXT), client.synthesize(TEXT))
        stream = await client.synthesize(
            LONG, stream=True, model="lightning-large", voice_id="lakshya"
        )
        chunks = [chunk async for chunk in stream]
    assert one == two
    return {
        "plain": saved("async.pcm", one),
        "streamed": saved("async-streamed.pcm", b"".join(chunks), chunks=len(chunks)),
    }


async def _spoken_by_a_language_model() -> AsyncIterator[str]:
    for position, word in enumerate(LONG.split(" ")):
        await asyncio.sleep(0.001)
        # The space comes first, as in a model's tokens: the SDK strips one at the end of a cut.
        yield f" {word}" if position else word


@scenario
async def text_to_audio_stream():
    processor = TextToAudioStream(tts_instance=WavesClient(**LARGE))
    chunks = [chunk async for chunk in processor.process(_spoken_by_a_language_model())]
    return saved("stream.pcm", b"".join(chunks), chunks=len(chunks))


@scenario
async def text_to_audio_stream_asynchronous():
    processor = TextToAudioStream(tts_instance=AsyncWavesClient(**LARGE))
    chunks = [chunk async for chunk in processor.process(_spoken_by_a_language_model())]
    return saved("stream-async.pcm", b"".join(chunks), chunks=len(chunks))


@scenario
def bad_key():
    WavesClient(api_key=BAD_KEY).synthesize(TEXT)


@scenario
async def bad_key_asynchronous():
    async with AsyncWavesClient(api_key=BAD_KEY) as client:
        await client.synthesize(TEXT)


@scenario
def bad_key_voices():
    WavesClient(api_key=BAD_KEY).get_voices()


@scenario
def bad_voice():
    WavesClient(api_key=KEY, voice_id="nobody").synthesize(TEXT)


@scenario
def bad_rate():
    WavesClient(api_key=KEY, sample_rate=44100).synthesize(TEXT)


main()
