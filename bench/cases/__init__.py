"""What is measured: one file a benchmark, each with `run(options)`."""
