"""What `make bench` measures: each figure beside a yardstick that is measured in the same run.

Machines are noisy, so what counts are the ratios and the percentiles, not the times.
"""
