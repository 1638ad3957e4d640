"""The benchmarks: how fast, how punctual and how frugal deliveries are, beside a limit and beside other engines."""
