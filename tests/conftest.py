"""Fixtures that many tests share."""

from collections.abc import Iterator

import pytest

from groundswell import Speaker
from tests.live import LiveServer, live_server


@pytest.fixture(scope="session")
def server() -> Iterator[LiveServer]:
    """A real server process, shared by the tests that do not stop or strain it."""
    with live_server() as running:
        yield running


@pytest.fixture(scope="session")
def speaker() -> Speaker:
    """A loaded model in this process."""
    return Speaker()
