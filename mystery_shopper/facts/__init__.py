"""Typed facts about a procurement: what each is called, how it is asked, read, stored and written. Pure."""
