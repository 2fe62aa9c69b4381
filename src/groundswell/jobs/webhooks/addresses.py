"""Where webhooks may go: https URLs, to addresses of the public internet.

The check is of addresses, not of names: whoever controls a name controls what it resolves to, and
may change that at any time. So the names are resolved here, and connections are made to the very
addresses that passed (``sender``).
"""

import asyncio
import re
import socket
from concurrent.futures import ThreadPoolExecutor
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

import httpx

from groundswell.errors import GroundswellError, InvalidInput

LOOKUP_SECONDS = 5.0
"""Longest time that resolving a name may take."""
MAX_URL_CHARACTERS = 2000
_LOOKUPS_AT_ONCE = 32

# From the IANA registries of special-purpose addresses; ``ipaddress`` has other lists in every
# version of Python. Two are public by that registry and yet inside: what a cloud answers at.
_REFUSED_V4 = tuple(
    IPv4Network(network)
    for network in (
        *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16"),
        *("172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24"),
        *("192.88.99.0/24", "192.168.0.0/16", "192.175.48.0/24", "198.18.0.0/15"),
        *("198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4"),
        "168.63.129.16/32",  # Azure's platform address
    )
)
# Everything else of IPv6 is local, mapped or translated (::ffff:0:0/96, 64:ff9b::/96), multicast.
_UNICAST_V6 = IPv6Network("2000::/3")
_REFUSED_V6 = tuple(
    IPv6Network(network)
    for network in (
        *("2001::/23", "2001:db8::/32", "3fff::/20"),  # Teredo and other protocols, documentation
        *("2002::/16", "2620:4f:8000::/48"),  # 6to4, AS112
    )
)
_NAME = re.compile(r"(?=.{1,253}$)(?:[a-z0-9_-]{1,63}\.)*[a-z0-9_-]{1,63}\.?")
_NUMERIC_NAME = re.compile(r"(?:.*\.)?(?:[0-9]+|0x[0-9a-f]*)\.?")
_lookups = ThreadPoolExecutor(_LOOKUPS_AT_ONCE, "webhook-lookup")


class AddressRefused(GroundswellError):
    """A host that leads nowhere, or to where webhooks do not go."""


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Whether an address is one of the public internet, and no translation of another one."""
    if isinstance(address, IPv4Address):
        return not any(address in network for network in _REFUSED_V4)
    return address in _UNICAST_V6 and not any(address in network for network in _REFUSED_V6)


def parse_url(url: str, *, allow_private: bool, field: str = "url") -> httpx.URL:
    """Return a URL that may be tried; its host is yet to be resolved.

    Args:
        url: as its owner wrote it.
        allow_private: whether http will do, too.
        field: of the request, for the error.

    Raises:
        InvalidInput: it is none, or none that is acceptable; says why.
    """

    def expect(right: object, rule: str) -> None:
        if not right:
            raise InvalidInput(f"The webhook URL {rule}.", field=field)

    fits = len(url) <= MAX_URL_CHARACTERS and url.isprintable()
    expect(fits, f"must be printable, and {MAX_URL_CHARACTERS} characters at most")
    try:
        parsed = httpx.URL(url)
    except httpx.InvalidURL:
        parsed = httpx.URL()
    schemes = ("https", "http") if allow_private else ("https",)
    beginnings = " or ".join(f"{scheme}://" for scheme in schemes)
    expect(parsed.scheme in schemes, f"must begin with {beginnings}")
    expect(not parsed.userinfo, "must not carry a user name or password")
    expect(parsed.port is None or 0 < parsed.port < 65536, "must have a port from 1 to 65535")
    # Resolvers read many a number as an address: 2130706433, 0x7f.1, 0177.0.0.1.
    expect(
        _is_address(host_of(parsed)) or not _NUMERIC_NAME.fullmatch(host_of(parsed)),
        "must write an IPv4 address as four decimal numbers",
    )
    named = _is_address(host_of(parsed)) or _NAME.fullmatch(host_of(parsed))
    expect(named, "must name a host, or an address")
    return parsed


def host_of(url: httpx.URL) -> str:
    """The host of a URL as resolvers take it: lower case, ASCII, no brackets."""
    return url.raw_host.decode("ascii")


def port_of(url: httpx.URL) -> int:
    """The port of a URL, with the scheme's default filled in."""
    return url.port or {"https": 443, "http": 80}[url.scheme]


def _is_address(host: str) -> bool:
    try:
        return "%" not in str(ip_address(host))
    except ValueError:
        return False


async def resolve(host: str, port: int, *, allow_private: bool) -> list[str]:
    """Return the addresses of a host that may be connected to, in the resolver's order.

    Raises:
        AddressRefused: there is none.
    """
    loop = asyncio.get_running_loop()
    try:
        async with asyncio.timeout(LOOKUP_SECONDS):
            found = await loop.run_in_executor(_lookups, _look_up, host, port)
    except (OSError, UnicodeError):  # TimeoutError is an OSError
        found = []
    allowed = [
        address
        for address in dict.fromkeys(found)
        if allow_private or is_public(ip_address(address.partition("%")[0]))
    ]
    if not allowed:
        # The same words for a name that is not known and one that is inside: what names there are
        # inside is nobody's business.
        raise AddressRefused(f"{host} does not lead to a public address")
    return allowed


def _look_up(host: str, port: int) -> list[str]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(address[0]) for *_, address in found]


async def check_url(url: str, *, allow_private: bool, field: str = "url") -> None:
    """Refuse a URL that webhooks may not go to, as it is written and as its host resolves now.

    Raises:
        InvalidInput: says why.
    """
    parsed = parse_url(url, allow_private=allow_private, field=field)
    try:
        await resolve(host_of(parsed), port_of(parsed), allow_private=allow_private)
    except AddressRefused:
        raise InvalidInput("The webhook URL must lead to a public address.", field=field) from None
