"""What is sent beside a file's bytes: core metadata, attestations, signatures."""
