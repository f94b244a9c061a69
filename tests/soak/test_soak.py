from pathlib import Path

import pytest
from soak.run import ALLOWED_GROWTH, Held, curve, growth, soak


@pytest.mark.timeout(600)
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
