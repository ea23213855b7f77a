"""Holding a need against what a firm offers: one small check per condition, and signals fused into an order."""
