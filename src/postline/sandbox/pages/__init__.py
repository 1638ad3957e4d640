"""The sandbox's own pages: consent, what is live, single posts. Plain HTML and CSS, nothing loaded from elsewhere."""
