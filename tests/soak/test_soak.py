from pathlib import Path

import pytest
from soak.run import ALLOWED_GROWTH, Held, curve, growth, soak


@pytest.mark.timeout(1800)
def test_two_minutes_of_everything_leave_nothing_behind(tmp_path: Path) -> None:
    rounds = soak(120, tmp_path)
    print(curve(rounds))
    assert max(growth(rounds).values()) <= ALLOWED_GROWTH, growth(rounds)


def test_a_leak_would_be_seen() -> None:
    flat = [Held(400, 30, 12, 0)] * 20
    assert max(growth(flat).values()) == 0
    leaks = [Held(400 + 10 * n, 30, 12 + n, n) for n in range(20)]
    assert {name for name, share in growth(leaks).items() if share > 0.05} == {
        "rss_mib",
        "descriptors",
        "temporary_files",
    }


def test_what_comes_and_goes_is_no_leak() -> None:
    busy = [Held(900 + 20 * (n % 3), 19 + 15 * (n % 3 > 0), 32, 1) for n in range(20)]
    busier = [Held(900 + 20 * (n % 5), 17 + 18 * (n % 5 > 0), 34, 1) for n in range(20)]
    assert max(growth(busy + busier).values()) == 0


def test_a_leak_is_seen_under_what_comes_and_goes() -> None:
    leaks = [Held(900, 19 + 15 * (n % 3 > 0) + n // 5, 32, 1) for n in range(80)]
    assert growth(leaks)["threads"] > ALLOWED_GROWTH
