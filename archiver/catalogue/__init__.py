"""The projection of the log that answers questions: SQLModel on SQLite or PostgreSQL. Rows never leave this package."""
