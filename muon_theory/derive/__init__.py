"""Symbolic work on the Newton-Schulz maps: everything here is DERIVED, exact, and re-checked at random points."""
