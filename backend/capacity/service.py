"""What can be done with capacity: answer, take an answer back, book hours and give them back."""

from backend.capacity.bookings import Overbooked, book, release

__all__ = ["Overbooked", "book", "release"]
