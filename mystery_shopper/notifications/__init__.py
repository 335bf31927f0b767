"""Mail that says "there is an update" and nothing more: rows in the transaction, sent by the worker."""
