"""Effects of plugins that fail: how often they are tried, and what is said of them."""

import pytest

from timeline_nb.effects.failures import EffectRun, FailedEffectError, FailedEffects
from timeline_nb.effects.spec import Spec
from timeline_nb.errors import CompositionError, JobCancelledError, PluginError


def spec_of(origin: str) -> Spec:
    kind = f"{origin}/wave" if origin else "wave"
    return Spec(kind, "picture", "", "", {}, str, origin=origin)


def failing(error: Exception, calls: list[int]) -> str:
    calls.append(1)
    raise error


def test_one_that_fails_three_times_in_a_row_is_not_tried_again() -> None:
    said: list[str] = []
    failed = FailedEffects(said.append)
    run = EffectRun(spec_of("acme"), failed)
    calls: list[int] = []
    for _ in range(2):
        assert run(lambda: failing(PluginError("it ended"), calls), lambda: "a") == "a"
    assert run(lambda: "made", lambda: "a") == "made"
    for _ in range(5):
        assert run(lambda: failing(PluginError("it ended"), calls), lambda: "a") == "a"
    assert len(calls) == 2 + 3
    assert said == ["without the effect 'acme/wave': it ended"]
    # Each picture without it counts: none of them is kept.
    assert failed.count == 2 + 5
    # Another clip's is tried.
    other = EffectRun(spec_of("acme"), failed)
    assert other(lambda: "made", lambda: "a") == "made"


def test_what_python_raises_in_a_plugin_names_the_plugin() -> None:
    said: list[str] = []
    run = EffectRun(spec_of("acme"), FailedEffects(said.append))
    run(lambda: failing(KeyError("x"), []), lambda: "a")
    assert said == ["without the effect 'acme/wave': in the plugin acme: KeyError: 'x'"]


def test_renders_and_effects_of_the_package_raise() -> None:
    failed = FailedEffects(pytest.fail)
    own, foreign = spec_of(""), spec_of("acme")
    with pytest.raises(FailedEffectError, match="the effect 'acme/wave' failed: it"):
        EffectRun(foreign, None)(
            lambda: failing(PluginError("it ended"), []), lambda: ""
        )
    with pytest.raises(FailedEffectError, match="the effect 'wave' failed: KeyError"):
        EffectRun(own, failed)(lambda: failing(KeyError("x"), []), lambda: "")
    with pytest.raises(CompositionError, match=r"^its own words$"):
        EffectRun(own, failed)(
            lambda: failing(CompositionError("its own words"), []), lambda: ""
        )
    with pytest.raises(JobCancelledError):
        EffectRun(foreign, failed)(
            lambda: failing(JobCancelledError("stop"), []), lambda: ""
        )
