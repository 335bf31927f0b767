"""Forms: what caseworkers write to the authority, and what its officers write to us."""
