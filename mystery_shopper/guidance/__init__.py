"""Guidance: the library of pages, referrals to other bodies, and the register of the Right to Provide."""
