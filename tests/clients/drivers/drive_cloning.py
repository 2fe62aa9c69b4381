"""Create, list, speak with and delete a clone, as users of SDK 3.1.0, 4.4.7 and 5.14.0 do."""

import importlib.metadata
import json
import time
from pathlib import Path
from urllib.request import Request, urlopen

import common
from common import INPUT, KEY, OUT, URL, WS_URL, main, saved, scenario

common.LIMIT_SECONDS = INPUT["patience"]
MAJOR = int(importlib.metadata.version("smallestai").partition(".")[0])
RECORDING = Path(INPUT["recording"])
TEXT = INPUT["text"]


def old():
    from smallestai.waves import WavesClient, async_waves_client, utils, waves_client

    for module in (utils, waves_client, async_waves_client):
        module.API_BASE_URL = f"{URL}/waves/v1"
    return WavesClient(api_key=KEY)


def generated():
    from smallestai import SmallestAI
    from smallestai.environment import SmallestAIEnvironment

    urls = {"atoms": URL, "waves": URL, "waves_ws": WS_URL}
    if MAJOR >= 5:
        urls["payment"] = URL
    return SmallestAI(api_key=KEY, environment=SmallestAIEnvironment(**urls)).waves


def create() -> str:
    if MAJOR == 3:
        return json.loads(old().add_voice("By SDK 3", str(RECORDING)))["data"]["voiceId"]
    with RECORDING.open("rb") as file:
        if MAJOR == 4:
            return generated().add_voice(display_name="By SDK 4", file=file).data.voice_id
        answer = generated().create_voice_clone(
            display_name="By SDK 5", file=file, tags="en, tone-test", language="en"
        )
        return answer.data.voice_id


def statuses() -> dict[str, str]:
    if MAJOR == 3:
        listed = json.loads(old().get_cloned_voices())["voices"]
        return {voice["voiceId"]: voice["status"] for voice in listed}
    if MAJOR == 4:
        return {voice.voice_id: voice.status for voice in generated().get_cloned_voices().voices}
    return {voice.voice_id: voice.status for voice in generated().list_voice_clones().data}


def speak(voice: str) -> bytes:
    if MAJOR == 3:
        from smallestai.waves import WavesClient

        client = WavesClient(api_key=KEY, voice_id=voice, sample_rate=24000, add_wav_header=False)
        return client.synthesize(TEXT)
    chosen = {"text": TEXT, "voice_id": voice, "sample_rate": 24000}
    if MAJOR == 4:
        return b"".join(generated().synthesize_lightning_v31(**chosen))
    return b"".join(generated().synthesize_tts(**chosen))


def delete(voice: str) -> None:
    if MAJOR == 3:
        old().delete_voice(voice)
    elif MAJOR == 4:
        generated().delete_voice(voice_id=voice)
    else:  # SDK 5 has no method for it
        asked = Request(
            f"{URL}/waves/v1/voice-cloning/{voice}",
            method="DELETE",
            headers={"Authorization": f"Bearer {KEY}"},
        )
        urlopen(asked).read()


@scenario
def cloning():
    voice = create()
    while (status := statuses()[voice]) in {"pending", "processing"}:
        time.sleep(0.5)
    sound = speak(voice)
    delete(voice)
    return {
        "voice": voice,
        "status": status,
        "left": list(statuses()),
        "sound": saved("clone.pcm", sound, 24000),
    }


if __name__ == "__main__":
    OUT.mkdir(exist_ok=True)
    main()
