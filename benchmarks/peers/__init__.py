"""What people would use instead of the allocator, each asked the same question in its own words."""
