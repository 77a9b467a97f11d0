"""Golden sets, scorers, suites and benchmarks."""
