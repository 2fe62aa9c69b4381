"""SDK 5.14.0: sync, SSE, socket, helpers and ``WavesStreamingTTS``."""

import base64
import inspect
import json
import logging
import time
from datetime import UTC, datetime, timedelta

import httpx
from common import BAD_KEY, INPUT, KEY, OUT, URL, WS_URL, main, saved, scenario
from generated_sdk import helper_scenarios, joined
from smallestai import AsyncSmallestAI, SmallestAI, SmallestAIEnvironment
from smallestai.core.events import EventType
from smallestai.core.http_sse import EventSource
from smallestai.waves import PronunciationItem, TTSConfig, WavesStreamingTTS
from smallestai.waves.helpers import synthesize_bytes, synthesize_to_file, synthesize_with_expiry
from smallestai.waves.streaming_tts.types import StreamTtsRequestMessage
from smallestai.waves.tts.types import TtsRequestMessage

OURS = SmallestAIEnvironment(atoms=URL, waves=URL, waves_ws=WS_URL, payment=URL)
TEXT = INPUT["text"]
VOICE = INPUT["voice"]
COMMON = {"text": TEXT, "voice_id": VOICE, "sample_rate": 24000}


def client(key: str = KEY) -> SmallestAI:
    return SmallestAI(api_key=key, environment=OURS)


def asynchronous_client(key: str = KEY) -> AsyncSmallestAI:
    return AsyncSmallestAI(api_key=key, environment=OURS)


def shim(key: str = KEY, **more) -> WavesStreamingTTS:
    tts = WavesStreamingTTS(TTSConfig(**{"voice_id": VOICE, "api_key": key, **more}))
    tts.ws_url = f"{WS_URL}/waves/v1/tts/live"
    return tts


helper_scenarios(shim)


@scenario
def voices():
    answer = client().waves.get_voices(model="lightning-v3.1")
    pro = client().waves.get_voices(model="lightning-v3.1-pro")
    first = answer.voices[0]
    return {
        "ids": [voice.voice_id for voice in answer.voices],
        "pro": [voice.voice_id for voice in pro.voices],
        "gender": first.tags.gender,
        "language": first.tags.language,
    }


@scenario
def all_voices():
    answer = client().waves.voices.get_all_voice_models()
    return {"ids": [voice.voice_id for voice in answer.voices]}


@scenario
def health():
    answer = client().waves.ops.get_waves_health()
    return {"status": answer.status}


@scenario
def logs():
    list(client().waves.synthesize_tts(**COMMON))
    analytics = client().waves.analytics
    spoken = []
    for _ in range(100):
        page = analytics.list_text_to_speech_logs(page=1, page_size=100)
        entries = [json.loads(entry.json()) for entry in page.data]
        wanted = {"text": TEXT, "request_type": "rest", "model": "lightning-v3.1"}
        wanted |= {"voice_id": VOICE, "sample_rate": 24000}  # others say the same otherwise
        spoken = [entry for entry in entries if wanted.items() <= entry.items()]
        if spoken:
            break
        time.sleep(0.1)
    return {
        "spoken": spoken[0],
        "total": page.total_count,
        "recognitions": analytics.list_streaming_speech_to_text_logs().total_count,
        "webhooks": analytics.list_webhook_logs().total_count,
        "deleted": analytics.delete_streaming_speech_to_text_history("unknown").status,
    }


@scenario
def time_series():
    analytics = client().waves.analytics
    until = datetime.now(UTC) + timedelta(minutes=1)
    period = {"from_": until - timedelta(days=2), "to": until, "granularity": "hour"}
    requests = analytics.get_text_to_speech_usage_timeseries(**period)
    credits = analytics.get_text_to_speech_credits_timeseries(**period)
    return {
        "steps": len(requests.timestamps),
        "requests": [requests.values, requests.total_request_count],
        "credits": [credits.values, credits.total_credits],
        "concurrency": analytics.get_text_to_speech_concurrency_timeseries(**period).values,
        "sockets": analytics.get_text_to_speech_websocket_connections_timeseries(**period).values,
        "recognitions": analytics.get_streaming_speech_to_text_usage_timeseries().values,
    }


@scenario
def billing():
    ours = client().atoms.billing
    until = datetime.now(UTC)
    ledger = ours.get_ledger(from_=until - timedelta(days=1), to=until, type="USAGE_DEDUCTION")
    return {
        "balance": ours.get_balance().data.credit_balance,
        "amounts": [entry.amount for entry in ledger.data.transactions],
        "features": sorted({entry.feature_id for entry in ledger.data.transactions}),
        "total": ledger.data.total,
        "spent": ours.get_usage_breakdown().data.voice_models,
        "invoices": ours.list_invoices().data,
    }


@scenario
def billing_too_long():
    client().atoms.billing.get_ledger(
        from_=datetime(2026, 1, 1, tzinfo=UTC), to=datetime(2026, 9, 1, tzinfo=UTC)
    )


@scenario
def pcm():
    parts = list(client().waves.synthesize_tts(**COMMON))
    return saved("pcm.pcm", b"".join(parts), chunks=len(parts))


@scenario
def pro():
    audio = b"".join(
        client().waves.synthesize_tts(
            text=TEXT, voice_id="meher", model="lightning_v3.1_pro", sample_rate=16000
        )
    )
    return saved("pro.pcm", audio, 16000)


@scenario
def formats():
    waves = client().waves
    return {
        kind: saved(f"format.{kind}", b"".join(waves.synthesize_tts(**COMMON, output_format=kind)))
        for kind in ("wav", "mp3", "ulaw", "alaw")
    }


@scenario
def echoed_ids():
    raw = client().waves.with_raw_response
    with raw.synthesize_tts(**COMMON, session_id="mine", request_id="mine-1") as answer:
        b"".join(answer.data)
        headers = {name.lower(): value for name, value in answer.headers.items()}
    return {name: value for name, value in headers.items() if name.startswith("x-")}


@scenario
async def pcm_asynchronous():
    parts = [part async for part in asynchronous_client().waves.synthesize_tts(**COMMON)]
    return saved("pcm-async.pcm", b"".join(parts))


@scenario
def legacy_models():
    """Generated without parameters and without a result: of no use against any server."""
    waves = client().waves
    named = ("lightning", "lightning_large", "lightning_v2")
    methods = [getattr(waves, f"synthesize_{name}") for name in named]
    return ["text" in inspect.signature(method).parameters for method in methods]


@scenario
def helper_bytes():
    return saved("bytes.wav", synthesize_bytes(client(), TEXT, voice_id=VOICE, sample_rate=24000))


@scenario
def helper_file():
    path = OUT / "file.wav"
    written = synthesize_to_file(client(), TEXT, voice_id=VOICE, path=str(path), sample_rate=24000)
    return {"file": str(path), "rate": 24000, "written": written}


@scenario
def helper_expiry():
    audio, outcome = synthesize_with_expiry(client(), TEXT, voice_id=VOICE, sample_rate=24000)
    return saved("expiry.wav", audio, outcome=outcome)


@scenario
def events_of_the_sdk():
    """``synthesize_sse_tts`` expects a string in each event, and skips what is an object."""
    noted = []
    handler = logging.Handler()
    handler.emit = lambda record: noted.append(record.getMessage())
    logging.getLogger().addHandler(handler)
    try:
        events = list(client().waves.synthesize_sse_tts(**COMMON))
    finally:
        logging.getLogger().removeHandler(handler)
    return {"events": len(events), "skipped": sum("Skipping SSE event" in text for text in noted)}


def _events(fields) -> tuple[bytes, list[str]]:
    """The same route with the SDK's own reader of events."""
    audio, kinds = b"", []
    with httpx.stream(
        "POST",
        f"{URL}/waves/v1/tts/live",
        json=fields,
        headers={"Authorization": f"Bearer {KEY}"},
        timeout=60,
    ) as response:
        for event in EventSource(response).iter_sse():
            data = json.loads(event.data)
            if data["done"] is True:
                kinds.append(f"done {data['status']}")
            else:
                audio += base64.b64decode(data["audio"])
                kinds.append(f"{event.event} {data['status']}")
    return audio, kinds


@scenario
def events():
    audio, kinds = _events(COMMON)
    return saved("sse.pcm", audio, kinds=kinds)


@scenario
def events_long():
    audio, kinds = _events({**COMMON, "text": INPUT["long"], "sample_rate": 44100})
    return saved("sse-long.pcm", audio, 44100, kinds=kinds)


@scenario
def socket():
    with client().waves.tts.connect() as connection:
        connection.synthesize_streaming_tts(TtsRequestMessage(**COMMON))
        first = joined(connection)
        again = TtsRequestMessage(**COMMON, request_id="again-1", session_id="mine")
        connection.synthesize_streaming_tts(again)
        frame = connection.recv()
        second = base64.b64decode(frame.data.audio) + joined(connection)
    return {
        "first": saved("ws.pcm", first),
        "second": saved("ws-2.pcm", second),
        "external": [frame.external_request_id, frame.external_session_id],
    }


@scenario
async def socket_asynchronous():
    async with asynchronous_client().waves.tts.connect() as connection:
        await connection.synthesize_streaming_tts(TtsRequestMessage(**COMMON))
        frames = []
        async for frame in connection:
            frames.append(frame)
            if frame.status != "chunk":
                break
    return saved("ws-async.pcm", joined(frames))


@scenario
def socket_timeout_query():
    """``?timeout=`` by the SDK's own way of adding a query."""
    options = {"additional_query_parameters": {"timeout": 1}}
    with client().waves.tts.connect(request_options=options) as connection:
        frame = connection.recv()
        rest = list(connection)
    return {"status": frame.status, "message": frame.message, "rest": len(rest)}


@scenario
def socket_fragments():
    with client().waves.tts.connect() as connection:
        for word in TEXT.split(" "):
            fragment = {**COMMON, "text": word + " ", "continue": True}
            connection.synthesize_streaming_tts(TtsRequestMessage(**fragment))
        end = {**COMMON, "text": "", "flush": True, "continue": False}
        connection.synthesize_streaming_tts(TtsRequestMessage(**end))
        return saved("ws-fragments.pcm", joined(connection))


@scenario
def socket_explicit_nulls():
    """Fields set to ``None`` are sent as JSON null."""
    message = TtsRequestMessage(
        **COMMON, language=None, speed=None, flush=None, max_buffer_flush_ms=None, request_id=None
    )
    with client().waves.tts.connect() as connection:
        connection.synthesize_streaming_tts(message)
        return saved("ws-nulls.pcm", joined(connection))


@scenario
def socket_words():
    message = TtsRequestMessage(**{**COMMON, "voice_id": "meher"}, word_timestamps=True)
    words, audio = [], b""
    with client().waves.tts.connect() as connection:
        connection.synthesize_streaming_tts(message)
        for frame in connection:
            if frame.status == "word_timestamp":
                data = frame.data
                words.append([data.id, data.word, data.start, data.end])
            elif frame.status == "chunk":
                audio += base64.b64decode(frame.data.audio)
            else:
                break
    return saved("ws-words.pcm", audio, words=words, last=frame.status)


@scenario
def socket_events():
    audio, seen = bytearray(), []
    with client().waves.tts.connect() as connection:

        def heard(frame):
            seen.append(frame.status)
            if frame.status == "chunk":
                audio.extend(base64.b64decode(frame.data.audio))
            else:
                connection._websocket.close()

        connection.on(EventType.MESSAGE, heard)
        connection.synthesize_streaming_tts(TtsRequestMessage(**COMMON))
        connection.start_listening()
    return saved("ws-events.pcm", bytes(audio), last=seen[-1])


@scenario
def socket_long():
    """One message; the client refuses any frame above one MiB."""
    message = TtsRequestMessage(**{**COMMON, "text": INPUT["long"], "sample_rate": 44100})
    with client().waves.tts.connect() as connection:
        connection.synthesize_streaming_tts(message)
        return saved("ws-long.pcm", joined(connection), 44100)


@scenario
def socket_streaming_tts():
    with client().waves.streaming_tts.connect() as connection:
        connection.synthesize_streaming(
            StreamTtsRequestMessage(**COMMON, is_streaming=False, is_final=True)
        )
        return saved("ws-streaming-tts.pcm", joined(connection))


@scenario
def helper_abandoned():
    """Barge-in, the helper's way: stop reading; it closes its socket."""
    tts = shim()
    stream = tts.synthesize(INPUT["long"])
    first = next(stream)
    stream.close()
    return {"first": len(first), "closed": tts.ws is None}


@scenario
def bad_key():
    list(client(BAD_KEY).waves.synthesize_tts(**COMMON))


@scenario
def bad_key_voices():
    client(BAD_KEY).waves.get_voices(model="lightning-v3.1")


@scenario
def bad_key_events():
    list(client(BAD_KEY).waves.synthesize_sse_tts(**COMMON))


@scenario
def bad_key_socket():
    with client(BAD_KEY).waves.tts.connect():
        pass


@scenario
async def bad_key_socket_asynchronous():
    async with asynchronous_client(BAD_KEY).waves.tts.connect():
        pass


@scenario
def bad_voice():
    list(client().waves.synthesize_tts(**{**COMMON, "voice_id": "nobody"}))


@scenario
def bad_format():
    list(client().waves.synthesize_tts(**COMMON, output_format="mulaw"))


@scenario
def bad_voice_events():
    list(client().waves.synthesize_sse_tts(**{**COMMON, "voice_id": "nobody"}))


@scenario
def bad_voice_socket():
    """The error is a frame; the socket goes on."""
    with client().waves.tts.connect() as connection:
        connection.synthesize_streaming_tts(TtsRequestMessage(**{**COMMON, "voice_id": "nobody"}))
        frame = connection.recv()
        connection.synthesize_streaming_tts(TtsRequestMessage(**COMMON))
        after = joined(connection)
    return saved("ws-after-error.pcm", after, status=frame.status, message=frame.message)


@scenario
def dictionaries():
    waves = client().waves
    item = PronunciationItem(word="machine", pronunciation="little computer")
    made = waves.create_pronunciation_dict(items=[item])
    listed = [each.id for each in waves.get_pronunciation_dicts()]
    told = COMMON | {"pronunciation_dicts": [made.id]}
    heard = b"".join(waves.synthesize_tts(**told))
    with waves.tts.connect() as socket:
        socket.synthesize_streaming_tts(TtsRequestMessage(**told))
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
    list(client().waves.synthesize_tts(**COMMON, pronunciation_dicts=["0" * 24]))


@scenario
def unknown_dictionary_deleted():
    client().waves.delete_pronunciation_dict(id="0" * 24)


main()
