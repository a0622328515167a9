"""Files of a report: what they tell is taken out, pictures are made smaller, uploads go on where they were."""
