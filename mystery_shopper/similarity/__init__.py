"""Similar reports and repeat patterns: what is suggested to staff, and the pages that join, split and link cases."""
