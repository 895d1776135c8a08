#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    tokenhold_fuzz::token_response(data);
});
