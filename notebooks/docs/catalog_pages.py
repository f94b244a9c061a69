"""Show kinds of the catalog in the documentation: a picture, a sentence, parameters."""

import base64
import io
from html import escape
from itertools import groupby

from IPython.display import HTML
from PIL import Image

import timeline_nb as tl
from timeline_nb.effects.parameters import Parameter
from timeline_nb.effects.spec import Spec

__all__ = ["shown"]


def shown(medium: str) -> HTML:
    """Return all kinds of a medium, under a heading for each group.

    Args:
        medium: As `tl.catalog` takes it: `picture`, `transition`, `sound`, `generator`.
    """
    catalog = tl.catalog(medium)
    groups = groupby(catalog, key=lambda spec: spec.group)
    return HTML("".join(_group(catalog, name, list(specs)) for name, specs in groups))


def _group(catalog: tl.Catalog, name: str, specs: list[Spec]) -> str:
    entries = "".join(_entry(catalog, spec) for spec in specs)
    title = name.replace("_", " ").capitalize()
    return f'<h2>{escape(title)}</h2><div class="kinds">{entries}</div>'


def _entry(catalog: tl.Catalog, spec: Spec) -> str:
    rows = "".join(
        f"<tr><td><code>{escape(name)}</code></td><td>{escape(_range(own))}</td>"
        f"<td>{escape(own.doc)}</td></tr>"
        for name, own in spec.parameters.items()
    )
    table = f"<details><summary>Parameters</summary><table>{rows}</table></details>"
    return (
        f'<section class="kind" id="{escape(spec.kind)}">{_picture(catalog, spec)}'
        f"<h3><code>{escape(spec.kind)}</code></h3><p>{_code(spec.doc)}</p>"
        f"{table if rows else ''}</section>"
    )


def _code(text: str) -> str:
    """Return a text as HTML, with code where it has backticks."""
    parts = escape(text).split("`")
    return "".join(
        f"<code>{part}</code>" if place % 2 else part
        for place, part in enumerate(parts)
    )


def _range(parameter: Parameter) -> str:
    if parameter.choices:
        return ", ".join(map(str, parameter.choices))
    text = f"{parameter.default}"
    if parameter.low is not None and parameter.high is not None:
        text += f" ({parameter.low:g} to {parameter.high:g})"
    return text


def _picture(catalog: tl.Catalog, spec: Spec) -> str:
    try:
        image = catalog.thumbnail(spec.kind)
    except tl.TimelineNbError:
        # Sound is not seen, and a file is needed by some.
        return ""
    data = io.BytesIO()
    Image.fromarray(image).save(data, "WEBP", quality=80)
    text = base64.b64encode(data.getvalue()).decode()
    return f'<img alt="{escape(spec.kind)}" src="data:image/webp;base64,{text}">'
