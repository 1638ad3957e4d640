"""Other ways to publish what is due: one file each, run as `python -m` in an environment of their own."""
