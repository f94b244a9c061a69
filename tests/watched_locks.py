"""Watches the locks of the package; imported before anything of it."""

import os
from typing import Final

ARE_WATCHED: Final = True
os.environ["TIMELINE_NB_WATCH_LOCKS"] = "1"
