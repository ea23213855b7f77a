"""The legs of a case: the firms that are asked for each, what they say, the order and the work."""
