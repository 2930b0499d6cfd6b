//! Faces: an [`crate::answer::Answer`] → what a person sees.
//!
//! A face may mark up, shorten and split; it may not select or reorder. Clocks and async live here and
//! nowhere below.

pub mod current;
pub mod discord;
pub mod metrics;
pub mod picture;
pub mod terminal;
pub mod upkeep;
