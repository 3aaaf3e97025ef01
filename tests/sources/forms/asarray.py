import jax.numpy as jnp

COEFFS = jnp.asarray([[3.0, -4.0, 2.0], [2.0, -1.5, 0.5]], dtype=jnp.float32)
