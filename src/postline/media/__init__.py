"""Pictures and videos: taken in, looked into, stored, handed to networks."""
