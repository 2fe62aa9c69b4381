"""The parts of ``bench load``, for the command line: importing this loads nothing."""

from enum import StrEnum


class Part(StrEnum):
    """What can be measured by itself."""

    LATENCY = "latency"
    CONCURRENCY = "concurrency"
    THROUGHPUT = "throughput"
    MEMORY = "memory"
