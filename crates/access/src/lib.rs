//! Principals, relationships, restrictions and purposes in; a decision with its reason out. Pure.
