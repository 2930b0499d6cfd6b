//! The rules of quotation prove themselves on their own examples.
