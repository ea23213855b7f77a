"""Cases and offers for programs."""
