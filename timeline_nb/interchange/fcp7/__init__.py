"""The XML of Final Cut Pro 7 (xmeml), which Premiere Pro and Resolve exchange."""
