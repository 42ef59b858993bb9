//! Which font of a set draws a character.
