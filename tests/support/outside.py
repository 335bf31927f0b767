"""What comes from outside the project: data that some tests measure against, and libraries of the system.

The data are read where they lie and are never part of the project.
"""

import os
from ctypes.util import find_library
from importlib.util import find_spec
from pathlib import Path

DOMAIN = Path(os.environ.get("MYSTERY_SHOPPER_DOMAIN_DATA", Path(__file__).resolve().parents[3] / "shared" / "domain"))
"""Labelled passages, real notices and a register; tests marked `external` are left out where they are not."""

HAS_PDF = find_spec("weasyprint") is not None and find_library("pangoft2-1.0") is not None
"""Whether letters can be made into PDF here: the library is of the lock files, pango of the system."""
