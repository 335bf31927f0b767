"""The authority answers here: who was invited, what they are asked, their draft, their requests, their answer."""
