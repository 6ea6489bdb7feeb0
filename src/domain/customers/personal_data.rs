//! Where personal data lives: every column of the database that can hold a text, and what an erasure does with it. A test
//! fails for a column that is not listed; docs/personal-data.md shows the table to people.

use HeldData::{Company, Customer, Program, Staff};
use OnErasure::{Blanked, Deleted, Emptied, Kept};

/// Whose data a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HeldData {
    /// Names of states, kinds and versions, ids and counts of the program.
    Program,
    /// The company's own documents and settings.
    Company,
    /// Members of staff and their programs.
    Staff,
    Customer(OnErasure),
}

/// What happens when the customer is erased.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnErasure {
    /// It becomes `[erased]`.
    Blanked,
    /// It becomes null or empty.
    Emptied,
    /// Its row is deleted.
    Deleted,
    /// An id of a provider, without meaning outside of it: it prevents a second delivery of what was erased.
    Kept,
}

/// The columns of one table.
pub struct TableColumns {
    pub table: &'static str,
    pub columns: &'static [(&'static str, HeldData)],
}

const fn table(table: &'static str, columns: &'static [(&'static str, HeldData)]) -> TableColumns {
    TableColumns { table, columns }
}

/// Every table with a column of type text, character varying, jsonb, tsvector or a list of texts, by name.
pub const PERSONAL_DATA: &[TableColumns] = &[
    table("agent_metrics", &[("channel", Program), ("model", Program), ("outcome", Program)]),
    table("api_tokens", &[("name", Staff), ("prefix", Staff), ("scopes", Program)]),
    table(
        "attachments",
        &[
            ("announced_type", Customer(Deleted)),
            ("channel", Program),
            ("content_type", Customer(Deleted)),
            ("note", Customer(Deleted)),
            ("state", Program),
            ("url", Customer(Deleted)),
        ],
    ),
    table(
        "audit_log",
        &[
            ("action", Program),
            ("details", Customer(Emptied)),
            ("subject_id", Program),
            ("subject_kind", Program),
        ],
    ),
    table("background_lines", &[("content", Company)]),
    table("background_postings", &[("lexeme", Company)]),
    table("bulk_operations", &[("action", Program), ("request_key", Staff)]),
    table("bulk_steps", &[("before", Customer(Emptied)), ("code", Program)]),
    table("channel_configs", &[("channel", Program)]),
    table("channel_cursors", &[("account", Company), ("channel", Program), ("cursor", Program)]),
    table(
        "closed_conversations",
        &[
            ("channel", Program),
            ("priority", Program),
            ("reason", Program),
            ("severity", Program),
            ("tags", Customer(Emptied)),
            ("ticket_status", Program),
        ],
    ),
    table(
        "closed_counts",
        &[
            ("channel", Program),
            ("priority", Program),
            ("reason", Program),
            ("severity", Program),
            ("ticket_status", Program),
        ],
    ),
    table("conversation_clocks", &[("state", Program)]),
    table("conversation_merges", &[("before", Customer(Emptied))]),
    table("conversation_summaries", &[("model", Program), ("points", Customer(Deleted))]),
    table(
        "conversations",
        &[
            ("channel", Program),
            ("instruction", Customer(Emptied)),
            ("language", Customer(Emptied)),
            ("metadata", Customer(Emptied)),
            ("reason", Program),
            ("severity", Program),
            ("status", Program),
            ("tags", Customer(Emptied)),
            ("takeover", Customer(Emptied)),
            ("traceparent", Program),
        ],
    ),
    table("customer_identifiers", &[("kind", Customer(Deleted)), ("value", Customer(Deleted))]),
    table("customer_joins", &[("closed_before", Customer(Emptied)), ("identifiers", Customer(Emptied))]),
    table("customer_sessions", &[("email", Customer(Deleted))]),
    table("customers", &[("metadata", Customer(Emptied)), ("name", Customer(Blanked))]),
    table("dead_letters", &[("reason", Customer(Blanked))]),
    table(
        "deliveries",
        &[
            ("address", Customer(Emptied)),
            ("body", Customer(Blanked)),
            ("cause", Program),
            ("channel", Program),
            ("error", Customer(Emptied)),
            ("mailbox", Company),
            ("provider_id", Customer(Kept)),
            ("recipients", Customer(Emptied)),
            ("state", Program),
            ("to_kind", Customer(Emptied)),
            ("to_value", Customer(Emptied)),
            ("traceparent", Program),
        ],
    ),
    table("delivery_drafts", &[("provider_draft", Customer(Deleted))]),
    table(
        "delivery_failures",
        &[("address", Customer(Deleted)), ("cause", Customer(Deleted)), ("detail", Customer(Deleted))],
    ),
    table("embedding_indexes", &[("model", Program)]),
    table("erasures", &[("counts", Program)]),
    table("escalation_reminders", &[("severity", Program)]),
    table("escalations", &[("reason", Program), ("severity", Program), ("summary", Customer(Blanked))]),
    table("feed_notices", &[("account", Company), ("channel", Program), ("position", Program)]),
    table("function_files", &[("name", Program)]),
    table("help_votes", &[("article_id", Company)]),
    table(
        "knowledge_articles",
        &[("body", Company), ("file", Company), ("file_section", Company), ("id", Company)],
    ),
    table(
        "knowledge_base",
        &[
            ("content", Company),
            ("file", Company),
            ("heading_path", Company),
            ("html", Company),
            ("id", Company),
            ("title", Company),
            ("words", Company),
        ],
    ),
    table("knowledge_chunks", &[("content", Company), ("section_id", Company)]),
    table("knowledge_files", &[("name", Company), ("root", Company)]),
    table("knowledge_postings", &[("lexeme", Company), ("section_id", Company)]),
    table(
        "knowledge_proposals",
        &[
            ("article_id", Company),
            ("body", Customer(Blanked)),
            ("model", Program),
            ("op", Program),
            ("reason", Customer(Emptied)),
            ("run_state", Program),
            ("state", Program),
            ("title", Customer(Blanked)),
        ],
    ),
    table("knowledge_questions", &[("content", Customer(Deleted)), ("model", Program)]),
    table(
        "knowledge_revisions",
        &[("article_id", Company), ("body", Company), ("op", Program), ("title", Company)],
    ),
    table(
        "knowledge_run_cases",
        &[("answer_after", Customer(Deleted)), ("answer_before", Customer(Deleted))],
    ),
    table("knowledge_terms", &[("lexeme", Company)]),
    table("link_challenges", &[("email", Customer(Deleted)), ("language", Program), ("state", Program)]),
    table("login_attempts", &[("account", Staff), ("address", Staff)]),
    table("macros", &[("actions", Staff), ("content", Staff), ("name", Staff)]),
    table(
        "message_emails",
        &[
            ("authentication", Program),
            ("full_text", Customer(Emptied)),
            ("mailbox", Company),
            ("provider_id", Customer(Kept)),
            ("reason", Program),
            ("remarks", Customer(Emptied)),
            ("rfc_message_id", Customer(Emptied)),
            ("subject_base", Customer(Emptied)),
            ("thread_id", Customer(Emptied)),
        ],
    ),
    table("message_feedback", &[("comment", Customer(Emptied)), ("verdict", Program)]),
    table(
        "messages",
        &[
            ("accepted_status", Program),
            ("channel", Program),
            ("content", Customer(Blanked)),
            ("direction", Program),
            ("external_id", Customer(Kept)),
            ("identifier_kind", Customer(Emptied)),
            ("identifier_value", Customer(Emptied)),
            ("kind", Program),
            ("metadata", Customer(Emptied)),
            ("model", Program),
            ("prompt_version", Program),
            ("role", Program),
            ("sources", Company),
            ("tool_calls", Program),
        ],
    ),
    table(
        "outbox",
        &[
            ("parked_reason", Customer(Blanked)),
            ("payload", Program),
            ("topic", Program),
            ("traceparent", Program),
        ],
    ),
    table("quality_reviews", &[("comment", Customer(Emptied))]),
    table("refinery_schema_history", &[("applied_on", Program), ("checksum", Program), ("name", Program)]),
    table("report_mails", &[("address", Staff), ("kind", Program)]),
    table("reports", &[("kind", Program)]),
    table("saved_views", &[("filters", Staff), ("name", Staff), ("queue", Program), ("sort", Program)]),
    table("scheduled_jobs", &[("name", Program)]),
    table("sender_rates", &[("channel", Program)]),
    table("side_conversations", &[("recipients", Customer(Deleted)), ("subject", Customer(Deleted))]),
    table("side_files", &[("content_type", Customer(Deleted)), ("name", Customer(Deleted))]),
    table(
        "side_messages",
        &[
            ("content", Customer(Deleted)),
            ("direction", Program),
            ("error", Customer(Deleted)),
            ("rfc_message_id", Customer(Deleted)),
            ("sender", Customer(Deleted)),
            ("state", Program),
        ],
    ),
    table("sla_targets", &[("plan", Company), ("severity", Program)]),
    table("staff", &[("email", Staff), ("name", Staff), ("password_hash", Staff), ("role", Program)]),
    table(
        "staff_drafts",
        &[
            ("bcc", Customer(Deleted)),
            ("cc", Customer(Deleted)),
            ("channel", Program),
            ("content", Customer(Deleted)),
        ],
    ),
    table("staff_events", &[("cause", Program), ("kind", Program)]),
    table("staff_messages", &[("status_before", Program)]),
    table("staff_presences", &[("state", Program)]),
    table("staff_requests", &[("answer", Customer(Deleted)), ("key", Staff), ("path", Program)]),
    table(
        "suggestions",
        &[("content", Customer(Deleted)), ("instruction", Customer(Deleted)), ("sources", Company)],
    ),
    table("support_openings", &[("plan", Company)]),
    table("ticket_ratings", &[("comment", Customer(Emptied))]),
    table("ticket_subjects", &[("subject", Customer(Blanked))]),
    table(
        "tickets",
        &[
            ("category", Program),
            ("contact_phone", Customer(Emptied)),
            ("priority", Program),
            ("status", Program),
            ("subject", Customer(Blanked)),
        ],
    ),
    table("turn_steps", &[("content", Customer(Deleted)), ("kind", Program)]),
    table(
        "turns",
        &[("instruction", Customer(Emptied)), ("link", Program), ("outcome", Program), ("state", Program)],
    ),
    table(
        "webhook_deliveries",
        &[("data", Program), ("error", Program), ("state", Program), ("type", Program)],
    ),
    table("webhooks", &[("types", Program), ("url", Company)]),
];
