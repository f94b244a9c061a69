"""What every floor stands on: jobs, progress, executors, caches, safe files."""
