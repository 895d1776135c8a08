//! The shell in a real browser's page, as wasm.
#![cfg(target_arch = "wasm32")]

mod abort;
mod answers;
mod auth_requests;
mod bodies;
mod callbacks;
mod claims;
mod confinement;
mod fetch;
mod lifecycle;
mod page;
mod rejected;
mod retries;
mod support;
mod tabs;

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);
