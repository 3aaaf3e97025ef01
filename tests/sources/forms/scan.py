import jax
import jax.numpy as jnp

ROWS = jnp.array([[3, -4, 2], [2, -1.5, 0.5]])


def orthogonalize(x):
    x = x.astype(jnp.bfloat16)
    x = x / (jnp.linalg.norm(x) + 1e-8)

    def body(x, row):
        a = x @ x.T
        return row[0] * x + (row[1] * a + row[2] * a @ a) @ x, None

    x, _ = jax.lax.scan(body, x, ROWS)
    return x
