"""Who agreed to what exactly."""
