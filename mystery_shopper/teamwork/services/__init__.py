"""Writes of working together. Each locks nothing itself: the page has locked the case. They flush and never commit."""
