"""The HTTP door: one API for the UI, the host platform, scripts and agents."""
