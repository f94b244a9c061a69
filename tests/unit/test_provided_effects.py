"""Effects from elsewhere in the catalog: asked for at each look-up, and identified."""

import logging
from collections.abc import Callable, Collection, Iterator, Sequence
from functools import partial

import pytest

from timeline_nb.effects import provided
from timeline_nb.effects.catalog import catalog, find, find_picture, search
from timeline_nb.effects.identity import Identity
from timeline_nb.effects.parameters import number
from timeline_nb.effects.picture import Picture
from timeline_nb.effects.provided import ProvidedSpec
from timeline_nb.effects.spec import Medium, Spec
from timeline_nb.errors import CompositionError, PluginError

KIND = "org.example.test/darken"


def unchanged(picture: Picture, **_: object) -> Picture:
    return picture


def effect(
    kind: str = KIND, digest: str = "aa", medium: Medium = "picture"
) -> ProvidedSpec:
    parameters = {"amount": number(1.0, 0, 2)}
    spec = Spec(kind, medium, "plugins", "Darken.", parameters, unchanged,
                origin=kind.partition("/")[0])  # fmt: skip
    return ProvidedSpec(spec, lambda: Identity(digest))


class Some:
    """A provider of the effects that a test puts there."""

    def __init__(self, *effects: ProvidedSpec) -> None:
        self.effects = effects
        self.fails = ""

    def specs(self) -> Sequence[ProvidedSpec]:
        if self.fails:
            raise PluginError(self.fails)
        return self.effects

    def for_workers(self, kinds: Collection[str]) -> Callable[[], object] | None:
        kept = [kind for kind in kinds if kind in {e.spec.kind for e in self.effects}]
        return (lambda: kept) if kept else None


@pytest.fixture
def some() -> Iterator[Some]:
    provider = Some(effect())
    provided.add_provider("test", provider)
    yield provider
    provided.remove_provider("test")


def test_it_stands_in_the_catalog_like_one_of_the_package(some: Some) -> None:
    assert find(KIND).parameters["amount"].high == 2
    assert find_picture(KIND) is some.effects[0].spec
    assert KIND in [spec.kind for spec in catalog("picture")]
    assert KIND not in [spec.kind for spec in catalog("transition")]
    assert next(spec.kind for spec in search("darken")) == KIND


def test_what_a_provider_has_is_known_at_once(some: Some) -> None:
    assert provided.identity_of(KIND).digest == "aa"
    some.effects = (effect(digest="bb"), effect("org.example.test/wave"))
    assert provided.identity_of(KIND).digest == "bb"
    assert find("org.example.test/wave").medium == "picture"
    some.effects = ()
    assert find_picture(KIND) is None


def test_views_hear_of_providers_that_come_and_go() -> None:
    heard = []

    def listen() -> None:
        heard.append(find_picture(KIND) is not None)

    provided.catalog_changed.connect(listen)
    provided.add_provider("test", Some(effect()))
    provided.remove_provider("test")
    provided.remove_provider("test")
    provided.catalog_changed.disconnect(listen)
    assert heard == [True, False]


def test_a_missing_plugin_is_named_with_how_to_install_it() -> None:
    with pytest.raises(CompositionError, match=r"plugin 'org\.example\.test' of the"):
        find(KIND)
    assert "tl.plugins.install" in provided.missing_plugin(KIND)
    assert provided.missing_plugin("sepia") == ""
    # What cannot be computed here is not cached.
    assert provided.identity_of(KIND).why


def test_a_plugin_without_that_effect_is_said_to_be_of_another_version(
    some: Some,
) -> None:
    assert "has no effect" in provided.missing_plugin("org.example.test/other")
    assert provided.missing_plugin(some.effects[0].spec.kind) == ""


def test_the_package_hides_others_of_its_names(some: Some) -> None:
    some.effects = (effect("sepia"),)
    assert find("sepia").origin == ""
    own = [spec for spec in catalog("picture") if spec.kind == "sepia"]
    assert [spec.origin for spec in own] == [""]


def test_a_provider_that_fails_hides_no_other(
    some: Some, caplog: pytest.LogCaptureFixture
) -> None:
    provided.add_provider("other", Some(effect("org.example.other/wave")))
    try:
        some.fails = "its folder is damaged"
        with caplog.at_level(logging.WARNING):
            for _ in range(3):
                assert find("org.example.other/wave").kind
        assert find_picture(KIND) is None
        # It is not said that it is not installed.
        with pytest.raises(CompositionError, match="its folder is damaged"):
            find(KIND)
        assert [r.getMessage() for r in caplog.records] == [
            "effects are missing: its folder is damaged"
        ]
    finally:
        provided.remove_provider("other")


def test_workers_get_the_effects_that_they_need(some: Some) -> None:
    some.effects = (effect(), effect("org.example.test/wave"))
    sent = provided.providers_for_workers({KIND, "sepia"})
    assert [one() for one in sent] == [[KIND]]
    assert provided.providers_for_workers({"sepia"}) == ()


def test_a_provider_of_one_plugin_is_not_asked_for_others(some: Some) -> None:
    alone = Some()
    alone.fails = "it was asked"
    provided.add_provider("org.example.alone", alone, plugin="org.example.alone")
    try:
        assert find(KIND) is some.effects[0].spec
        with pytest.raises(CompositionError, match="no picture effect 'sepiaa'"):
            find("sepiaa", "picture")
        with pytest.raises(CompositionError, match="it was asked"):
            find("org.example.alone/wave")
    finally:
        provided.remove_provider("org.example.alone")


def test_one_that_keeps_changing_is_not_cached_until_it_is_replaced(
    some: Some,
) -> None:
    provided.note_change(KIND)
    assert provided.identity_of(KIND).why
    some.effects = (effect(),)
    assert not provided.identity_of(KIND).why


def test_one_whose_owner_was_collected_is_left_out_without_a_lock(some: Some) -> None:
    heard: list[str] = []
    listener = partial(heard.append, "changed")
    provided.catalog_changed.connect(listener)
    # The collector may come while this very thread holds the lock.
    with provided._REGISTRY._lock:
        provided.forget_provider("test")
    provided.catalog_changed.disconnect(listener)
    assert heard == []
    with pytest.raises(CompositionError):
        find(KIND)
    provided.add_provider("test", some)
    assert find(KIND).kind == KIND
