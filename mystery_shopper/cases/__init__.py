"""The case and its reports: the aggregate that every staff feature acts on."""
