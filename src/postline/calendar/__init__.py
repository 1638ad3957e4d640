"""What is planned and what went out, over all profiles, by day."""
