"""What was done in an account, by whom: kept for ever, never changed."""
