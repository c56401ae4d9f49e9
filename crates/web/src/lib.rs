//! Pages, forms and assets.
