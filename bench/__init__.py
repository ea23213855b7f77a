"""Measurements of speed and size on invented firms: `make bench`."""
