"""Upload films to the platforms where people watch them."""
