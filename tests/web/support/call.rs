//! One call of the fake `fetch`.

use js_sys::{Array, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Request, Url};

/// The arguments of `fetch`, and the request that a browser would make of them.
#[derive(Clone)]
pub struct Call {
    pub input: JsValue,
    pub init: JsValue,
    pub request: Request,
}

impl Call {
    pub fn new(input: JsValue, init: JsValue) -> Call {
        let request = match input.dyn_ref::<Request>() {
            Some(request) if init.is_undefined() => Clone::clone(request),
            _ => Request::new_with_request_and_init(input.unchecked_ref(), init.unchecked_ref())
                .unwrap(),
        };
        Call {
            input,
            init,
            request,
        }
    }

    pub fn path(&self) -> String {
        Url::new(&self.request.url()).unwrap().pathname()
    }

    pub fn header(&self, name: &str) -> Option<String> {
        self.request.headers().get(name).unwrap()
    }

    pub fn authorization(&self) -> Option<String> {
        self.header("authorization")
    }

    /// In alphabetical order, as `Headers` lists them.
    pub fn header_names(&self) -> Vec<String> {
        let entries = Array::from(&self.request.headers());
        entries
            .iter()
            .map(|entry| Array::from(&entry).get(0).as_string().unwrap())
            .collect()
    }

    /// Reads the body, which can be done once.
    pub async fn bytes(&self) -> Vec<u8> {
        let buffer = JsFuture::from(self.request.array_buffer().unwrap()).await;
        Uint8Array::new(&buffer.unwrap()).to_vec()
    }

    pub async fn text(&self) -> String {
        String::from_utf8(self.bytes().await).unwrap()
    }
}
