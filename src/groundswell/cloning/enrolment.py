"""Enrolment: a recording of a speaker in, a voice out; runs in a process of its own.

The method is a name, so that others can stand beside "instant".
"""

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from groundswell.errors import GroundswellError, InvalidInput, ModelUnavailable

Method = Literal["instant"]
Listener = Callable[[float, str], None]
"""Is told how far it is, 0 to 1, and what it does; may raise to end the process."""
_FROM_OUTSIDE = (signal.SIGKILL, signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


class EnrolmentFailed(GroundswellError):
    """The process ended without a voice, or took too long.

    Args:
        code: ``voice_clone_error`` or ``voice_clone_timeout``.
    """

    def __init__(self, message: str, code: str) -> None:
        super().__init__(message)
        self.code = code


class EnrolmentInterrupted(EnrolmentFailed):
    """Somebody ended the process: the system, for memory, or a stop of the service."""


@dataclass(frozen=True, slots=True)
class Enrolled:
    """What came of it.

    Attributes:
        voice: as ``voice_file`` writes it.
        speech: [n] at 24 kHz, the phrases the similarity was measured on, in the new voice.
        similarity: cosine of the speaker encoder between them and the reference.
        warnings: what would make a better clone.
    """

    voice: bytes
    speech: NDArray[np.float32]
    similarity: float
    warnings: tuple[str, ...]


def enrol(
    reference: bytes,
    *,
    models_dir: Path,
    threads: int,
    method: Method = "instant",
    timeout: float = 300.0,
    progress: Listener = lambda *_: None,
) -> Enrolled:
    """Make a voice like the one in a recording. Blocking, some ten seconds on two cores.

    Args:
        reference: an audio file of any format of ``audio.decode``.
        models_dir: folder of model files.
        threads: of inference.
        method: how.
        timeout: seconds after which the process is ended.
        progress: called as it goes on, in this thread.

    Raises:
        InvalidInput: the recording cannot be used, with the reason and the remedy.
        ModelUnavailable: a model file is missing or damaged.
        EnrolmentFailed: the process ended or took too long.
        EnrolmentInterrupted: it was ended from outside, and may be tried again.
    """
    command = [sys.executable, "-m", "groundswell.cloning", method, str(models_dir), str(threads)]
    with subprocess.Popen(  # noqa: S603 - our own module
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        # Small matrix products: more threads only wait for each other.
        env=os.environ | {"OPENBLAS_NUM_THREADS": "1"},
    ) as process:
        timer = threading.Timer(timeout, process.kill)
        timer.start()
        try:
            return _converse(process, reference, progress)
        finally:
            late = not timer.is_alive()
            timer.cancel()
            process.kill()
            if late:
                message = f"The voice could not be made within {timeout:g} seconds."
                raise EnrolmentFailed(message, "voice_clone_timeout")


def _converse(process: subprocess.Popen[bytes], reference: bytes, progress: Listener) -> Enrolled:
    assert process.stdin is not None
    assert process.stdout is not None
    with contextlib.suppress(BrokenPipeError):  # it has said why, or there is nothing to read
        process.stdin.write(reference)
        process.stdin.close()
    for line in process.stdout:
        message: dict[str, Any] = json.loads(line)
        if "progress" in message:
            progress(message["progress"], message["stage"])
        elif "refused" in message:
            raise InvalidInput(message["refused"], field="file")
        elif "unavailable" in message:
            path, problem = message["unavailable"]
            raise ModelUnavailable(path, problem)
        else:
            voice, speech = (_exactly(process, size) for size in message["sizes"])
            found = message["made"]
            samples = np.frombuffer(speech, "<f4").astype(np.float32)
            return Enrolled(voice, samples, found["similarity"], tuple(found["warnings"]))
    raise _ended(process)


def _exactly(process: subprocess.Popen[bytes], size: int) -> bytes:
    assert process.stdout is not None
    data = process.stdout.read(size)
    if len(data) != size:
        raise _ended(process)
    return data


def _ended(process: subprocess.Popen[bytes]) -> EnrolmentFailed:
    kind = EnrolmentInterrupted if -process.wait() in _FROM_OUTSIDE else EnrolmentFailed
    return kind("The voice could not be made.", "voice_clone_error")
