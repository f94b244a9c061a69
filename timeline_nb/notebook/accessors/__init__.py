"""Groups of an edit's methods: `cut.effects`, `.titles`, `.subtitles`, `.audio` ..."""
