"""The register of contracting authorities: who they are, what they were called, and how each law classes them."""
