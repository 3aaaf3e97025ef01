import numpy as np
COEFFS = np.array([[3, -4, 2], [2, -1.5, 0.5]])
