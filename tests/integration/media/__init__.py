"""Large files and bad lines: what uploading costs in memory and in bytes, and strangers' servers."""
