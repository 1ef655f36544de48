from __future__ import annotations

import pytest

from timer_app.web.access import COOKIE_S, Access, Host, HostPolicy, parse_host


class Clock:
    now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


def test_a_token_lets_one_device_in_and_is_used_up_by_that() -> None:
    door = Access()
    token = door.token
    cookie = door.redeem(token)
    assert cookie is not None
    assert door.is_known(cookie)
    assert door.redeem(token) is None
    assert door.token != token


@pytest.mark.parametrize("guess", ["", "x", "ü", "\udc80", "A" * 10_000])
def test_nothing_else_lets_anybody_in(guess: str) -> None:
    door = Access()
    token = door.token
    assert door.redeem(guess) is None
    assert not door.is_known(guess)
    assert not door.is_known(token)
    assert door.token == token


def test_a_renewed_token_makes_the_one_before_void_and_leaves_devices_alone() -> None:
    door = Access()
    cookie = door.redeem(door.token)
    assert cookie is not None
    before = door.token
    assert door.renew() == door.token != before
    assert door.redeem(before) is None
    assert door.is_known(cookie)


def test_a_device_is_forgotten_after_its_time() -> None:
    clock = Clock()
    door = Access(clock)
    cookie = door.redeem(door.token)
    assert cookie is not None
    clock.now_s = COOKIE_S - 1
    assert door.is_known(cookie)
    clock.now_s = COOKIE_S
    assert not door.is_known(cookie)


def test_many_devices_take_the_place_of_the_first_ones() -> None:
    door = Access()
    cookies = [door.redeem(door.token) or "" for _ in range(65)]
    assert [door.is_known(cookie) for cookie in cookies] == [False, *[True] * 64]


def host(text: str, scheme: str = "http") -> Host:
    found = parse_host(text, scheme)
    assert found is not None
    return found


@pytest.mark.parametrize(
    "text",
    ["localhost", "localhost:8000", "LOCALHOST", "127.0.0.1:8000", "[::1]:8000", "192.168.1.20", "box.local:80", "Box"],
)
def test_numbers_and_own_names_are_answered_to(text: str) -> None:
    assert HostPolicy(["box", "box.local"]).allow(host(text))


@pytest.mark.parametrize(
    "text", ["evil.example", "localhost.evil.example:8000", "127.0.0.1.evil.example", "[:::::]", "1.2.3.4.5"]
)
def test_other_names_are_not(text: str) -> None:
    assert not HostPolicy(["box"]).allow(host(text))


MALFORMED = [
    "",
    " ",
    ":80",
    "[::1",
    "[::1]x",
    "::1",
    "[]",
    "localhost:abc",
    "localhost:-1",
    "localhost:65536",
    "localhost:080000",
    "localhost:٨",
    "a b",
    "localhost@evil",
    "localhost/x",
    "localhost?x",
    "ü",
    "127.0.0.1%0a",
    "localhost\n",
]


@pytest.mark.parametrize("text", MALFORMED)
def test_a_malformed_host_is_none(text: str) -> None:
    assert parse_host(text, "http") is None


def test_a_port_that_is_not_written_is_the_usual_one() -> None:
    assert host("Localhost") == host("localhost:") == host("localhost:80") == ("localhost", 80)
    assert host("[::1]", "https") == ("::1", 443)


def test_a_line_is_only_for_pages_from_here() -> None:
    hosts = HostPolicy()
    assert hosts.allow_origin("http://localhost:8000", host("localhost:8000"), "http")
    assert hosts.allow_origin("https://192.168.1.20", host("192.168.1.20", "https"), "https")
    for origin in ("", "null", "http://evil.example", "http://localhost:8001", "http://127.0.0.1:8000", "http://[::1"):
        assert not hosts.allow_origin(origin, host("localhost:8000"), "http")
    assert not hosts.allow_origin("http://evil.example", host("evil.example"), "http")


@pytest.mark.parametrize(
    "origin", ["http://localhost:8000", "ws://localhost:8000", "localhost:8000", "://localhost:8000"]
)
def test_a_page_that_was_loaded_by_another_scheme_is_from_elsewhere(origin: str) -> None:
    assert not HostPolicy().allow_origin(origin, host("localhost:8000", "https"), "https")
