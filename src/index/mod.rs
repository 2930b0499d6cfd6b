//! Full-text and date look-ups over documents, behind one trait.
