//! Faces: an answer as it is shown to a person, in Discord or in a terminal.

pub mod discord;
