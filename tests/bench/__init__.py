"""The benchmark: `make bench`, or `python -m tests.bench --help`. One line of JSON for each figure."""
