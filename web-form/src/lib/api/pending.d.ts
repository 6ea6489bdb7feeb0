/** Endpoints of the contract that the program's OpenAPI document does not have yet. */
type Err = { headers: Record<string, unknown>; content: { 'application/problem+json': { detail: string } } };
type Ok<T> = { headers: Record<string, unknown>; content: { 'application/json': T } };
type Empty = { headers: Record<string, unknown>; content?: never };
type No = { get?: never; put?: never; post?: never; delete?: never; options?: never; head?: never; patch?: never; trace?: never };

export interface StaffSession {
  staff: { id: string; name: string; email: string; role: 'agent' | 'admin' };
  csrf_token: string;
}
export interface TotpSecret {
  secret: string;
  otpauth_url: string;
  recovery_codes?: string[];
}
export interface PendingPaths {
  '/help/articles/{id}/helpful': Omit<No, 'post'> & { parameters: object; post: { parameters: { query?: never; header?: never; path: { id: string }; cookie?: never }; requestBody: { content: { 'application/json': { helpful: boolean } } }; responses: { 204: Empty; default: Err } } };
  '/staff/session': Omit<No, 'get' | 'post' | 'delete'> & { parameters: object; get: { parameters: { query?: never; header?: never; path?: never; cookie?: never }; requestBody?: never; responses: { 200: Ok<StaffSession>; default: Err } }; post: { parameters: { query?: never; header?: never; path?: never; cookie?: never }; requestBody: { content: { 'application/json': { email: string; password: string; code?: string } } }; responses: { 201: Ok<StaffSession>; default: Err } }; delete: { parameters: { query?: never; header?: never; path?: never; cookie?: never }; requestBody?: never; responses: { 204: Empty; default: Err } } };
  '/staff/password': Omit<No, 'put'> & { parameters: object; put: { parameters: { query?: never; header?: never; path?: never; cookie?: never }; requestBody: { content: { 'application/json': { current: string; new: string } } }; responses: { 204: Empty; default: Err } } };
  '/staff/totp': Omit<No, 'post' | 'put' | 'delete'> & { parameters: object; post: { parameters: { query?: never; header?: never; path?: never; cookie?: never }; requestBody: { content: { 'application/json': Record<string, never> } }; responses: { 201: Ok<TotpSecret>; default: Err } }; put: { parameters: { query?: never; header?: never; path?: never; cookie?: never }; requestBody: { content: { 'application/json': { code: string } } }; responses: { 204: Empty; default: Err } }; delete: { parameters: { query?: never; header?: never; path?: never; cookie?: never }; requestBody: { content: { 'application/json': { code: string } } }; responses: { 204: Empty; default: Err } } };
}
