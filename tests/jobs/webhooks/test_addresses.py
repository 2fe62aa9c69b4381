"""Where webhooks may go."""

import asyncio
import contextlib
import socket
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groundswell.errors import InvalidInput
from groundswell.jobs.webhooks.addresses import check_url, is_public, parse_url, resolve

INSIDE = [
    *("127.0.0.1", "127.255.255.254", "0.0.0.0", "10.1.2.3", "172.16.0.1", "172.31.255.255"),
    *("192.168.1.1", "169.254.169.254", "100.64.0.1", "100.100.100.200", "192.0.0.192"),
    *("168.63.129.16", "198.18.0.1", "224.0.0.1", "239.255.255.250", "240.0.0.1"),
    *("255.255.255.255", "192.0.2.1", "198.51.100.7", "203.0.113.9"),
    *("::1", "::", "fe80::1", "fc00::1", "fd00:ec2::254", "fec0::1", "ff02::1", "2001:db8::1"),
    *("::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:8.8.8.8", "::127.0.0.1", "2002:7f00:1::"),
    *("64:ff9b::7f00:1", "64:ff9b::808:808", "64:ff9b:1::1", "2001:0:4136:e378::1", "3fff::1"),
]
OUTSIDE = ["8.8.8.8", "1.1.1.1", "172.15.0.1", "172.32.0.1", "99.255.255.255", "223.255.255.255"]
OUTSIDE += ["2606:4700:4700::1111", "2a00:1450:4001::1", "2001:4860:4860::8888"]


@pytest.mark.parametrize("address", INSIDE)
def test_inside(address: str) -> None:
    assert not is_public(ip_address(address))


@pytest.mark.parametrize("address", OUTSIDE)
def test_outside(address: str) -> None:
    assert is_public(ip_address(address))


@given(st.ip_addresses(v=4) | st.ip_addresses(v=6))
def test_what_python_calls_special_is_not_public(address: IPv4Address | IPv6Address) -> None:
    if is_public(address):
        assert address.is_global
        special = ("is_multicast", "is_private", "is_loopback", "is_link_local", "is_reserved")
        assert not any(getattr(address, name) for name in special)


@given(st.ip_addresses(v=4))
def test_no_ipv6_form_of_an_ipv4_address_is_public(address: IPv4Address) -> None:
    number = int(address)
    for form in (
        number,  # ::a.b.c.d
        0xFFFF << 32 | number,  # mapped
        0xFFFF << 48 | number,  # translated, RFC 2765
        0x64FF9B << 96 | number,  # NAT64
        0x2002 << 112 | number << 80,  # 6to4
        0x20010000 << 96 | (number ^ 0xFFFFFFFF),  # Teredo
    ):
        assert not is_public(IPv6Address(form))


REFUSED_AS_WRITTEN = [
    *("", "not a url", "example.org/hook", "ftp://example.org", "file:///etc/passwd", "https://"),
    *("https:///path", "http://example.org/", "javascript:alert(1)", "//example.org"),
    *(
        "https://user@example.org/",
        "https://user:pass@example.org/",
        "https://example.org@10.0.0.1/",
    ),
    *("https://example.org:0/", "https://example.org:99999/", "https://exa mple.org/"),
    *("https://example.org/\n", "https://example.org/\x00", "https://ex\u202eample.org/"),
    *("https://2130706433/", "https://0x7f000001/", "https://0x7f.1/", "https://0177.0.0.1/"),
    *(
        "https://127.1/",
        "https://127.0.0.1./",
        "https://1.2.3/",
        "https://0/",
        "https://1.2.3.4.5/",
    ),
    *(
        "https://%31%32%37.0.0.1/",
        "https://[::1%25lo]/",
        "https://[fe80::1%eth0]/",
        "https://a..b/",
    ),
    *("https://[::1/", "https://::1/", "https://①②⑦.0.0.1/", "https://１２７.0.0.1/"),
    f"https://example.org/{'x' * 2000}",
    f"https://{'x' * 64}.org/",
]


@pytest.mark.parametrize("url", REFUSED_AS_WRITTEN)
def test_refused_as_written(url: str) -> None:
    with pytest.raises(InvalidInput, match="The webhook URL") as refusal:
        parse_url(url, allow_private=False)
    assert refusal.value.field == "url"


def test_a_setting_lets_plain_http_pass() -> None:
    assert parse_url("http://localhost:8000/hook?x=1", allow_private=True).port == 8000


@given(st.text(max_size=60) | st.text(max_size=40).map(lambda text: f"https://{text}/"))
def test_nothing_else_than_a_refusal(text: str) -> None:
    with contextlib.suppress(InvalidInput):
        parsed = parse_url(text, allow_private=False)
        assert parsed.scheme == "https"
        assert parsed.host


@given(st.integers(0, 2**32 - 1), st.sampled_from(["d", "#x", "012o"]))
def test_numbers_are_no_way_to_write_an_address(number: int, form: str) -> None:
    with pytest.raises(InvalidInput):
        parse_url(f"https://{number:{form}}/", allow_private=False)


@pytest.mark.parametrize("address", INSIDE)
def test_addresses_inside_are_refused(address: str) -> None:
    host = f"[{address}]" if ":" in address else address
    with pytest.raises(InvalidInput, match="public address"):
        asyncio.run(check_url(f"https://{host}/hook", allow_private=False))


@pytest.mark.parametrize("answer", [["10.0.0.1"], ["::1", "169.254.169.254"], ["fe80::1%2"], []])
def test_names_that_lead_inside_or_nowhere_are_refused_in_the_same_words(
    answer: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", resolver([answer]))
    with pytest.raises(InvalidInput) as refusal:
        asyncio.run(check_url("https://intranet.example/", allow_private=False))
    assert str(refusal.value) == "The webhook URL must lead to a public address."


def test_a_name_of_both_kinds_is_reached_outside_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", resolver([["10.0.0.1", "8.8.8.8", "::1"]]))
    found = asyncio.run(resolve("both.example", 443, allow_private=False))
    assert found == ["8.8.8.8"]


def resolver(answers: list[list[str]]) -> Any:
    """A getaddrinfo that gives one answer after another; an empty one is an unknown name."""
    left = iter(answers)

    def getaddrinfo(_host: str, port: int, **_: Any) -> list[Any]:
        addresses = next(left)
        if not addresses:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return [(0, socket.SOCK_STREAM, 6, "", (address, port)) for address in addresses]

    return getaddrinfo
