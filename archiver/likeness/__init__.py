"""How two pictures are alike: points matched, geometry confirmed, changes named. No files, no network, no database."""
