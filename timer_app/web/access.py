"""Who may come in: an address that lets one device in, once, and the cookie that the device has from then on.

Under which addresses this computer can be reached.
"""

from __future__ import annotations

import hmac
import ipaddress
import secrets
import socket
import time
from collections.abc import Callable, Iterable
from typing import Final
from urllib.parse import urlsplit

import ifaddr

COOKIE_S: Final = 12 * 3600
"""How long a device that has come in stays known."""

_MOST_DEVICES: Final = 64


class Access:
    """Hands out tokens, each good for one device.

    Args:
        now_s: Seconds on a clock that does not go back.

    Attributes:
        token: Lets the next device in.
    """

    def __init__(self, now_s: Callable[[], float] = time.monotonic) -> None:
        self._now_s = now_s
        self._cookies: dict[str, float] = {}  # cookies, with the moment after which each is no good
        self.token = _new_secret()

    def renew(self) -> str:
        """Make a new token in place of the present one, which lets nobody in any more."""
        self.token = _new_secret()
        return self.token

    def redeem(self, token: str) -> str | None:
        """The cookie for a device that comes with the token, which is used up by that; `None` for any other token."""
        if not _is_equal(token, self.token):
            return None
        self.renew()
        if len(self._cookies) >= _MOST_DEVICES:
            del self._cookies[next(iter(self._cookies))]
        cookie = _new_secret()
        self._cookies[cookie] = self._now_s() + COOKIE_S
        return cookie

    def is_known(self, cookie: str) -> bool:
        """Whether a device with that cookie has come in before."""
        now_s = self._now_s()
        self._cookies = {known: until_s for known, until_s in self._cookies.items() if until_s > now_s}
        return any(_is_equal(cookie, known) for known in self._cookies)


class HostPolicy:
    """Which names of this computer pages may use in their addresses.

    A page from elsewhere can have its own name resolve to this computer, and would then be let through to it by the
    browser. Such a page uses a name; numbers, and the names that are known to be this computer's, cannot be taken over.

    Args:
        names: Names of this computer, besides `localhost`.
    """

    def __init__(self, names: Iterable[str] = ()) -> None:
        self._names = {"localhost", *(name.lower().rstrip(".") for name in names)}

    def allow(self, host: str) -> bool:
        """Whether a request may be addressed to `host`, as its header says: a name or number, maybe with a port."""
        try:
            name = urlsplit(f"//{host}").hostname
        except ValueError:
            return False
        return name is not None and (name.rstrip(".") in self._names or _is_number(name))

    def allow_origin(self, origin: str, host: str) -> bool:
        """Whether a page from `origin` may open a socket at `host`: only one that came from there."""
        try:
            return self.allow(host) and urlsplit(origin).netloc.lower() == host.lower()
        except ValueError:
            return False


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
    """What to put into addresses for people, best first, when the server listens on `host`."""
    return (_lan_numbers() or ["localhost"]) if host in _ANY_HOST else [host]


def local_host_names(host: str) -> set[str]:
    """The names of this computer, with `host` as the user gave it."""
    name = socket.gethostname().lower()
    return {host, name, f"{name.partition('.')[0]}.local"} - set(_ANY_HOST)


def page_url(host: str, port: int, token: str) -> str:
    """The address that lets a device in."""
    shown = f"[{host}]" if ":" in host else host
    return f"http://{shown}:{port}/?token={token}"


def _lan_numbers() -> list[str]:
    """The IPv4 numbers of this computer in networks that others are in, private networks first."""
    numbers = [ip.ip for adapter in ifaddr.get_adapters() for ip in adapter.ips if isinstance(ip.ip, str)]
    found = [ipaddress.IPv4Address(number) for number in dict.fromkeys(numbers)]
    outward = [number for number in found if not number.is_loopback and not number.is_link_local]
    return [str(number) for number in sorted(outward, key=lambda number: not number.is_private)]
