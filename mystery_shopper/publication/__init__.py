"""Results: the public text of a case from draft to published row, and the pages, files and feeds that show them."""
