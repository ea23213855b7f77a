"""Requests: what somebody wants made, in their own words, with what they corrected of our reading of it."""
