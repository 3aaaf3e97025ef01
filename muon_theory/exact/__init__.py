"""Exact algebra of polynomials: signs, ranges, roots, orbits and elimination, in rationals and proved balls.

`rationals` leads from the standard library's numbers to python-flint's and back; `bernstein`, `positivity` and `grids`
show signs on intervals and boxes; `ranges` has images of intervals; `roots` real roots and what maps make of them;
`elimination` takes a variable away.  What is found here is found, not proved: a certificate made of it is the checker's
to judge, with arithmetic of its own.
"""
