//! A small app in Yew: it signs in, calls its API, shows whether somebody is signed in, and signs out.

use js_sys::Reflect;
use tokenhold::{Event, FetchError, Logout, Options, TokenManager};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Headers, RequestInit};
use yew::prelude::*;

fn main() {
    yew::Renderer::<App>::new().render();
}

#[component]
fn App() -> Html {
    let tokens = use_memo((), |()| manager());
    let status = use_state(|| tokens.snapshot().status);
    let name = use_state(String::new);

    use_effect_with((), {
        let (tokens, status) = (tokens.clone(), status.setter());
        move |()| {
            let show = {
                let tokens = tokens.clone();
                move |event: &Event| {
                    if *event == Event::Change {
                        status.set(tokens.snapshot().status);
                    }
                }
            };
            let subscription = tokens.on(show);
            move || drop(subscription)
        }
    });

    let sign_in = {
        let (tokens, name) = (tokens.clone(), name.setter());
        move |_| {
            let (tokens, name) = (tokens.clone(), name.clone());
            spawn_local(async move {
                if let Err(error) = log_in(&tokens).await {
                    name.set(error.to_string());
                }
            });
        }
    };
    let call = {
        let (tokens, name) = (tokens.clone(), name.setter());
        move |_| {
            let (tokens, name) = (tokens.clone(), name.clone());
            spawn_local(async move {
                name.set(
                    who_am_i(&tokens)
                        .await
                        .unwrap_or_else(|error| error.to_string()),
                );
            });
        }
    };
    let sign_out = move |_| drop(tokens.logout());

    html! {
        <main>
            <p id="status">{ status.as_str() }</p>
            <p id="name">{ &*name }</p>
            <button id="sign-in" onclick={sign_in}>{ "Sign in" }</button>
            <button id="call" onclick={call}>{ "Who am I?" }</button>
            <button id="sign-out" onclick={sign_out}>{ "Sign out" }</button>
        </main>
    }
}

fn manager() -> TokenManager {
    let mut options = Options::new("/auth/refresh");
    options.logout = Some(Logout::new("/auth/logout"));
    TokenManager::new(options).expect("all options are right")
}

/// Asks the backend for a session, and adopts it.
async fn log_in(tokens: &TokenManager) -> Result<(), FetchError> {
    let headers = Headers::new()?;
    headers.set("Content-Type", "application/json")?;
    headers.set("X-Requested-With", "an app")?;
    let init = RequestInit::new();
    init.set_method("POST");
    init.set_headers(&headers);
    init.set_body(&r#"{ "username": "alice", "password": "correct horse" }"#.into());
    let window = web_sys::window().expect("an app has a window");
    let response = JsFuture::from(window.fetch_with_str_and_init("/auth/login", &init)).await?;
    Ok(tokens.sign_in(response).await?)
}

/// A request that carries the token.
async fn who_am_i(tokens: &TokenManager) -> Result<String, FetchError> {
    let response = tokens.fetch("/api/me").await?;
    if !response.ok() {
        return Ok(response.status().to_string());
    }
    let me = JsFuture::from(response.json()?).await?;
    Ok(Reflect::get(&me, &"name".into())?
        .as_string()
        .unwrap_or_default())
}
