"""From a timeline to a film on disk: encoders, the render itself, and its check."""
