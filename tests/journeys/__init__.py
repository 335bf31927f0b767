"""Journeys through the running application, by role, in a real browser."""
