"""What the sides of a case write to each other, and the notices in the page."""
