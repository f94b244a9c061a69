"""Every public call whose arguments do not fit says which one is meant."""

import inspect
from collections.abc import Callable, Iterator
from fractions import Fraction
from types import ModuleType
from typing import Any

import numpy as np
import pandas as pd
import pytest
from reference_pages import RETURNED, accessors

import timeline_nb as tl
from timeline_nb.core.call_errors import explain_calls

# The package without its types: what follows breaks them.
untyped: Any = tl


def _kinds() -> Iterator[tuple[str, type]]:
    for name in tl.__all__:
        value = getattr(tl, name)
        kind = value if inspect.isclass(value) else type(value)
        if kind.__module__.startswith("timeline_nb"):
            yield name, kind
    for name, kind in accessors():
        yield f"cut.{name}", kind
    for returned in RETURNED.values():
        yield from returned.items()


def _verbs() -> Iterator[tuple[str, Callable[..., Any]]]:
    for name in tl.__all__:
        value = getattr(tl, name)
        if inspect.isfunction(value):
            yield name, value
        if isinstance(value, ModuleType):
            for member, own in inspect.getmembers(value, inspect.isfunction):
                if member in value.__all__:
                    yield f"{name}.{member}", own
    for name, kind in _kinds():
        for member, own in inspect.getmembers_static(kind):
            function = getattr(own, "__func__", own)
            is_ours = str(getattr(function, "__module__", "")).startswith("timeline_nb")
            if inspect.isfunction(function) and is_ours and member[0] != "_":
                yield f"{name}.{member}", function


def _takes_any_word(function: Callable[..., Any]) -> bool:
    own = inspect.signature(function).parameters.values()
    return any(one.kind is one.VAR_KEYWORD for one in own)


# The accessor of tables is made when it is first used.
ACCESSOR = pd.DataFrame().tl
VERBS = {name: function for name, function in _verbs() if not _takes_any_word(function)}


def test_there_are_as_many_verbs_as_the_reference_has() -> None:
    assert len(VERBS) > 350


def needed(function: Any) -> list[None]:
    """Return as many arguments as must be given by place."""
    return [
        None
        for one in inspect.signature(function).parameters.values()
        if one.kind in {one.POSITIONAL_ONLY, one.POSITIONAL_OR_KEYWORD}
        and one.default is one.empty
    ]


@pytest.mark.parametrize("name", VERBS)
def test_a_word_that_no_argument_has_is_named(name: str) -> None:
    function = VERBS[name]
    with pytest.raises(tl.ArgumentError, match=r"has no argument 'zzz_zzz'"):
        function(*needed(function), zzz_zzz=1)


FLAGS = [
    (name, one.name)
    for name, function in VERBS.items()
    for one in inspect.signature(function).parameters.values()
    if one.annotation in {bool, "bool"} and one.kind is one.KEYWORD_ONLY
]


def test_there_are_as_many_switches_as_calls_have() -> None:
    assert len(FLAGS) > 70


@pytest.mark.parametrize(("name", "flag"), FLAGS)
@pytest.mark.parametrize(("given", "shown"), [("no", "a str"), (0, "0")])
def test_a_switch_is_true_or_false(
    name: str, flag: str, given: object, shown: str
) -> None:
    function = VERBS[name]
    with pytest.raises(tl.ArgumentError, match=f"{flag} is {shown}: give True or Fals"):
        function(*needed(function), **{flag: given})


def test_a_switch_is_numpy_s_too_as_tables_have_it(cut: tl.Edit) -> None:
    cut.titles.add("a", start=0, end="2s")
    cut.speed("c1", 2, keep_pitch=np.bool_(False))  # type: ignore[arg-type]
    assert cut.clips[0].effects[0].parameters["keep_pitch"] is False


def test_a_class_is_named_by_what_it_refuses() -> None:
    with pytest.raises(tl.ArgumentError, match="Settings: autosave is a str: give Tru"):
        untyped.Settings(autosave="no")


def test_tables_of_detections_are_explained_too() -> None:
    with pytest.raises(tl.ArgumentError, match="did you mean 'merge_gap'"):
        pd.DataFrame({"start_s": [0.0]}).tl.ranges(merge_gab=1)


@pytest.fixture
def cut() -> tl.Edit:
    return tl.Edit("street", rate=25, size=(64, 48))


Mistake = Callable[[Any], Any]
# What is called, and what is said.
MISTAKES: list[tuple[Mistake, str]] = [
    (
        lambda _: untyped.Media.detect(None, labels=["car"]),
        "detect has no argument 'labels': choose rows of its table",
    ),
    (
        lambda cut: cut.render("a.mp4", bit_rate=3),
        r"has no argument 'bit_rate': .*profile=tl\.Profile\(bit_rate_bps=",
    ),
    (lambda cut: cut.render("a.mp4", workerz=3), "did you mean 'workers'"),
    (lambda cut: cut.resize((640, 360)), r"resize: \(640, 360\) needs .* as in size="),
    (lambda cut: cut.split(), "split needs at="),
    (lambda cut: cut.split(1, at=1), "'at' is given twice"),
    (lambda cut: cut.resize(10**5000), "resize: a huge number needs its name"),
    (lambda cut: cut.undo(1), "undo takes 0 arguments, and 1 is one too many"),
    (lambda cut: cut.titles.add("a", strat=1, end=2), "did you mean 'start'"),
    (lambda cut: cut.effects.presets.save(), "save needs owner= and name="),
    (lambda _: untyped.Edit("a", sise="720p"), "Edit has no .*did you mean 'size'"),
    (lambda _: untyped.Edit("a", "720p"), "Edit: a str needs its name, as in rate="),
    (lambda _: untyped.diff(1), "diff needs new="),
    (lambda _: untyped.models.add("a", lisense=""), "did you mean 'license'"),
    (lambda _: untyped.parameters.number(1, lo=0), "did you mean 'low'"),
    (lambda _: untyped.Transform(scal=2), "Transform .*did you mean 'scale'"),
    (lambda _: untyped.Transform(2), "Transform: 2 needs its name, as in fit="),
    (lambda _: untyped.Clip(), "Clip needs media= and source_range="),
    (lambda _: untyped.Profile("web"), "Profile: a str needs its name, as in name="),
    (lambda _: untyped.Zone(nam="door"), "Zone .*did you mean 'name'"),
    (lambda _: untyped.Settings(cachedir=""), "Settings .*did you mean 'cache_dir'"),
]


@pytest.mark.parametrize(("mistake", "words"), MISTAKES)
def test_a_call_that_does_not_fit_says_what_to_do(
    cut: tl.Edit, mistake: Mistake, words: str
) -> None:
    with pytest.raises(tl.ArgumentError, match=words) as caught:
        mistake(cut)
    # Programs that caught Python's own error go on as they did.
    assert isinstance(caught.value, TypeError)


CHOICES: list[tuple[Callable[[], Any], str]] = [
    (lambda: untyped.Transform(fit="cover"), "fit='cover': did you mean 'fill'"),
    (lambda: untyped.Transform(blend="multply"), "did you mean 'multiply'"),
    (
        lambda: untyped.Keyframe(interpolation="ease-in", time=Fraction(1), value=1),
        "interpolation='ease-in': did you mean 'ease_in'",
    ),
    (lambda: untyped.Track(name="V1", kind="vidoe"), "did you mean 'video'"),
    (lambda: untyped.Track(name="V1", sync_lock=True), "sync_lock=True: it is one of"),
    (lambda: untyped.Transform(fit=10**5000), "fit=a huge number: it is one of"),
    (lambda: untyped.Transform(fit=[1]), r"fit=\[1\]: it is one of"),
]


@pytest.mark.parametrize(("call", "words"), CHOICES)
def test_a_word_that_a_field_does_not_take_is_refused_at_the_call(
    call: Callable[[], Any], words: str
) -> None:
    with pytest.raises(tl.TimelineError, match=words):
        call()


def test_an_error_within_a_call_stays_as_it_is() -> None:
    def called(text: str) -> int:
        return int(text, wrong=1)  # type: ignore[call-overload,no-any-return]

    with pytest.raises(TypeError, match="int") as caught:
        explain_calls(called)("3")
    assert not isinstance(caught.value, tl.ArgumentError)


def test_no_text_of_a_call_is_in_its_error_or_its_frames() -> None:
    def called(secret: str, *, name: str = "") -> None:
        del secret, name
        raise ValueError("fails")

    own = explain_calls(called)
    with pytest.raises(ValueError, match="fails") as failed:
        own("sk-of-a-person")
    with pytest.raises(tl.ArgumentError, match="a str needs its name") as refused:
        own("one", *["sk-of-a-person"])
    for caught in (failed, refused):
        assert "sk-of-a-person" not in str(caught.value)
        for entry in caught.traceback[1:]:
            assert "sk-of-a-person" not in repr(entry.locals)
