"""Under which addresses this computer can be reached."""

from __future__ import annotations

import ipaddress
import socket
from typing import Final

import ifaddr

_EVERYWHERE: Final = ("0.0.0.0", "::", "")  # noqa: S104 - compared with, not listened on


def hosts_to_print(host: str) -> list[str]:
    """What to put into addresses for people, best first, when the server listens on `host`."""
    return (_lan_numbers() or ["localhost"]) if host in _EVERYWHERE else [host]


def own_names(host: str) -> set[str]:
    """The names of this computer, with `host` as the user gave it."""
    name = socket.gethostname().lower()
    return {host, name, f"{name.partition('.')[0]}.local"} - set(_EVERYWHERE)


def page_address(host: str, port: int, token: str) -> str:
    """The address that lets a device in."""
    shown = f"[{host}]" if ":" in host else host
    return f"http://{shown}:{port}/?token={token}"


def _lan_numbers() -> list[str]:
    """The IPv4 numbers of this computer in networks that others are in, private networks first."""
    numbers = [ip.ip for adapter in ifaddr.get_adapters() for ip in adapter.ips if isinstance(ip.ip, str)]
    found = [ipaddress.IPv4Address(number) for number in dict.fromkeys(numbers)]
    outward = [number for number in found if not number.is_loopback and not number.is_link_local]
    return [str(number) for number in sorted(outward, key=lambda number: not number.is_private)]
