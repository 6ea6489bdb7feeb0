//! Tests of provider channels, from the webhook to the provider's API.

mod email;
mod mailbox;
mod second_channel;
mod whatsapp;
