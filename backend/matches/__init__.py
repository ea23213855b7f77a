"""Matches: reads a request, finds the firms that fit and says why, within what each firm chose to show."""
