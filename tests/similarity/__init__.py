"""Tests of similar reports, joined cases and repeat patterns."""
