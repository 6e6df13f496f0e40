"""How the shipped embedder was made: network, weights, fine-tuning, export, background faces."""
