"""One POST, to real servers that answer well, badly, late, endlessly or not at all."""

import asyncio
import datetime
import resource
import socket
import ssl
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from tests.jobs.webhooks.test_addresses import resolver

from groundswell.bench.receiver import receiver
from groundswell.errors import InvalidInput
from groundswell.jobs.webhooks import addresses
from groundswell.jobs.webhooks.addresses import check_url
from groundswell.jobs.webhooks.sender import MAX_BODY_BYTES, Answer, Sender


def post(url: str, *, times: int = 1, **options: Any) -> Answer:
    """Post once, or more than once over one sender; the last answer."""

    async def run() -> Answer:
        async with Sender(**{"allow_private": True, "timeout": 2, **options}) as sender:
            for _ in range(times):
                answer = await sender.post(url, {"webhook-id": "msg_1"}, b"{}")
        return answer

    return asyncio.run(run())


def test_an_answer_is_told() -> None:
    with receiver() as seen:
        answer = post(f"{seen.url}/200?token=x")
    assert (answer.status, answer.accepted, answer.error, answer.body) == (200, True, None, b"ok\n")
    request = seen.requests[0]
    assert (request.path, request.body) == ("/200", b"{}")
    assert request.headers["host"] == seen.url.removeprefix("http://")


def test_redirects_are_answers() -> None:
    with receiver() as seen:
        answer = post(f"{seen.url}/302")
    assert (answer.status, answer.accepted) == (302, False)
    assert [request.path for request in seen.requests] == ["/302"]


def test_proxies_of_the_environment_do_not_come_between(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    with receiver() as seen:
        assert post(f"{seen.url}/200").accepted


@pytest.mark.parametrize("path", ["/big", "/endless"])
def test_little_is_read_of_a_long_answer(path: str) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with receiver() as seen:
        answer = post(f"{seen.url}{path}", times=5)
        cut = wait_for(lambda: seen.cut, 5)
    assert (answer.status, len(answer.body), cut) == (200, MAX_BODY_BYTES, 5)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 20_000  # KiB


def test_a_receiver_that_hangs_is_left_in_time() -> None:
    with receiver() as seen:
        answer = post(f"{seen.url}/hang", timeout=0.5)
    assert (answer.status, answer.error) == (None, "no answer within 0.5 seconds")
    assert answer.seconds < 2


def test_a_receiver_that_drips_its_headers_is_left_in_time() -> None:
    async def drip(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\n")
        while not writer.is_closing():
            writer.write(b"X-More: 1\r\n")
            await asyncio.sleep(0.05)

    answer = asyncio.run(against(drip, timeout=0.5))
    assert (answer.status, answer.error) == (None, "no answer within 0.5 seconds")


def test_a_status_counts_though_the_body_never_comes() -> None:
    async def promise(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"{}")
        writer.write(b"HTTP/1.1 202 Accepted\r\nContent-Length: 5\r\n\r\n")
        await reader.read()

    answer = asyncio.run(against(promise, timeout=5))
    assert (answer.status, answer.body) == (202, b"")
    assert answer.seconds < 4


@pytest.mark.parametrize(
    "nonsense",
    [
        b"",
        b"hello\r\n\r\n",
        b"\x00\xff" * 100,
        b"HTTP/1.1 999999 \r\n\r\n",
        b"HTTP/1.1 abc\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nX: " + b"y" * 1_000_000 + b"\r\n\r\n",
    ],
)
def test_nonsense_is_a_failure_like_others(nonsense: bytes) -> None:
    async def babble(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(nonsense)
        writer.close()

    answer = asyncio.run(against(babble, timeout=5))
    assert answer.status is None
    assert answer.error


def test_nobody_there() -> None:
    answer = post("http://127.0.0.1:1/")
    assert answer.status is None
    assert "ConnectionRefused" in str(answer.error)


def test_a_private_address_is_refused_at_delivery_too() -> None:
    with receiver() as seen:
        port = seen.url.rpartition(":")[2]
        for host in ("localhost", "127.0.0.1", "[::1]", "[::ffff:127.0.0.1]"):
            answer = post(f"https://{host}:{port}/", allow_private=False)
            assert "does not lead to a public address" in str(answer.error)
        with pytest.raises(InvalidInput, match="https"):
            post(f"http://127.0.0.1:{port}/", allow_private=False)
    assert not seen.requests


class Rebinding:
    """A name whose address changes with every lookup."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *answers: str) -> None:
        self.lookups = 0
        self._resolve = resolver([[answer] for answer in answers])
        monkeypatch.setattr(socket, "getaddrinfo", self._getaddrinfo)

    def _getaddrinfo(self, host: str, port: int, *_: Any, **options: Any) -> Any:
        assert host == "moves.example", "an address is looked up as if it were a name"
        self.lookups += 1
        return self._resolve(host, port, **options)


def test_the_address_that_was_checked_is_the_one_that_is_reached(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with receiver() as seen:
        port = seen.url.rpartition(":")[2]
        # A second lookup would lead to where nobody listens.
        name = Rebinding(monkeypatch, "127.0.0.1", "127.0.0.2")
        assert post(f"http://moves.example:{port}/200").accepted
    assert name.lookups == 1
    assert seen.requests[0].headers["host"] == f"moves.example:{port}"


def test_a_name_that_has_moved_inside_reaches_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    """DNS rebinding: it was public when it was registered, and is not when it is used."""
    with receiver() as seen:
        port = int(seen.url.rpartition(":")[2])
        name = Rebinding(monkeypatch, "93.184.216.34", "127.0.0.1", "127.0.0.1")
        url = f"https://moves.example:{port}/200"
        asyncio.run(check_url(url, allow_private=False))
        answer = post(url, allow_private=False)
    assert (name.lookups, answer.status, seen.requests) == (2, None, [])
    assert "does not lead to a public address" in str(answer.error)


def test_a_name_server_that_hangs_is_left_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(addresses, "_look_up", lambda *_: time.sleep(2))
    assert post("http://slow.example/", timeout=0.3).error == "no answer within 0.3 seconds"


class TestTls:
    @pytest.fixture
    def authority(self, tmp_path: Path) -> tuple[ssl.SSLContext, ssl.SSLContext]:
        """What a server for ``hook.example`` shows, and what believes it."""
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "hook.example")])
        today = datetime.datetime.now(datetime.UTC)
        certificate = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(key.public_key())
            .serial_number(1)
            .not_valid_before(today - datetime.timedelta(days=1))
            .not_valid_after(today + datetime.timedelta(days=1))
            .add_extension(x509.SubjectAlternativeName([x509.DNSName("hook.example")]), False)
            .sign(key, hashes.SHA256())
        )
        file = tmp_path / "certificate.pem"
        pem = serialization.Encoding.PEM
        file.write_bytes(
            certificate.public_bytes(pem)
            + key.private_bytes(
                pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
        )
        shown = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        shown.load_cert_chain(file)
        return shown, ssl.create_default_context(cafile=str(file))

    def test_the_certificate_is_of_the_name_not_of_the_address(
        self,
        authority: tuple[ssl.SSLContext, ssl.SSLContext],
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        shown, believed = authority
        monkeypatch.setattr(addresses, "_look_up", lambda *_: ["127.0.0.1"])
        with receiver(tls=shown) as seen:
            port = seen.url.rpartition(":")[2]
            good = post(f"https://hook.example:{port}/200", tls=believed)
            other = post(f"https://other.example:{port}/200", tls=believed)
            unknown = post(f"https://hook.example:{port}/200")
        assert good.accepted
        assert len(seen.requests) == 1
        for refused in (other, unknown):
            assert "CERTIFICATE_VERIFY_FAILED" in str(refused.error)


async def against(serve: Any, **options: Any) -> Answer:
    """Post to a server that behaves as this function."""
    async with await asyncio.start_server(serve, "127.0.0.1") as server:
        port = server.sockets[0].getsockname()[1]
        async with Sender(allow_private=True, **options) as sender:
            return await sender.post(f"http://127.0.0.1:{port}/", {}, b"{}")


def wait_for(count: Callable[[], int], wanted: int) -> int:
    """Return a count once it is as wanted, or after some seconds."""
    limit = time.monotonic() + 20
    while count() != wanted and time.monotonic() < limit:
        time.sleep(0.02)
    return count()
