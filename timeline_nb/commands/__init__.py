"""Commands: every edit of a timeline as one typed value.

A command is a frozen struct. It makes a new timeline of an old one (`apply`), has a
label for the history, is written as the call of a method (`script`), and is read from
and written as JSON (`registry`). The methods of `tl.Edit`, the gestures of the
widgets, and `timeline-nb edit` all build commands and hand them to a session.
"""
