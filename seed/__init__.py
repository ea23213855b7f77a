"""Invented data: the demo directory and as many workshops as a measurement needs."""
