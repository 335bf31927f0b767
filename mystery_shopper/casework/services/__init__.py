"""Writes of casework: steps on one case, and what is done to several at once."""
