"""Windows and widgets on the offscreen platform, fed with snapshots."""
