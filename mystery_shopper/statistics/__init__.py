"""What is published as numbers over all cases: never about one authority, one report or one reporter."""
