"""What became of an introduction, and how each side rates the other."""
