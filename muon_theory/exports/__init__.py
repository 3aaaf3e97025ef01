"""What leaves the package in other languages."""
