"""What happens to reports when something breaks."""
