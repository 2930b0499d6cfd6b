//! The binary: command line to face.

fn main() {}
