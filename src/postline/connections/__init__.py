"""OAuth grants to networks: asked for, kept encrypted, refreshed, given back."""
