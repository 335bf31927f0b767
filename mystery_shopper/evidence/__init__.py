"""Evidence: files that reporters send. Sealed, looked into by a process apart, scanned, copied."""
