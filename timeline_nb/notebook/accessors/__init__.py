"""Groups of an edit's verbs: `cut.effects`, `.titles`, `.subtitles`, `.audio` ..."""
