"""Health checks: side by side, each with its limit; what hangs is named."""

import threading

from states import until

from timeline_nb.core.telemetry.health import CheckWarning, HealthCheck, HealthChecks


def test_each_check_says_what_it_found() -> None:
    def warn() -> str:
        raise CheckWarning("half full")

    def fail() -> str:
        raise OSError("the folder is gone")

    def fail_without_words() -> str:
        raise ZeroDivisionError

    found = HealthChecks().run(
        [
            HealthCheck("good", lambda: "all there"),
            HealthCheck("warns", warn),
            HealthCheck("fails", fail),
            HealthCheck("says nothing", fail_without_words),
        ]
    )
    assert [(one.name, one.state, one.detail) for one in found] == [
        ("good", "ok", "all there"),
        ("warns", "warning", "half full"),
        ("fails", "failed", "the folder is gone"),
        ("says nothing", "failed", "ZeroDivisionError"),
    ]


def test_a_check_that_hangs_is_named_and_not_begun_again() -> None:
    release, begun = threading.Event(), []

    def hang() -> str:
        begun.append(1)
        release.wait(200)
        return "late"

    checks = HealthChecks()
    good = HealthCheck("good", lambda: "there", 200)
    try:
        for _ in range(3):
            hung, other = checks.run([HealthCheck("hangs", hang, 0.1), good])
            assert (hung.name, hung.state) == ("hangs", "no answer")
            assert "0.1 s" in hung.detail
            assert other.state == "ok"
        assert len(begun) == 1
    finally:
        release.set()
    # Once it has ended, it is tried anew.
    until(lambda: "health hangs" not in {one.name for one in threading.enumerate()})
    assert checks.run([HealthCheck("hangs", hang, 200)])[0].detail == "late"
    assert len(begun) == 2


def test_checks_run_side_by_side() -> None:
    meeting = threading.Barrier(3)

    def meet() -> str:
        meeting.wait(200)
        return "met"

    found = HealthChecks().run([HealthCheck(str(n), meet, 200) for n in range(3)])
    assert [one.detail for one in found] == ["met"] * 3
