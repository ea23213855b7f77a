"""Free capacity: the weekly answer of a firm, how far it can still be trusted, and the hours promised to jobs."""
