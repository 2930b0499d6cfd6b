//! The rules of timex prove themselves on their own examples.
