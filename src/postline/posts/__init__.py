"""Posts, their variants for profiles, and the deliveries that carry them out."""
