"""What the service costs beside a bare handler that does the same writes or the same query by hand (make bench)."""
