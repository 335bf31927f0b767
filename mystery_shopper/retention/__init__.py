"""Records: holds on cases, the retention schedule, batches of what is destroyed, and proof of it."""
