//! Article formats: bytes → [`super::Article`].
