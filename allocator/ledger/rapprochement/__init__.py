"""The journal held against the SNE's radiations for a signed lease, the only record that all partners share."""
