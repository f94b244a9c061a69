"""The catalogue: documented, with schemas and thumbnails, and versions of one's own."""

from typing import Any

import jsonschema
import numpy as np
import pytest
from numpy.typing import NDArray

import timeline_nb as tl
from timeline_nb.effects.catalog import catalog, find
from timeline_nb.effects.provided import identity_of
from timeline_nb.errors import CompositionError

SPECS = list(catalog())


def test_there_are_as_many_effects_as_an_editor_expects() -> None:
    counts = tl.catalog().to_dataframe().drop_duplicates(["medium", "kind"])
    told = counts.groupby("medium").size()
    assert told["picture"] >= 45
    assert told["transition"] >= 35
    looks = {spec.kind for spec in SPECS if spec.group == "looks"}
    assert looks >= {
        "s_log", "d_log", "v_log", "hlg", "rec709", "rec2020", "cine_style", "flat",
        "neutral", "portrait", "landscape", "vintage_film", "warm_sunset", "cold_blue",
        "dramatic_contrast",
    }  # fmt: skip


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: f"{spec.medium}-{spec.kind}")
def test_each_kind_tells_what_it_does_and_takes(spec: Any) -> None:
    assert spec.doc.endswith("."), spec.kind
    assert spec.group
    schema = spec.schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    defaults = {
        name: parameter.default
        for name, parameter in spec.parameters.items()
        if parameter.kind != "file"
    }
    jsonschema.validate(defaults, schema)
    for parameter in spec.parameters.values():
        if parameter.kind != "file":
            parameter.check(parameter.default)


def test_each_effect_and_transition_has_a_thumbnail_of_its_own() -> None:
    for spec in SPECS:
        files = any(p.kind == "file" for p in spec.parameters.values())
        if spec.medium in {"picture", "transition", "generator"} and not files:
            shelf = tl.catalog(spec.medium)
            assert shelf.thumbnail(spec.kind).shape == (136, 240, 3)
    plain = tl.catalog("picture").thumbnail("crop")
    assert (tl.catalog("picture").thumbnail("sepia") != plain).any()


def test_a_changed_function_is_another_effect() -> None:
    def define(level: int) -> str:
        # Two cells with the same name: the later takes the earlier's place.
        if level:

            @tl.effect()
            def shifted(rgb: NDArray[np.uint8]) -> NDArray[np.uint8]:
                """Moved to the right."""
                return np.roll(rgb, 8, axis=1)
        else:

            @tl.effect()
            def shifted(rgb: NDArray[np.uint8]) -> NDArray[np.uint8]:
                """Moved down."""
                return np.roll(rgb, 8, axis=0)

        return identity_of("shifted").digest

    one, other = define(0), define(1)
    assert one != other
    assert define(0) == one
    assert find("shifted", "picture").doc == "Moved down."
    assert identity_of("sepia").digest == ""


@pytest.mark.parametrize(
    ("word", "medium"),
    [("effect", "picture"), ("transition", "transition"), ("sound effects", "sound")],
)
def test_media_have_the_names_that_people_give_them(word: str, medium: str) -> None:
    found = tl.catalog(word)
    assert {spec.medium for spec in found} == {medium}
    assert len(found) > 10


def test_what_is_not_there_is_named_with_what_is_like_it() -> None:
    with pytest.raises(CompositionError, match=r"no picture effect 'sepja'.*'sepia'"):
        tl.catalog("picture")["sepja"]
    assert "sepia" in tl.catalog("picture")._repr_html_()


@pytest.mark.parametrize("medium", ["sound", "crossfade", "time"])
def test_what_no_picture_shows_is_refused_by_name(medium: str) -> None:
    catalog = tl.catalog(medium)
    for spec in catalog:
        with pytest.raises(tl.CompositionError, match=f"'{spec.kind}' is of {medium}"):
            catalog.thumbnail(spec.kind)


def _names(words: str) -> list[str]:
    return tl.catalog(words).to_dataframe()["name"].tolist()


def test_what_has_names_is_listed_by_them(cut: tl.Edit) -> None:
    assert _names("profiles") == list(tl.profile_names())
    assert _names("layouts") == tl.layout_names()
    for name in _names("subtitle styles"):
        cut.set_track("S1", style=name)
    for name in _names("title_animations"):
        cut.titles.add("Hello", start=0, end=2, animation=name)
    for row in tl.catalog("title-styles").to_dataframe().to_dict("records"):
        words = {one: "Ada" for one in str(row["texts"]).split(", ") if one}
        cut.titles.template(str(row["name"]), start=0, **words)
    for name in _names("sizes"):
        cut.resize(size=name)
    assert _names("models") == _names("detectors")
    for name in _names("blend_modes"):
        tl.Transform(blend=name)  # type: ignore[arg-type]
    for font in _names("fonts")[:3]:
        cut.titles.add("a", start=0, end=1, font=font)
    assert _names("detectors")[: len(tl.models.table())] == list(
        tl.models.table()["name"]
    )


def test_formats_are_those_that_are_written(cut: tl.Edit) -> None:
    rows = tl.catalog("export formats").to_dataframe().to_dict("records")
    formats = {str(row["name"]): row for row in rows}
    assert set(formats) >= {"otio", "edl", "fcp7xml", "fcpxml", "mlt", "aaf"}
    for name in ("otio", "edl"):
        suffix = str(formats[name]["suffixes"]).split(", ")[0]
        cut.export(f"film{suffix}", format=name, dry_run=True)
    for name in (name for name, row in formats.items() if not row["writes"]):
        with pytest.raises(tl.ProjectError, match="no such format is written"):
            cut.export("film.x", format=name, dry_run=True)


def test_presets_are_listed_as_they_are_saved(cut: tl.Edit) -> None:
    cut.titles.add("Hello", start=0, end=2)
    before = len(tl.catalog("presets"))
    cut.effects.add(0, "sepia")
    cut.effects.presets.save(0, "a name of a test")
    assert "a name of a test" in tl.catalog("presets")
    cut.effects.presets.remove("a name of a test")
    assert len(tl.catalog("presets")) == before


def test_a_table_of_names_shows_all_of_each_text() -> None:
    shown = tl.catalog("title_templates")._repr_html_()
    assert "..." not in shown
    assert repr(tl.catalog("sizes")).startswith("<sizes: 360p, 480p")


def test_a_list_that_there_is_not_is_refused_with_the_nearest() -> None:
    words = "no list of 'profile'; did you mean 'profiles'"
    with pytest.raises(tl.CompositionError, match=words):
        tl.NameTable("profile")  # type: ignore[arg-type]


def test_several_of_a_medium_are_the_medium() -> None:
    kinds = [spec.kind for spec in tl.catalog("transitions")]
    assert kinds == [spec.kind for spec in tl.catalog("transition")]
    assert [spec.kind for spec in tl.catalog("effects")] == [
        spec.kind for spec in tl.catalog("picture")
    ]
    assert len(tl.catalog("style")) == len(tl.Catalog("style"))


@pytest.fixture
def cut() -> tl.Edit:
    made = tl.Edit("street", rate=25, size=(64, 48))
    made.subtitles.add("Hello", start=0, end=1)
    return made
