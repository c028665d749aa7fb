"""Pictures that explain: two side by side, and sheets of thumbnails; drawn from reduced pixels, metadata left out."""
