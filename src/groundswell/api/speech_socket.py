"""Speech sockets: ``/tts/live``, every model's, and the retired ``streaming-tts`` (tts.md §8)."""

import asyncio
import contextlib
import json
import time
from collections.abc import Coroutine
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import uuid4

from fastapi import APIRouter, WebSocket
from fastapi.responses import JSONResponse
from sqlalchemy.exc import OperationalError
from starlette.websockets import WebSocketDisconnect, WebSocketState

from groundswell.accounts.keys import Caller
from groundswell.api.auth import key_of
from groundswell.api.errors import Gone, classify, error_headers, speech_body
from groundswell.api.live_response import STALLED_SECONDS
from groundswell.api.logs import log
from groundswell.api.metrics import SOCKETS
from groundswell.api.services import Services, services
from groundswell.api.socket_lane import Frame, Lane, error_frame
from groundswell.api.socket_message import SocketMessage, parse_message
from groundswell.api.speech_log import Origin
from groundswell.api.speech_request import DEFAULT_MODEL, PROFILES, ModelProfile
from groundswell.api.take import with_belongings
from groundswell.errors import GroundswellError, TooBusy

router = APIRouter(tags=["Speech"])

IDLE_SECONDS = 60
LEGACY_IDLE_SECONDS = (20, 60)
MAX_CONTEXTS = 64
"""Contexts that may be open at once on one socket."""
MAX_WAITING_TEXTS = 20
"""How many times the longest text may wait on one socket."""
MAX_WAITING_PIECES = 4000
"""Texts and ends of turns that may wait on one socket, however short."""


@dataclass(slots=True)
class SpeechSession:
    """One open socket: reads messages, hands them to lanes, sends what lanes speak."""

    socket: WebSocket
    running: Services
    caller: Caller
    profile: ModelProfile
    idle_seconds: int
    session_id: str = field(default_factory=lambda: f"ws_{uuid4().hex}")
    _lanes: dict[str | None, Lane] = field(default_factory=dict)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)
    _active: float = field(default_factory=time.monotonic)

    async def run(self) -> None:
        """Serve until the client leaves, is idle too long, or the server stops."""
        try:
            while True:
                message = await self._receive()
                if message is None:
                    break
                await self._accept(message)
                # A burst of messages must not keep lanes from speaking.
                await asyncio.sleep(0)
        except WebSocketDisconnect:
            pass
        finally:
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _receive(self) -> str | None:
        """Return the next text frame; ``None`` once the socket was idle too long."""
        while True:
            left = self._active + self.idle_seconds - time.monotonic()
            try:
                async with asyncio.timeout(max(0.0, left)):
                    message = await self.socket.receive()
            except TimeoutError:
                if any(lane.busy for lane in self._lanes.values()):
                    self._active = time.monotonic()  # it is we who keep the client waiting
                if self._active + self.idle_seconds > time.monotonic():
                    continue  # audio went out meanwhile
                await self._time_out()
                return None
            if message["type"] == "websocket.disconnect":
                raise WebSocketDisconnect(message.get("code", 1005))
            self._active = time.monotonic()
            text = message.get("text")
            if text is not None:
                return str(text)

    async def _time_out(self) -> None:
        text = f"Connection timed out after {self.idle_seconds} seconds of inactivity"
        await self.send(error_frame("TIMEOUT", text, TimeoutError(), self._ids_for("")))
        with contextlib.suppress(RuntimeError):
            await self.socket.close(1000)

    async def _accept(self, raw: str) -> None:
        try:
            message = parse_message(raw, self.profile, self.running.settings)
            if not message.keep_alive:
                if message.speech is not None:
                    speech = await with_belongings(self.running, self.caller, message.speech)
                    message = replace(message, speech=speech)
                self._lane(message).accept(message)
        except GroundswellError as error:
            _, name, text = classify(error)
            # Waits: a client that sends nonsense and reads nothing is not read any further.
            await self.send(error_frame(name, text, error, self._ids_for(raw)))

    def _ids_for(self, raw: str) -> Frame:
        """The ids of an answer to a message that no turn covers."""
        small = len(raw) <= self.running.settings.max_body_bytes
        ids = {"session_id": self.session_id, "request_id": f"task_{uuid4().hex}"}
        return ids | (_ids_in(raw) if small else {})

    def _lane(self, message: SocketMessage) -> Lane:
        if not message.cancel:
            self._check_waiting()
        lane = self._lanes.get(message.context_id)
        if lane is not None:
            return lane  # also one that is closing: what follows on it comes after what it speaks
        if len(self._lanes) >= MAX_CONTEXTS:
            raise TooBusy(f"More than {MAX_CONTEXTS} contexts are open on this socket.")
        origin = Origin.of(self.socket, "ws")
        lane = Lane(
            self.running, self.caller, origin, self.session_id, message.context_id, self.send
        )
        self._lanes[message.context_id] = lane
        self._spawn(self._run_lane(lane))
        return lane

    def _check_waiting(self) -> None:
        waiting = [lane.waiting for lane in self._lanes.values()]
        limit = MAX_WAITING_TEXTS * self.running.settings.max_text_chars
        if sum(characters for characters, _ in waiting) > limit:
            raise TooBusy(f"More than {limit} characters are waiting on this socket.")
        if sum(pieces for _, pieces in waiting) > MAX_WAITING_PIECES:
            raise TooBusy("Too many messages are waiting on this socket.")

    async def _run_lane(self, lane: Lane) -> None:
        try:
            await lane.run()
        except WebSocketDisconnect:
            pass
        except Exception:
            log.exception("socket lane failed")
        finally:
            if self._lanes.get(lane.context_id) is lane:
                del self._lanes[lane.context_id]

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def send(self, frame: Frame) -> None:
        """Send one frame; waits while the client does not read.

        Raises:
            WebSocketDisconnect: the client is gone.
        """
        if self.socket.application_state is not WebSocketState.CONNECTED:
            raise WebSocketDisconnect(1006)
        try:
            async with asyncio.timeout(STALLED_SECONDS):
                await self.socket.send_text(json.dumps(frame, ensure_ascii=False))
        except (RuntimeError, OSError) as error:  # a timeout is an OSError, too
            raise WebSocketDisconnect(1006) from error
        self._active = time.monotonic()


def _ids_in(raw: str) -> Frame:
    """The client's ids, as far as a refused message shows any: they tell it which one failed."""
    try:
        fields = json.loads(raw)
    except (ValueError, RecursionError):
        return {}
    if not isinstance(fields, dict):
        return {}
    names = {
        "session_id": "external_session_id",
        "request_id": "external_request_id",
        "context_id": "context_id",
    }
    return {
        ours: fields[theirs]
        for theirs, ours in names.items()
        if isinstance(fields.get(theirs), str) and len(fields[theirs]) <= 128
    }


async def _serve(socket: WebSocket, profile: ModelProfile) -> None:
    running = services(socket)
    async with AsyncExitStack() as stack:
        try:
            if profile.retired and running.settings.retired_routes == "gone":
                raise Gone
            caller, socket.state.rate = await running.admission.identify(key_of(socket))
            running.ready_voicebox()
            await stack.enter_async_context(running.admission.socket(caller))
        except (GroundswellError, OperationalError) as error:
            denial = JSONResponse(speech_body(error), classify(error)[0], error_headers(error))
            await socket.send_denial_response(denial)
            return
        await socket.accept()
        stack.enter_context(running.activity.track(caller.account_id, "sockets"))
        stack.enter_context(SOCKETS.track_inprogress())
        await SpeechSession(socket, running, caller, profile, _idle_seconds(socket, profile)).run()


def _idle_seconds(socket: WebSocket, profile: ModelProfile) -> int:
    wanted = socket.query_params.get("timeout", "")
    given = int(wanted) if wanted.isascii() and wanted.isdigit() and len(wanted) <= 9 else 0
    if profile.retired:
        low, high = LEGACY_IDLE_SECONDS
        return min(high, max(low, given))
    return given or IDLE_SECONDS


def _route(path: str, profile: ModelProfile) -> None:
    async def endpoint(websocket: WebSocket) -> None:
        await _serve(websocket, profile)

    router.add_api_websocket_route(path, endpoint, name=f"socket_{path}")


_route("/tts/live", PROFILES[DEFAULT_MODEL])
_route("/streaming-tts/stream", PROFILES[DEFAULT_MODEL])
for _profile in PROFILES.values():
    for _spelling in sorted({_profile.name, _profile.name.replace("-", "_")}):
        _route(f"/{_spelling}/get_speech/stream", _profile)
        _route(f"/{_spelling}/stream", _profile)
