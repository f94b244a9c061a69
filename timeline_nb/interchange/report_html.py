"""Draw a report as HTML: a summary, and a table of what was not carried over."""

from collections.abc import Sequence
from html import escape
from typing import Final

__all__ = ["draw_report"]

_MOST_ROWS: Final = 200
_HEADS: Final = ("outcome", "where", "what", "frames", "detail")
# Signs, so that color is not the only difference.
_SIGNS: Final = {"lost": "✕", "approximated": "≈", "kept": "✓", "offline": "?"}
# JupyterLab's colors where it has them; else such as are seen on light and on dark.
_STYLE: Final = """
<style>
.tnb-report { color: var(--jp-ui-font-color1, inherit); }
.tnb-report p { margin: 0 0 .5em; font-weight: 600; }
.tnb-report table { border-collapse: collapse; border: none; margin: 0;
  color: inherit; font-size: inherit; }
.tnb-report th, .tnb-report td { text-align: left !important; padding: .25em .75em;
  border: none; vertical-align: top; }
.tnb-report tbody tr { background: transparent;
  border-top: 1px solid var(--jp-border-color2, rgb(128 128 128 / .4)); }
.tnb-report td:first-child { white-space: nowrap; }
.tnb-report td.frames { text-align: right !important;
  font-variant-numeric: tabular-nums; }
.tnb-report td.detail { width: 50%; }
.tnb-report .lost { color: var(--jp-error-color1, #e5534b); font-weight: 600; }
.tnb-report .approximated,
.tnb-report .offline { color: var(--jp-warn-color1, #c77d0a); }
.tnb-report .kept { color: var(--jp-success-color1, #3fa34d); }
</style>
"""


def draw_report(title: str, rows: Sequence[tuple[str, ...]], more: int) -> str:
    """Draw the findings of a report.

    Args:
        title: Stands above, and is the table's name for screen readers.
        rows: Outcome, where, what, frames and detail of each finding.
        more: How many further ones there are.
    """
    more += max(0, len(rows) - _MOST_ROWS)
    # Texts need the room of columns that say nothing.
    columns = [n for n in range(len(_HEADS)) if any(row[n] for row in rows)]
    head = "".join(f'<th scope="col">{_HEADS[number]}</th>' for number in columns)
    body = "".join(_row(row, columns) for row in rows[:_MOST_ROWS])
    label = escape(title, quote=True)
    table = (
        f'<table aria-label="{label}"><thead><tr>{head}</tr></thead>'
        f"<tbody>{body}</tbody></table>"
        if rows
        else ""
    )
    rest = f"<p>… and {more:,} more</p>" if more else ""
    return f'{_STYLE}<div class="tnb-report"><p>{escape(title)}</p>{table}{rest}</div>'


def _row(cells: tuple[str, ...], columns: Sequence[int]) -> str:
    made = []
    for number in columns:
        kind, shown = _HEADS[number], escape(cells[number])
        if number == 0:
            kind, shown = shown, f"{_SIGNS.get(cells[0], '')} {shown}"
        made.append(f'<td class="{kind}">{shown}</td>')
    return f"<tr>{''.join(made)}</tr>"
