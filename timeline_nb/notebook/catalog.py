"""The catalog in a notebook: kinds of effects, their parameters, and thumbnails."""

from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final, cast, get_args

import cv2
import numpy as np
from numpy.typing import NDArray

from timeline_nb.effects.catalog import catalog as listed
from timeline_nb.effects.catalog import custom_effect, find, search
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
        which: A medium (`picture`, `transition`, `sound`, `crossfade`, `generator` or
            `time`), or words to search for; all kinds if None.
    """

    def __init__(self, which: Medium | str | None = None) -> None:
        self._which = which
        self._medium: Medium | None = None
        if which in get_args(Medium):
            self._medium = cast("Medium", which)

    def __iter__(self) -> Iterator[Spec]:
        if self._which is None or self._medium is not None:
            return listed(self._medium)
        return iter(search(self._which))

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __getitem__(self, kind: str) -> Spec:
        media = () if self._medium is None else (self._medium,)
        return find(kind, *media)

    def to_dataframe(self) -> "pd.DataFrame":
        """Return one row a parameter: its kind, medium, group, doc, name, type ..."""
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
        """Return a picture with a kind's defaults applied: `(136, 240, 3) uint8 RGB`.

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
        what = f" for {self._which!r}" if self._which else ""
        return f"<Catalog of {len(self)} kinds{what}>"

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


def catalog(which: Medium | str | None = None) -> Catalog:
    """Return the kinds of effects, transitions, sounds and generators there are.

    Args:
        which: A medium, such as `"transition"`, or words to search for, such as
            `"glow"` or `"film grain"`; all kinds if not given.

    Example:
        >>> import timeline_nb as tl
        >>> [spec.kind for spec in tl.catalog("sepia")][0]
        'sepia'
    """
    return Catalog(which)


def effect(
    *, group: str = "custom", **parameters: Parameter
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Make an effect of a function of a cell: `(H, W, 3) uint8` RGB to the same.

    Its name is the function's, its documentation the docstring's first line. Renders
    know it by its source code: a changed function is another effect.

    Args:
        group: The group that lists show it in.
        parameters: What it takes, by name, as `tl.parameters.number(...)` makes them.

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
