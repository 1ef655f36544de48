from __future__ import annotations

import pytest

from timer_app.web.access import COOKIE_S, Access, HostPolicy


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


@pytest.mark.parametrize(
    "host",
    ["localhost", "localhost:8000", "LOCALHOST", "127.0.0.1:8000", "[::1]:8000", "192.168.1.20", "box.local:80", "Box"],
)
def test_numbers_and_own_names_are_answered_to(host: str) -> None:
    assert HostPolicy(["box", "box.local"]).allow(host)


@pytest.mark.parametrize("host", ["", "evil.example", "localhost.evil.example:8000", "127.0.0.1.evil.example", "[::1"])
def test_other_names_are_not(host: str) -> None:
    assert not HostPolicy(["box"]).allow(host)


def test_a_line_is_only_for_pages_from_here() -> None:
    hosts = HostPolicy()
    assert hosts.allow_origin("http://localhost:8000", "localhost:8000")
    assert hosts.allow_origin("https://192.168.1.20", "192.168.1.20")
    for origin in ("", "null", "http://evil.example", "http://localhost:8001", "http://127.0.0.1:8000", "http://[::1"):
        assert not hosts.allow_origin(origin, "localhost:8000")
    assert not hosts.allow_origin("http://evil.example", "evil.example")
