"""The pages of staff: the catalogue, a reward on the workbench, and members."""
