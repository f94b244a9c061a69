"""The catalogue in a notebook: what there is, what it takes, what it looks like."""

from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from timeline_nb.effects.catalog import catalog as listed
from timeline_nb.effects.catalog import custom_effect, find
from timeline_nb.effects.parameters import Parameter
from timeline_nb.effects.picture import Moment, Picture
from timeline_nb.effects.spec import Medium, Spec
from timeline_nb.effects.transitions.run import transition_spec

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Catalog", "catalog", "effect"]

_WIDE, _HIGH = 240, 136


class Catalog:
    """Kinds of effects, transitions, sounds and generators; a cell shows a table.

    Args:
        medium: `picture`, `transition`, `sound`, `crossfade`, `generator` or `time`;
            all of them if None.
    """

    def __init__(self, medium: Medium | None = None) -> None:
        self._medium = medium

    def __iter__(self) -> Iterator[Spec]:
        return listed(self._medium)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __getitem__(self, kind: str) -> Spec:
        media = () if self._medium is None else (self._medium,)
        return find(kind, *media)

    def to_dataframe(self) -> "pd.DataFrame":
        """One row a parameter: `kind`, `medium`, `group`, `doc`, `parameter` ..."""
        import pandas as pd

        rows = []
        for spec in self:
            own = {
                "kind": spec.kind,
                "medium": spec.medium,
                "group": spec.group,
                "doc": spec.doc,
            }
            told = [_told(n, p) for n, p in spec.parameters.items()]
            rows += [own | parameter for parameter in told or [{"parameter": ""}]]
        return pd.DataFrame(rows)

    def thumbnail(self, kind: str) -> NDArray[np.uint8]:
        """What a kind looks like with its defaults: `(136, 240, 3) uint8 RGB`.

        Raises:
            CompositionError: There is no such kind of effect or transition.
        """
        spec = find(
            kind, *((self._medium,) if self._medium else ("picture", "transition"))
        )
        moment = Moment(Fraction(1), Fraction(1, 25), end=Fraction(10))
        if spec.medium == "transition":
            pictures = [Picture(moment=moment, rgb=_card(n)) for n in (0, 1)]
            made = spec.make(*pictures, 0.5, **_defaults(transition_spec(kind)))
        elif spec.medium == "picture":
            made = spec.make(Picture(moment=moment, rgb=_card(0)), **_defaults(spec))
        else:
            made = spec.make(moment, (_WIDE, _HIGH), **_defaults(spec))
        return np.asarray(_on_checks(made), np.uint8)

    def __repr__(self) -> str:
        what = self._medium or "effects"
        return f"<Catalog of {len(self)} {what} kinds>"

    def _repr_html_(self) -> str:
        import pandas as pd

        rows = [
            {
                "group": spec.group,
                "kind": spec.kind,
                "what it does": spec.doc,
                "parameters": ", ".join(spec.parameters),
            }
            for spec in self
        ]
        return str(pd.DataFrame(rows).to_html(index=False, escape=True))


def catalog(medium: Medium | None = None) -> Catalog:
    """Every kind of effect, transition, sound and generator, or those of one medium."""
    return Catalog(medium)


def effect(
    *, group: str = "custom", **parameters: Parameter
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Make an effect of a function of a cell: `(H, W, 3) uint8` RGB to the same.

    Its name is the function's, its documentation the docstring's first line. It is
    known by its source: a changed function is another effect.

    Args:
        group: Its kin, for lists.
        parameters: What it takes, by name: `timeline_nb.effects.parameters.number`.

    Raises:
        CompositionError: An effect of the package has its name.
    """

    def made(function: Callable[..., Any]) -> Callable[..., Any]:
        custom_effect(function, group=group, parameters=parameters)
        return function

    return made


def _told(name: str, parameter: Parameter) -> dict[str, Any]:
    return {
        "parameter": name,
        "type": parameter.kind,
        "default": parameter.default,
        "low": parameter.low,
        "high": parameter.high,
        "unit": parameter.unit,
        "choices": ", ".join(parameter.choices),
        "about": parameter.doc,
    }


def _defaults(spec: Spec) -> dict[str, Any]:
    return {
        name: parameter.check(parameter.default)
        for name, parameter in spec.parameters.items()
        if parameter.kind != "file" and name != "easing"
    }


_SKIES: Final = (((70, 130, 200), (250, 210, 150)), ((40, 30, 90), (230, 110, 90)))


def _card(number: int) -> NDArray[np.uint8]:
    """A landscape with a sun, to show what an effect does: day, or evening."""
    top, low = (np.array(color, np.float32) for color in _SKIES[number])
    share = np.linspace(0, 1, _HIGH, dtype=np.float32)[:, None, None]
    sky = np.broadcast_to(top + (low - top) * share, (_HIGH, _WIDE, 3)).copy()
    picture = sky.astype(np.uint8)
    sun = (180, 40) if number == 0 else (60, 70)
    cv2.circle(picture, sun, 18, (255, 240, 190), -1, cv2.LINE_AA)
    x = np.arange(_WIDE)
    for place, (base, high, color) in enumerate(
        ((80, 26, (70, 90, 110)), (98, 18, (60, 110, 70)), (118, 10, (40, 75, 45)))
    ):
        line = base + high * np.sin(x / (18 + 13 * place) + number * 2 + place)
        corners = np.stack([x, line], axis=1).round().astype(np.int32)
        outline = np.vstack([corners, [[_WIDE, _HIGH], [0, _HIGH]]])
        cv2.fillPoly(picture, [outline], color, cv2.LINE_AA)
    return picture


def _on_checks(made: Picture) -> NDArray[np.uint8]:
    """What is clear shows a board of light and dark squares."""
    if made.alpha is None:
        return made.rgb
    y, x = np.mgrid[: made.height, : made.width]
    board = np.where((x // 8 + y // 8) % 2, 90, 130).astype(np.float32)[..., None]
    share = made.alpha.astype(np.float32)[..., None] / 255
    return np.asarray(made.rgb * share + board * (1 - share), np.uint8)
