"""The networks: what each can carry, how each publishes in steps, how each is connected and measured."""
