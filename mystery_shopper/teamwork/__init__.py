"""How colleagues work on one case together: tasks, labels, checklists, mentions in notes, watching."""
