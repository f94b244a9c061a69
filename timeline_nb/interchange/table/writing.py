"""Write an edit as the table that `to_dataframe` makes."""

import json

from timeline_nb.core.csv_cells import table_as_text
from timeline_nb.interchange import terms
from timeline_nb.interchange.requests import WriteRequest, Written
from timeline_nb.interchange.table.own import BESIDE

__all__ = ["write_table"]


def write_table(request: WriteRequest) -> Written:
    """Return the table of an edit, and the file beside it.

    Args:
        request: The edit.
    """
    table = request.timeline.to_dataframe()
    # Only letters of line ends are quoted within cells: a name may have either.
    text = table_as_text(table).to_csv(index=False, lineterminator="\r\n")
    data = text.encode("utf-8", errors="replace")
    if data.decode() != text:
        detail = "names of files that are not UTF-8 have a '?' in them"
        request.report.add(terms.EDIT, terms.LETTERS, "approximated", None, detail)
    name = request.path.name + BESIDE
    beside = json.dumps(
        {
            "timeline": table.attrs["timeline_nb"],
            "times": table.attrs["timeline_nb_times"],
        },
        indent=1,
    )
    detail = f"they are in {name}: keep it beside the table"
    what = "its name, tracks, markers and effects"
    request.report.add(terms.EDIT, what, "kept", None, detail)
    return Written(data, {name: f"{beside}\n".encode()})
