"""For those who write plugins: new projects, their tests, and the interface's page."""
