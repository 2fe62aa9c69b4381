"""SDK 4.4.7: the generated client, its sockets, and the ``WavesStreamingTTS`` of before."""

import base64
from contextlib import contextmanager

from common import BAD_KEY, INPUT, KEY, URL, WS_URL, main, saved, scenario
from generated_sdk import helper_scenarios, joined
from smallestai import AsyncSmallestAI, SmallestAI
from smallestai.core.events import EventType
from smallestai.environment import SmallestAIEnvironment
from smallestai.waves import PronunciationItem, TTSConfig, WavesStreamingTTS
from smallestai.waves.lightning_v2tts.types.lightning_v2tts_request_message import (
    LightningV2TtsRequestMessage,
)
from smallestai.waves.lightning_v31tts.types.lightning_v31tts_request_message import (
    LightningV31TtsRequestMessage,
)
from smallestai.waves.streaming_tts.types.stream_tts_request_message import (
    StreamTtsRequestMessage,
)

OURS = SmallestAIEnvironment(atoms=URL, waves=URL, waves_ws=WS_URL)
TEXT = INPUT["text"]
VOICE = INPUT["voice"]
COMMON = {"text": TEXT, "voice_id": VOICE, "sample_rate": 24000}


def client(key: str = KEY) -> SmallestAI:
    return SmallestAI(api_key=key, environment=OURS)


def asynchronous_client(key: str = KEY) -> AsyncSmallestAI:
    return AsyncSmallestAI(api_key=key, environment=OURS)


@contextmanager
def shim_url():
    """The helper has no argument for it: the URL is an attribute."""
    before = WavesStreamingTTS.WS_URL
    WavesStreamingTTS.WS_URL = f"{WS_URL}/waves/v1/lightning-v3.1/get_speech/stream"
    try:
        yield
    finally:
        WavesStreamingTTS.WS_URL = before


def shim(**more) -> WavesStreamingTTS:
    with shim_url():
        return WavesStreamingTTS(TTSConfig(**{"voice_id": VOICE, "api_key": KEY, **more}))


helper_scenarios(shim)


@scenario
def voices():
    answer = client().waves.get_voices(model="lightning-v3.1")
    first = answer.voices[0]
    return {
        "ids": [voice.voice_id for voice in answer.voices],
        "gender": first.tags.gender,
        "language": first.tags.language,
    }


@scenario
def lightning():
    return saved("lightning.pcm", b"".join(client().waves.synthesize_lightning(**COMMON)))


@scenario
def large():
    return saved("large.pcm", b"".join(client().waves.synthesize_lightning_large(**COMMON)))


@scenario
def v2():
    audio = b"".join(
        client().waves.synthesize_lightning_v2(**COMMON, consistency=0.5, enhancement=1)
    )
    return saved("v2.pcm", audio)


@scenario
def v31():
    return saved("v31.pcm", b"".join(client().waves.synthesize_lightning_v31(**COMMON)))


@scenario
def v31_wav():
    audio = b"".join(client().waves.synthesize_lightning_v31(**COMMON, output_format="wav"))
    return saved("v31.wav", audio)


@scenario
async def v31_asynchronous():
    parts = [part async for part in asynchronous_client().waves.synthesize_lightning_v31(**COMMON)]
    return saved("v31-async.pcm", b"".join(parts))


def _events(events) -> tuple[bytes, list[str]]:
    audio, kinds = b"", []
    for event in events:
        if event.get("audio"):
            assert "done" not in event
            audio += base64.b64decode(event["audio"])
            kinds.append("audio")
        else:
            kinds.append("done" if event.get("done") is True else repr(event))
    return audio, kinds


@scenario
def events_v31():
    audio, kinds = _events(client().waves.synthesize_sse_lightning_v31(**COMMON))
    return saved("sse-v31.pcm", audio, kinds=kinds)


@scenario
def events_v2():
    audio, kinds = _events(client().waves.synthesize_sse_lightning_v2(**COMMON))
    return saved("sse-v2.pcm", audio, kinds=kinds)


@scenario
def events_large():
    audio, kinds = _events(client().waves.synthesize_sse_lightning_large(**COMMON))
    return saved("sse-large.pcm", audio, kinds=kinds)


@scenario
async def events_v31_asynchronous():
    stream = asynchronous_client().waves.synthesize_sse_lightning_v31(**COMMON)
    audio, kinds = _events([event async for event in stream])
    return saved("sse-v31-async.pcm", audio, kinds=kinds)


@scenario
def socket_v31():
    with client().waves.lightning_v31tts.connect() as socket:
        socket.synthesize_streaming_lightning_v_3_1(LightningV31TtsRequestMessage(**COMMON))
        first = joined(socket)
        # The socket stays open after complete.
        again = LightningV31TtsRequestMessage(**COMMON, request_id="again-1", session_id="mine")
        socket.synthesize_streaming_lightning_v_3_1(again)
        frame = socket.recv()
        second = base64.b64decode(frame.data.audio) + joined(socket)
    return {
        "first": saved("ws-v31.pcm", first),
        "second": saved("ws-v31-2.pcm", second),
        "external": [frame.external_request_id, frame.external_session_id],
    }


@scenario
async def socket_v31_asynchronous():
    async with asynchronous_client().waves.lightning_v31tts.connect() as socket:
        message = LightningV31TtsRequestMessage(**COMMON)
        await socket.synthesize_streaming_lightning_v_3_1(message)
        frames = []
        async for frame in socket:
            frames.append(frame)
            if frame.status != "chunk":
                break
    return saved("ws-v31-async.pcm", joined(frames))


@scenario
def socket_v31_fragments():
    """Text in fragments with ``continue``, then the documented end."""
    with client().waves.lightning_v31tts.connect() as socket:
        send = socket.synthesize_streaming_lightning_v_3_1
        for word in TEXT.split(" "):
            fragment = {**COMMON, "text": word + " ", "continue": True}
            send(LightningV31TtsRequestMessage(**fragment))
        end = {**COMMON, "text": "", "flush": True, "continue": False}
        send(LightningV31TtsRequestMessage(**end))
        return saved("ws-fragments.pcm", joined(socket))


@scenario
def socket_v2():
    with client().waves.lightning_v2tts.connect() as socket:
        message = LightningV2TtsRequestMessage(**COMMON)
        socket.synthesize_streaming_lightning_v_2(message)
        return saved("ws-v2.pcm", joined(socket))


@scenario
def socket_streaming_tts():
    with client().waves.streaming_tts.connect() as socket:
        socket.synthesize_streaming(
            StreamTtsRequestMessage(**COMMON, is_streaming=False, is_final=True)
        )
        return saved("ws-streaming-tts.pcm", joined(socket))


@scenario
def socket_events():
    """The listener: callbacks by event, until the socket closes."""
    audio, seen = bytearray(), []
    with client().waves.lightning_v31tts.connect() as socket:

        def heard(frame):
            seen.append(frame.status)
            if frame.status == "chunk":
                audio.extend(base64.b64decode(frame.data.audio))
            else:
                socket._websocket.close()

        socket.on(EventType.MESSAGE, heard)
        socket.synthesize_streaming_lightning_v_3_1(LightningV31TtsRequestMessage(**COMMON))
        socket.start_listening()
    return saved("ws-events.pcm", bytes(audio), last=seen[-1])


@scenario
def bad_key():
    list(client(BAD_KEY).waves.synthesize_lightning_v31(**COMMON))


@scenario
def bad_key_events():
    list(client(BAD_KEY).waves.synthesize_sse_lightning_v31(**COMMON))


@scenario
def bad_key_socket():
    with client(BAD_KEY).waves.lightning_v31tts.connect():
        pass


@scenario
async def bad_key_socket_asynchronous():
    async with asynchronous_client(BAD_KEY).waves.lightning_v31tts.connect():
        pass


@scenario
def bad_voice():
    list(client().waves.synthesize_lightning_v31(**{**COMMON, "voice_id": "nobody"}))


@scenario
def bad_voice_events():
    list(client().waves.synthesize_sse_lightning_v31(**{**COMMON, "voice_id": "nobody"}))


@scenario
def bad_voice_socket():
    """The error is a frame; the socket goes on."""
    with client().waves.lightning_v31tts.connect() as socket:
        wrong = LightningV31TtsRequestMessage(**{**COMMON, "voice_id": "nobody"})
        socket.synthesize_streaming_lightning_v_3_1(wrong)
        frame = socket.recv()
        socket.synthesize_streaming_lightning_v_3_1(LightningV31TtsRequestMessage(**COMMON))
        after = joined(socket)
    return saved("ws-after-error.pcm", after, status=frame.status, message=frame.message)


@scenario
def dictionaries():
    waves = client().waves
    item = PronunciationItem(word="machine", pronunciation="little computer")
    made = waves.create_pronunciation_dict(items=[item])
    listed = [each.id for each in waves.get_pronunciation_dicts()]
    told = COMMON | {"pronunciation_dicts": [made.id]}
    heard = b"".join(waves.synthesize_lightning_v31(**told))
    with waves.lightning_v31tts.connect() as socket:
        socket.synthesize_streaming_lightning_v_3_1(LightningV31TtsRequestMessage(**told))
        on_socket = joined(socket)
    item = PronunciationItem(word="machine", pronunciation="computer")
    changed = waves.update_pronunciation_dict(id=made.id, items=[item])
    deleted = waves.delete_pronunciation_dict(id=made.id)
    return {
        "id": made.id,
        "created": made.created_at.isoformat(),
        "listed": made.id in listed,
        "changed": [changed.id, changed.items[0].pronunciation],
        "deleted": [deleted.id, deleted.deleted],
        "plain": saved("dictionary.pcm", heard),
        "socket": saved("ws-dictionary.pcm", on_socket),
    }


@scenario
def bad_dictionary():
    client().waves.create_pronunciation_dict(items=[PronunciationItem(word="a", pronunciation="")])


@scenario
def unknown_dictionary():
    list(client().waves.synthesize_lightning_v31(**COMMON, pronunciation_dicts=["0" * 24]))


@scenario
def unknown_dictionary_deleted():
    client().waves.delete_pronunciation_dict(id="0" * 24)


main()
