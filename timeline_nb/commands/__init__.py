"""Commands: every change of a timeline as one typed value.

A command is a frozen struct. It returns a new timeline for an old one (`apply`), has a
label for the history, is written as a method call (`script`), and is read from and
written as JSON (`registry`). The methods of `tl.Edit`, the gestures of the widgets, and
`timeline-nb edit` all build commands and pass them to a session.
"""
