"""From facts to flags, and from flags to a queue, a priority and a target date."""
