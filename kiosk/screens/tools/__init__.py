"""Developer tools: update the catalogues, reword a sentence, draw pictures of the screens."""
