"""How good the answers are, as numbers: metrics, graded sets, and the comparison with simpler methods."""
