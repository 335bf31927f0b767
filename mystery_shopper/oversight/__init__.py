"""The pages of auditors: who saw and did what, by case, person, kind and period; proof that the log is whole."""
