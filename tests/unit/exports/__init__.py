"""The writers of exported files, read back by strangers."""
