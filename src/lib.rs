//! tokenhold
