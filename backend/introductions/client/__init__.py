"""The client's own page of its case."""
