"""Accounts, their members, sign-in and API tokens."""
