//! The program as it is started: what it prints, what it logs, how it stops, and that it speaks TLS.

mod backend;
mod console;
mod stop;
mod tls;
