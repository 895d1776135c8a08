//! The backend as a browser meets it, without a network: requests go straight to the router, and time stands still
//! until a test moves it.

mod access;
mod concurrency;
mod cookie;
mod csrf;
mod files;
mod limits;
mod login;
mod logout;
mod rotation;
mod sessions;
mod store;
mod world;
