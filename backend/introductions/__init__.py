"""Cases: who must do what by when, from the first consultation to the rating."""
