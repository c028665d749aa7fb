"""What the archive does: one file a command, one public function of that name; none imports another."""
