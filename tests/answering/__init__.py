"""Tests of what the authority is asked and answers here."""
