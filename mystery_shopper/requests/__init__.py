"""Requests for information: the registers of freedom of information and of subject access, clocks and packs."""
