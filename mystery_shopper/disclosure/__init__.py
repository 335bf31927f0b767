"""The disclosure gate: finds traces of a reporter in a text that is about to leave. Pure."""
