"""What surrounds every page: routes per language, the head of the document, navigation, and how a page is visited."""
