"""Nakamawa's matching library: pure functions from data to results (see matching/api.py)."""
