"""From promises to numbers: assiette, targets and small réservataires."""
