"""Render timelines to films: profiles, encoders, the render and its check."""
