# two steps
const COEFFS = [(3.0, -4.0, 2.0), (2.0, -1.5, 0.5)]
