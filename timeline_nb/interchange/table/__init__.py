"""Edits as tables (CSV): `to_dataframe` of an edit, and any list of media and times."""
