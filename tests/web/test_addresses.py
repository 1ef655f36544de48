from __future__ import annotations

import ipaddress

from timer_app.web.access import hosts_to_print, local_host_names, page_url

EVERYWHERE = "0.0.0.0"  # noqa: S104 - asked about, not listened on


def test_the_address_has_the_token_and_numbers_of_the_sixth_version_in_brackets() -> None:
    assert page_url("localhost", 8000, "abc") == "http://localhost:8000/?token=abc"
    assert page_url("::1", 80, "abc") == "http://[::1]:80/?token=abc"


def test_what_was_asked_for_is_printed() -> None:
    assert hosts_to_print("localhost") == ["localhost"]
    assert hosts_to_print("192.168.1.20") == ["192.168.1.20"]


def test_for_every_network_addresses_are_printed_that_others_can_reach() -> None:
    hosts = hosts_to_print(EVERYWHERE)
    assert hosts
    for host in hosts:
        assert host == "localhost" or not ipaddress.ip_address(host).is_loopback


def test_the_own_names_have_what_was_asked_for_but_no_word_for_everything() -> None:
    assert "box.lan" in local_host_names("box.lan")
    assert EVERYWHERE not in local_host_names(EVERYWHERE)
