"""The notices of a case: which ones, what they said when the report came, and what changed since."""
