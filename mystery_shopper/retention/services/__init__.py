"""Writes of records: one function for each thing that can be done. They flush and never commit."""
