"""What is known, in the words of the standards, for whoever may see it. No SQL, no S3: values in, plain JSON out."""
