"""Demonstration data: fictional authorities, reports and cases, made through the real services and marked as such."""
