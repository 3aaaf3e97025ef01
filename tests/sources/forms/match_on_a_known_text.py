def pick(name):
    match name:
        case "fast":
            return [(3, -4, 2), (2, -1.5, 0.5)]
        case _:
            return [(1.5, -0.5)]


COEFFS = pick("fast")
