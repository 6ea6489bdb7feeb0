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
         * Downloads a customer's file, or one of a side conversation.
         * @description It is to be saved and not shown: its content is whoever's has sent it.
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
        /**
         * Shows a conversation with its ticket and a page of its messages.
         * @description Without `before` it is the newest page.
         */
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
        /**
         * Tells whether the process makes progress.
         * @description It does not depend on the database or on any provider: restarting the process would not help there.
         */
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
    "/mcp": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Calls the MCP server.
         * @description The Model Context Protocol over streamable HTTP, without sessions (revisions 2026-07-28 and older). A header `Accept`
         *     must name `application/json` and `text/event-stream`. What the token opens is in docs/mcp.md.
         */
        post: operations["post_mcp"];
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
    "/openapi.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Shows this document. */
        get: operations["get_openapi"];
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
    "/staff/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists what accounts did, newest first. For admins. */
        get: operations["get_audit"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/staff/bulk": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Does the same in many conversations, each in a transaction of its own.
         * @description A conversation that has changed since `as_of`, or that refuses the action, is left alone and named in `failed`. For 60
         *     seconds the rest can be undone; a reply waits so long before it leaves, unless `send_after_seconds` says otherwise.
         *     Repeated with its `Idempotency-Key`, an interrupted action goes on.
         */
        post: operations["post_bulk"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/staff/bulk/{id}/undo": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Undoes a bulk action within 60 seconds: conversations are again what they were before.
         * @description One that has changed since, or whose reply is being sent, is left alone and named in `failed`.
         */
        post: operations["post_bulk_undo"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/staff/conversations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Lists the conversations of a queue, with the number of conversations in every queue.
         * @description The page and the counts are of one snapshot, and the filters apply to both.
         */
        get: operations["get_queue"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/staff/conversations/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Changes the priority, the severity and the tags of a conversation. */
        patch: operations["patch_conversation"];
        trace?: never;
    };
    "/staff/conversations/{id}/assign": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Assigns a conversation to an account; for the bot it is a claim. */
        post: operations["post_assign"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/staff/conversations/{id}/claim": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Claims a conversation for whoever asks.
         * @description It silences the bot in the same transaction; the receipt says what became of its turn and its reply. Repeated, it
         *     gives the same answer.
         */
        post: operations["post_claim"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/staff/conversations/{id}/draft": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Shows the account's draft in a conversation; without one, an empty draft with revision 0. */
        get: operations["get_draft"];
        /** Keeps the account's draft. */
        put: operations["put_draft"];
        post?: never;
        /** Drops the account's draft. */
        delete: operations["delete_draft"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/staff/conversations/{id}/hand_back": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Gives a conversation back to the bot. */
        post: operations["post_hand_back"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/staff/conversations/{id}/merge": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Merges a conversation into another one of the same customer.
         * @description It is closed, and what is written to it later goes to the other one. Its page stays, and names the number of the other
         *     ticket. If something waited in it, the caller has the other one.
         */
        post: operations["post_merge"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/staff/conversations/{id}/note": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Adds a note, which staff alone see; a closed ticket takes notes too. */
        post: operations["post_note"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/staff/conversations/{id}/release": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Takes a conversation from its assignee; it stays in human hands. */
        post: operations["post_release"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/staff/conversations/{id}/reopen": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Reopens a resolved ticket for whoever asks. */
        post: operations["post_reopen"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/staff/conversations/{id}/reply": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Replies to the customer.
         * @description It takes the conversation over as a claim does, and answers everything up to `seen_through`. Until `send_at` it can be
         *     taken back, and the customer sees neither it nor the new status.
         */
        post: operations["post_reply"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/staff/conversations/{id}/resolve": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Resolves a ticket; what waits in it counts as answered. */
        post: operations["post_resolve"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/staff/conversations/{id}/revoke_link": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Revokes the address of the ticket's page: whoever has it finds nothing there any more. */
        post: operations["post_revoke_link"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/staff/conversations/{id}/side": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Asks third parties by mail, beside a conversation. Its customer never sees any of it. */
        post: operations["post_side"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/staff/conversations/{id}/snooze": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Hides a conversation from the queues of work until a time, or until its customer writes. */
        post: operations["post_snooze"];
        /** Ends a snooze. */
        delete: operations["delete_snooze"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/staff/conversations/{id}/split": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Moves messages into a new conversation with a ticket of its own, in the hands of staff. */
        post: operations["post_split"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/staff/conversations/{id}/suggestion": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Suggests a reply, by the agent with its guards. A person edits and sends it; a newer public message retires it. */
        post: operations["post_suggestion"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/staff/conversations/{id}/summary": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Summarises a thread in points, each with the messages behind it.
         * @description The summary is kept until `renew` asks for another. Without a model that answers, the points are quotations.
         */
        post: operations["post_summary"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/staff/conversations/{id}/unmerge": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Undoes the merge of a conversation: it goes on as it was. */
        post: operations["post_unmerge"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/staff/conversations/{id}/watch": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Tells whoever asks of what happens in a conversation: messages of its customer, replies, escalations, its resolution,
         *     and answers that are due soon or overdue, but not of what they do themselves.
         * @description Whoever a note mentions watches the conversation too.
         */
        post: operations["post_watch"];
        /** Ends the watching of a conversation. */
        delete: operations["delete_watch"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/staff/customers/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Shows a customer with their identifiers, conversations, plan and merges. */
        get: operations["get_customer"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Changes a customer's name and plan. */
        patch: operations["patch_customer"];
        trace?: never;
    };
    "/staff/customers/{id}/erase": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Erases a customer.
         * @description For admins. Texts become `[erased]`; names, addresses and files go; counts stay. It can't be undone. Done again, it gives
         *     the same receipt.
         */
        post: operations["post_customer_erase"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/staff/customers/{id}/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Exports everything that is held of a customer.
         * @description For admins. Files are named; `fte customer export` writes them too, and has no limit of rows.
         */
        get: operations["get_customer_export"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/staff/customers/{id}/merge": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Merges a customer into another one: their addresses and conversations become the other one's. */
        post: operations["post_customer_merge"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/staff/deliveries/{id}/resend": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Sends a failed delivery once more, to another address of the customer if one is given. */
        post: operations["post_resend"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/staff/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Streams what changes in conversations.
         * @description Server-sent events. `hello {}` comes first; what is read after it misses nothing. Then `conversation`, `message`,
         *     `delivery`, `turn`, `escalation`, `mention` and `parked`, each `{conversation_id, <name>_id}`; `watched
         *     {conversation_id, watched_id, cause}`, for those who watch the conversation, where the id is that of the message, the
         *     escalation or the conversation and the cause one of `message`, `reply`, `escalation`, `resolved`, `due_soon` and
         *     `overdue`; and `presence {conversation_id, staff: [{id, state}]}`. Each comes within a second, and may be repeated. A
         *     client that comes back with `Last-Event-ID` within 24 hours gets what it has missed, later `reset {}`: it must read
         *     everything again. The stream ends within a minute after its session or token does, or after its account is disabled.
         */
        get: operations["get_staff_events"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/staff/files": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Uploads a file, to send it with a message of a side conversation.
         * @description The body is the file, of at most 10 MiB. One that is sent with no message within a day is removed.
         */
        post: operations["post_file"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/staff/knowledge/articles": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists the articles, those of files and approved ones, in the order of the documents. */
        get: operations["get_articles"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/staff/knowledge/articles/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Shows an article. */
        get: operations["get_article"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/staff/knowledge/articles/{id}/revisions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Lists the history of an article, newest first.
         * @description A deleted article keeps its history. What a revision says can be proposed again.
         */
        get: operations["get_revisions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/staff/knowledge/gaps": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Lists what the documents could not answer, grouped by meaning, the most asked first.
         * @description A gap ends with the approval of a proposal about it.
         */
        get: operations["get_gaps"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/staff/knowledge/proposals": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists the proposals, newest first. */
        get: operations["get_proposals"];
        put?: never;
        /** Proposes a change of the knowledge base. Nothing changes before an approval. */
        post: operations["post_proposal"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/staff/knowledge/proposals/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Shows a proposal, with the answers that its run has changed. */
        get: operations["get_proposal"];
        /** Edits a draft; what is left out stays. A run of what it said before counts no more. */
        put: operations["put_proposal"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/staff/knowledge/proposals/{id}/approve": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Publishes a draft: searches of every process find it at once.
         * @description For admins. It overrides its file, also when that is ingested again, until a deletion is approved.
         */
        post: operations["post_approve"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/staff/knowledge/proposals/{id}/reject": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Rejects a draft. For admins. */
        post: operations["post_reject"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/staff/knowledge/proposals/{id}/run": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Asks the most similar past questions again, with and without a draft. `run` of the proposal tells what comes of it. */
        post: operations["post_run"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/staff/macros": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists the account's macros and those that are shared. */
        get: operations["get_macros"];
        put?: never;
        /** Adds a macro. */
        post: operations["post_macro"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/staff/macros/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Replaces a macro: one's own, or any for admins. */
        put: operations["put_macro"];
        post?: never;
        /** Removes a macro: one's own, or any for admins. */
        delete: operations["delete_macro"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/staff/macros/{id}/render": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Fills a macro's placeholders for a conversation. */
        post: operations["post_render"];
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
    "/staff/merges/{id}/undo": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Undoes a merge of customers: addresses, conversations, and conversations begun from those addresses since go back. */
        post: operations["post_merge_undo"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/staff/messages/{id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Takes a reply back before it leaves.
         * @description Its author has the conversation again, and what it had answered waits again.
         */
        post: operations["post_cancel"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/staff/messages/{id}/feedback": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Says what an account thinks of a message of the bot; a second verdict replaces the first one. */
        post: operations["post_feedback"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/staff/messages/{id}/html": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Shows the HTML part of a mail without what runs, sends or loads anything.
         * @description It is for a sandboxed frame of the console: remote pictures are left out, those of the mail are embedded, and links
         *     show where they lead and cannot be followed. Markup beyond 512 KiB is left out.
         */
        get: operations["get_mail_html"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/staff/messages/{id}/raw": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Downloads the headers and the source of a mail as text, at most 1 MiB of it. */
        get: operations["get_mail_text"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/staff/parked": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists the messages that the bot could not process, oldest first. */
        get: operations["get_parked"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/staff/parked/{id}/dismiss": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Takes a parked message off the list. */
        post: operations["post_dismiss"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/staff/parked/{id}/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Gives a parked message to the bot once more. */
        post: operations["post_retry"];
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
    "/staff/presence": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Tells others that an account looks at a conversation or writes in it; it holds for 30 s. */
        post: operations["post_presence"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/staff/quality": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Compares the scorecards of the bot's replies with those of staff, by week.
         * @description The replies are those that were written in the range. With `format=csv`, or an `Accept` header that asks for
         *     `text/csv`, the answer is a table.
         */
        get: operations["get_quality"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/staff/quality/reviews": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Lists scorecards, newest first.
         * @description The replies are those that were written in the range. With `format=csv`, or an `Accept` header that asks for
         *     `text/csv`, the answer is a table of the newest 5,000.
         */
        get: operations["get_quality_reviews"];
        put?: never;
        /** Stores a scorecard of a reply, in place of the one that the account gave before. */
        post: operations["post_quality_review"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/staff/quality/sample": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Draws random replies that customers got, that no one has reviewed, and that are not the account's own.
         * @description Without `author`, replies of the bot and of staff are drawn alike, however many each has written.
         */
        get: operations["get_quality_sample"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/staff/reports": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Reports on the conversations that began in a range of days.
         * @description All figures are of one snapshot. With `format=csv`, or an `Accept` header that asks for `text/csv`, the answer is a table
         *     with a row for the total, for each channel and for each day.
         */
        get: operations["get_report"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/staff/reports/agents": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Reports on each member of staff who replied.
         * @description The conversations are those that began in the range. `GET /staff/reports/conversations?agent=` lists the conversations
         *     behind a figure. With `format=csv`, or an `Accept` header that asks for `text/csv`, the answer is a table.
         */
        get: operations["get_report_agents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/staff/reports/conversations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Lists the conversations behind a figure of a report.
         * @description `count` is the figure; of `answer_ms`, `csat`, `sentiment` and `cost_micros` it is how many conversations have one. With
         *     `format=csv`, or an `Accept` header that asks for `text/csv`, the answer is a table of the first 5,000.
         */
        get: operations["get_report_conversations"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/staff/reports/failures": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Reports on replies that were not delivered, by cause.
         * @description The conversations are those that began in the range; the figure `delivery_failures` lists those behind, and
         *     `delivery_failures.bounced` those of one cause. With `format=csv`, or an `Accept` header that asks for `text/csv`, the
         *     answer is a table.
         */
        get: operations["get_report_failures"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/staff/search": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Searches conversations, customers, messages and articles.
         * @description A ticket's number finds its conversation, which comes first.
         */
        get: operations["get_search"];
        put?: never;
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
    "/staff/side/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Shows a side conversation. */
        get: operations["get_side"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/staff/side/{id}/messages": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Writes to the recipients of a side conversation again. */
        post: operations["post_side_message"];
        delete?: never;
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
    "/staff/turns/{id}/replay": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Replays a finished turn of the bot from its recorded steps, with the rules and guards of today.
         * @description It calls no model and no tool, stores nothing and sends nothing. A difference says that rules, guards or instructions
         *     have changed since, or that the steps are not kept any more (`RETENTION_STEPS_DAYS`).
         */
        get: operations["get_replay"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/staff/views": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists the saved views of the team and the account's own. */
        get: operations["get_views"];
        put?: never;
        /**
         * Saves a view of the queue.
         * @description An account has at most 50 views, those included that it shares.
         */
        post: operations["post_view"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/staff/views/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Replaces a view: its author may, and admins where it is the team's. */
        put: operations["put_view"];
        post?: never;
        /** Removes a view: its author may, and admins where it is the team's. */
        delete: operations["delete_view"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/staff/webhook-deliveries/{id}/redeliver": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Sends an event once more, under the same id. For admins. */
        post: operations["post_webhook_redeliver"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/staff/webhooks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists the endpoints of other systems. For admins. */
        get: operations["get_webhooks"];
        put?: never;
        /**
         * Adds an endpoint. For admins.
         * @description It gets the events of its types from now on, signed by Standard Webhooks. The secret is shown here alone.
         */
        post: operations["post_webhook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/staff/webhooks/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Removes an endpoint, with what was still to be sent to it. For admins. */
        delete: operations["delete_webhook"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/staff/webhooks/{id}/deliveries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Lists the events of an endpoint, newest first. For admins.
         * @description They are kept for seven days.
         */
        get: operations["get_webhook_deliveries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/staff/webhooks/{id}/rotate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Gives an endpoint a new secret. For admins.
         * @description For 24 hours the one before it signs too.
         */
        post: operations["post_webhook_rotate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/staff/webhooks/{id}/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Sends an event of the type `webhook.test` to an endpoint. For admins. */
        post: operations["post_webhook_test"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/support/identity": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Shows whether an address is proved in this browser. */
        get: operations["get_identity"];
        put?: never;
        /**
         * Asks for a code to prove an address.
         * @description If a customer has the address, a code of six digits is mailed there: at most three within an hour and five within a day.
         *     The answer is the same whether one has it or not.
         */
        post: operations["post_identity"];
        /** Forgets the proof in this browser. */
        delete: operations["delete_identity"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/support/identity/{id}/code": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Proves the address by the code.
         * @description A code is valid for ten minutes, for five attempts and once. A wrong one, one that is over and one that was never mailed
         *     get the same answer.
         */
        post: operations["post_identity_code"];
        delete?: never;
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
         *     back with `Last-Event-ID` within 24 hours gets what it has missed, later `reset {}`: it must read the ticket again. The
         *     stream ends within a minute after the page of the ticket can no longer be seen.
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
    "/support/tickets": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists the tickets of the customer whose address is proved in this browser, the newest first. */
        get: operations["get_own_tickets"];
        put?: never;
        post?: never;
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
        /** @enum {string} */
        AddressProof: "attested" | "code" | "claim" | "failed";
        /** @description The figures of each member of staff who replied in conversations that began in a range of days. */
        AgentReportDocument: {
            /**
             * Format: date
             * @description The first day (UTC).
             * @example 2026-11-24
             */
            from: string;
            /** @description By name. */
            items: components["schemas"]["AgentRow"][];
            /**
             * Format: date
             * @description The last day (UTC).
             * @example 2026-11-30
             */
            to: string;
        };
        AgentRow: {
            agent: components["schemas"]["Person"];
            /**
             * Format: int64
             * @description Replies that customers got.
             */
            replies: number;
            /** @description From the message that waited longest to the first reply of this person, in each conversation. */
            reply_ms: components["schemas"]["AnswerTimes"];
            /** @description Of the conversations in which this person replied; one with several people counts for each of them. */
            total: components["schemas"]["Figures"];
        };
        /** @description From the first message to the first answer, in milliseconds; null without an answer. */
        AnswerTimes: {
            /** Format: int64 */
            p50: number | null;
            /** Format: int64 */
            p95: number | null;
        };
        /** @description Unknown fields are refused. */
        ApprovalRequest: {
            /** @description Without a run. */
            force?: boolean | null;
        };
        /** @description The history of an article, newest first; that of one without approved changes is empty. */
        ArticleHistory: {
            items: components["schemas"]["ArticleHistoryEntry"][];
            next_cursor: string | null;
        };
        ArticleHistoryEntry: {
            approved_by: components["schemas"]["Person"] | null;
            /** Format: date-time */
            at: string;
            body: string | null;
            /**
             * Format: int32
             * @description From 1; the first one of an article from a file is what the file said.
             */
            number: number;
            op: components["schemas"]["ProposalOp"];
            proposal_id: components["schemas"]["ProposalId"] | null;
            title: string | null;
        };
        /** @description A section of the public documents. */
        ArticleRef: {
            /** @example product-docs.md#passwords */
            id: string;
            title: string;
        };
        /** @description An assignment. Unknown fields are refused. */
        AssignRequest: {
            /** @description Also if another account has the conversation. */
            force?: boolean | null;
            staff_id: components["schemas"]["StaffId"];
        };
        /** Format: uuid */
        AttachmentId: string;
        /** @enum {string} */
        AttachmentState: "pending" | "stored" | "refused" | "failed";
        /** @description What an account did. */
        AuditItem: {
            /** @example conversation.claimed */
            action: string;
            actor: components["schemas"]["Person"];
            /** Format: date-time */
            at: string;
            conversation_id: components["schemas"]["ConversationId"] | null;
            /** Format: uuid */
            id: string;
            subject: components["schemas"]["AuditSubject"];
        };
        /** @description A page of the audit log, newest first. */
        AuditList: {
            items: components["schemas"]["AuditItem"][];
            /** @description The value of `cursor` for the next page; null on the last one. */
            next_cursor: string | null;
        };
        /** @description What it was done to. */
        AuditSubject: {
            id: string;
            /** @example conversation */
            kind: string;
        };
        /** @enum {string} */
        Authentication: "pass" | "fail" | "none";
        AverageScore: {
            /**
             * Format: double
             * @description The mean; null without any.
             */
            avg: number | null;
            /**
             * Format: int64
             * @description Scorecards that answer the question.
             */
            count: number;
        };
        BotAndStaff: {
            bot: components["schemas"]["ScoreSummary"];
            staff: components["schemas"]["ScoreSummary"];
        };
        /** @description What became of the bot. */
        BotReceipt: {
            /**
             * Format: date-time
             * @description When its sending began.
             */
            at: string | null;
            message_id: components["schemas"]["MessageId"] | null;
            result: components["schemas"]["TakeOverResult"];
            /** @description The deliveries that were withdrawn. */
            withdrawn: components["schemas"]["DeliveryId"][];
        };
        /** @description One turn of the bot. */
        BotTurn: {
            /**
             * Format: int64
             * @description Millionths of a US dollar.
             */
            cost_micros: number;
            /** @description The customer's messages that it answered, or would have. */
            covers: components["schemas"]["MessageId"][];
            end: components["schemas"]["TurnState"];
            /** Format: date-time */
            ended_at: string | null;
            id: components["schemas"]["TurnId"];
            model: string | null;
            outcome: components["schemas"]["Outcome"] | null;
            sources: components["schemas"]["ArticleRef"][];
            /** Format: date-time */
            started_at: string;
            steps: components["schemas"]["TurnStep"][];
            /** Format: int64 */
            tokens: number;
        };
        /** @enum {string} */
        BulkAction: "assign" | "release" | "snooze" | "patch" | "resolve" | "hand_back" | "reply";
        BulkFailure: {
            /**
             * @description `changed`: it has changed since; else the code of the single action's refusal.
             * @example changed
             */
            code: string;
            conversation_id: components["schemas"]["ConversationId"];
        };
        /** Format: uuid */
        BulkId: string;
        /** @description One action for many conversations. Either `ids` or `filter` says which. Unknown fields are refused. */
        BulkRequest: {
            action: components["schemas"]["BulkAction"];
            /**
             * Format: date-time
             * @description That of the queue in which the conversations were chosen. What has changed since is left alone.
             */
            as_of: string;
            /** @description The parameters of a queue: `queue`, `channel`, `status`, and so on. */
            filter?: Record<string, never> | null;
            ids?: components["schemas"]["ConversationId"][] | null;
            /** @description The body of the single action, without `seen_through`: `as_of` takes its place. */
            params?: Record<string, never> | null;
        };
        /** @description What became of a bulk action, or of its undoing. */
        BulkResult: {
            bulk_id: components["schemas"]["BulkId"];
            /** @description How many conversations were changed. */
            done: number;
            failed: components["schemas"]["BulkFailure"][];
        };
        CancelledReply: {
            state: components["schemas"]["ConversationState"];
            /** @description The text that was not sent. */
            text: string;
        };
        /** @enum {string} */
        Category: "general" | "technical" | "billing" | "feedback" | "bug_report";
        CauseFigures: {
            cause: components["schemas"]["FailureCause"];
            /**
             * Format: int64
             * @description With several causes, a conversation counts for each of them.
             */
            conversations: number;
            /** Format: int64 */
            deliveries: number;
        };
        /** Format: uuid */
        ChallengeId: string;
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
        /** @description A claim. Unknown fields are refused. */
        ClaimRequest: {
            /** @description Also if another account has the conversation. */
            force?: boolean | null;
        };
        /** @description Asks for a code. Unknown fields are refused. */
        CodeRequest: {
            /**
             * Format: email
             * @example ann@example.com
             */
            email: string;
            /**
             * @description Of the mail (ISO 639); English unless given.
             * @example de
             */
            language?: string | null;
        };
        /** @description The same whether the address is known or not. */
        CodeRequested: {
            /** @description Names the request when the code is typed. */
            proof_id: components["schemas"]["ChallengeId"];
        };
        ConversationBehind: {
            /** Format: int64 */
            answer_ms: number | null;
            assignee: components["schemas"]["Person"] | null;
            channel: components["schemas"]["Channel"];
            conversation_id: components["schemas"]["ConversationId"];
            /** Format: int64 */
            cost_micros: number;
            /** Format: date-time */
            created_at: string;
            customer: components["schemas"]["Person"];
            durable: boolean;
            /** @description The beginning of the question that found no source, else of the first message. */
            preview: string;
            reason: components["schemas"]["Reason"] | null;
            resolution: components["schemas"]["ResolutionKind"];
            /** Format: int32 */
            score: number | null;
            /** Format: float */
            sentiment: number | null;
            status: components["schemas"]["ConversationStatus"];
            ticket: components["schemas"]["Ticket"];
        };
        /** @description A conversation with everything that staff may see. */
        ConversationDetail: {
            assignee: components["schemas"]["Person"] | null;
            channel: components["schemas"]["Channel"];
            conversation_id: components["schemas"]["ConversationId"];
            customer_id: components["schemas"]["CustomerId"];
            hand_off: components["schemas"]["HandOffBrief"] | null;
            merged_into: components["schemas"]["ConversationId"] | null;
            /** @description Oldest first, notes included. */
            messages: components["schemas"]["StaffMessage"][];
            older: components["schemas"]["MessageId"] | null;
            /** @description The parked messages that wait for staff. */
            parked: components["schemas"]["DeadLetterId"][];
            participants: components["schemas"]["Participant"][];
            reason: components["schemas"]["Reason"] | null;
            /**
             * Format: float
             * @description From 0 (negative) to 1 (positive); null while no message has shown any.
             */
            sentiment: number | null;
            severity: components["schemas"]["Severity"] | null;
            /** @description The side conversations. */
            side: components["schemas"]["SideId"][];
            sla: components["schemas"]["SlaClocks"];
            /** Format: date-time */
            snoozed_until: string | null;
            status: components["schemas"]["ConversationStatus"];
            tags: string[];
            ticket: components["schemas"]["Ticket"];
            /** @description The bot's turns for the messages of this page, oldest first; the newest 50 of them. */
            turns: components["schemas"]["BotTurn"][];
            /** @description The accounts that are told of what happens in it. */
            watchers: components["schemas"]["Person"][];
        };
        /** Format: uuid */
        ConversationId: string;
        /** @description The conversation that another one is merged into. Unknown fields are refused. */
        ConversationMergeRequest: {
            into: components["schemas"]["ConversationId"];
        };
        /** @description A change of what a conversation is sorted and found by. Unknown fields are refused. */
        ConversationPatch: {
            add_tags?: components["schemas"]["TagText"][] | null;
            priority?: components["schemas"]["Priority"] | null;
            remove_tags?: components["schemas"]["TagText"][] | null;
            severity?: components["schemas"]["Severity"] | null;
        };
        /** @description A page of a queue, of one snapshot with the counts. */
        ConversationQueue: {
            /** Format: date-time */
            as_of: string;
            counts: components["schemas"]["QueueCounts"];
            items: components["schemas"]["QueuedConversation"][];
            next_cursor: string | null;
        };
        /** @description Where a conversation is after an action. */
        ConversationState: {
            assignee: components["schemas"]["Person"] | null;
            conversation_id: components["schemas"]["ConversationId"];
            status: components["schemas"]["ConversationStatus"];
            ticket_status: components["schemas"]["TicketStatus"];
        };
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
        /** @description Everything that is held of a customer. */
        CustomerDataExport: {
            customer_id: components["schemas"]["CustomerId"];
            /** Format: date-time */
            exported_at: string;
            /** @description The files beside the messages; `fte customer export` writes them too. */
            files: components["schemas"]["ExportedFileRef"][];
            /** @description The rows of each table, as they are stored. */
            tables: {
                [key: string]: unknown[];
            };
        };
        /** Format: uuid */
        CustomerId: string;
        CustomerIdentifier: {
            /** @description Whether a channel has proved that it is the customer's. */
            attested: boolean;
            kind: components["schemas"]["IdentifierKind"];
            value: string;
        };
        CustomerMerge: {
            /** Format: date-time */
            at: string;
            from: components["schemas"]["CustomerId"];
            merge_id: components["schemas"]["MergeId"];
        };
        /** @description The customer that another one is merged into. Unknown fields are refused. */
        CustomerMergeRequest: {
            into: components["schemas"]["CustomerId"];
        };
        /** @description A change of a customer. Unknown fields are refused. */
        CustomerPatch: {
            name?: string | null;
            plan?: string | null;
        };
        /** @description A customer's file. */
        CustomerRecord: components["schemas"]["Customer"] & {
            /** @description The customers that have become this one. */
            merges: components["schemas"]["CustomerMerge"][];
            plan: string | null;
        };
        DayFigures: {
            /**
             * Format: date
             * @example 2026-11-30
             */
            date: string;
            total: components["schemas"]["Figures"];
        };
        /** Format: uuid */
        DeadLetterId: string;
        /** Format: uuid */
        DeliveryId: string;
        /** @enum {string} */
        DeliveryState: "pending" | "sending" | "sent" | "delivered" | "read" | "failed" | "withdrawn";
        /** @enum {string} */
        DeskQueue: "needs_me" | "unassigned" | "mine" | "watching" | "bot" | "snoozed" | "parked" | "resolved" | "all";
        DeskSearchResult: {
            conversation_id: components["schemas"]["ConversationId"] | null;
            id: string;
            kind: components["schemas"]["SearchKind"];
            snippet: string;
            title: string;
        };
        /** @description What a search has found, the best first. */
        DeskSearchResults: {
            items: components["schemas"]["DeskSearchResult"][];
            next_cursor: string | null;
        };
        /** @description A draft to keep. Unknown fields are refused. */
        DraftRequest: {
            bcc?: components["schemas"]["EmailText"][] | null;
            cc?: components["schemas"]["EmailText"][] | null;
            channel?: components["schemas"]["Channel"] | null;
            /**
             * Format: int64
             * @description That of the draft which this one replaces; 0 for the first.
             */
            revision: number;
            text: string;
        };
        /**
         * Format: email
         * @description An e-mail address.
         * @example ann@example.com
         */
        EmailText: string;
        /** @description An empty object. Unknown fields are refused. */
        EmptyRequest: Record<string, never>;
        /** @description The proof of an erasure. */
        ErasureProof: {
            /** @description How many rows of each kind lost their content. */
            counts: {
                [key: string]: number;
            };
            /** Format: date-time */
            erased_at: string;
        };
        /** @description The customer's own id, as a confirmation. Unknown fields are refused. */
        ErasureRequest: {
            confirm: components["schemas"]["CustomerId"];
        };
        /** Format: uuid */
        EscalationId: string;
        ExecutedTool: {
            name: string;
        };
        /** @description A file by its content. */
        ExportedFileRef: {
            /** @example image/png */
            content_type: string;
            /**
             * @description In hexadecimal.
             * @example e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
             */
            sha256: string;
            /** Format: int64 */
            size_bytes: number;
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
        FailureFigures: {
            /** Format: int64 */
            conversations: number;
            /** Format: int64 */
            deliveries: number;
        };
        /** @description Replies that were not delivered, in conversations that began in a range of days. */
        FailureReportDocument: {
            /** @description Every cause. */
            causes: components["schemas"]["CauseFigures"][];
            /**
             * Format: date
             * @description The first day (UTC).
             * @example 2026-11-24
             */
            from: string;
            /**
             * Format: date
             * @description The last day (UTC).
             * @example 2026-11-30
             */
            to: string;
            total: components["schemas"]["FailureFigures"];
        };
        FeedbackReceipt: {
            message_id: components["schemas"]["MessageId"];
        };
        /** @description What an account thinks of a message of the bot. Unknown fields are refused. */
        FeedbackRequest: {
            comment?: string | null;
            verdict: components["schemas"]["FeedbackVerdict"];
        };
        /** @enum {string} */
        FeedbackVerdict: "wrong" | "good";
        /** @description What is wrong with one field. */
        FieldProblem: {
            field: string;
            message: string;
        };
        /** @description A page of the conversations behind a figure. */
        FigureList: {
            /**
             * Format: int64
             * @description Over all pages.
             */
            count: number;
            /** @description Those that need a look come first: the slowest, the lowest rated, the dearest; else the newest. */
            items: components["schemas"]["ConversationBehind"][];
            next_cursor: string | null;
        };
        Figures: {
            answer_ms: components["schemas"]["AnswerTimes"];
            /** Format: int64 */
            conversations: number;
            /**
             * Format: int64
             * @description What the model calls cost, in millionths of a dollar.
             */
            cost_micros: number;
            csat: components["schemas"]["Satisfaction"];
            resolution: components["schemas"]["ResolutionFigures"];
            /**
             * Format: double
             * @description The mean; null without any.
             */
            sentiment: number | null;
            /**
             * Format: int64
             * @description Conversations with a question that the documents do not answer.
             */
            without_source: number;
        };
        FiguresByChannel: {
            email: components["schemas"]["Figures"];
            web_form: components["schemas"]["Figures"];
            whatsapp: components["schemas"]["Figures"];
        };
        /**
         * Format: binary
         * @description The bytes of a file.
         */
        FileContent: string;
        /** @description Where a turn and its replay differ first. */
        FirstDifference: {
            part: components["schemas"]["ReplayPart"];
            /** @description Of a text, what follows the last character that both have. */
            recorded: string;
            replayed: string;
        };
        FollowUpReceipt: {
            message_id: components["schemas"]["MessageId"];
            status: components["schemas"]["TicketStatus"];
        };
        /** @description A customer's message on an existing ticket. Unknown fields are refused. */
        FollowUpRequest: {
            message: string;
        };
        /** Format: uuid */
        GapId: string;
        /** @description A hand-back. Unknown fields are refused. */
        HandBackRequest: {
            /** @description What the bot should know until the next hand-off. */
            instruction?: string | null;
        };
        /** @description What a person who takes over must know, as it was at the hand-off. */
        HandOffBrief: {
            escalation_id: components["schemas"]["EscalationId"];
            /** @description What was not answered. */
            open_question: string;
            /** @description What the customer was told that people will do, the newest first. */
            promises: string[];
            sources: components["schemas"]["ArticleRef"][];
            /** @description What the bot answered, oldest first. */
            tried: string[];
            /** @description What the customer came with. */
            wish: string;
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
        /**
         * @description A message of the Model Context Protocol.
         * @example {
         *       "id": 1,
         *       "jsonrpc": "2.0",
         *       "method": "tools/call",
         *       "params": {
         *         "arguments": {
         *           "query": "How do I reset my password?"
         *         },
         *         "name": "search_knowledge_base"
         *       }
         *     }
         */
        JsonRpcRequest: {
            id?: string | number;
            jsonrpc: string;
            method: string;
            params?: Record<string, never> | null;
        };
        /**
         * @description The response to a message with an id.
         * @example {
         *       "id": 1,
         *       "jsonrpc": "2.0",
         *       "result": {
         *         "content": [],
         *         "isError": false
         *       }
         *     }
         */
        JsonRpcResponse: {
            /** @description Absent in a success. */
            error?: unknown;
            id?: unknown;
            jsonrpc: string;
            /** @description Absent in a refusal. */
            result?: unknown;
        };
        /** @description What an account is about to write in a conversation. */
        KeptDraft: {
            bcc: string[] | null;
            cc: string[] | null;
            channel: components["schemas"]["Channel"] | null;
            /**
             * Format: int64
             * @description 0 while there is none.
             */
            revision: number;
            text: string;
        };
        KnowledgeArticle: {
            approved: boolean;
            /** @description What a proposal starts from: Markdown of an approved article, else the text. */
            body: string;
            /** @description The same as HTML, without scripts, styles and images. */
            html: string;
            /** @example product-docs.md#passwords */
            id: string;
            internal: boolean;
            section: string;
            /** @description As the agent reads it. */
            text: string;
            title: string;
            /** Format: date-time */
            updated_at: string;
        };
        KnowledgeArticleLine: {
            /** @description Whether it was approved; then it overrides its file. */
            approved: boolean;
            /** @example product-docs.md#passwords */
            id: string;
            /** @description For staff alone. */
            internal: boolean;
            /** @description The headings above it and its own. */
            section: string;
            title: string;
            /** Format: date-time */
            updated_at: string;
        };
        /** @description A page of the list of articles, in the order of the documents. */
        KnowledgeArticles: {
            items: components["schemas"]["KnowledgeArticleLine"][];
            next_cursor: string | null;
        };
        /** @description Questions of one meaning. */
        KnowledgeGap: {
            /** @description The newest conversations, at most 100. */
            conversation_ids: components["schemas"]["ConversationId"][];
            /**
             * Format: int64
             * @description How often it was asked.
             */
            count: number;
            id: components["schemas"]["GapId"];
            /** Format: date-time */
            last_asked_at: string;
            /** @description The newest one, without personal data. */
            question: string;
        };
        /** @description Questions that the documents could not answer, the most asked first. */
        KnowledgeGaps: {
            items: components["schemas"]["KnowledgeGap"][];
            next_cursor: string | null;
        };
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
            /** Format: password */
            password: string;
        };
        Macro: {
            actions: components["schemas"]["MacroEffects"];
            id: components["schemas"]["MacroId"];
            name: string;
            owner_id: components["schemas"]["StaffId"];
            shared: boolean;
            /** @description With placeholders such as `{{customer.name}}`. */
            text: string;
        };
        /** @description What a macro does beside its text. Unknown fields are refused. */
        MacroActionsRequest: {
            add_tags?: components["schemas"]["TagText"][] | null;
            priority?: components["schemas"]["Priority"] | null;
            remove_tags?: components["schemas"]["TagText"][] | null;
            severity?: components["schemas"]["Severity"] | null;
            /**
             * @description `resolve` resolves the ticket with the reply.
             * @example resolve
             */
            then?: string | null;
        };
        /** @description What a console does with the text in one click. */
        MacroEffects: {
            add_tags: string[];
            priority: components["schemas"]["Priority"] | null;
            remove_tags: string[];
            severity: components["schemas"]["Severity"] | null;
            then: string | null;
        };
        /** Format: uuid */
        MacroId: string;
        /** @description The macros of an account and those that are shared, by name. */
        MacroList: {
            items: components["schemas"]["Macro"][];
            next_cursor: string | null;
        };
        /** @description A macro to keep. Unknown fields are refused. */
        MacroRequest: {
            actions?: components["schemas"]["MacroActionsRequest"] | null;
            name: string;
            shared?: boolean | null;
            text: string;
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
        /** Format: uuid */
        MergeId: string;
        MergeReceipt: {
            merge_id: components["schemas"]["MergeId"];
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
             * @description When it leaves, or was to leave.
             */
            send_at: string;
            state: components["schemas"]["DeliveryState"];
            /** @description Addresses or numbers; empty on the ticket's page, which is not sent anywhere. */
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
        NoteReceipt: {
            message_id: components["schemas"]["MessageId"];
        };
        /** @description A note. Unknown fields are refused. */
        NoteRequest: {
            mentions?: components["schemas"]["StaffId"][] | null;
            text: string;
        };
        /** @description An OpenAPI document, version 3.1. */
        OpenapiDocument: {
            info: Record<string, never>;
            /** @example 3.1.0 */
            openapi: string;
            paths: Record<string, never>;
        };
        /** @enum {string} */
        Outcome: "answer" | "escalate" | "silent";
        OwnTicketLine: {
            channel: components["schemas"]["Channel"];
            /** Format: date-time */
            created_at: string;
            status: components["schemas"]["TicketStatus"];
            subject: string;
            ticket_id: components["schemas"]["TicketId"];
            /** @example T-1042 */
            ticket_number: string;
            /** Format: date-time */
            updated_at: string;
        };
        /** @description A page of the customer's tickets. */
        OwnTickets: {
            /** @description The newest first. */
            items: components["schemas"]["OwnTicketLine"][];
            next_cursor: string | null;
        };
        /** @description Whose browser it is. */
        PageIdentity: {
            /**
             * @description The proved address.
             * @example ann@example.com
             */
            email: string | null;
            /** Format: date-time */
            expires_at: string | null;
            /** @description Whether codes can be mailed. */
            offered: boolean;
        };
        /** @description A page of the parked messages, oldest first. */
        ParkedList: {
            items: components["schemas"]["ParkedMessage"][];
            next_cursor: string | null;
        };
        ParkedMessage: {
            conversation_id: components["schemas"]["ConversationId"];
            customer: components["schemas"]["Person"];
            id: components["schemas"]["DeadLetterId"];
            /** Format: date-time */
            parked_at: string;
            /** @description Why it was parked. */
            reason: string;
            /** @example T-1042 */
            ticket_number: string;
        };
        /** @description An address that takes part in a conversation. */
        Participant: {
            kind: components["schemas"]["IdentifierKind"];
            /** @description Empty where no name is known. */
            name: string;
            proof: components["schemas"]["AddressProof"];
            role: components["schemas"]["ParticipantRole"];
            value: string;
        };
        /** @enum {string} */
        ParticipantRole: "customer" | "cc" | "other";
        /** @description A change of the password. Unknown fields are refused. */
        PasswordChange: {
            /** Format: password */
            current: string;
            /** Format: password */
            new: string;
        };
        /** @description An account or a customer, as others see them. */
        Person: {
            /** Format: uuid */
            id: string;
            name: string;
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
        /** @description Who looks at a conversation, or writes in it. Unknown fields are refused. */
        PresenceRequest: {
            conversation_id: components["schemas"]["ConversationId"];
            /** @example viewing */
            state: string;
        };
        /** @enum {string} */
        Priority: "low" | "medium" | "high";
        /**
         * @description Why a request was refused.
         * @example {
         *       "code": "ticket_closed",
         *       "detail": "This ticket is closed and takes no more messages; please submit a new request.",
         *       "instance": "/support/ticket",
         *       "status": 409,
         *       "title": "Conflict",
         *       "type": "about:blank"
         *     }
         */
        ProblemDocument: {
            /** @description Who has the conversation; present with the code `claimed`. */
            assignee?: components["schemas"]["Person"];
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
            /** @description The messages that the author has not seen; present with the code `unseen_messages`. */
            unseen?: components["schemas"]["StaffMessage"][];
        };
        Proposal: {
            /** @description The article that is changed; of a new one its id, once it is approved. */
            article_id: string | null;
            author: components["schemas"]["Person"];
            body: string | null;
            conversation_id: components["schemas"]["ConversationId"] | null;
            /** Format: date-time */
            created_at: string;
            /** Format: date-time */
            decided_at: string | null;
            decided_by: components["schemas"]["Person"] | null;
            gap_id: components["schemas"]["GapId"] | null;
            id: components["schemas"]["ProposalId"];
            op: components["schemas"]["ProposalOp"];
            /** @description Why it was rejected. */
            reason: string | null;
            run: components["schemas"]["ProposalRun"] | null;
            state: components["schemas"]["ProposalState"];
            title: string | null;
            /** Format: date-time */
            updated_at: string;
        };
        /** @description A past question with another answer. */
        ProposalEffect: {
            /** @description What the customer would get with the proposal. */
            after: string | null;
            /** @description What the customer would get now; null for nothing. */
            before: string | null;
            conversation_id: components["schemas"]["ConversationId"];
            message_id: components["schemas"]["MessageId"];
            question: string;
        };
        /** Format: uuid */
        ProposalId: string;
        /** @description A page of the proposals, newest first. Their runs do not list the changed answers. */
        ProposalList: {
            items: components["schemas"]["Proposal"][];
            next_cursor: string | null;
        };
        /** @enum {string} */
        ProposalOp: "create" | "update" | "delete";
        /**
         * @description What a proposal says. Unknown fields are refused.
         *
         *     A new article has a title and a body; an update names an article and what changes; a deletion names an article. An edit
         *     leaves out what stays.
         */
        ProposalRequest: {
            article_id?: string | null;
            /** @description Markdown. */
            body?: string | null;
            gap_id?: components["schemas"]["GapId"] | null;
            op?: components["schemas"]["ProposalOp"] | null;
            title?: string | null;
        };
        /** @description Past questions, asked again with the knowledge as it is and with the proposal. */
        ProposalRun: {
            /**
             * Format: int64
             * @description Those that were asked again.
             */
            asked: number;
            /**
             * Format: int64
             * @description Past questions of the run.
             */
            cases: number;
            /** @description Empty in lists. */
            changed: components["schemas"]["ProposalEffect"][];
            /** Format: int64 */
            changed_count: number;
            state: components["schemas"]["RunState"];
        };
        /** @enum {string} */
        ProposalState: "draft" | "approved" | "rejected";
        /** @description The results of replies that were written in a range of days. */
        QualityDocument: {
            /**
             * Format: date
             * @description The first day (UTC).
             * @example 2026-11-02
             */
            from: string;
            /**
             * Format: date
             * @description The last day (UTC).
             * @example 2026-11-29
             */
            to: string;
            total: components["schemas"]["BotAndStaff"];
            /** @description The weeks with scorecards, in order. */
            weeks: components["schemas"]["WeekResults"][];
        };
        /** @description How many conversations each queue has, with the same filters. */
        QueueCounts: {
            /** Format: int64 */
            all: number;
            /** Format: int64 */
            bot: number;
            /** Format: int64 */
            mine: number;
            /** Format: int64 */
            needs_me: number;
            /** Format: int64 */
            parked: number;
            /** Format: int64 */
            resolved: number;
            /** Format: int64 */
            snoozed: number;
            /** Format: int64 */
            unassigned: number;
            /** Format: int64 */
            watching: number;
        };
        /** @enum {string} */
        QueueOrder: "due" | "-last_message" | "created";
        /** @description A queue with its order and filters. */
        QueueView: {
            author: components["schemas"]["Person"];
            filters: components["schemas"]["ViewFilters"];
            id: components["schemas"]["SavedViewId"];
            name: string;
            queue: components["schemas"]["DeskQueue"];
            /** @description It is the team's. */
            shared: boolean;
            sort: components["schemas"]["QueueOrder"];
        };
        QueuedConversation: {
            assignee: components["schemas"]["Person"] | null;
            breached: boolean;
            channel: components["schemas"]["Channel"];
            conversation_id: components["schemas"]["ConversationId"];
            customer: components["schemas"]["Person"];
            /** Format: date-time */
            due_at: string | null;
            /** Format: date-time */
            last_message_at: string;
            /** @description The beginning of the newest public message. */
            preview: string;
            reason: components["schemas"]["Reason"] | null;
            /** Format: float */
            sentiment: number | null;
            severity: components["schemas"]["Severity"] | null;
            /** Format: date-time */
            snoozed_until: string | null;
            status: components["schemas"]["ConversationStatus"];
            tags: string[];
            ticket: components["schemas"]["Ticket"];
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
        Reason: "pricing" | "refund" | "legal" | "human_request" | "abuse" | "sentiment" | "no_answer" | "security" | "budget" | "failure";
        /** @description Why a proposal is rejected. Unknown fields are refused. */
        RejectionRequest: {
            reason: string;
        };
        /** @description Where a macro is used. Unknown fields are refused. */
        RenderRequest: {
            conversation_id: components["schemas"]["ConversationId"];
        };
        RenderedMacro: {
            actions: components["schemas"]["MacroEffects"];
            /** @description The placeholders that have no value; they are still in the text. */
            missing: string[];
            text: string;
        };
        /** @enum {string} */
        ReplayPart: "action" | "reason" | "text" | "sources" | "path";
        /** @enum {string} */
        ReplayVerdict: "same" | "reworded" | "different";
        /** @description A turn of the bot beside its replay. */
        ReplayedTurn: {
            first_difference: components["schemas"]["FirstDifference"] | null;
            recorded: components["schemas"]["TurnAction"];
            replayed: components["schemas"]["TurnAction"] | null;
            turn_id: components["schemas"]["TurnId"];
            verdict: components["schemas"]["ReplayVerdict"];
        };
        /** @enum {string} */
        ReplyAuthor: "bot" | "staff";
        ReplyReceipt: {
            message_id: components["schemas"]["MessageId"];
            receipt: components["schemas"]["BotReceipt"];
            /** Format: date-time */
            send_at: string;
            state: components["schemas"]["ConversationState"];
        };
        /** @description A reply to the customer. Unknown fields are refused. */
        ReplyRequest: {
            bcc?: components["schemas"]["EmailText"][] | null;
            /** @description Of a mail; those of the customer's mail unless given. */
            cc?: components["schemas"]["EmailText"][] | null;
            channel?: components["schemas"]["Channel"] | null;
            /** @description Also if another account has the conversation. */
            force?: boolean | null;
            /** @description The newest public message that the author was shown. */
            seen_through: components["schemas"]["MessageId"];
            /**
             * Format: int32
             * @description 10 unless given, and 0 by WhatsApp.
             */
            send_after_seconds?: number | null;
            suggestion_id?: components["schemas"]["SuggestionId"] | null;
            text: string;
            /**
             * @description `resolve` resolves the ticket with the reply.
             * @example resolve
             */
            then?: string | null;
        };
        /** @description Random replies that no one has reviewed. */
        ReplySample: {
            items: components["schemas"]["ReplyToReview"][];
        };
        ReplyToReview: {
            /** @description Who of staff wrote it is not said here. */
            author: components["schemas"]["ReplyAuthor"];
            channel: components["schemas"]["Channel"];
            conversation_id: components["schemas"]["ConversationId"];
            /** Format: date-time */
            created_at: string;
            message_id: components["schemas"]["MessageId"];
            /** @description What the customer wrote since the reply before; at most 10,000 characters. */
            question: string;
            sources: components["schemas"]["CitedSource"][];
            text: string;
            ticket_number: string;
        };
        /** @description The figures of the conversations that began in a range of days, all of one snapshot. */
        ReportDocument: {
            channels: components["schemas"]["FiguresByChannel"];
            /** @description Every day of the range, in order. */
            days: components["schemas"]["DayFigures"][];
            /**
             * Format: date
             * @description The first day (UTC).
             * @example 2026-11-24
             */
            from: string;
            /**
             * Format: date
             * @description The last day (UTC).
             * @example 2026-11-30
             */
            to: string;
            total: components["schemas"]["Figures"];
        };
        ResendReceipt: {
            delivery_id: components["schemas"]["DeliveryId"];
        };
        /** @description Another try. Unknown fields are refused. */
        ResendRequest: {
            /** @description Another address of the customer on the same channel; the same one unless given. */
            to?: string | null;
        };
        /** @description Who had the conversations; each is counted once among the first four. */
        ResolutionFigures: {
            /**
             * Format: int64
             * @description In human hands, and the last answer is the bot's, or made from a suggestion of it.
             */
            assisted: number;
            /**
             * Format: int64
             * @description Never in human hands.
             */
            autonomous: number;
            /**
             * Format: int64
             * @description Resolved, and no contact on any channel for seven days.
             */
            durable: number;
            /**
             * @description Given to people, by the first reason.
             * @example {
             *       "pricing": 1
             *     }
             */
            handed_off: {
                [key: string]: number;
            };
            /**
             * Format: int64
             * @description Resolved, and open again.
             */
            reopened: number;
            /**
             * Format: int64
             * @description Taken by staff.
             */
            taken_over: number;
        };
        /** @enum {string} */
        ResolutionKind: "autonomous" | "assisted" | "handed_off" | "taken_over";
        /** @description A resolution. Unknown fields are refused. */
        ResolveRequest: {
            /** @description The newest public message that the account was shown. */
            seen_through: components["schemas"]["MessageId"];
        };
        Review: {
            author: components["schemas"]["ReplyAuthor"];
            comment: string | null;
            /** Format: int32 */
            complete: number | null;
            conversation_id: components["schemas"]["ConversationId"];
            /** Format: int32 */
            grounded: number | null;
            id: components["schemas"]["ReviewId"];
            message_id: components["schemas"]["MessageId"];
            /** Format: int32 */
            policy: number | null;
            /** @description The beginning of the reply. */
            preview: string;
            /** Format: date-time */
            reviewed_at: string;
            reviewer: components["schemas"]["Person"];
            ticket_number: string;
            /** Format: int32 */
            tone: number | null;
            /**
             * Format: date-time
             * @description When the reply was written.
             */
            written_at: string;
        };
        /** Format: uuid */
        ReviewId: string;
        /** @description A page of scorecards, newest first. */
        ReviewList: {
            items: components["schemas"]["Review"][];
            next_cursor: string | null;
        };
        /**
         * @description A scorecard: 0 is no, 1 partly, 2 yes; null or absent where a question does not apply. One of the four must be
         *     answered. Unknown fields are refused.
         */
        ReviewRequest: {
            comment?: string | null;
            /**
             * Format: int32
             * @description It answers everything that was asked.
             * @example 1
             */
            complete?: number | null;
            /**
             * Format: int32
             * @description What it says is in its sources, or true.
             * @example 2
             */
            grounded?: number | null;
            message_id: components["schemas"]["MessageId"];
            /**
             * Format: int32
             * @description It promises nothing, and does nothing, that the company's rules forbid.
             * @example 2
             */
            policy?: number | null;
            /**
             * Format: int32
             * @example 2
             */
            tone?: number | null;
        };
        /** @enum {string} */
        Role: "customer" | "agent" | "staff";
        /** @description How many past questions are asked again. Unknown fields are refused. */
        RunRequest: {
            /** Format: int32 */
            cases?: number | null;
        };
        /** @enum {string} */
        RunState: "running" | "done" | "failed";
        Satisfaction: {
            /**
             * Format: double
             * @description The mean of the scores; null without any.
             */
            avg: number | null;
            /** Format: int64 */
            count: number;
        };
        /** Format: uuid */
        SavedViewId: string;
        ScoreSummary: {
            complete: components["schemas"]["AverageScore"];
            grounded: components["schemas"]["AverageScore"];
            policy: components["schemas"]["AverageScore"];
            /** Format: int64 */
            reviews: number;
            tone: components["schemas"]["AverageScore"];
        };
        /** @enum {string} */
        SearchKind: "conversation" | "customer" | "message" | "article";
        SessionInfo: {
            /** @description Requests that change something carry it in the header X-CSRF-Token. */
            csrf_token: string;
            staff: components["schemas"]["SignedInStaff"];
        };
        /** @enum {string} */
        Severity: "low" | "normal" | "high" | "urgent";
        /** @description A side conversation. Customers see nothing of it. */
        SideConversation: {
            /** @description Who began it. */
            author: components["schemas"]["Person"];
            conversation_id: components["schemas"]["ConversationId"];
            /** Format: date-time */
            created_at: string;
            /** @description Oldest first, the newest 200. */
            messages: components["schemas"]["SideMessage"][];
            side_id: components["schemas"]["SideId"];
            subject: string;
            to: string[];
        };
        /** @description A file beside a message of a side conversation. `GET /attachments/{id}` downloads it. */
        SideFile: {
            content_type: string;
            /** @example PDF, 1.2 MB */
            description: string;
            id: components["schemas"]["AttachmentId"];
            /** @description Null where a third party has sent it. */
            name: string | null;
            /** Format: int64 */
            size_bytes: number;
        };
        /** Format: uuid */
        SideId: string;
        SideMessage: {
            /** @description Whether the receiving server vouches for that address. */
            attested: boolean;
            author: components["schemas"]["Person"] | null;
            /** Format: date-time */
            created_at: string;
            /** @description Why it was not sent. */
            error: string | null;
            files: components["schemas"]["SideFile"][];
            /** @description The address of the third party who wrote it. */
            from: string | null;
            id: components["schemas"]["SideMessageId"];
            state: components["schemas"]["SideMessageState"];
            text: string;
        };
        /** Format: uuid */
        SideMessageId: string;
        SideMessageReceipt: {
            message_id: components["schemas"]["SideMessageId"];
        };
        /** @description Another message to the same recipients. Unknown fields are refused. */
        SideMessageRequest: {
            /** @description Files that the account has uploaded and not sent yet, together at most 15 MiB. */
            files?: components["schemas"]["AttachmentId"][] | null;
            text: string;
        };
        /** @enum {string} */
        SideMessageState: "pending" | "sending" | "sent" | "failed" | "received";
        SideReceipt: {
            side_id: components["schemas"]["SideId"];
        };
        /** @description A question to third parties. Unknown fields are refused. */
        SideRequest: {
            /** @description Files that the account has uploaded and not sent yet, together at most 15 MiB. */
            files?: components["schemas"]["AttachmentId"][] | null;
            subject: string;
            text: string;
            /** @description Addresses, none of them a customer's. They stay the recipients of this side conversation. */
            to: components["schemas"]["EmailText"][];
        };
        SignedInStaff: {
            email: string;
            id: components["schemas"]["StaffId"];
            name: string;
            role: components["schemas"]["StaffRole"];
        };
        /**
         * @description When answers of people are due; all null while the bot has the conversation. `paused`: the conversation waits for its
         *     customer, or support is closed.
         */
        SlaClocks: {
            breached: boolean;
            /** Format: date-time */
            first_response_due: string | null;
            /** Format: date-time */
            next_response_due: string | null;
            paused: boolean;
            /** Format: date-time */
            resolution_due: string | null;
        };
        /** @description A time until which a conversation sleeps. Unknown fields are refused. */
        SnoozeRequest: {
            /** Format: date-time */
            until: string;
        };
        SplitReceipt: {
            conversation_id: components["schemas"]["ConversationId"];
            ticket_id: components["schemas"]["TicketId"];
        };
        /** @description Messages that get a conversation of their own. Unknown fields are refused. */
        SplitRequest: {
            message_ids: components["schemas"]["MessageId"][];
            subject: string;
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
            author: components["schemas"]["Person"] | null;
            /** @description Its parts on their way, in order; empty for what a customer wrote. */
            deliveries: components["schemas"]["MessageDelivery"][];
            /** @description Why it was not delivered or was postponed; absent otherwise. */
            delivery_error?: string;
            /** Format: int32 */
            latency_ms: number | null;
            /** @description Of a mail that came to us; absent otherwise. */
            mail?: components["schemas"]["MailDetail"];
            /** @description Whom of staff a note mentions; absent where it mentions no one. */
            mentions?: components["schemas"]["Person"][];
            model: string | null;
            /** @description The sections of documents that the answer cites. */
            sources: components["schemas"]["CitedSource"][];
            /** Format: int32 */
            tokens: number | null;
            /** @description In the order in which they ran, prefetched ones included. */
            tool_calls: components["schemas"]["ExecutedTool"][];
            turn_id: components["schemas"]["TurnId"] | null;
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
            /** @example I forgot my password. How do I reset it? */
            message: string;
            /** @example Ann Lee */
            name: string;
            /**
             * @description E.164; empty is the same as absent.
             * @example +4915112345678
             */
            phone?: string | null;
            priority?: components["schemas"]["Priority"] | null;
            /** @example I cannot sign in */
            subject: string;
        };
        /** @description A reply that the agent suggests. */
        SuggestionAnswer: {
            sources: components["schemas"]["ArticleRef"][];
            suggestion_id: components["schemas"]["SuggestionId"];
            /** @description Null where no source answers. */
            text: string | null;
        };
        /** Format: uuid */
        SuggestionId: string;
        /** @description What the agent should heed. Unknown fields are refused. */
        SuggestionRequest: {
            instruction?: string | null;
        };
        SummarizedPoint: {
            kind: components["schemas"]["SummaryKind"];
            /** @description The messages behind it. */
            sources: components["schemas"]["MessageId"][];
            text: string;
        };
        /** @description The messages that a summary covers: the newest ones, and the first. */
        SummaryBasis: {
            /** Format: int64 */
            messages: number;
            /** @description The newest of them. */
            through: components["schemas"]["MessageId"];
            /**
             * Format: int64
             * @description The messages that the thread had.
             */
            total: number;
        };
        /** @description Which summary is wanted. Unknown fields are refused. */
        SummaryForm: {
            /** @description Makes a new one if there are newer messages than those that the kept one covers. */
            renew?: boolean | null;
        };
        /** @enum {string} */
        SummaryKind: "wish" | "tried" | "open_question" | "promise" | "fact";
        /**
         * @description A tag of a conversation.
         * @example vip
         */
        TagText: string;
        /** @description The answer to whatever takes a conversation over. */
        TakeOver: components["schemas"]["ConversationState"] & {
            receipt: components["schemas"]["BotReceipt"];
        };
        /** @enum {string} */
        TakeOverResult: "none" | "cancelled" | "sent_before";
        /** @description What a thread is about, in points with their messages. */
        ThreadSummary: {
            /** Format: date-time */
            at: string;
            made_from: components["schemas"]["SummaryBasis"];
            /** @description Null where the points were quoted without a model. */
            model: string | null;
            /**
             * Format: int64
             * @description Messages since then.
             */
            newer: number;
            /** @description The most important first. */
            points: components["schemas"]["SummarizedPoint"][];
            /**
             * Format: float
             * @description How the customer sounds, from 0 (angry) to 1.
             */
            sentiment: number | null;
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
            /**
             * @description The number that this ticket goes on under, if staff have merged it into another one. It gives no access to that.
             * @example T-1043
             */
            continues_as: string | null;
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
        /** @description What a turn did. */
        TurnAction: {
            outcome: components["schemas"]["Outcome"];
            reason: components["schemas"]["Reason"] | null;
            /** @description Ids of the cited sections. */
            sources: string[];
            /** @description What the customer was sent; null for a silent turn. */
            text: string | null;
        };
        /** Format: uuid */
        TurnId: string;
        /** @enum {string} */
        TurnState: "running" | "committed" | "superseded" | "fenced" | "taken_over";
        TurnStep: {
            /** @description What was recorded; its members depend on the kind. */
            content: unknown;
            /** @example modelled */
            kind: string;
            /** Format: int32 */
            number: number;
        };
        /** @description A typed code. Unknown fields are refused. */
        TypedCode: {
            /** @example 012345 */
            code: string;
            ticket_id?: components["schemas"]["TicketId"] | null;
        };
        /** @enum {string} */
        Unanswered: "automatic" | "bulk" | "no_reply" | "report" | "own_address" | "not_to_us" | "no_sender" | "staff_reply" | "encrypted" | "form_mail";
        /** @description A file that was uploaded. */
        UploadedFile: {
            content_type: string;
            id: components["schemas"]["AttachmentId"];
            name: string;
            /** Format: int64 */
            size_bytes: number;
        };
        /** @description The parameters of a queue that limit it; those that are absent do not. Unknown fields are refused. */
        ViewFilters: {
            /**
             * @description An account's id, `me` (whoever looks) or `none`.
             * @example me
             */
            assignee?: string | null;
            breached?: boolean | null;
            channel?: components["schemas"]["Channel"] | null;
            customer_id?: components["schemas"]["CustomerId"] | null;
            priority?: components["schemas"]["Priority"] | null;
            reason?: components["schemas"]["Reason"] | null;
            severity?: components["schemas"]["Severity"] | null;
            status?: components["schemas"]["ConversationStatus"] | null;
            /** @example vip */
            tag?: string | null;
            ticket_status?: components["schemas"]["TicketStatus"] | null;
        };
        /** @description The views of the team and an account's own, each by name. */
        ViewList: {
            items: components["schemas"]["QueueView"][];
            next_cursor: string | null;
        };
        /** @description A view to keep. Unknown fields are refused. */
        ViewRequest: {
            filters?: components["schemas"]["ViewFilters"] | null;
            /**
             * @description Unique among the account's own views, and among those of the team.
             * @example VIP, overdue
             */
            name: string;
            queue: components["schemas"]["DeskQueue"];
            /** @description For the team; false unless given. */
            shared?: boolean | null;
            sort?: components["schemas"]["QueueOrder"] | null;
        };
        /** @description An event for an endpoint, and how far it is. */
        WebhookDelivery: {
            /**
             * Format: int32
             * @description Tries since it happened, or since it was sent again by hand.
             */
            attempts: number;
            /** @description The ids that it names. */
            data: Record<string, never>;
            /**
             * Format: date-time
             * @description When it was delivered or given up.
             */
            ended_at: string | null;
            error: string | null;
            /** @description The header `webhook-id`. */
            id: components["schemas"]["WebhookDeliveryId"];
            /** Format: date-time */
            next_attempt_at: string | null;
            state: components["schemas"]["WebhookState"];
            /**
             * Format: int32
             * @description The status of the newest answer.
             */
            status: number | null;
            /**
             * Format: date-time
             * @description When it happened.
             */
            timestamp: string;
            type: components["schemas"]["WebhookEvent"];
            webhook_id: components["schemas"]["WebhookId"];
        };
        /** Format: uuid */
        WebhookDeliveryId: string;
        /** @description A page of the events of an endpoint, newest first. */
        WebhookDeliveryList: {
            items: components["schemas"]["WebhookDelivery"][];
            /** @description The value of `cursor` for the next page; null on the last one. */
            next_cursor: string | null;
        };
        /** @description An endpoint that gets events. */
        WebhookEndpoint: {
            /** Format: date-time */
            created_at: string;
            created_by: components["schemas"]["Person"];
            /**
             * Format: date-time
             * @description Its receiver has answered 410, and gets no events any more.
             */
            disabled_at: string | null;
            /**
             * Format: date-time
             * @description Since when every try has failed; null after a success.
             */
            failing_since: string | null;
            id: components["schemas"]["WebhookId"];
            types: components["schemas"]["WebhookEvent"][];
            /** @example https://example.com/hooks/support */
            url: string;
        };
        /** @enum {string} */
        WebhookEvent: "ticket.created" | "ticket.resolved" | "ticket.reopened" | "ticket.closed" | "ticket.rated" | "message.received" | "message.sent" | "message.parked" | "delivery.failed" | "escalation.created" | "escalation.reminder" | "conversation.claimed" | "conversation.handed_back" | "webhook.test";
        /** Format: uuid */
        WebhookId: string;
        /** @description The endpoints, oldest first. */
        WebhookList: {
            items: components["schemas"]["WebhookEndpoint"][];
            next_cursor: string | null;
        };
        /** @description An endpoint to add. Unknown fields are refused. */
        WebhookRequest: {
            /** @description The events that it gets; at least one, and not `webhook.test`. */
            types: components["schemas"]["WebhookEvent"][];
            /**
             * @description Begins with `https://`, and leads to the public internet.
             * @example https://example.com/hooks/support
             */
            url: string;
        };
        /** @enum {string} */
        WebhookState: "pending" | "delivered" | "failed";
        /** @description An endpoint with its secret, which is shown once. */
        WebhookWithSecret: components["schemas"]["WebhookEndpoint"] & {
            /**
             * @description Receivers verify the signatures with it.
             * @example whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw
             */
            secret: string;
        };
        WeekResults: {
            bot: components["schemas"]["ScoreSummary"];
            staff: components["schemas"]["ScoreSummary"];
            /**
             * Format: date
             * @description Its Monday (UTC).
             * @example 2026-11-23
             */
            week: string;
        };
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
            query?: {
                /** @description Only messages older than this one */
                before?: components["schemas"]["MessageId"];
                /** @description Messages on the page; 100 unless given */
                limit?: number;
            };
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
            /** @description The process makes progress. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Liveness"];
                };
            };
            /** @description Its actors do not answer: restart it. */
            503: {
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
            /** @description Too many answers from this address; see `Retry-After`. */
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
    post_mcp: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description A request or notification of JSON-RPC 2.0 */
        requestBody: {
            content: {
                "application/json": components["schemas"]["JsonRpcRequest"];
            };
        };
        responses: {
            /** @description The response, or a refusal in it. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JsonRpcResponse"];
                };
            };
            /** @description A notification is accepted. */
            202: {
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
            /** @description Too many requests with this token; see `Retry-After`. */
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
    get_openapi: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The OpenAPI document of this program. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenapiDocument"];
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
    get_audit: {
        parameters: {
            query?: {
                /** @description A time (RFC 3339) or a date in UTC; inclusive */
                from?: string;
                /** @description A time (RFC 3339) or a date in UTC; inclusive */
                to?: string;
                /** @description The account's id */
                actor?: components["schemas"]["StaffId"];
                /** @description Such as `conversation.claimed` */
                action?: string;
                /** @description Rows on the page; 50 unless given */
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
                    "application/json": components["schemas"]["AuditList"];
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
    post_bulk: {
        parameters: {
            query?: never;
            header?: {
                /** @description 1 to 255 visible ASCII characters */
                "Idempotency-Key"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["BulkRequest"];
            };
        };
        responses: {
            /** @description What was done, and what was left alone. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BulkResult"];
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
            /** @description A field is wrong, or more than 500 conversations are meant. */
            422: {
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
    post_bulk_undo: {
        parameters: {
            query?: never;
            header?: {
                /** @description 1 to 255 visible ASCII characters */
                "Idempotency-Key"?: string | null;
            };
            path: {
                /** @description The bulk action's id */
                id: components["schemas"]["BulkId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["EmptyRequest"];
            };
        };
        responses: {
            /** @description What was undone, and what was left alone. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BulkResult"];
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
            /** @description There is no such bulk action. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description `too_late`; `not_undoable`: it was a hand-back. */
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
    get_queue: {
        parameters: {
            query?: {
                /** @description needs_me unless given */
                queue?: components["schemas"]["DeskQueue"];
                /** @description due unless given */
                sort?: components["schemas"]["QueueOrder"];
                /** @description Only of this channel */
                channel?: components["schemas"]["Channel"];
                /** @description Only in these hands */
                status?: components["schemas"]["ConversationStatus"];
                /** @description Only with a ticket of this status */
                ticket_status?: components["schemas"]["TicketStatus"];
                /** @description Only of this account: an id, `me` or `none` */
                assignee?: string;
                /** @description Only with this tag */
                tag?: string;
                /** @description Only with a ticket of this priority */
                priority?: components["schemas"]["Priority"];
                /** @description Only of this severity */
                severity?: components["schemas"]["Severity"];
                /** @description Only escalated for this reason */
                reason?: components["schemas"]["Reason"];
                /** @description Only of this customer */
                customer_id?: components["schemas"]["CustomerId"];
                /** @description Only with an answer that is overdue, or with none */
                breached?: boolean;
                /** @description Conversations on the page; 50 unless given */
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
            /** @description A page of the queue. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConversationQueue"];
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
    patch_conversation: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The conversation's id */
                id: components["schemas"]["ConversationId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ConversationPatch"];
            };
        };
        responses: {
            /** @description Where the conversation is. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConversationState"];
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
            /** @description `ticket_closed`. */
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
    post_assign: {
        parameters: {
            query?: never;
            header?: {
                /** @description 1 to 255 visible ASCII characters */
                "Idempotency-Key"?: string | null;
            };
            path: {
                /** @description The conversation's id */
                id: components["schemas"]["ConversationId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AssignRequest"];
            };
        };
        responses: {
            /** @description Where the conversation is, and what became of the bot. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TakeOver"];
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
            /** @description `claimed`: another account has it (see `assignee`); `resolved`; `ticket_closed`. */
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
    post_claim: {
        parameters: {
            query?: never;
            header?: {
                /** @description 1 to 255 visible ASCII characters */
                "Idempotency-Key"?: string | null;
            };
            path: {
                /** @description The conversation's id */
                id: components["schemas"]["ConversationId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ClaimRequest"];
            };
        };
        responses: {
            /** @description Where the conversation is, and what became of the bot. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TakeOver"];
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
            /** @description `claimed`: another account has it (see `assignee`); `resolved`; `ticket_closed`. */
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
    get_draft: {
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
            /** @description The draft. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["KeptDraft"];
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
    put_draft: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The conversation's id */
                id: components["schemas"]["ConversationId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DraftRequest"];
            };
        };
        responses: {
            /** @description The draft with its new revision. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["KeptDraft"];
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
            /** @description `stale_draft`: another window has changed it since; `ticket_closed`. */
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
    delete_draft: {
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
            /** @description The empty draft. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["KeptDraft"];
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
    post_hand_back: {
        parameters: {
            query?: never;
            header?: {
                /** @description 1 to 255 visible ASCII characters */
                "Idempotency-Key"?: string | null;
            };
            path: {
                /** @description The conversation's id */
                id: components["schemas"]["ConversationId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["HandBackRequest"];
            };
        };
        responses: {
            /** @description Where the conversation is. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConversationState"];
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
            /** @description `not_in_human_hands`; `ticket_closed`. */
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
    post_merge: {
        parameters: {
            query?: never;
            header?: {
                /** @description 1 to 255 visible ASCII characters */
                "Idempotency-Key"?: string | null;
            };
            path: {
                /** @description The conversation's id */
                id: components["schemas"]["ConversationId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ConversationMergeRequest"];
            };
        };
        responses: {
            /** @description Where the merged conversation is. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConversationState"];
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
            /** @description `ticket_closed`: one of them is closed. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description `into` is no other conversation of the same customer. */
            422: {
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
    post_note: {
        parameters: {
            query?: never;
            header?: {
                /** @description 1 to 255 visible ASCII characters */
                "Idempotency-Key"?: string | null;
            };
            path: {
                /** @description The conversation's id */
                id: components["schemas"]["ConversationId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NoteRequest"];
            };
        };
        responses: {
            /** @description The note is stored. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NoteReceipt"];
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
    post_release: {
        parameters: {
            query?: never;
            header?: {
                /** @description 1 to 255 visible ASCII characters */
                "Idempotency-Key"?: string | null;
            };
            path: {
                /** @description The conversation's id */
                id: components["schemas"]["ConversationId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["EmptyRequest"];
            };
        };
        responses: {
            /** @description Where the conversation is. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConversationState"];
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
            /** @description `claimed`: another account has it, and the caller is no admin; `not_in_human_hands`; `ticket_closed`. */
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
    post_reopen: {
        parameters: {
            query?: never;
            header?: {
                /** @description 1 to 255 visible ASCII characters */
                "Idempotency-Key"?: string | null;
            };
            path: {
                /** @description The conversation's id */
                id: components["schemas"]["ConversationId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["EmptyRequest"];
            };
        };
        responses: {
            /** @description Where the conversation is, and what became of the bot. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TakeOver"];
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
            /** @description `not_resolved`; `ticket_closed`. */
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
    post_reply: {
        parameters: {
            query?: never;
            header?: {
                /** @description 1 to 255 visible ASCII characters */
                "Idempotency-Key"?: string | null;
            };
            path: {
                /** @description The conversation's id */
                id: components["schemas"]["ConversationId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ReplyRequest"];
            };
        };
        responses: {
            /** @description The reply is stored. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReplyReceipt"];
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
            /** @description `unseen_messages`: there are newer ones (see `unseen`); `claimed`: another account has it (see `assignee`); `window_closed`; `opted_out`; `ticket_closed`. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description A field is wrong: the channel is not configured, or the customer has no address there. */
            422: {
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
    post_resolve: {
        parameters: {
            query?: never;
            header?: {
                /** @description 1 to 255 visible ASCII characters */
                "Idempotency-Key"?: string | null;
            };
            path: {
                /** @description The conversation's id */
                id: components["schemas"]["ConversationId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ResolveRequest"];
            };
        };
        responses: {
            /** @description Where the conversation is. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConversationState"];
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
            /** @description `unseen_messages`: there are newer ones (see `unseen`); `ticket_closed`. */
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
    post_revoke_link: {
        parameters: {
            query?: never;
            header?: {
                /** @description 1 to 255 visible ASCII characters */
                "Idempotency-Key"?: string | null;
            };
            path: {
                /** @description The conversation's id */
                id: components["schemas"]["ConversationId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["EmptyRequest"];
            };
        };
        responses: {
            /** @description The page is gone. */
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
    post_side: {
        parameters: {
            query?: never;
            header?: {
                /** @description 1 to 255 visible ASCII characters */
                "Idempotency-Key"?: string | null;
            };
            path: {
                /** @description The conversation's id */
                id: components["schemas"]["ConversationId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SideRequest"];
            };
        };
        responses: {
            /** @description The mail is on its way. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SideReceipt"];
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
            /** @description `ticket_closed`. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description A field is wrong: a recipient is a customer, no e-mail is configured, or a file is not one that the account has uploaded. */
            422: {
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
    post_snooze: {
        parameters: {
            query?: never;
            header?: {
                /** @description 1 to 255 visible ASCII characters */
                "Idempotency-Key"?: string | null;
            };
            path: {
                /** @description The conversation's id */
                id: components["schemas"]["ConversationId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SnoozeRequest"];
            };
        };
        responses: {
            /** @description Where the conversation is. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConversationState"];
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
            /** @description `ticket_closed`. */
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
    delete_snooze: {
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
            /** @description Where the conversation is. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConversationState"];
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
            /** @description `ticket_closed`. */
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
    post_split: {
        parameters: {
            query?: never;
            header?: {
                /** @description 1 to 255 visible ASCII characters */
                "Idempotency-Key"?: string | null;
            };
            path: {
                /** @description The conversation's id */
                id: components["schemas"]["ConversationId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SplitRequest"];
            };
        };
        responses: {
            /** @description The new conversation. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SplitReceipt"];
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
            /** @description `ticket_closed`. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The messages are not of this conversation, or one side has none of the customer. */
            422: {
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
    post_suggestion: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The conversation's id */
                id: components["schemas"]["ConversationId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SuggestionRequest"];
            };
        };
        responses: {
            /** @description The suggestion. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SuggestionAnswer"];
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
            /** @description There is no such conversation, or no message of its customer. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description `ticket_closed`. */
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
    post_summary: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The conversation's id */
                id: components["schemas"]["ConversationId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SummaryForm"];
            };
        };
        responses: {
            /** @description The summary. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ThreadSummary"];
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
            /** @description There is no such conversation, or nothing in it. */
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
    post_unmerge: {
        parameters: {
            query?: never;
            header?: {
                /** @description 1 to 255 visible ASCII characters */
                "Idempotency-Key"?: string | null;
            };
            path: {
                /** @description The conversation's id */
                id: components["schemas"]["ConversationId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["EmptyRequest"];
            };
        };
        responses: {
            /** @description Where the conversation is. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConversationState"];
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
            /** @description `not_merged`. */
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
    post_watch: {
        parameters: {
            query?: never;
            header?: {
                /** @description 1 to 255 visible ASCII characters */
                "Idempotency-Key"?: string | null;
            };
            path: {
                /** @description The conversation's id */
                id: components["schemas"]["ConversationId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["EmptyRequest"];
            };
        };
        responses: {
            /** @description Where the conversation is. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConversationState"];
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
            /** @description `ticket_closed`. */
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
    delete_watch: {
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
            /** @description Where the conversation is. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConversationState"];
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
    get_customer: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The customer's id */
                id: components["schemas"]["CustomerId"];
            };
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
                    "application/json": components["schemas"]["CustomerRecord"];
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
            /** @description There is no such customer. */
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
    patch_customer: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The customer's id */
                id: components["schemas"]["CustomerId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CustomerPatch"];
            };
        };
        responses: {
            /** @description The customer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CustomerRecord"];
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
            /** @description There is no such customer. */
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
    post_customer_erase: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The customer's id */
                id: components["schemas"]["CustomerId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ErasureRequest"];
            };
        };
        responses: {
            /** @description The receipt. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErasureProof"];
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
            /** @description There is no such customer. */
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
    get_customer_export: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The customer's id */
                id: components["schemas"]["CustomerId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The export. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CustomerDataExport"];
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
            /** @description There is no such customer. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description There is too much for one response (`export_too_large`). */
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
    post_customer_merge: {
        parameters: {
            query?: never;
            header?: {
                /** @description 1 to 255 visible ASCII characters */
                "Idempotency-Key"?: string | null;
            };
            path: {
                /** @description The customer's id */
                id: components["schemas"]["CustomerId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CustomerMergeRequest"];
            };
        };
        responses: {
            /** @description They are one customer. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MergeReceipt"];
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
            /** @description There is no such customer. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description `already_merged`: one of them is merged into another one; `both_open`: both have an open conversation of a proved address that is worked on. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description `into` is no other customer. */
            422: {
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
    post_resend: {
        parameters: {
            query?: never;
            header?: {
                /** @description 1 to 255 visible ASCII characters */
                "Idempotency-Key"?: string | null;
            };
            path: {
                /** @description The failed delivery's id */
                id: components["schemas"]["DeliveryId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ResendRequest"];
            };
        };
        responses: {
            /** @description The new delivery. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ResendReceipt"];
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
            /** @description There is no such delivery. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description `not_failed`: it has not failed, or is sent once more already. */
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
    get_staff_events: {
        parameters: {
            query?: never;
            header?: {
                /** @description The id of the last event that was received */
                "Last-Event-ID"?: string | null;
            };
            path?: never;
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
            /** @description More than 20 streams of this address or account; see `Retry-After`. */
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
    post_file: {
        parameters: {
            query: {
                /** @description The file's name, without folders */
                name: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description The file, under its own type */
        requestBody: {
            content: {
                "application/octet-stream": components["schemas"]["FileContent"];
            };
        };
        responses: {
            /** @description The file is stored. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UploadedFile"];
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
            /** @description It is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The name is wrong, or the file is empty. */
            422: {
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
    get_articles: {
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
                    "application/json": components["schemas"]["KnowledgeArticles"];
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
    get_article: {
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
                    "application/json": components["schemas"]["KnowledgeArticle"];
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
    get_revisions: {
        parameters: {
            query?: {
                /** @description Revisions on the page; 50 unless given */
                limit?: number;
                /** @description The `next_cursor` of the page before */
                cursor?: string;
            };
            header?: never;
            path: {
                /** @description The article's id, with `#` as `%23` */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of the history. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ArticleHistory"];
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
            /** @description There is no such article, and there was none. */
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
    get_gaps: {
        parameters: {
            query?: {
                /** @description Gaps on the page; 50 unless given */
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
                    "application/json": components["schemas"]["KnowledgeGaps"];
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
    get_proposals: {
        parameters: {
            query?: {
                /** @description Only of this state */
                state?: components["schemas"]["ProposalState"];
                /** @description Proposals on the page; 50 unless given */
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
                    "application/json": components["schemas"]["ProposalList"];
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
    post_proposal: {
        parameters: {
            query?: never;
            header?: {
                /** @description 1 to 255 visible ASCII characters */
                "Idempotency-Key"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ProposalRequest"];
            };
        };
        responses: {
            /** @description The proposal. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Proposal"];
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
    get_proposal: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The proposal's id */
                id: components["schemas"]["ProposalId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The proposal. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Proposal"];
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
            /** @description There is no such proposal. */
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
    put_proposal: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The proposal's id */
                id: components["schemas"]["ProposalId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ProposalRequest"];
            };
        };
        responses: {
            /** @description The proposal. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Proposal"];
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
            /** @description There is no such proposal. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description It was approved or rejected (`not_draft`). */
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
    post_approve: {
        parameters: {
            query?: never;
            header?: {
                /** @description 1 to 255 visible ASCII characters */
                "Idempotency-Key"?: string | null;
            };
            path: {
                /** @description The proposal's id */
                id: components["schemas"]["ProposalId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ApprovalRequest"];
            };
        };
        responses: {
            /** @description The proposal. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Proposal"];
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
            /** @description There is no such proposal. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Past questions were not asked again (`not_run`, unless forced), it is no draft (`not_draft`), it was edited meanwhile (`edited`), or its article is gone (`no_article`). */
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
    post_reject: {
        parameters: {
            query?: never;
            header?: {
                /** @description 1 to 255 visible ASCII characters */
                "Idempotency-Key"?: string | null;
            };
            path: {
                /** @description The proposal's id */
                id: components["schemas"]["ProposalId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RejectionRequest"];
            };
        };
        responses: {
            /** @description The proposal. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Proposal"];
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
            /** @description There is no such proposal. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description It was approved or rejected (`not_draft`). */
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
    post_run: {
        parameters: {
            query?: never;
            header?: {
                /** @description 1 to 255 visible ASCII characters */
                "Idempotency-Key"?: string | null;
            };
            path: {
                /** @description The proposal's id */
                id: components["schemas"]["ProposalId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RunRequest"];
            };
        };
        responses: {
            /** @description The proposal; its run has begun. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Proposal"];
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
            /** @description There is no such proposal. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description It was approved or rejected (`not_draft`). */
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
    get_macros: {
        parameters: {
            query?: {
                /** @description Macros on the page; 50 unless given */
                limit?: number;
                /** @description The `next_cursor` of the page before */
                cursor?: components["schemas"]["MacroId"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The macros. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MacroList"];
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
    post_macro: {
        parameters: {
            query?: never;
            header?: {
                /** @description 1 to 255 visible ASCII characters */
                "Idempotency-Key"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["MacroRequest"];
            };
        };
        responses: {
            /** @description The macro. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Macro"];
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
    put_macro: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The macro's id */
                id: components["schemas"]["MacroId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["MacroRequest"];
            };
        };
        responses: {
            /** @description The macro. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Macro"];
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
            /** @description There is no such macro, or it is another account's. */
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
    delete_macro: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The macro's id */
                id: components["schemas"]["MacroId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is gone. */
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
            /** @description There is no such macro, or it is another account's. */
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
    post_render: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The macro's id */
                id: components["schemas"]["MacroId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RenderRequest"];
            };
        };
        responses: {
            /** @description The text. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RenderedMacro"];
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
            /** @description There is no such macro, or it is another account's. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description There is no such conversation. */
            422: {
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
                cursor?: components["schemas"]["StaffId"];
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
    post_merge_undo: {
        parameters: {
            query?: never;
            header?: {
                /** @description 1 to 255 visible ASCII characters */
                "Idempotency-Key"?: string | null;
            };
            path: {
                /** @description The merge's id */
                id: components["schemas"]["MergeId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["EmptyRequest"];
            };
        };
        responses: {
            /** @description They are two customers again. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MergeReceipt"];
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
            /** @description There is no such merge. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description `merged_since`: a later merge has to be undone first; `conversations_merged`: conversations of the two are merged. */
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
    post_cancel: {
        parameters: {
            query?: never;
            header?: {
                /** @description 1 to 255 visible ASCII characters */
                "Idempotency-Key"?: string | null;
            };
            path: {
                /** @description The reply's id */
                id: components["schemas"]["MessageId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["EmptyRequest"];
            };
        };
        responses: {
            /** @description It is not sent. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CancelledReply"];
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
            /** @description There is no such reply of staff. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description `already_sent`: it is being sent, or was; `changed`: hands or the turn have changed since; `ticket_closed`. */
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
    post_feedback: {
        parameters: {
            query?: never;
            header?: {
                /** @description 1 to 255 visible ASCII characters */
                "Idempotency-Key"?: string | null;
            };
            path: {
                /** @description The message's id */
                id: components["schemas"]["MessageId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["FeedbackRequest"];
            };
        };
        responses: {
            /** @description The verdict is stored. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FeedbackReceipt"];
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
            /** @description There is no such message of the bot. */
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
    get_mail_html: {
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
            /** @description The document. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
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
            /** @description There is no such message, it is no mail that was kept, or it has no HTML part. */
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
    get_mail_text: {
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
            /** @description The text. */
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
    get_parked: {
        parameters: {
            query?: {
                /** @description Messages on the page; 50 unless given */
                limit?: number;
                /** @description The `next_cursor` of the page before */
                cursor?: components["schemas"]["DeadLetterId"];
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
                    "application/json": components["schemas"]["ParkedList"];
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
    post_dismiss: {
        parameters: {
            query?: never;
            header?: {
                /** @description 1 to 255 visible ASCII characters */
                "Idempotency-Key"?: string | null;
            };
            path: {
                /** @description The parked message's id */
                id: components["schemas"]["DeadLetterId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["EmptyRequest"];
            };
        };
        responses: {
            /** @description It is off the list. */
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
            /** @description There is no such parked message. */
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
    post_retry: {
        parameters: {
            query?: never;
            header?: {
                /** @description 1 to 255 visible ASCII characters */
                "Idempotency-Key"?: string | null;
            };
            path: {
                /** @description The parked message's id */
                id: components["schemas"]["DeadLetterId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["EmptyRequest"];
            };
        };
        responses: {
            /** @description It waits for the bot. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConversationState"];
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
            /** @description There is no such parked message. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description `answered`: staff have replied since; `ticket_closed`. */
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
    post_presence: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PresenceRequest"];
            };
        };
        responses: {
            /** @description It is told. */
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
    get_quality: {
        parameters: {
            query?: {
                /** @description As in the report */
                from?: string;
                /** @description As in the report */
                to?: string;
                /** @description json or csv; else the `Accept` header decides */
                format?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The results. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["QualityDocument"];
                    "text/csv": string;
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
    get_quality_reviews: {
        parameters: {
            query?: {
                /** @description As in the report */
                from?: string;
                /** @description As in the report */
                to?: string;
                /** @description Only of replies of the bot, or of staff */
                author?: components["schemas"]["ReplyAuthor"];
                /** @description json or csv; else the `Accept` header decides */
                format?: string;
                /** @description Scorecards on the page; 50 unless given */
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
            /** @description A page of the scorecards. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReviewList"];
                    "text/csv": string;
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
    post_quality_review: {
        parameters: {
            query?: never;
            header?: {
                /** @description 1 to 255 visible ASCII characters */
                "Idempotency-Key"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ReviewRequest"];
            };
        };
        responses: {
            /** @description The scorecard. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Review"];
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
            /** @description There is no such reply that a customer got. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description It is the account's own reply (`own_reply`). */
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
    get_quality_sample: {
        parameters: {
            query?: {
                /** @description How far it goes back; 14 unless given */
                days?: number;
                /** @description Only replies of the bot, or of staff */
                author?: components["schemas"]["ReplyAuthor"];
                /** @description Replies; 5 unless given */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The replies. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReplySample"];
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
    get_report: {
        parameters: {
            query?: {
                /** @description The first day (UTC); six days before the last one unless given */
                from?: string;
                /** @description The last day (UTC), at most 366 days; today unless given */
                to?: string;
                /** @description json or csv; else the `Accept` header decides */
                format?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The report. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReportDocument"];
                    "text/csv": string;
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
    get_report_agents: {
        parameters: {
            query?: {
                /** @description As in the report */
                from?: string;
                /** @description As in the report */
                to?: string;
                /** @description json or csv; else the `Accept` header decides */
                format?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The figures. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AgentReportDocument"];
                    "text/csv": string;
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
    get_report_conversations: {
        parameters: {
            query: {
                /** @description The figure's path in the report, such as resolution.durable, resolution.handed_off.pricing, csat or conversations; or delivery_failures, also with a cause */
                figure: "conversations" | "answer_ms" | "answer_ms.p50" | "answer_ms.p95" | "resolution.autonomous" | "resolution.assisted" | "resolution.handed_off" | "resolution.taken_over" | "resolution.durable" | "resolution.reopened" | "csat" | "csat.count" | "csat.avg" | "sentiment" | "cost_micros" | "without_source" | "delivery_failures" | "resolution.handed_off.pricing" | "resolution.handed_off.refund" | "resolution.handed_off.legal" | "resolution.handed_off.human_request" | "resolution.handed_off.abuse" | "resolution.handed_off.sentiment" | "resolution.handed_off.no_answer" | "resolution.handed_off.security" | "resolution.handed_off.budget" | "resolution.handed_off.failure" | "delivery_failures.opted_out" | "delivery_failures.invalid_address" | "delivery_failures.policy" | "delivery_failures.bounced" | "delivery_failures.rejected";
                /** @description As in the report */
                from?: string;
                /** @description As in the report */
                to?: string;
                /** @description Only of this channel */
                channel?: components["schemas"]["Channel"];
                /** @description Only those in which this account replied */
                agent?: components["schemas"]["StaffId"];
                /** @description json or csv; else the `Accept` header decides */
                format?: string;
                /** @description Conversations on the page; 50 unless given */
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
            /** @description A page of the conversations. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FigureList"];
                    "text/csv": string;
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
    get_report_failures: {
        parameters: {
            query?: {
                /** @description As in the report */
                from?: string;
                /** @description As in the report */
                to?: string;
                /** @description json or csv; else the `Accept` header decides */
                format?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The counts. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FailureReportDocument"];
                    "text/csv": string;
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
    get_search: {
        parameters: {
            query: {
                /** @description Words, or a ticket's number */
                q: string;
                /** @description Hits on the page; 50 unless given */
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
            /** @description The hits, at most ten of each kind. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeskSearchResults"];
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
    get_side: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The side conversation's id */
                id: components["schemas"]["SideId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The side conversation. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SideConversation"];
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
            /** @description There is no such side conversation. */
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
    post_side_message: {
        parameters: {
            query?: never;
            header?: {
                /** @description 1 to 255 visible ASCII characters */
                "Idempotency-Key"?: string | null;
            };
            path: {
                /** @description The side conversation's id */
                id: components["schemas"]["SideId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SideMessageRequest"];
            };
        };
        responses: {
            /** @description The mail is on its way. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SideMessageReceipt"];
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
            /** @description There is no such side conversation. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description `ticket_closed`. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description A field is wrong, or a recipient has become a customer. */
            422: {
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
    get_replay: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The turn's id */
                id: components["schemas"]["TurnId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The turn and its replay. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReplayedTurn"];
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
            /** @description There is no such turn, or it has committed nothing. */
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
    get_views: {
        parameters: {
            query?: {
                /** @description Views on the page; 50 unless given */
                limit?: number;
                /** @description The `next_cursor` of the page before */
                cursor?: components["schemas"]["SavedViewId"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The views. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ViewList"];
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
    post_view: {
        parameters: {
            query?: never;
            header?: {
                /** @description 1 to 255 visible ASCII characters */
                "Idempotency-Key"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ViewRequest"];
            };
        };
        responses: {
            /** @description The view. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["QueueView"];
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
            /** @description There is a view with this name (`name_taken`), or the account has as many as it may have (`too_many_views`). */
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
    put_view: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The view's id */
                id: components["schemas"]["SavedViewId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ViewRequest"];
            };
        };
        responses: {
            /** @description The view. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["QueueView"];
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
            /** @description There is no such view, or it is another account's own. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description There is another view with this name (`name_taken`). */
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
    delete_view: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The view's id */
                id: components["schemas"]["SavedViewId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is gone. */
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
            /** @description There is no such view, or it is another account's own. */
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
    post_webhook_redeliver: {
        parameters: {
            query?: never;
            header?: {
                /** @description 1 to 255 visible ASCII characters */
                "Idempotency-Key"?: string | null;
            };
            path: {
                /** @description The event's id */
                id: components["schemas"]["WebhookDeliveryId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["EmptyRequest"];
            };
        };
        responses: {
            /** @description The event, which is sent at once. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookDelivery"];
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
            /** @description There is no such event. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The endpoint is disabled (`webhook_disabled`). */
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
    get_webhooks: {
        parameters: {
            query?: {
                /** @description Endpoints on the page; 50 unless given */
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
            /** @description The endpoints, oldest first. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookList"];
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
    post_webhook: {
        parameters: {
            query?: never;
            header?: {
                /** @description 1 to 255 visible ASCII characters */
                "Idempotency-Key"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["WebhookRequest"];
            };
        };
        responses: {
            /** @description The endpoint with its secret. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookWithSecret"];
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
            /** @description There are as many as there may be (`too_many_webhooks`). */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The address is not https, or not on the public internet; a type is unknown. */
            422: {
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
    delete_webhook: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The endpoint's id */
                id: components["schemas"]["WebhookId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is gone. */
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
            /** @description There is no such endpoint. */
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
    get_webhook_deliveries: {
        parameters: {
            query?: {
                /** @description Events on the page; 50 unless given */
                limit?: number;
                /** @description The `next_cursor` of the page before */
                cursor?: string;
            };
            header?: never;
            path: {
                /** @description The endpoint's id */
                id: components["schemas"]["WebhookId"];
            };
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
                    "application/json": components["schemas"]["WebhookDeliveryList"];
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
            /** @description There is no such endpoint. */
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
    post_webhook_rotate: {
        parameters: {
            query?: never;
            header?: {
                /** @description 1 to 255 visible ASCII characters */
                "Idempotency-Key"?: string | null;
            };
            path: {
                /** @description The endpoint's id */
                id: components["schemas"]["WebhookId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["EmptyRequest"];
            };
        };
        responses: {
            /** @description The endpoint with its new secret. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookWithSecret"];
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
            /** @description There is no such endpoint. */
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
    post_webhook_test: {
        parameters: {
            query?: never;
            header?: {
                /** @description 1 to 255 visible ASCII characters */
                "Idempotency-Key"?: string | null;
            };
            path: {
                /** @description The endpoint's id */
                id: components["schemas"]["WebhookId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["EmptyRequest"];
            };
        };
        responses: {
            /** @description The event, which is sent at once. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookDelivery"];
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
            /** @description There is no such endpoint. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The endpoint is disabled (`webhook_disabled`). */
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
    get_identity: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The proved address, or none. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PageIdentity"];
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
    post_identity: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CodeRequest"];
            };
        };
        responses: {
            /** @description A code is on its way, if the address is known. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodeRequested"];
                };
            };
            /** @description Too many requests from this address; see `Retry-After`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description No e-mail is configured. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
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
    delete_identity: {
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
    post_identity_code: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The `proof_id` of the request */
                id: components["schemas"]["ChallengeId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TypedCode"];
            };
        };
        responses: {
            /** @description The address is proved; the cookie of this browser is set. */
            200: {
                headers: {
                    /** @description The session */
                    "Set-Cookie"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PageIdentity"];
                };
            };
            /** @description The code is not valid (`code_refused`). */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Too many attempts from this address; see `Retry-After`. */
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
            /** @description It opens to its proved customer alone (`proof_required`). */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
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
            /** @description The ticket opens to its proved customer alone (`proof_required`). */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
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
            /** @description The ticket opens to its proved customer alone (`proof_required`). */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
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
            /** @description The ticket opens to its proved customer alone (`proof_required`). */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
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
            /** @description The ticket opens to its proved customer alone (`proof_required`). */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
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
            /** @description Too many messages and ratings from this address or to this ticket; see `Retry-After`. */
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
    get_own_tickets: {
        parameters: {
            query?: {
                /** @description Tickets on the page; 50 unless given */
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
                    "application/json": components["schemas"]["OwnTickets"];
                };
            };
            /** @description No address is proved in this browser (`proof_required`). */
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
