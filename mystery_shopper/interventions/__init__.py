"""What we do towards the authority, what we recommend, and what came of it."""
