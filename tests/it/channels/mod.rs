//! Tests of provider channels, from the webhook to the provider's API.

mod email;
mod second_channel;
mod whatsapp;
