"""What a ward reports of its work: figures, charts and tables. It reads and changes nothing."""
