"""The measurements of `make bench`: each figure beside a yardstick measured in the same run.

Machines are noisy: compare ratios and percentiles, not absolute times.
"""
