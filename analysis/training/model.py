"""A character transformer: pre-normalised blocks, separate matrices for query, key, value and output."""

from __future__ import annotations

import torch
from torch import nn
from torch.nn import functional as F

Tensor = torch.Tensor


class Block(nn.Module):
    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.query, self.key, self.value, self.out = (nn.Linear(width, width, bias=False) for _ in range(4))
        self.up = nn.Linear(width, 4 * width, bias=False)
        self.down = nn.Linear(4 * width, width, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        n = F.rms_norm(x, x.shape[-1:])
        q, k, v = (f(n).unflatten(-1, (self.heads, -1)).transpose(1, 2) for f in (self.query, self.key, self.value))
        x = x + self.out(F.scaled_dot_product_attention(q, k, v, is_causal=True).transpose(1, 2).flatten(-2))
        x = x + self.down(F.relu(self.up(F.rms_norm(x, x.shape[-1:]))).square())
        return x


class Transformer(nn.Module):
    """Logits of the next character, shape (batch, context, characters), from indices (batch, context)."""

    def __init__(self, characters: int, width: int, layers: int, heads: int, context: int) -> None:
        super().__init__()
        self.token = nn.Embedding(characters, width)
        self.place = nn.Embedding(context, width)
        blocks = [Block(width, heads) for _ in range(layers)]
        self.blocks = nn.ModuleList(blocks)
        self.head = nn.Linear(width, characters, bias=False)
        for p in self.parameters():
            nn.init.normal_(p, std=p.shape[-1] ** -0.5)
        for block in blocks:  # the residual stream keeps its size with depth
            for weight in (block.out.weight, block.down.weight):
                weight.data.mul_((2 * layers) ** -0.5)

    def forward(self, text: Tensor) -> Tensor:
        x = self.token(text) + self.place.weight[: text.shape[1]]
        for block in self.blocks:
            x = block(x)
        logits: Tensor = self.head(F.rms_norm(x, x.shape[-1:]))
        return logits

    def loss(self, text: Tensor, following: Tensor) -> Tensor:
        """Mean cross-entropy, in nats per character."""
        return F.cross_entropy(self(text).flatten(0, 1).float(), following.flatten())

    def hidden(self) -> dict[str, nn.Parameter]:
        """The matrices of the blocks, which Muon trains; the rest goes to AdamW."""
        return {name: p for name, p in self.named_parameters() if name.startswith("blocks.")}
