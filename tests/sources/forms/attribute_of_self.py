class Muon:
    def __init__(self, rows=((3, -4, 2), (2, -1.5, 0.5))):
        self.rows = rows

    def orthogonalize(self, G):
        X = G / (G.norm() + 1e-7)
        for a, b, c in self.rows:
            A = X @ X.mT
            X = a * X + (b * A + c * A @ A) @ X
        return X
