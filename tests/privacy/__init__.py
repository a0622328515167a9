"""What leaves this computer as log data, and what never does: shown from outside, at a receiver and in the files.

Here belong tests of the promises to the person, over the real agent service, transport and store. Tests of one module
of `telemetry` stand in tests/unit/telemetry.
"""
