"""The register of workshops: what they have, what they can do, who may see which of it."""
