"""Tests of the reporter's side."""
