"""Clocks of cases: pauses as staff set them, escalation of what is overdue, and counting again."""
