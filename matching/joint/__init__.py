"""Many cases over one region's free hours: a joint plan, its bound, and what the region lacks."""
