"""仲間まわし: teams of workshops for work that one firm does not do alone."""
