from dataclasses import dataclass, field


@dataclass
class Config:
    coeffs: list = field(default_factory=lambda: [(3, -4, 2), (2, -1.5, 0.5)])


CFG = Config()
COEFFS = CFG.coeffs
