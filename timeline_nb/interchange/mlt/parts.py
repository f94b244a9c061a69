"""The elements of an MLT document: services with properties, and filters."""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Final

from timeline_nb.core.bounded_xml import XmlElement
from timeline_nb.interchange.flat import FlatEdit
from timeline_nb.interchange.mlt.curves import Point

__all__ = ["Document", "animation", "number_text", "set_properties"]

_VERSION: Final = "7.12.0"


def set_properties(element: XmlElement, **values: object) -> None:
    """Add properties; `__` in a name becomes `:`, and what is None is left out."""
    for name, value in values.items():
        if value is not None:
            element.add("property", str(value), name=name.replace("__", ":"))


def number_text(value: float) -> str:
    """Return a number as MLT reads it: no exponent, no more digits than are needed."""
    return f"{value:.6f}".rstrip("0").rstrip(".") if value else "0"


def animation(points: Sequence[Point], origin: int) -> str:
    """Return points as an animated value; a single point as a constant.

    Args:
        points: Frames and values.
        origin: The frame at which MLT begins to count.
    """
    texts = [(frame - origin, " ".join(map(number_text, v))) for frame, v in points]
    if len(texts) == 1:
        return texts[0][1]
    return ";".join(f"{frame}={text}" for frame, text in texts)


class Document:
    """A document that is written: services follow those that they use.

    Args:
        edit: Gives the profile.
        size: Of the picture, in pixels.
        folder: Of the file, in which its tables of colors lie.
    """

    def __init__(self, edit: FlatEdit, size: tuple[int, int], folder: Path) -> None:
        self.root: Final = XmlElement(
            "mlt",
            {
                "LC_NUMERIC": "C",
                "version": _VERSION,
                "title": edit.name,
                "producer": "main",
            },
        )
        self.rate: Final[Fraction] = edit.rate
        self.size: Final = size
        self.folder: Final = folder
        self._numbers: Counter[str] = Counter()
        width, height = size
        by = math.gcd(width, height)
        self.root.add(
            "profile",
            description=edit.name,
            width=width,
            height=height,
            progressive=1,
            sample_aspect_num=1,
            sample_aspect_den=1,
            display_aspect_num=width // by,
            display_aspect_den=height // by,
            frame_rate_num=edit.rate.numerator,
            frame_rate_den=edit.rate.denominator,
            colorspace=709,
        )

    def new(self, tag: str, id_: str = "", **attributes: object) -> XmlElement:
        """Return a new service, which `finish` puts into the document."""
        if not id_:
            self._numbers[tag] += 1
            id_ = f"{tag}{self._numbers[tag] - 1}"
        values = {
            name.rstrip("_"): str(value)
            for name, value in attributes.items()
            if value is not None
        }
        return XmlElement(tag, {"id": id_, **values})

    def finish(self, service: XmlElement) -> str:
        """Put a service behind those it uses, and return its id."""
        self.root.children.append(service)
        return service.get("id")

    def color(self, value: str, frames: int, **more: object) -> str:
        """Add a plain color, and return its id."""
        service = self.new("producer", in_=0, out=frames - 1)
        set_properties(
            service,
            length=frames,
            eof="pause",
            resource=value,
            mlt_service="color",
            mlt_image_format="rgba",
            **more,
        )
        return self.finish(service)

    def filter(
        self,
        service: XmlElement,
        kind: str,
        span: tuple[int, int] | None,
        values: Iterable[tuple[str, object]],
    ) -> XmlElement:
        """Add a filter to a service.

        Args:
            service: What it changes.
            kind: MLT's name of the filter.
            span: The first and the last frame at which it works, of the service; all
                if None. Keyframes are counted from the first.
            values: Its properties.
        """
        self._numbers["filter"] += 1
        edges = {} if span is None else {"in_": span[0], "out": span[1]}
        own = service.add("filter", id=f"filter{self._numbers['filter'] - 1}", **edges)
        set_properties(own, mlt_service=kind)
        for name, value in values:
            own.add("property", str(value), name=name)
        return own
