"""What a newcomer gives by mistake is refused at the call, in words that help."""

import inspect
from enum import EnumMeta
from typing import Any

import pytest

import timeline_nb as tl
from timeline_nb.core.near_names import kind_of

CLASSES = [
    kind
    for name in sorted(tl.__all__)
    if inspect.isclass(kind := getattr(tl, name))
    and not issubclass(kind, BaseException)
    and kind is not tl.TimeRange
    and not isinstance(kind, EnumMeta)
]


@pytest.mark.parametrize("kind", CLASSES, ids=lambda kind: kind.__name__)
def test_each_class_explains_an_argument_that_it_lacks(kind: Any) -> None:
    with pytest.raises(tl.TimelineNbError, match="bogus_argument"):
        kind(bogus_argument=1)


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"scale": "big"}, "scale is 'big', a str: it must be a number"),
        ({"scale": 0}, "scale 0 is not between 0 and 1000"),
        ({"opacity": 3}, "opacity 3 is not between 0 and 1"),
        ({"position": "middle"}, "position"),
        ({"crop": 0.1}, "crop"),
        ({"rotation_deg": None}, "rotation_deg is None"),
        ({"rotation_deg": float("nan")}, "must be finite"),
    ],
)
def test_a_placement_is_checked_where_it_is_made(
    fields: dict[str, Any], says: str
) -> None:
    with pytest.raises(tl.TimelineError, match="Transform: ") as caught:
        tl.Transform(**fields)
    assert says in str(caught.value)


def test_types_have_their_article() -> None:
    assert [kind_of(1), kind_of(""), kind_of(0.5), kind_of({}), kind_of([])] == [
        *("an int", "a str", "a float", "a dict", "a list"),
    ]
    with pytest.raises(tl.RenderError, match="profile=3 is an int"):
        tl.Edit("cut", rate=25, size=(160, 90)).render("a.mp4", profile=3)  # type: ignore[arg-type]


def test_a_template_of_a_plain_title_leads_to_the_templates() -> None:
    cut = tl.Edit("cut", rate=25, size=(160, 90))
    with pytest.raises(tl.CompositionError, match=r"titles\.template") as caught:
        cut.titles.add("Ada", start=0, end=1, template="lower_therd")
    assert "did you mean 'lower_third_bar'" in str(caught.value)
    assert "outro_credits" in str(caught.value)


def test_a_list_of_names_is_read_by_number() -> None:
    sizes = tl.NameTable("sizes")
    assert (sizes[0], sizes[-1], sizes[:2]) == (
        next(iter(sizes)),
        list(sizes)[-1],
        list(sizes)[:2],
    )
    with pytest.raises(IndexError):
        sizes[1000]
