"""What was published, how late, and what it brought."""
