"""Writes of guidance: referrals, and the register of the Right to Provide. They flush and never commit."""
