"""Reads of casework: the desk, the list, what the case page shows. Every one goes through `visible_to`."""
