"""What the SDK's own retry logic makes of this server's refusals; for SDK 4 and 5 alike.

The keys come from the test: two that may make a single request each minute, one of which was made,
and one whose credits are used up.
"""

import os
import time

import httpx
from common import INPUT, URL, WS_URL, main, scenario
from smallestai import SmallestAI
from smallestai.core.http_client import _retry_timeout
from smallestai.environment import SmallestAIEnvironment

ADDRESSES = {"atoms": URL, "waves": URL, "waves_ws": WS_URL, "payment": URL}
OURS = SmallestAIEnvironment(
    **{name: ADDRESSES[name] for name in vars(SmallestAIEnvironment.PRODUCTION)}
)


class Watch:
    """Sees every answer, without touching it."""

    def __init__(self) -> None:
        self.answers: list[httpx.Response] = []
        self.moments: list[float] = []
        self.http = httpx.Client(event_hooks={"response": [self._see]}, timeout=60)

    def _see(self, answer: httpx.Response) -> None:
        self.answers.append(answer)
        self.moments.append(time.monotonic())

    def statuses(self) -> list[int]:
        return [answer.status_code for answer in self.answers]


def client(key: str, watch: Watch) -> SmallestAI:
    return SmallestAI(api_key=os.environ[key], environment=OURS, httpx_client=watch.http)


def speak(waves, **more) -> bytes:
    said = {"text": INPUT["text"], "voice_id": INPUT["voice"], "sample_rate": 8000}
    method = getattr(waves, "synthesize_tts", None) or waves.synthesize_lightning_v31
    return b"".join(method(**said, **more))


@scenario
def understands_when_a_rate_is_free_again():
    watch = Watch()
    sdk = client("SLOW_KEY", watch)
    speak(sdk.waves)
    failure = ""
    try:
        speak(sdk.waves)  # a stream: the SDK leaves these to its user
    except Exception as error:
        failure = f"{type(error).__name__} {getattr(error, 'status_code', '')}"
    refusal = watch.answers[-1]
    by_reset = httpx.Headers({"x-ratelimit-reset": refusal.headers["x-ratelimit-reset"]})
    return {
        "statuses": watch.statuses(),
        "failure": failure,
        "asked": int(refusal.headers["retry-after"]),
        "waits": _retry_timeout(refusal, 0),
        "waits_by_reset": _retry_timeout(httpx.Response(429, headers=by_reset), 0),
        "remaining": refusal.headers["x-ratelimit-remaining"],
    }


@scenario
def does_not_retry_without_credits():
    watch = Watch()
    failure = body = ""
    try:
        speak(client("POOR_KEY", watch).waves)
    except Exception as error:
        failure = f"{type(error).__name__} {getattr(error, 'status_code', '')}"
        body = str(getattr(error, "body", ""))
    return {"statuses": watch.statuses(), "failure": failure, "body": body}


@scenario
def waits_until_its_rate_is_free_again():
    watch = Watch()
    voices = client("USED_KEY", watch).waves.get_voices(model="lightning-v3.1").voices
    first, last = watch.moments[0], watch.moments[-1]
    return {
        "statuses": watch.statuses(),
        "asked": int(watch.answers[0].headers["retry-after"]),
        "waited": last - first,
        "voices": len(voices),
    }


main()
