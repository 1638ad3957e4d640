"""The only code that publishes: claims what is due, runs its steps, journals them, and recovers after a crash."""
