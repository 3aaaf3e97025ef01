import torch
COEFFS = torch.tensor([[3, -4, 2], [2, -1.5, 0.5]], dtype=torch.float32)
