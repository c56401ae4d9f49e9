//! Lays out a family as a genogram and draws it as SVG with a table beside it. Pure.
