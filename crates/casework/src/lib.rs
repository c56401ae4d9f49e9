//! What people do, one module an area: commands and queries, and every rule of practice that a pack cannot hold.
