//! The bot in a Discord of its own, over real sockets: an in-process gateway and REST server on
//! loopback. Each request that the bot sends is checked against Discord's published description.

mod asking;
mod buttons;
mod connection;
mod fake;
mod faults;
mod following;
mod hostile;
mod rendering;
mod stage;
