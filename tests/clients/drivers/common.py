"""What the drivers share; standard library only, since each runs in another environment.

A driver registers scenarios with ``@scenario``; ``main`` runs them in order and prints one JSON
object: per scenario either its ``value`` or its ``error``, and how long it took. Any attempt to
reach another machine than this one is refused and reported under ``strangers``.
"""

import asyncio
import inspect
import json
import os
import sys
import threading
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

URL = os.environ["GROUNDSWELL_URL"]
WS_URL = URL.replace("http", "ws", 1)
KEY = os.environ["SMALLEST_API_KEY"]
BAD_KEY = "sk_" + "0" * 48
OUT = Path(os.environ["CLIENT_OUT"])
INPUT = json.loads(os.environ["CLIENT_INPUT"])
"""Texts and voices, given by the test so that it can ask the server for the same."""

LIMIT_SECONDS = 60.0
_LOOPBACK = {"127.0.0.1", "::1", "localhost"}

_scenarios: dict[str, Callable[[], Any]] = {}
_strangers: list[str] = []


def scenario(function: Callable[[], Any]) -> Callable[[], Any]:
    """Register a scenario under its function's name."""
    _scenarios[function.__name__] = function
    return function


def saved(name: str, data: bytes, rate: int = 24000, **more: Any) -> dict[str, Any]:
    """Keep audio in a file beside the results and describe it."""
    path = OUT / name
    path.write_bytes(data)
    return {"file": str(path), "rate": rate, **more}


def main() -> None:
    """Run what was registered and print the results."""
    sys.addaudithook(_only_this_machine)
    printed, sys.stdout = sys.stdout, sys.stderr  # clients may print what they like
    wanted = os.environ.get("CLIENT_SCENARIOS", "").split()
    results = {
        name: _result(function)
        for name, function in _scenarios.items()
        if not wanted or name in wanted
    }
    json.dump({"results": results, "strangers": _strangers}, printed)
    printed.flush()
    os._exit(0)  # a scenario that hangs, or a client's own thread, must not keep the process


def _result(function: Callable[[], Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    began = time.perf_counter()
    thread = threading.Thread(target=_attempt, args=(function, found), daemon=True)
    thread.start()
    thread.join(LIMIT_SECONDS)
    if not found:
        stack = sys._current_frames().get(thread.ident or 0)
        where = "".join(traceback.format_stack(stack)) if stack else ""
        found = {"error": {"type": "Hung", "message": f"{LIMIT_SECONDS} s", "trace": where}}
    return {**found, "seconds": round(time.perf_counter() - began, 3)}


def _attempt(function: Callable[[], Any], found: dict[str, Any]) -> None:
    try:
        value = function()
        if inspect.isawaitable(value):
            value = asyncio.run(_limited(value))
        found["value"] = value
    except BaseException as error:
        found["error"] = {
            "type": type(error).__name__,
            "bases": [kind.__name__ for kind in type(error).__mro__],
            "message": str(error),
            "status": getattr(error, "status_code", None),
            "body": repr(getattr(error, "body", None)),
            "trace": "".join(traceback.format_exception(error))[-4000:],
        }


async def _limited(work: Any) -> Any:
    return await asyncio.wait_for(work, LIMIT_SECONDS - 5)


def _only_this_machine(event: str, arguments: tuple[Any, ...]) -> None:
    if event == "socket.connect":
        address = arguments[1]
        host = address[0] if isinstance(address, tuple) else None
    elif event == "socket.getaddrinfo":
        host = arguments[0]
    else:
        return
    if isinstance(host, bytes):
        host = host.decode()
    if host is not None and host not in _LOOPBACK:
        _strangers.append(str(host))
        raise PermissionError(f"{host} is another machine")
