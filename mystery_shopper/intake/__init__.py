"""The reporter's side: the journey that makes a report, and the receipt through which its reporter comes back."""
