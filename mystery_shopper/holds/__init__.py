"""Legal holds: what may not be destroyed, and the one function every path that destroys asks."""
