import ipaddress
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from timeline_nb.errors import PluginError
from timeline_nb.wasm_plugins.addresses import is_public
from timeline_nb.wasm_plugins.levels import LEVELS, level_of
from timeline_nb.wasm_plugins.permissions import host_matches, missing, parse_permission


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("network:API.Example.com.", "network:api.example.com"),
        ("network:*.bücher.example", "network:*.xn--bcher-kva.example"),
        ("read:/films/../films/new/", "read:/films/new"),
        ("local:127.0.0.1:8080", "local:127.0.0.1:8080"),
        ("local:[::1]:8080", "local:::1:8080"),
        ("ui:panel", "ui:panel"),
        ("process", "process"),
    ],
)
def test_permissions_are_read(text: str, kept: str) -> None:
    assert str(parse_permission(text)) == kept


@pytest.mark.parametrize(
    "text",
    [
        "",
        "everything",
        "network:",
        "network:*.com",
        "network:*.",
        "network:a b.com",
        "network:example.com:80",
        "network:user@example.com",
        "network:127.0.0.1",
        "network:127.1",
        "network:2130706433",
        "network:0x7f000001",
        "network:-a.com",
        "network:a.*.com",
        "read:films",
        "read:/a\0b",
        "write:",
        "local:127.0.0.1",
        "local:127.0.0.1:0",
        "local:127.0.0.1:99999",
        "ui:window",
        "system",
        "level:root",
        "account:You Tube",
        "process:sh",
        "network:" + "a" * 2000,
    ],
)
def test_what_is_none_is_refused(text: str) -> None:
    with pytest.raises(PluginError):
        parse_permission(text)


@pytest.mark.parametrize(
    ("host", "matches"),
    [
        ("a.example.com", True),
        ("a.b.example.com", True),
        ("A.EXAMPLE.COM.", True),
        ("example.com", False),
        ("evilexample.com", False),
        ("example.com.evil.test", False),
        (".example.com", False),
        ("", False),
    ],
)
def test_a_pattern_matches_what_lies_below_a_name(host: str, *, matches: bool) -> None:
    assert host_matches("*.example.com", host) is matches


@pytest.mark.parametrize(
    ("one", "other", "covers"),
    [
        ("network:*.example.com", "network:a.example.com", True),
        ("network:*.example.com", "network:*.a.example.com", True),
        ("network:*.example.com", "network:*.example.com", True),
        ("network:*.example.com", "network:example.com", False),
        ("network:*.example.com", "network:evilexample.com", False),
        ("network:*.a.example.com", "network:*.example.com", False),
        ("network:*", "network:a.com", True),
        ("network:a.com", "network:*", False),
        ("read:/films", "read:/films/new", True),
        ("read:/films", "read:/films2", False),
        ("read:/films", "read:*", False),
        ("read:*", "read:/films", True),
        ("read:/films", "write:/films", False),
        ("local:*", "local:10.0.0.1:80", True),
        ("local:127.0.0.1:*", "local:127.0.0.1:80", True),
        ("local:127.0.0.1:*", "local:127.0.0.2:80", False),
    ],
)
def test_a_permission_covers_narrower_ones(
    one: str, other: str, *, covers: bool
) -> None:
    assert parse_permission(one).covers(parse_permission(other)) is covers


def test_what_no_grant_covers_is_missing() -> None:
    asked = map(parse_permission, ["read:/a/b", "network:x.com", "ui:panel"])
    granted = map(parse_permission, ["read:/a", "ui:panel"])
    assert list(map(str, missing(asked, granted))) == ["network:x.com"]


@pytest.mark.parametrize(
    ("granted", "level"),
    [
        ([], "minimal"),
        (["ui:panel"], "minimal"),
        (["read:/films"], "standard"),
        (["network:a.com"], "standard"),
        ([f"network:a{n}.com" for n in range(5)], "standard"),
        ([f"network:a{n}.com" for n in range(6)], "extended"),
        (["system:info"], "extended"),
        (["network:*"], "full"),
        (["read:/"], "full"),
        (["level:extended"], "extended"),
    ],
)
def test_permissions_come_to_a_level(granted: list[str], level: str) -> None:
    assert level_of(map(parse_permission, granted)) == level


def test_each_level_allows_no_less_than_the_one_below() -> None:
    names = ["minimal", "standard", "extended", "full"]
    assert list(LEVELS) == names
    for below, above in pairwise(names):
        for field in ("memory_bytes", "seconds", "operations", "files", "connections"):
            assert getattr(LEVELS[below], field) < getattr(LEVELS[above], field)


# From the registries of special addresses: RFC 6890, 6052, 3056, 4380, 4291.
@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "127.255.0.1",
        "10.0.0.1",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",  # noqa: S104 - refused
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "198.18.0.1",
        "::",
        "::1",
        "fe80::1",
        "fe80::1%eth0",
        "fc00::1",
        "fd00::1",
        "ff02::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "::ffff:a9fe:a9fe",
        "64:ff9b::7f00:1",
        "64:ff9b::a9fe:a9fe",
        "2002:7f00:1::",
        "2002:a9fe:a9fe::1",
        # Teredo: the client's IPv4 address is inverted; 7f00:0001 becomes 80ff:fffe.
        "2001:0:5db8:d70e:0:0:80ff:fffe",
        "nonsense",
        "",
    ],
)
def test_addresses_of_the_own_network_are_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        "93.184.215.14",
        "8.8.8.8",
        "2606:2800:220:1::1",
        "::ffff:8.8.8.8",
        "64:ff9b::808:808",
    ],
)
def test_addresses_of_the_internet_are_public(address: str) -> None:
    assert is_public(address)


@given(st.integers(0, (1 << 32) - 1))
def test_an_address_within_another_is_as_public_as_alone(number: int) -> None:
    four = ipaddress.IPv4Address(number)
    words = f"{number >> 16:x}:{number & 0xFFFF:x}"
    expected = is_public(str(four))
    assert is_public(f"::ffff:{four}") is expected
    assert is_public(f"64:ff9b::{words}") is expected
    assert is_public(f"2002:{words}::1") is expected


def test_home_is_expanded() -> None:
    assert parse_permission("read:~/films").target == str(Path.home() / "films")
