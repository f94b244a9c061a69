"""The edit as a value: its model, queries, edits, and history.

`model` holds the frozen structs, `queries` answers where items are, `edits` makes new
timelines of old ones, `validate` refuses what is none, `comparing` says what changed.
"""

from timeline_nb.timeline.model import set_views
from timeline_nb.timeline.picture import draw_svg
from timeline_nb.timeline.tables import from_dataframe, to_dataframe

set_views(draw=draw_svg, from_dataframe=from_dataframe, to_dataframe=to_dataframe)
