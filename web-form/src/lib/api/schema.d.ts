type Err = { headers: Record<string, unknown>; content: { 'application/problem+json': components['schemas']['ProblemDocument'] } };
type Ok<T> = { headers: Record<string, unknown>; content: { 'application/json': T } };
type Empty = { headers: Record<string, unknown>; content?: never };
type No = { get?: never; put?: never; post?: never; delete?: never; options?: never; head?: never; patch?: never; trace?: never };
type Params<P, Q = undefined> = { query?: Q; header?: { 'Idempotency-Key'?: string }; path: P; cookie?: never };
export interface paths {
  '/support/submit': Omit<No, 'post'> & { parameters: object; post: { parameters: { query?: never; header?: { 'Idempotency-Key'?: string }; path?: never; cookie?: never }; requestBody: { content: { 'application/json': components['schemas']['SubmissionRequest'] } }; responses: { 201: Ok<components['schemas']['SubmissionReceipt']>; default: Err } } };
  '/support/ticket/{id}': Omit<No, 'get'> & { parameters: object; get: { parameters: Params<{ id: string }, { before?: string; limit?: number }>; requestBody?: never; responses: { 200: Ok<components['schemas']['TicketPage']>; default: Err } } };
  '/support/ticket/{id}/messages': Omit<No, 'post'> & { parameters: object; post: { parameters: Params<{ id: string }>; requestBody: { content: { 'application/json': { message: string } } }; responses: { 201: Ok<{ message_id: string; status: string }>; default: Err } } };
  '/support/ticket/{id}/rating': Omit<No, 'post'> & { parameters: object; post: { parameters: Params<{ id: string }>; requestBody: { content: { 'application/json': { score: number; comment?: string } } }; responses: { 200: Ok<components['schemas']['Rating']>; default: Err } } };
  '/support/ticket/{id}/human': Omit<No, 'post'> & { parameters: object; post: { parameters: Params<{ id: string }>; requestBody: { content: { 'application/json': Record<string, never> } }; responses: { 200: Ok<components['schemas']['HumanRequested']>; default: Err } } };
  '/help/search': Omit<No, 'get'> & { parameters: object; get: { parameters: { query: { q: string }; header?: never; path?: never; cookie?: never }; requestBody?: never; responses: { 200: Ok<components['schemas']['HelpSearch']>; default: Err } } };
  '/help/articles': Omit<No, 'get'> & { parameters: object; get: { parameters: { query?: { limit?: number; cursor?: string }; header?: never; path?: never; cookie?: never }; requestBody?: never; responses: { 200: Ok<components['schemas']['HelpArticles']>; default: Err } } };
  '/help/articles/{id}': Omit<No, 'get'> & { parameters: object; get: { parameters: Params<{ id: string }>; requestBody?: never; responses: { 200: Ok<components['schemas']['HelpArticle']>; default: Err } } };
  '/help/articles/{id}/helpful': Omit<No, 'post'> & { parameters: object; post: { parameters: Params<{ id: string }>; requestBody: { content: { 'application/json': { helpful: boolean } } }; responses: { 204: Empty; default: Err } } };
  '/staff/session': Omit<No, 'get' | 'post' | 'delete'> & { parameters: object; get: { parameters: { query?: never; header?: never; path?: never; cookie?: never }; requestBody?: never; responses: { 200: Ok<components['schemas']['StaffSession']>; default: Err } }; post: { parameters: { query?: never; header?: never; path?: never; cookie?: never }; requestBody: { content: { 'application/json': { email: string; password: string; code?: string } } }; responses: { 201: Ok<components['schemas']['StaffSession']>; default: Err } }; delete: { parameters: { query?: never; header?: never; path?: never; cookie?: never }; requestBody?: never; responses: { 204: Empty; default: Err } } };
  '/staff/password': Omit<No, 'put'> & { parameters: object; put: { parameters: { query?: never; header?: never; path?: never; cookie?: never }; requestBody: { content: { 'application/json': { current: string; new: string } } }; responses: { 204: Empty; default: Err } } };
  '/staff/totp': Omit<No, 'post' | 'put' | 'delete'> & { parameters: object; post: { parameters: { query?: never; header?: never; path?: never; cookie?: never }; requestBody: { content: { 'application/json': Record<string, never> } }; responses: { 201: Ok<components['schemas']['TotpSecret']>; default: Err } }; put: { parameters: { query?: never; header?: never; path?: never; cookie?: never }; requestBody: { content: { 'application/json': { code: string } } }; responses: { 204: Empty; default: Err } }; delete: { parameters: { query?: never; header?: never; path?: never; cookie?: never }; requestBody: { content: { 'application/json': { code: string } } }; responses: { 204: Empty; default: Err } } };
}
export interface components {
  schemas: {
    ProblemDocument: { type: string; title: string; status: number; detail: string; instance: string; errors?: { field: string; message: string }[]; code?: string | null };
    SubmissionRequest: { name: string; email: string; subject: string; category: 'general' | 'technical' | 'billing' | 'feedback' | 'bug_report'; priority?: 'low' | 'medium' | 'high'; message: string; phone?: string };
    SubmissionReceipt: { ticket_id: string; ticket_number: string; status: string; message: string; estimated_response_time: string };
    Rating: { score: number; comment: string | null; rated_at: string };
    TicketPage: {
      ticket_id: string; ticket_number: string; status: 'open' | 'waiting_customer' | 'escalated' | 'in_progress' | 'resolved' | 'closed';
      subject: string; category: 'general' | 'technical' | 'billing' | 'feedback' | 'bug_report'; priority: 'low' | 'medium' | 'high'; channel: string;
      created_at: string; updated_at: string; resolved_at: string | null; older: string | null; rating: components['schemas']['Rating'] | null;
      messages: { id: string; role: 'customer' | 'agent' | 'staff'; kind: 'message' | 'acknowledgement' | 'note'; content: string; channel: string; created_at: string; delivery_status: string | null; sources: { id: string; title: string }[] }[];
    };
    HumanRequested: { status: string; message_id: string; expected_by: string | null };
    HelpSearch: { query: string; results: { id: string; title: string; section: string; snippet: string }[] };
    HelpArticles: { items: { id: string; title: string; section?: string }[]; next_cursor: string | null };
    HelpArticle: { id: string; title: string; section: string; text: string; html: string; updated_at: string };
    StaffSession: { staff: { id: string; name: string; email: string; role: 'agent' | 'admin' }; csrf_token: string };
    TotpSecret: { secret: string; otpauth_url: string; recovery_codes?: string[] };
  };
}
