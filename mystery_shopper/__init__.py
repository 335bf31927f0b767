"""Mystery Shopper: case management for procurement-barrier complaints."""
