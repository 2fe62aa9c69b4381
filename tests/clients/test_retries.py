"""The SDKs' own retry logic against limits: real packages, a real server, keys with little on them.

SDK 4 and 5 share it: a 429 is tried again, at most twice, after what ``Retry-After`` says, or else
at ``X-RateLimit-Reset``; a 403 is not (platform.md §2). Speech, which they read as a stream, they
never ask for again by themselves. SDK 3 does not retry requests.
"""

import json
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.clients.driving import (
    DRIVER_LIMIT_SECONDS,
    LONG,
    TEXT,
    VOICE,
    Report,
    client_environment,
)
from tests.clients.environment import HERE, client_python
from tests.live import LiveServer, live_server

TOKEN = "an-admin-token-for-the-tests"
SDKS = ("smallestai_4", "smallestai_5")


@pytest.fixture(scope="module")
def lent() -> Iterator[LiveServer]:
    """A server that makes keys."""
    with live_server(admin_token=TOKEN) as server:
        yield server


@pytest.fixture(scope="module")
def reports(lent: LiveServer, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Report]:
    """Both drivers at once: what they mostly do is wait for up to a minute."""

    def key(**terms: Any) -> str:
        headers = {"Authorization": f"Bearer {TOKEN}"}
        url = f"{lent.url}/admin/v1/keys"
        answer = httpx.post(url, json={"name": "sdk"} | terms, headers=headers, timeout=30)
        assert answer.is_success, answer.text
        return str(answer.json()["key"])

    def run(client: str) -> Report:
        keys = {
            "SLOW_KEY": key(rate_limit_rpm=1),
            "POOR_KEY": key(credit_quota=1),
            "USED_KEY": key(rate_limit_rpm=1),
        }
        used = {"Authorization": f"Bearer {keys['USED_KEY']}"}
        assert (
            httpx.get(f"{lent.url}/waves/v1/lightning-v3.1/get_voices", headers=used).status_code
            == 200
        )
        return _drive(client, lent, tmp_path_factory.mktemp(client), keys)

    with ThreadPoolExecutor() as threads:
        return dict(zip(SDKS, threads.map(run, SDKS), strict=True))


@pytest.fixture(params=SDKS)
def report(request: pytest.FixtureRequest, reports: dict[str, Report]) -> Report:
    return reports[request.param]


def _drive(client: str, server: LiveServer, folder: Path, keys: dict[str, str]) -> Report:
    environment = client_environment(server, folder) | {
        "CLIENT_OUT": str(folder),
        "CLIENT_INPUT": json.dumps({"text": TEXT, "long": LONG, "voice": VOICE}),
    }
    done = subprocess.run(
        [str(client_python(client)), str(HERE / "drivers" / "drive_retries.py")],
        env=environment | keys,
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=DRIVER_LIMIT_SECONDS,
        check=False,
    )
    assert done.returncode == 0, f"the driver of {client} died:\n{done.stderr[-4000:]}"
    printed = json.loads(done.stdout)
    return Report(client, printed["results"], printed["strangers"], done.stderr)


def test_a_refused_request_waits_as_told_and_succeeds(report: Report) -> None:
    found = report.value("waits_until_its_rate_is_free_again")
    assert found["statuses"] == [429, 200]
    assert found["waited"] >= found["asked"] >= 1
    assert found["voices"]


def test_the_sdk_reads_when_a_rate_is_free_again(report: Report) -> None:
    found = report.value("understands_when_a_rate_is_free_again")
    assert found["statuses"] == [200, 429]
    assert found["failure"].endswith("429")
    assert 1 <= found["waits"] == found["asked"] <= 60
    # What it waits on the other header is random by up to a fifth, on top.
    assert found["waits"] - 2 <= found["waits_by_reset"] <= (found["waits"] + 2) * 1.2
    assert found["remaining"] == "0"


def test_a_quota_that_is_used_up_is_not_asked_again(report: Report) -> None:
    found = report.value("does_not_retry_without_credits")
    assert found["statuses"] == [403]
    assert found["failure"].endswith("403")
    assert "CREDIT_QUOTA_EXCEEDED" in found["body"]


def test_speaks_to_this_machine_only(report: Report) -> None:
    assert report.strangers == []
