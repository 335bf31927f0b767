"""The register of contracting authorities: who may be reported, under which names, in which class."""
