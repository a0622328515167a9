"""The programs ours is measured against: the least that does the same job. Nothing of the product is imported here."""
