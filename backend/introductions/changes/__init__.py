"""What a client says otherwise while firms are asked, part by part, and who of them knows."""
