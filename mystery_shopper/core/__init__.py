"""What every feature stands on: storage, time, text, keys, events, errors. Knows no feature."""
