"""Measurements: ours beside a peer or a physical limit, interleaved in one run, medians of seven or more, as ratios.

`python -m bench` runs them all and prints a table; docs/performance.md tells the method and the last results. A bench
never gates CI: absolute times of one machine mean little.
"""
