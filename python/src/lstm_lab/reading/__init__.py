"""Reading of a database, with Python's own `sqlite3`: nothing here writes."""
