"""Check a requirement: a commissioner reads what the rules say of a planned requirement. Nothing is stored."""
