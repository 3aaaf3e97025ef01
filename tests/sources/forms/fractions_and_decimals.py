from decimal import Decimal
from fractions import Fraction
COEFFS = [(Fraction(3), Decimal('-4'), float('2')), (2, Fraction(-3, 2), Fraction('1/2'))]
