// Generated from the program's OpenAPI document by `make api-types`; do not edit.

export interface paths {
    "/attachments/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Downloads a customer's file.
         * @description It is to be saved and not shown: its content is the customer's.
         */
        get: operations["get_attachment"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/conversations/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Shows a conversation with its ticket and all its messages. */
        get: operations["get_conversation"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/customers/lookup": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Finds a customer by an identifier.
         * @description Exactly one of `email`, `phone` and `provider_user` must be given.
         */
        get: operations["find_customer"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Shows the readiness with the version and the uptime. */
        get: operations["get_health"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health/live": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Tells that the process runs. */
        get: operations["get_liveness"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health/ready": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Tells whether the process can take work. */
        get: operations["get_readiness"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/help/articles": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists the articles, in the order of the documents. */
        get: operations["get_help_articles"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/help/articles/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Shows an article. */
        get: operations["get_help_article"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/help/articles/{id}/helpful": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Tells whether an article was helpful.
         * @description The answers are counted; nothing about the reader is stored.
         */
        post: operations["post_help_opinion"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/help/search": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Searches the help centre. */
        get: operations["get_help_search"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/messages/{id}/source": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Downloads a mail as it came (RFC 5322), with its headers, quotes and files.
         * @description It is to be saved and not shown: its content is the sender's.
         */
        get: operations["get_mail_source"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Exposes all metrics of the process. */
        get: operations["get_metrics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/metrics/channels": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Counts the activity on each channel in the last hours. */
        get: operations["get_channel_metrics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/ops/pool": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Shows the limits and the load of the pool. */
        get: operations["get_pool"];
        /**
         * Changes the limits of the pool until the process ends.
         * @description A limit that is not given stays as it is.
         */
        put: operations["put_pool"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/staff/members": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists the accounts of staff by name, disabled ones too. */
        get: operations["get_members"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/staff/password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Changes the password.
         * @description Every session of the account ends, this one too.
         */
        put: operations["put_password"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/staff/session": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Shows who is signed in. */
        get: operations["get_session"];
        put?: never;
        /**
         * Signs in.
         * @description A wrong password, an unknown address and a disabled account get the same answer. Five failures of one account from one
         *     address within 15 minutes, or fifty of either, stop further attempts.
         */
        post: operations["post_session"];
        /** Signs out. */
        delete: operations["delete_session"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/staff/totp": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Shows whether two-factor authentication is on. */
        get: operations["get_totp"];
        /** Turns two-factor authentication on. */
        put: operations["put_totp"];
        /**
         * Makes a secret for two-factor authentication.
         * @description It is on only after the first code. The answer is shown once.
         */
        post: operations["post_totp"];
        /** Turns two-factor authentication off. */
        delete: operations["delete_totp"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/support/submit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Submits a request for support.
         * @description Opens a ticket. With an `Idempotency-Key`, a repetition gets the same answer and opens no second ticket.
         */
        post: operations["submit"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/support/ticket/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Shows a ticket with a page of its messages.
         * @description Without `before` it is the newest page.
         */
        get: operations["get_ticket"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/support/ticket/{id}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Streams the changes of a ticket.
         * @description Server-sent events. `hello {}` comes first; what is read after it misses nothing. Then `message {message_id,
         *     delivery_status}` and `ticket {status, updated_at}`, each within a second; an event may be repeated. A client that comes
         *     back with `Last-Event-ID` within 24 hours gets what it has missed, later `reset {}`: it must read the ticket again.
         */
        get: operations["get_ticket_events"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/support/ticket/{id}/human": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Asks for a person.
         * @description The first time it escalates the ticket; asked again, it gives the same answer and changes nothing.
         */
        post: operations["post_human"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/support/ticket/{id}/messages": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Adds a customer's message to a ticket.
         * @description With an `Idempotency-Key`, a repetition gets the same answer and adds nothing.
         */
        post: operations["post_follow_up"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/support/ticket/{id}/rating": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Rates the answers to a ticket.
         * @description A second rating replaces the first one.
         */
        post: operations["post_rating"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/webhooks/gmail": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Takes a push of Google Pub/Sub about a mailbox.
         * @description Pushes may be dropped, doubled and delayed: a repetition gets the same answer.
         */
        post: operations["receive_gmail"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/webhooks/whatsapp": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Takes a customer's message from Twilio.
         * @description A repetition gets the same answer, and nothing happens. Unknown form fields are ignored.
         */
        post: operations["receive_whatsapp"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/webhooks/whatsapp/status": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Takes a delivery status from Twilio.
         * @description Reports may come in any order and any number of times.
         */
        post: operations["receive_whatsapp_status"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @description A section of the public documents. */
        ArticleRef: {
            /** @example product-docs.md#passwords */
            id: string;
            title: string;
        };
        /** Format: uuid */
        AttachmentId: string;
        /** @enum {string} */
        AttachmentState: "pending" | "stored" | "refused" | "failed";
        /** @enum {string} */
        Authentication: "pass" | "fail" | "none";
        /** @enum {string} */
        Category: "general" | "technical" | "billing" | "feedback" | "bug_report";
        /** @enum {string} */
        Channel: "email" | "whatsapp" | "web_form";
        ChannelActivity: {
            /**
             * Format: double
             * @description Mean time of a turn from its start to its commit; null without turns.
             */
            avg_latency_ms: number | null;
            /** Format: double */
            avg_sentiment: number | null;
            /**
             * Format: int64
             * @description Conversations with a message in the window.
             */
            conversations: number;
            /** Format: int64 */
            escalations: number;
            /** Format: int64 */
            inbound: number;
            /** Format: int64 */
            outbound: number;
        };
        /** @description The activity of each channel in a window of time that ends now. */
        ChannelMetricsWindow: {
            channels: components["schemas"]["MetricsByChannel"];
            /** Format: int32 */
            window_hours: number;
        };
        /** @description A section of a document. */
        CitedSource: {
            /** @example product-docs.md#passwords */
            id: string;
            /** Format: double */
            score: number;
            title: string;
        };
        /** @description A conversation with everything that staff may see. */
        ConversationDetail: {
            channel: components["schemas"]["Channel"];
            conversation_id: components["schemas"]["ConversationId"];
            customer_id: components["schemas"]["CustomerId"];
            /** @description Oldest first, notes included. */
            messages: components["schemas"]["StaffMessage"][];
            /**
             * Format: float
             * @description From 0 (negative) to 1 (positive); null while no message has shown any.
             */
            sentiment: number | null;
            status: components["schemas"]["ConversationStatus"];
            ticket: components["schemas"]["Ticket"];
        };
        /** Format: uuid */
        ConversationId: string;
        /** @enum {string} */
        ConversationStatus: "active" | "escalated" | "closed";
        ConversationSummary: {
            channel: components["schemas"]["Channel"];
            conversation_id: components["schemas"]["ConversationId"];
            /** Format: date-time */
            last_message_at: string;
            status: components["schemas"]["ConversationStatus"];
        };
        /** @description A customer with their identifiers and conversations. */
        Customer: {
            conversations: components["schemas"]["ConversationSummary"][];
            customer_id: components["schemas"]["CustomerId"];
            identifiers: components["schemas"]["CustomerIdentifier"][];
            name: string;
        };
        /** Format: uuid */
        CustomerId: string;
        CustomerIdentifier: {
            /** @description Whether a channel has proved that it is the customer's. */
            attested: boolean;
            kind: components["schemas"]["IdentifierKind"];
            value: string;
        };
        /** Format: uuid */
        DeliveryId: string;
        /** @enum {string} */
        DeliveryState: "pending" | "sending" | "sent" | "delivered" | "read" | "failed" | "withdrawn";
        ExecutedTool: {
            name: string;
        };
        /** @description A recipient whom a delivery did not reach. */
        FailedRecipient: {
            address: string;
            cause: components["schemas"]["FailureCause"];
            /** @description The words of the provider or of a mail server. */
            detail: string;
        };
        /** @enum {string} */
        FailureCause: "opted_out" | "invalid_address" | "policy" | "bounced" | "rejected";
        /** @description What is wrong with one field. */
        FieldProblem: {
            field: string;
            message: string;
        };
        /**
         * Format: binary
         * @description The bytes of a file.
         */
        FileContent: string;
        FollowUpReceipt: {
            message_id: components["schemas"]["MessageId"];
            status: components["schemas"]["TicketStatus"];
        };
        /** @description A customer's message on an existing ticket. Unknown fields are refused. */
        FollowUpRequest: {
            message: string;
        };
        HealthCheckReport: {
            detail: string;
            name: string;
            status: components["schemas"]["HealthCheckStatus"];
        };
        /** @enum {string} */
        HealthCheckStatus: "ok" | "degraded" | "failed";
        /** @description The health of the program with its version and uptime. */
        HealthOverview: components["schemas"]["HealthReport"] & {
            /** Format: int64 */
            uptime_seconds: number;
            version: string;
        };
        /** @description Whether the program can take work, with each check. */
        HealthReport: {
            checks: components["schemas"]["HealthCheckReport"][];
            status: components["schemas"]["ReadinessStatus"];
        };
        HelpArticle: {
            /** @description The same as HTML, without scripts, styles and images. */
            html: string;
            id: string;
            section: string;
            /** @description As the agent reads it. */
            text: string;
            title: string;
            /** Format: date-time */
            updated_at: string;
        };
        HelpArticleLine: {
            id: string;
            /** @description The headings above it and its own. */
            section: string;
            title: string;
        };
        /** @description A page of the list of articles, in the order of the documents. */
        HelpArticles: {
            items: components["schemas"]["HelpArticleLine"][];
            /** @description The value of `cursor` for the next page; null on the last one. */
            next_cursor: string | null;
        };
        /** @description A reader's opinion of an article. Unknown fields are refused. */
        HelpOpinion: {
            helpful: boolean;
        };
        HelpResult: {
            /** @example product-docs.md#passwords */
            id: string;
            /**
             * @description The headings above it and its own.
             * @example TechCorp Platform > Account > Passwords
             */
            section: string;
            snippet: string;
            title: string;
        };
        /** @description What a search of the help centre has found. */
        HelpResults: {
            query: string;
            /** @description At most three, best first; none where no article is relevant. */
            results: components["schemas"]["HelpResult"][];
        };
        /** @enum {string} */
        IdentifierKind: "email" | "phone" | "provider_user";
        /** @description The process runs. */
        Liveness: {
            /** @example ok */
            status: string;
        };
        /** @description A login. Unknown fields are refused. */
        LoginRequest: {
            /** @description Of the authenticator app, or a recovery code; where the account has two-factor authentication. */
            code?: string | null;
            email: string;
            password: string;
        };
        /** @description A customer's mail beside its author's words. */
        MailDetail: {
            authentication: components["schemas"]["Authentication"];
            /** @description The whole text with quotes and signatures; null where the message has all of it. */
            full_text: string | null;
            /** @description The mail as it came can be downloaded. */
            has_source: boolean;
            /** @description What the reader should know first, such as that the mail is encrypted. */
            remarks: string[];
            unanswered: components["schemas"]["Unanswered"] | null;
        };
        Message: {
            channel: components["schemas"]["Channel"];
            content: string;
            /** Format: date-time */
            created_at: string;
            delivery_status: components["schemas"]["DeliveryState"] | null;
            id: components["schemas"]["MessageId"];
            kind: components["schemas"]["MessageKind"];
            role: components["schemas"]["Role"];
        };
        /** @description A file beside a message. */
        MessageAttachment: {
            content_type: string;
            /** @example photo, 1.2 MB */
            description: string;
            id: components["schemas"]["AttachmentId"];
            /** @description Why the file is not available. */
            note: string | null;
            /**
             * Format: int64
             * @description Null until it was fetched.
             */
            size_bytes: number | null;
            state: components["schemas"]["AttachmentState"];
        };
        /** @description One part of an outbound message on its way to its recipients. */
        MessageDelivery: {
            bcc: string[];
            cc: string[];
            channel: components["schemas"]["Channel"];
            /** @description The recipients whom it did not reach. */
            failed: components["schemas"]["FailedRecipient"][];
            id: components["schemas"]["DeliveryId"];
            /** @description It is unknown whether it was sent. */
            in_doubt: boolean;
            /**
             * Format: date-time
             * @description When a pending one is sent, if it must wait.
             */
            send_at: string | null;
            state: components["schemas"]["DeliveryState"];
            /** @description Addresses or numbers; empty on the ticket's page, which nobody is sent. */
            to: string[];
        };
        /** Format: uuid */
        MessageId: string;
        /** @enum {string} */
        MessageKind: "message" | "acknowledgement" | "note";
        MetricsByChannel: {
            email: components["schemas"]["ChannelActivity"];
            web_form: components["schemas"]["ChannelActivity"];
            whatsapp: components["schemas"]["ChannelActivity"];
        };
        /** @description A change of the password. Unknown fields are refused. */
        PasswordChange: {
            current: string;
            new: string;
        };
        /** @description A person will answer. */
        PersonReceipt: {
            /** Format: date-time */
            expected_by: string;
            /** @description The acknowledgement. */
            message_id: components["schemas"]["MessageId"];
            status: components["schemas"]["TicketStatus"];
        };
        /** @description An empty object. Unknown fields are refused. */
        PersonWish: Record<string, never>;
        /** @description New limits of the pool, at least one of them. */
        PoolLimits: {
            /** @description Idle conversations kept in memory. */
            idle?: number;
            /** @description Turns that run at once; 0 = none are taken. */
            size?: number;
        };
        /** @description The limits and the present load of the pool. */
        PoolStatus: {
            /** @description Idle conversations that are kept in memory. */
            idle: number;
            /** @description Conversations in memory, idle ones included. */
            live: number;
            /** @description Turns that run now. */
            running: number;
            /** @description Turns that may run at once. */
            size: number;
            /** @description Conversations that wait for their turn. */
            waiting: number;
        };
        /** @enum {string} */
        Priority: "low" | "medium" | "high";
        /** @description Why a request was refused. */
        ProblemDocument: {
            /** @description Which of the refusals with this status it is; absent where the status says it. */
            code?: string;
            detail: string;
            /** @description Every field that is wrong; present with status 422. */
            errors?: components["schemas"]["FieldProblem"][];
            /** @description The path that was requested, without the id of a ticket. */
            instance: string;
            /** Format: int32 */
            status: number;
            title: string;
            /** @example about:blank */
            type: string;
        };
        /** @description A customer's rating. Unknown fields are refused. */
        RatingRequest: {
            comment?: string | null;
            /** Format: int32 */
            score: number;
        };
        /** @enum {string} */
        ReadinessStatus: "ready" | "not_ready";
        /** @enum {string} */
        Role: "customer" | "agent" | "staff";
        SessionInfo: {
            /** @description Requests that change something carry it in the header X-CSRF-Token. */
            csrf_token: string;
            staff: components["schemas"]["SignedInStaff"];
        };
        SignedInStaff: {
            email: string;
            id: components["schemas"]["StaffId"];
            name: string;
            role: components["schemas"]["StaffRole"];
        };
        StaffAccount: {
            active: boolean;
            email: string;
            id: components["schemas"]["StaffId"];
            name: string;
            role: components["schemas"]["StaffRole"];
        };
        /** Format: uuid */
        StaffId: string;
        /** @description A page of the list of accounts, by name. */
        StaffList: {
            items: components["schemas"]["StaffAccount"][];
            /** @description The value of `cursor` for the next page; null on the last one. */
            next_cursor: string | null;
        };
        StaffMessage: components["schemas"]["Message"] & {
            /** @description Files that the customer sent along; absent where there are none. */
            attachments?: components["schemas"]["MessageAttachment"][];
            /** @description Its parts on their way, in order; empty for what a customer wrote. */
            deliveries: components["schemas"]["MessageDelivery"][];
            /** @description Why it was not delivered or was postponed; absent otherwise. */
            delivery_error?: string;
            /** Format: int32 */
            latency_ms: number | null;
            /** @description Of a mail that came to us; absent otherwise. */
            mail?: components["schemas"]["MailDetail"];
            model: string | null;
            /** @description The sections of documents that the answer cites. */
            sources: components["schemas"]["CitedSource"][];
            /** Format: int32 */
            tokens: number | null;
            /** @description In the order in which they ran, prefetched ones included. */
            tool_calls: components["schemas"]["ExecutedTool"][];
        };
        /** @enum {string} */
        StaffRole: "agent" | "admin";
        /** @description Where a submission is found; the same for the first try and each repetition. */
        SubmissionReceipt: {
            estimated_response_time: string;
            message: string;
            status: components["schemas"]["TicketStatus"];
            ticket_id: components["schemas"]["TicketId"];
            /** @example T-1042 */
            ticket_number: string;
        };
        /** @description A request for support. Lengths count characters after trimming; unknown fields are refused. */
        SubmissionRequest: {
            category: components["schemas"]["Category"];
            /** Format: email */
            email: string;
            message: string;
            name: string;
            /** @description E.164. */
            phone?: string | null;
            priority?: components["schemas"]["Priority"] | null;
            subject: string;
        };
        Ticket: {
            category: components["schemas"]["Category"];
            channel: components["schemas"]["Channel"];
            /** Format: date-time */
            created_at: string;
            priority: components["schemas"]["Priority"];
            /** Format: date-time */
            resolved_at: string | null;
            status: components["schemas"]["TicketStatus"];
            subject: string;
            ticket_id: components["schemas"]["TicketId"];
            /**
             * @description The number by which people speak of the ticket; it gives no access to it.
             * @example T-1042
             */
            ticket_number: string;
            /** Format: date-time */
            updated_at: string;
        };
        /** Format: uuid */
        TicketId: string;
        TicketMessage: components["schemas"]["Message"] & {
            /** @description The articles of the help centre that the answer cites. */
            sources: components["schemas"]["ArticleRef"][];
        };
        /** @description A page of a ticket as its customer sees it. */
        TicketPage: components["schemas"]["Ticket"] & {
            /** @description Oldest first, this ticket's only, no notes. */
            messages: components["schemas"]["TicketMessage"][];
            older: components["schemas"]["MessageId"] | null;
            rating: components["schemas"]["TicketRating"] | null;
        };
        TicketRating: {
            comment: string | null;
            /** Format: date-time */
            rated_at: string;
            /** Format: int32 */
            score: number;
        };
        /** @enum {string} */
        TicketStatus: "open" | "waiting_customer" | "escalated" | "in_progress" | "resolved" | "closed";
        /** @description A code of the authenticator app; to turn two-factor authentication off, a recovery code does too. */
        TotpProof: {
            code: string;
        };
        /** @description An empty object. Unknown fields are refused. */
        TotpRequest: Record<string, never>;
        /** @description What is shown once when two-factor authentication is set up; it is on after the first code. */
        TotpSecret: {
            otpauth_url: string;
            /** @description Each works once, in place of a code. */
            recovery_codes: string[];
            /** @description In base 32. */
            secret: string;
        };
        /** @description Whether two-factor authentication is on. */
        TotpStatus: {
            enabled: boolean;
            /**
             * Format: int32
             * @description Recovery codes that were not used yet; 0 while it is off.
             */
            recovery_codes_left: number;
        };
        /** @enum {string} */
        Unanswered: "automatic" | "bulk" | "no_reply" | "report" | "own_address" | "not_to_us" | "no_sender" | "staff_reply" | "encrypted" | "form_mail";
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    get_attachment: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The attachment's id */
                id: components["schemas"]["AttachmentId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The file, under the type that the provider declared. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/octet-stream": components["schemas"]["FileContent"];
                };
            };
            /** @description There is neither a session nor a valid token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The scope or the role is missing, or the header X-CSRF-Token (`csrf`). */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description There is no such file, or it was not stored. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Any other refusal; `Retry-After` says when to try again, where that can help. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    get_conversation: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The conversation's id */
                id: components["schemas"]["ConversationId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The conversation. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConversationDetail"];
                };
            };
            /** @description There is neither a session nor a valid token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The scope or the role is missing, or the header X-CSRF-Token (`csrf`). */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description There is no such conversation. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Any other refusal; `Retry-After` says when to try again, where that can help. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    find_customer: {
        parameters: {
            query?: {
                /** @description An e-mail address */
                email?: string;
                /** @description A phone number (E.164) */
                phone?: string;
                /** @description A provider's user who shows no number, such as `whatsapp:US.1349` */
                provider_user?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The customer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Customer"];
                };
            };
            /** @description There is neither a session nor a valid token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The scope or the role is missing, or the header X-CSRF-Token (`csrf`). */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description No customer has that identifier. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Any other refusal; `Retry-After` says when to try again, where that can help. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    get_health: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The process runs. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HealthOverview"];
                };
            };
            /** @description Any other refusal; `Retry-After` says when to try again, where that can help. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    get_liveness: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The process runs. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Liveness"];
                };
            };
            /** @description Any other refusal; `Retry-After` says when to try again, where that can help. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    get_readiness: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It can take work. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HealthReport"];
                };
            };
            /** @description It cannot take work: a check has failed. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HealthReport"];
                };
            };
            /** @description Any other refusal; `Retry-After` says when to try again, where that can help. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    get_help_articles: {
        parameters: {
            query?: {
                /** @description Articles on the page; 50 unless given */
                limit?: number;
                /** @description The `next_cursor` of the page before */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of the list. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HelpArticles"];
                };
            };
            /** @description Any other refusal; `Retry-After` says when to try again, where that can help. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    get_help_article: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The article's id, with `#` as `%23` */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The article. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HelpArticle"];
                };
            };
            /** @description There is no such article. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Any other refusal; `Retry-After` says when to try again, where that can help. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    post_help_opinion: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The article's id, with `#` as `%23` */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["HelpOpinion"];
            };
        };
        responses: {
            /** @description The answer is counted. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description There is no such article. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Any other refusal; `Retry-After` says when to try again, where that can help. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    get_help_search: {
        parameters: {
            query: {
                /** @description The question, or some words of it */
                q: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The relevant articles, at most three. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HelpResults"];
                };
            };
            /** @description Any other refusal; `Retry-After` says when to try again, where that can help. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    get_mail_source: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The message's id */
                id: components["schemas"]["MessageId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The mail. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "message/rfc822": components["schemas"]["FileContent"];
                };
            };
            /** @description There is neither a session nor a valid token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The scope or the role is missing, or the header X-CSRF-Token (`csrf`). */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description There is no such message, or it is no mail that was kept. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Any other refusal; `Retry-After` says when to try again, where that can help. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    get_metrics: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Prometheus' text format 0.0.4. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
            /** @description There is neither a session nor a valid token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The scope or the role is missing, or the header X-CSRF-Token (`csrf`). */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Any other refusal; `Retry-After` says when to try again, where that can help. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    get_channel_metrics: {
        parameters: {
            query?: {
                /** @description The length of the window; 24 unless given */
                hours?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The activity, of every channel. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ChannelMetricsWindow"];
                };
            };
            /** @description There is neither a session nor a valid token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The scope or the role is missing, or the header X-CSRF-Token (`csrf`). */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Any other refusal; `Retry-After` says when to try again, where that can help. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    get_pool: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The limits and the present load. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PoolStatus"];
                };
            };
            /** @description There is neither a session nor a valid token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The scope or the role is missing, or the header X-CSRF-Token (`csrf`). */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description This process does not run the `agent` role. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Any other refusal; `Retry-After` says when to try again, where that can help. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    put_pool: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PoolLimits"];
            };
        };
        responses: {
            /** @description The new limits and the present load. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PoolStatus"];
                };
            };
            /** @description There is neither a session nor a valid token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The scope or the role is missing, or the header X-CSRF-Token (`csrf`). */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description This process does not run the `agent` role. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Any other refusal; `Retry-After` says when to try again, where that can help. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    get_members: {
        parameters: {
            query?: {
                /** @description Accounts on the page; 50 unless given */
                limit?: number;
                /** @description The `next_cursor` of the page before */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of the list. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StaffList"];
                };
            };
            /** @description There is neither a session nor a valid token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The scope or the role is missing, or the header X-CSRF-Token (`csrf`). */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Any other refusal; `Retry-After` says when to try again, where that can help. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    put_password: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PasswordChange"];
            };
        };
        responses: {
            /** @description The password is changed; sign in again. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description There is neither a session nor a valid token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The scope or the role is missing, or the header X-CSRF-Token (`csrf`). */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The new password does not do, or the current one is wrong. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Too many attempts have failed; see `Retry-After`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Any other refusal; `Retry-After` says when to try again, where that can help. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    get_session: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The session. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionInfo"];
                };
            };
            /** @description There is neither a session nor a valid token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The scope or the role is missing, or the header X-CSRF-Token (`csrf`). */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Any other refusal; `Retry-After` says when to try again, where that can help. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    post_session: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["LoginRequest"];
            };
        };
        responses: {
            /** @description A new session; its cookie is set. */
            201: {
                headers: {
                    /** @description The session */
                    "Set-Cookie"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionInfo"];
                };
            };
            /** @description Refused; `totp_required` and `totp_invalid` where the password is right. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Too many attempts have failed; see `Retry-After`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Any other refusal; `Retry-After` says when to try again, where that can help. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    delete_session: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The session has ended. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description There is neither a session nor a valid token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The scope or the role is missing, or the header X-CSRF-Token (`csrf`). */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Any other refusal; `Retry-After` says when to try again, where that can help. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    get_totp: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Whether it is on. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TotpStatus"];
                };
            };
            /** @description There is neither a session nor a valid token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The scope or the role is missing, or the header X-CSRF-Token (`csrf`). */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Any other refusal; `Retry-After` says when to try again, where that can help. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    put_totp: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TotpProof"];
            };
        };
        responses: {
            /** @description It is on. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description There is neither a session nor a valid token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The scope or the role is missing, or the header X-CSRF-Token (`csrf`). */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The code is wrong, or no secret waits for one. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Too many attempts have failed; see `Retry-After`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Any other refusal; `Retry-After` says when to try again, where that can help. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    post_totp: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TotpRequest"];
            };
        };
        responses: {
            /** @description The secret and the recovery codes. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TotpSecret"];
                };
            };
            /** @description There is neither a session nor a valid token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The scope or the role is missing, or the header X-CSRF-Token (`csrf`). */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Two-factor authentication is on (`totp_on`). */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Any other refusal; `Retry-After` says when to try again, where that can help. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    delete_totp: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TotpProof"];
            };
        };
        responses: {
            /** @description It is off. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description There is neither a session nor a valid token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The scope or the role is missing, or the header X-CSRF-Token (`csrf`). */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The code is wrong, or it is off. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Too many attempts have failed; see `Retry-After`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Any other refusal; `Retry-After` says when to try again, where that can help. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    submit: {
        parameters: {
            query?: never;
            header?: {
                /** @description 1 to 255 visible ASCII characters; scoped to the e-mail address */
                "Idempotency-Key"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SubmissionRequest"];
            };
        };
        responses: {
            /** @description The request is stored. */
            201: {
                headers: {
                    /** @description The path of the ticket */
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SubmissionReceipt"];
                };
            };
            /** @description Too many submissions from this address; see `Retry-After`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Any other refusal; `Retry-After` says when to try again, where that can help. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    get_ticket: {
        parameters: {
            query?: {
                /** @description Only messages older than this one */
                before?: components["schemas"]["MessageId"];
                /** @description Messages on the page; 100 unless given */
                limit?: number;
            };
            header?: never;
            path: {
                /** @description The ticket's id, from the answer to the submission */
                id: components["schemas"]["TicketId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The ticket. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TicketPage"];
                };
            };
            /** @description There is no such ticket, or its page has expired (`ticket_expired`). */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Any other refusal; `Retry-After` says when to try again, where that can help. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    get_ticket_events: {
        parameters: {
            query?: never;
            header?: {
                /** @description The id of the last event that was received */
                "Last-Event-ID"?: string | null;
            };
            path: {
                /** @description The ticket's id, from the answer to the submission */
                id: components["schemas"]["TicketId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The events. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
            /** @description There is no such ticket, or its page has expired (`ticket_expired`). */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description More than 20 streams from this address; see `Retry-After`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Any other refusal; `Retry-After` says when to try again, where that can help. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    post_human: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The ticket's id, from the answer to the submission */
                id: components["schemas"]["TicketId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PersonWish"];
            };
        };
        responses: {
            /** @description A person will answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PersonReceipt"];
                };
            };
            /** @description There is no such ticket, or its page has expired (`ticket_expired`). */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The ticket is closed (`ticket_closed`). */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Any other refusal; `Retry-After` says when to try again, where that can help. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    post_follow_up: {
        parameters: {
            query?: never;
            header?: {
                /** @description 1 to 255 visible ASCII characters; scoped to the ticket */
                "Idempotency-Key"?: string | null;
            };
            path: {
                /** @description The ticket's id, from the answer to the submission */
                id: components["schemas"]["TicketId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["FollowUpRequest"];
            };
        };
        responses: {
            /** @description The message is stored. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FollowUpReceipt"];
                };
            };
            /** @description There is no such ticket. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The ticket is closed and takes no more messages (`ticket_closed`). */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Too many messages from this address or to this ticket, or too many of the ticket wait for an answer; see `Retry-After`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Any other refusal; `Retry-After` says when to try again, where that can help. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    post_rating: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The ticket's id, from the answer to the submission */
                id: components["schemas"]["TicketId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RatingRequest"];
            };
        };
        responses: {
            /** @description The rating is stored. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TicketRating"];
                };
            };
            /** @description There is no such ticket, or its page has expired (`ticket_expired`). */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The ticket has no answer yet (`not_answered`). */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Any other refusal; `Retry-After` says when to try again, where that can help. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    receive_gmail: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description A message as Pub/Sub pushes it */
        requestBody: {
            content: {
                "application/json": Record<string, never>;
            };
        };
        responses: {
            /** @description The push is stored. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The body is no push about a mailbox. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The token is missing, forged, expired, or of somebody else. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Any other refusal; `Retry-After` says when to try again, where that can help. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    receive_whatsapp: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description A message as Twilio posts it */
        requestBody: {
            content: {
                "application/json": Record<string, never>;
                "application/x-www-form-urlencoded": string;
            };
        };
        responses: {
            /** @description The message is stored: an empty TwiML document. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/xml": string;
                };
            };
            /** @description The signature is missing or wrong. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Any other refusal; `Retry-After` says when to try again, where that can help. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    receive_whatsapp_status: {
        parameters: {
            query?: {
                /** @description The delivery that the message belongs to */
                delivery?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description A status callback as Twilio posts it */
        requestBody: {
            content: {
                "application/json": Record<string, never>;
                "application/x-www-form-urlencoded": string;
            };
        };
        responses: {
            /** @description The status is recorded. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The signature is missing or wrong. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Any other refusal; `Retry-After` says when to try again, where that can help. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
}
