"""Templates and the answers to them."""
