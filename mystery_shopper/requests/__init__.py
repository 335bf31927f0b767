"""Requests for information and about personal data, and data protection complaints: registers, clocks and packs."""
