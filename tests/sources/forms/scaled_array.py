import jax.numpy as jnp
COEFFS = jnp.asarray([[3, -4, 2], [2, -1.5, 0.5]]) * 0.5
