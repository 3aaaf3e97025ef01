COEFFS: list[tuple[float, ...]] = [(3, -4, 2), (2, -1.5, 0.5)]
