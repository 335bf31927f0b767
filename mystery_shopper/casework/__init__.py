"""The caseworker's desk, the list of cases, the case page and the steps taken on it."""
