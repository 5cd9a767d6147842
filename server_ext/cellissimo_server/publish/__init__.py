"""What is shown to everybody: public pages, embeds, previews, and who has looked."""
