"""仲間まわし as an exact optimisation problem: which workshop does which step (docs/reference/composition.md)."""
