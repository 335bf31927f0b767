"""Conflicts of interest: the register, the declaration at the door of a case, the block, access in an emergency."""
