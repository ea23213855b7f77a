"""The page on which a firm answers, and the list of what it was asked."""
