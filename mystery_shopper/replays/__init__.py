"""Re-triage: which rules are in force, and what a changed catalogue would do to every open case."""
