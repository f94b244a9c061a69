"""The catalog of effects in a notebook: kinds, parameters, and thumbnails."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, Final, cast, get_args, overload

import numpy as np
from numpy.typing import NDArray

from timeline_nb.core.near_names import kind_of
from timeline_nb.effects.catalog import catalog as listed
from timeline_nb.effects.catalog import find, search
from timeline_nb.effects.custom import custom_effect
from timeline_nb.effects.parameters import Parameter
from timeline_nb.effects.samples import sample_of, test_image
from timeline_nb.effects.spec import Medium, Spec
from timeline_nb.errors import CompositionError
from timeline_nb.notebook.name_tables import NamedThings, NameTable, named_things
from timeline_nb.studio import default_studio, has_studio

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Catalog", "catalog", "effect"]

_MEDIA: Final[dict[str, Medium]] = {
    "effect": "picture",
    "effects": "picture",
    "transitions": "transition",
    "sounds": "sound",
    "sound effects": "sound",
    "crossfades": "crossfade",
    "generators": "generator",
}


class Catalog:
    """Kinds of effects, transitions, sound effects and generators; shown as a table.

    Args:
        which: A medium (`picture`, `transition`, `sound`, `crossfade`, `generator` or
            `time`), or words to search for; all kinds if None.

    Example:
        >>> blurs = tl.Catalog("blur")
        >>> "gaussian_blur" in [spec.kind for spec in blurs]
        True
        >>> list(blurs["gaussian_blur"].parameters)
        ['sigma']
    """

    def __init__(self, which: Medium | str | None = None) -> None:
        if which is not None and not isinstance(which, str):
            raise CompositionError(
                f"which={which!r} is {kind_of(which)}: give a medium, such as "
                "'transition', or words to search for"
            )
        if not has_studio():
            # It knows the effects of plugins.
            default_studio()
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
        """Return one row per parameter: kind, medium, group, parameter, type ...

        Example:
            >>> table = tl.catalog("sepia").to_dataframe()
            >>> table[["kind", "medium", "parameter", "default"]]
                kind   medium parameter  default
            0  sepia  picture    amount      1.0
        """
        import pandas as pd

        rows = []
        for spec in self:
            own = {
                "kind": spec.kind,
                "medium": spec.medium,
                "group": spec.group,
                "doc": spec.doc,
                "plugin": spec.origin,
            }
            parameters = [_row_of(n, p) for n, p in spec.parameters.items()]
            rows += [own | row for row in parameters or [{"parameter": ""}]]
        return pd.DataFrame(rows)

    def thumbnail(self, kind: str) -> NDArray[np.uint8]:
        """Return a test image with a kind applied at its defaults.

        Returns:
            `(136, 240, 3) uint8 RGB`.

        Raises:
            CompositionError: There is no such effect or transition.

        Example:
            >>> tl.catalog().thumbnail("sepia").shape
            (136, 240, 3)
        """
        spec = find(
            kind, *((self._medium,) if self._medium else ("picture", "transition"))
        )
        return sample_of(spec, [test_image(0), test_image(1)])

    def __repr__(self) -> str:
        what = f" for {self._which!r}" if self._which else ""
        count = len(self)
        return f"<Catalog of {count} kind{'s' * (count != 1)}{what}>"

    def _repr_html_(self) -> str:
        import pandas as pd

        rows = [
            {
                "group": spec.group,
                "kind": spec.kind,
                "what it does": spec.doc,
                "parameters": ", ".join(spec.parameters),
                "plugin": spec.origin,
            }
            for spec in self
        ]
        return str(pd.DataFrame(rows).to_html(index=False, escape=True))


@overload
def catalog(which: NamedThings) -> NameTable: ...  # type: ignore[overload-overlap]
@overload
def catalog(which: Medium | str | None = None) -> Catalog: ...
def catalog(which: Medium | str | None = None) -> Catalog | NameTable:
    """Return the kinds of effects, or a table of other names that calls take.

    Args:
        which: `"effect"`, `"transition"` or another medium, or words to search for:
            `"glow"` or `"film grain"`; all kinds if not given. Or what else has names:
            `"profiles"`, `"title_templates"`, `"title_animations"`,
            `"subtitle_styles"`, `"fonts"`, `"presets"`, `"formats"`, `"detectors"`,
            `"layouts"`, `"sizes"` or `"blend_modes"`.

    Example:
        >>> tl.catalog("profiles").to_dataframe().head(2)[["name", "suffix", "size"]]
                    name suffix       size
        0  youtube-1080p   .mp4  1920x1080
        1     youtube-4k   .mp4  3840x2160
        >>> "boxed" in tl.catalog("subtitle styles")
        True
        >>> tl.catalog("film grain")
        <Catalog of 1 kind for 'film grain'>
        >>> [spec.kind for spec in tl.catalog("sepia")][0]
        'sepia'
    """
    things = named_things(which) if isinstance(which, str) else None
    return (
        Catalog(_MEDIA.get(str(which), which)) if things is None else NameTable(things)
    )


def effect(
    *,
    group: str = "custom",
    version: str | float | None = None,
    time_limit_s: float | None = None,
    **parameters: Parameter,
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Register a function as an effect: it takes and returns `(H, W, 3) uint8 RGB`.

    The effect has the function's name and the first line of its docstring. The render
    cache knows it by its code, and by the globals, closures, functions and classes that
    the code uses: after a change of any of them its segments are encoded again. Those
    of installed packages count by version. Where it uses what cannot be compared, such
    as an open file or a random generator, its segments are not kept, and the plan says
    why.

    Args:
        group: The group that lists show it in.
        version: Text or a number that identifies the effect in the cache, in place of
            its code and all that it uses: change it when its pictures change.
        time_limit_s: The seconds that one picture may take. The function then runs in
            a process of its own, to which it is sent with what it refers to; a picture
            that takes longer fails with an error, and the process is ended. Without a
            limit if None: the function runs in this process, which costs less.
        parameters: Its parameters by name, as `tl.parameters.number(...)` makes them.

    Raises:
        CompositionError: An effect of the package has its name, the version is
            neither text nor a number, or the limit is not positive.

    Example:
        >>> import numpy as np
        >>> @tl.effect(group="custom", amount=tl.parameters.number(0.5, low=0, high=1))
        ... def shade(rgb, amount):
        ...     return (rgb * (1 - amount)).astype(np.uint8)
        >>> cut.effects.add("c1", "shade", amount=0.25)
        >>> cut.effects.of("c1")[0].parameters
        {'amount': 0.25}
    """

    def register(function: Callable[..., Any]) -> Callable[..., Any]:
        custom_effect(
            function,
            group=group,
            parameters=parameters,
            version=version,
            time_limit_s=time_limit_s,
        )
        return function

    return register


def _row_of(name: str, parameter: Parameter) -> dict[str, Any]:
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
