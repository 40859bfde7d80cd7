"""The durable record: visitors, their files and conversations, in SQLite and plain folders."""
