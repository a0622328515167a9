"""What decodes the files of strangers, as the confined process that it is."""
