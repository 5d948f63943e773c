"""What the allocator is measured with: peers, growth, and instances where integrality bites."""
