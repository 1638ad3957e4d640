"""What administrators must be told: on the page, and by mail where a mail server is set."""
