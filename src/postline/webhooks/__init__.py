"""What providers tell by themselves: stored first, processed then."""
