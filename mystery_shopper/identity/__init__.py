"""Who reported: apart from the case, opened for minutes with a reason, and told to the reporter."""
