"""FCPXML, the format of Final Cut Pro, which DaVinci Resolve reads and writes too."""
