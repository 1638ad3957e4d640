"""The numbers of live posts, brought back over time."""
