"""What `make bench` measures: ratios in one run, so that the machine cancels out. Not part of the suite."""
