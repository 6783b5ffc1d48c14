"""What ``stoppress doctor`` looks at: the machine, the running tree, the content."""
