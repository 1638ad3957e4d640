"""What Facebook and Instagram share: the Graph API, its errors, and the OAuth grant that gives both."""
