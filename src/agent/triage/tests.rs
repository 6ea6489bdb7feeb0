//! What the rules decide, case by case.

use super::*;
use crate::agent::samples::{briefing, said_by};
use crate::domain::words::Channel;

fn reason(text: &str) -> Option<Reason> {
    let mut briefing = briefing(&[text]);
    briefing.channel = Channel::Whatsapp;
    match triage(&briefing) {
        Triage::Escalate { reason, .. } => Some(reason),
        Triage::Answer | Triage::Silent => None,
    }
}

const FOR_A_PERSON: &[(Reason, &str)] = &[
    (Reason::Pricing, "How much is Pro?"),
    (Reason::Pricing, "How much does the Enterprise plan cost for 50 people?"),
    (Reason::Pricing, "what's the price per seat"),
    (Reason::Pricing, "Do you offer a discount for non-profits?"),
    (Reason::Pricing, "Can we negotiate our renewal?"),
    (Reason::Pricing, "Asana charges less, is there a cheaper plan?"),
    (Reason::Pricing, "Please send me a quote for 20 users."),
    (Reason::Pricing, "Pricing?"),
    (Reason::Pricing, "We want to talk about pricing"),
    (Reason::Pricing, "Can you match Trello's price?"),
    (Reason::Pricing, "Your prices are too high"),
    (Reason::Refund, "I want a refund for last month."),
    (Reason::Refund, "give me my money back!!"),
    (Reason::Refund, "How do I cancel my subscription?"),
    (Reason::Refund, "Please cancel our Professional plan."),
    (Reason::Refund, "I want to cancel."),
    (Reason::Legal, "My lawyer will contact you."),
    (Reason::Legal, "I'll sue."),
    (Reason::Legal, "I will see you in court!"),
    (Reason::Legal, "We will take legal action."),
    (Reason::Legal, "I am going to sue you"),
    (Reason::Legal, "Under GDPR I request all my data."),
    (Reason::Legal, "Are you SOC 2 compliant?"),
    (Reason::Legal, "Please send your data processing agreement."),
    (Reason::HumanRequest, "I want to talk to a human."),
    (Reason::HumanRequest, "Can I speak with someone from support please"),
    (Reason::HumanRequest, "human please"),
    (Reason::HumanRequest, "Get me a manager now"),
    (Reason::HumanRequest, "Is there anyone I can talk to?"),
    (Reason::HumanRequest, "I don't want to talk to a bot"),
    (Reason::HumanRequest, "stop giving me bot answers"),
    (Reason::HumanRequest, "Let me talk to your manager"),
    (Reason::HumanRequest, "connect me to an agent"),
    (Reason::HumanRequest, "I need a real person, not a bot"),
    (Reason::HumanRequest, "Could someone call me back?"),
    (Reason::Abuse, "You are idiots."),
    (Reason::Abuse, "I will kill you"),
    (Reason::Abuse, "I know where you live"),
    (Reason::Abuse, "This fucking import is stuck"),
    (Reason::Security, "My account was hacked!"),
    (Reason::Security, "Someone changed my password without my permission"),
    (Reason::Security, "Someone else logged into my account"),
    (Reason::Security, "I found a security vulnerability in your API"),
    (Reason::Security, "our API token has been leaked"),
];

#[test]
fn what_a_person_must_handle_escalates_for_its_reason() {
    for (expected, text) in FOR_A_PERSON {
        assert_eq!(reason(text), Some(*expected), "{text}");
    }
}

#[test]
fn words_alone_fool_nobody() {
    for text in [
        "How do I kill a stuck import?",
        "How can I kill your stuck import job?",
        "Is the export human-readable?",
        "Which User-Agent does the webhook send?",
        "Our legal department wants to learn projects.",
        "How do I add a custom field for price?",
        "How do I label tasks about refunds?",
        "How do I cancel an invitation?",
        "How do I cancel a running import?",
        "Nothing happens when I click Cancel.",
        "How much storage does a workspace have?",
        "How do I quote a message in a comment?",
        "The API answers 401 Unauthorized",
        "Where do I set the callback URL of a webhook?",
        "How do I assign a task to a person?",
        "How do I add the Slack bot to a channel?",
        "How do I change the contract template project?",
        "Can a guest see the cost column in a report?",
        "Our lawyers need guest access",
        "The price custom field does not save",
        "We sell human resources software, how do we import tasks?",
        "My task was cancelled, how do I restore it?",
        "Someone in my team deleted a project, how can I restore it?",
        "Can someone help me reset my password?",
        "I forgot my password",
        "How do I turn on two-factor authentication?",
        "How do I download my invoices?",
        "Where can I see which plan I am on?",
        "How do I upgrade to Professional?",
        "How do I delete my account?",
        "I see a double charge on my statement",
        "How do I call the API from Python?",
        "How do I transfer workspace ownership to a colleague?",
    ] {
        assert_eq!(reason(text), None, "{text}");
    }
}

#[test]
fn the_graver_of_two_reasons_counts_whatever_the_order() {
    assert_eq!(reason("I want a refund. Otherwise my lawyer writes."), Some(Reason::Legal));
    assert_eq!(reason("Idiots! My account was hacked."), Some(Reason::Security));
    assert_eq!(reason("Can I talk to a human about a discount?"), Some(Reason::Pricing));
}

#[test]
fn one_message_of_several_is_enough_to_escalate() {
    let mut briefing = briefing(&["How do I export?", "And I want a refund", "thanks"]);
    briefing.channel = Channel::Whatsapp;
    assert!(matches!(triage(&briefing), Triage::Escalate { reason: Reason::Refund, .. }));
}

#[test]
fn a_subject_counts_with_the_first_message_alone() {
    let mut briefing = briefing(&["See order 77, please."]);
    briefing.ticket.subject = "Refund".to_owned();
    assert!(matches!(triage(&briefing), Triage::Escalate { reason: Reason::Refund, .. }));
    briefing.history = vec![said_by(Role::Customer, "See order 77, please.")];
    assert_eq!(triage(&briefing), Triage::Answer);
}

#[test]
fn a_message_that_asks_for_nothing_gets_no_answer() {
    for text in [
        "",
        "  \n ",
        "👍",
        "🎉🎉❤️",
        "...",
        "Thanks!",
        "Thank you so much, that worked 🙏",
        "ok great",
        "Perfect, thanks for your help!",
        "Got it, thx",
        "danke",
    ] {
        let mut briefing = briefing(&[text]);
        briefing.channel = Channel::Whatsapp;
        assert_eq!(triage(&briefing), Triage::Silent, "{text:?}");
    }
}

#[test]
fn thanks_with_more_to_say_are_answered() {
    for text in
        ["thanks, but it still fails", "???", "Great. How do I export?", "thanks in advance", "yes", "help"]
    {
        let mut briefing = briefing(&[text]);
        briefing.channel = Channel::Whatsapp;
        assert_eq!(triage(&briefing), Triage::Answer, "{text:?}");
    }
}

#[test]
fn thanks_are_silent_only_if_all_messages_and_the_subject_are() {
    assert_eq!(triage(&briefing(&["How do I export?", "thanks"])), Triage::Answer);
    let mut first = briefing(&["Thanks a lot!"]);
    assert_eq!(triage(&first), Triage::Silent);
    first.ticket.subject = "Password reset fails".to_owned();
    assert_eq!(triage(&first), Triage::Answer);
}
