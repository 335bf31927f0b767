"""Procurement notices: read from OCDS files, kept as frozen copies, compared, looked up."""
