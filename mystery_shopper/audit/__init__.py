"""The record of who did what: append-only, chained by a keyed digest, provable from outside."""
