//! UniFFI's generator, in a crate of its own: what is given to people never builds it.

fn main() {
    uniffi::uniffi_bindgen_main();
}
