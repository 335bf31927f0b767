"""Data from outside the project that some tests measure against: read where they lie, never part of the project."""

import os
from pathlib import Path

DOMAIN = Path(os.environ.get("MYSTERY_SHOPPER_DOMAIN_DATA", Path(__file__).resolve().parents[3] / "shared" / "domain"))
"""Labelled passages, real notices and a register; tests marked `external` are left out where they are not."""
