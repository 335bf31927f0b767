"""Forms of Tell us How: the pages of the commissioner, those of the policy owner, and the public filters."""
