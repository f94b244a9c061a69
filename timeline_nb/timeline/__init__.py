"""The edit as a value: its model, questions to it, verbs that change it, its history.

`model` holds the frozen structs, `queries` answers where things lie, `edits` makes new
timelines of old ones, `session` keeps the current one and tells who listens.
"""
