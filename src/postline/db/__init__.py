"""The database: engine, sessions, column types, the embedded server."""
