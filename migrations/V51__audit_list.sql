-- The list of the audit log (API-STAFF.md 6): newest first, by actor and by action.
drop index audit_log_at;
create index audit_log_at on audit_log (at, id);
create index audit_log_action on audit_log (action, at);
