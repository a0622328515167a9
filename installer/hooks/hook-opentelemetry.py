"""Of OpenTelemetry the client carries the messages of its protocol, and nothing that could send any.

The hook that comes with PyInstaller takes in every exporter and SDK that the building environment has, because entry
points name them. This one stands before it.
"""
