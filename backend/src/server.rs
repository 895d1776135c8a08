//! From the command line to a server that listens, and until it stops.

use std::error::Error;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;

use axum_server::Handle;
use tokio::signal::unix::{Signal, SignalKind, signal};

use crate::address::Address;
use crate::clock::SystemClock;
use crate::demo::{self, DemoPerson};
use crate::http::{App, Settings, router};
use crate::options::{Options, Tls};
use crate::people::PasswordCost;
use crate::store::{Sqlite, Store};
use crate::tls::self_signed;

/// How long requests under way may take once we are told to stop.
const LAST_REQUESTS: Duration = Duration::from_secs(10);

/// Serves until SIGTERM or SIGINT, then finishes what is under way.
///
/// # Errors
///
/// If the port is taken, the database cannot be opened, or a certificate cannot be made.
pub async fn run(options: Options) -> Result<(), Box<dyn Error>> {
    let signals = [
        signal(SignalKind::terminate())?,
        signal(SignalKind::interrupt())?,
    ];
    let listener = TcpListener::bind((options.host, options.port))?;
    listener.set_nonblocking(true)?;
    let address = Address::new(listener.local_addr()?, options.tls.is_some());
    let app = Arc::new(App::new(
        settings(&options, &address),
        store(&options)?,
        Arc::new(SystemClock),
    ));
    let people = demo::add_people(&app, options.demo_password.as_deref())?;

    let handle = Handle::new();
    tokio::spawn(stop_when_told(handle.clone(), signals));
    introduce(&people, options.insecure_cookies);
    // The socket has been listening since it was bound, so a reader of this line can connect.
    println!("listening on {}", address.url());
    serve(listener, options.tls, handle, app).await?;
    tracing::info!("stopped");
    Ok(())
}

fn settings(options: &Options, address: &Address) -> Settings {
    Settings {
        limits: options.limits(),
        access_ttl: options.access_ttl,
        origins: if options.origin.is_empty() {
            address.origins()
        } else {
            options.origin.clone()
        },
        insecure_cookies: options.insecure_cookies,
        password_cost: PasswordCost::default(),
        www: options.www.clone(),
        package: options.package.clone(),
    }
}

fn store(options: &Options) -> Result<Arc<dyn Store>, Box<dyn Error>> {
    Ok(match &options.db {
        Some(file) => Arc::new(Sqlite::open(file)?),
        None => Arc::new(Sqlite::in_memory()?),
    })
}

/// Straight to the console, past the log: logs are kept and passed on, and this is meant for one reader.
fn introduce(people: &[DemoPerson], insecure_cookies: bool) {
    for DemoPerson {
        username, password, ..
    } in people
    {
        eprintln!("sign in as {username} with the password {password}");
    }
    if insecure_cookies {
        eprintln!(
            "!!! --insecure-cookies: the session cookie travels unprotected. For development on this machine only. !!!"
        );
    }
}

async fn serve(
    listener: TcpListener,
    tls: Option<Tls>,
    handle: Handle<SocketAddr>,
    app: Arc<App>,
) -> Result<(), Box<dyn Error>> {
    let service = router(app).into_make_service();
    match tls {
        Some(Tls::SelfSigned) => {
            let config = self_signed(listener.local_addr()?.ip())?;
            axum_server::from_tcp_rustls(listener, config)?
                .handle(handle)
                .serve(service)
                .await?;
        }
        None => {
            axum_server::from_tcp(listener)?
                .handle(handle)
                .serve(service)
                .await?
        }
    }
    Ok(())
}

async fn stop_when_told(handle: Handle<SocketAddr>, [mut terminate, mut interrupt]: [Signal; 2]) {
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    tracing::info!("stopping: finishing the requests under way");
    handle.graceful_shutdown(Some(LAST_REQUESTS));
}
