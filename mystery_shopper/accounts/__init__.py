"""Staff: who they are, what each may do, how they sign in and how long that lasts."""
