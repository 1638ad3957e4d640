"""The API's routes, one file a subject. They translate between HTTP and the domains, and decide nothing."""
