"""Writes of the registers: one function for each thing that can be done. They flush and never commit."""
