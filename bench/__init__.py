"""Side-by-side measurements. Each part prints ratios; a figure alone says more of the machine than of us."""
