"""TikTok accounts, through the Content Posting API."""
