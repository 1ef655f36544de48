"""Access to the server: one-time addresses, the cookies of devices, and the host names under which it answers."""

from __future__ import annotations

import hmac
import ipaddress
import re
import secrets
import socket
import time
from collections.abc import Callable, Iterable
from typing import Final, NamedTuple

import ifaddr

COOKIE_S: Final = 12 * 3600
"""How long a device is let in again by its cookie."""

_MOST_DEVICES: Final = 64

_HOST: Final = re.compile(
    r"(?:\[(?P<number>[0-9a-f:.]+)\]|(?P<name>[a-z0-9._-]+))(?::(?P<port>[0-9]{0,5}))?", re.IGNORECASE | re.ASCII
)
_LAST_PORT: Final = 65_535
_USUAL_PORTS: Final = {"http": 80, "https": 443}


class Access:
    """Hands out tokens, each good for one device.

    Args:
        now_s: Seconds on a monotonic clock.

    Attributes:
        token: Lets the next device in.
    """

    def __init__(self, now_s: Callable[[], float] = time.monotonic) -> None:
        self._now_s = now_s
        self._cookies: dict[str, float] = {}  # cookies, with the time at which each expires
        self.token = _new_secret()

    def renew(self) -> str:
        """Replace the token; the previous one is no longer accepted."""
        self.token = _new_secret()
        return self.token

    def redeem(self, token: str) -> str | None:
        """A cookie in exchange for the token, which is replaced by a new one; `None` for a wrong token."""
        if not _is_equal(token, self.token):
            return None
        self.renew()
        if len(self._cookies) >= _MOST_DEVICES:
            del self._cookies[next(iter(self._cookies))]
        cookie = _new_secret()
        self._cookies[cookie] = self._now_s() + COOKIE_S
        return cookie

    def is_known(self, cookie: str) -> bool:
        """Whether a cookie was handed out and has not expired."""
        now_s = self._now_s()
        self._cookies = {known: until_s for known, until_s in self._cookies.items() if until_s > now_s}
        return any(_is_equal(cookie, known) for known in self._cookies)


class Host(NamedTuple):
    """A host as requests name it.

    Attributes:
        name: Its name or number in lower case, without brackets.
        port: The port, whether it was written or not.
    """

    name: str
    port: int


def parse_host(text: str, scheme: str) -> Host | None:
    """The host that a header names; `None` if that is malformed.

    Args:
        text: A name or number, perhaps with a port.
        scheme: `http` or `https`, for the port that is not written.
    """
    found = _HOST.fullmatch(text)
    if found is None or scheme not in _USUAL_PORTS:
        return None
    port = int(found["port"] or _USUAL_PORTS[scheme])
    return Host((found["number"] or found["name"]).lower(), port) if port <= _LAST_PORT else None


class HostPolicy:
    """Which host names requests may be addressed to, as a protection against DNS rebinding.

    A foreign page can let its own name resolve to this computer, and the browser would then let it through. IP
    addresses and the names of this computer cannot be taken over in this way.

    Args:
        names: Names of this computer, besides `localhost`.
    """

    def __init__(self, names: Iterable[str] = ()) -> None:
        self._names = {"localhost", *(name.lower().rstrip(".") for name in names)}

    def allow(self, host: Host) -> bool:
        """Whether requests may be addressed to `host`."""
        return host.name.rstrip(".") in self._names or _is_number(host.name)

    def allow_origin(self, origin: str, host: Host, scheme: str) -> bool:
        """Whether a page from `origin` may open a socket at `host`: only one that was loaded from there.

        Args:
            origin: The scheme and host of the page, as its browser tells them.
            host: Where the socket is to be opened.
            scheme: How: `http` or `https`.
        """
        origin_scheme, _, origin_host = origin.partition("://")
        return self.allow(host) and origin_scheme == scheme and parse_host(origin_host, scheme) == host


def _new_secret() -> str:
    return secrets.token_urlsafe(16)


def _is_equal(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode("utf-8", "replace"), other.encode())


def _is_number(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


_ANY_HOST: Final = ("0.0.0.0", "::", "")  # noqa: S104 - compared with, not listened on


def hosts_to_print(host: str) -> list[str]:
    """The hosts to print in addresses when the server listens on `host`, the best first."""
    return (_lan_numbers() or ["localhost"]) if host in _ANY_HOST else [host]


def local_host_names(host: str) -> set[str]:
    """The names of this computer, with `host` as the user gave it."""
    name = socket.gethostname().lower()
    return {host, name, f"{name.partition('.')[0]}.local"} - set(_ANY_HOST)


def page_url(host: str, port: int, token: str, scheme: str = "http") -> str:
    """The address that lets a device in."""
    shown = f"[{host}]" if ":" in host else host
    return f"{scheme}://{shown}:{port}/?token={token}"


def _lan_numbers() -> list[str]:
    """The IPv4 addresses of this computer in its networks, private ones first."""
    numbers = [ip.ip for adapter in ifaddr.get_adapters() for ip in adapter.ips if isinstance(ip.ip, str)]
    found = [ipaddress.IPv4Address(number) for number in dict.fromkeys(numbers)]
    outward = [number for number in found if not number.is_loopback and not number.is_link_local]
    return [str(number) for number in sorted(outward, key=lambda number: not number.is_private)]
