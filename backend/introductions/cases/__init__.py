"""The page of one case for its coordinator, and what hangs on it: choosing firms, changes, sheets of paper."""
