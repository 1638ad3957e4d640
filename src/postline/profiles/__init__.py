"""Places to publish."""
