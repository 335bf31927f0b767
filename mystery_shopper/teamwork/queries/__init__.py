"""Reads of working together: tasks, labels, checklists, mentions, watching, and what of them stands on the desk."""
