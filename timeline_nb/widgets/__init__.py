"""Widgets: thin views of an edit session, drawn in the browser by one bundle each."""
