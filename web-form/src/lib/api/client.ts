import createClient, { type Middleware } from 'openapi-fetch';
import { siteConfig } from '../site';
import type { paths } from './schema';
import type { Problem } from './types';

/** A refusal of the server, or no answer at all (`status` 0). */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly problem: Partial<Problem>,
    /** Seconds after which the server asks to try again. */
    readonly retryAfter: number | null,
  ) {
    super(problem.detail ?? `status ${status}`);
    this.name = 'ApiError';
  }

  get code(): string | undefined {
    return this.problem.code ?? undefined;
  }

  /** Whether the same request may succeed later. */
  get isTemporary(): boolean {
    return this.status === 0 || this.status === 408 || this.status === 429 || this.status >= 500;
  }
}

/** A request that takes longer counts as failed. It is safe to send again: posts carry an Idempotency-Key. */
const TIMEOUT_MS = 20_000;

let csrfToken: string | null = null;

/** The token that the server gave with the staff session; it is sent with every request that changes something. */
export function setCsrfToken(token: string | null): void {
  csrfToken = token;
}

const csrf: Middleware = {
  onRequest({ request }) {
    if (csrfToken && request.method !== 'GET') request.headers.set('X-CSRF-Token', csrfToken);
    return request;
  },
};

let client: ReturnType<typeof createClient<paths>> | undefined;

export function api() {
  if (!client) {
    client = createClient<paths>({
      baseUrl: siteConfig().apiBase,
      fetch: (request: Request) => fetch(request, { signal: AbortSignal.timeout(TIMEOUT_MS) }),
    });
    client.use(csrf);
  }
  return client;
}

interface Answer<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/** The body of a success; throws an `ApiError` otherwise. */
export async function answered<T>(call: Promise<Answer<T>>): Promise<T> {
  let answer: Answer<T>;
  try {
    answer = await call;
  } catch {
    throw new ApiError(0, {}, null);
  }
  const { response } = answer;
  if (response.ok) return answer.data as T;
  const wait = Number(response.headers.get('Retry-After'));
  const problem = answer.error !== null && typeof answer.error === 'object' ? (answer.error as Partial<Problem>) : {};
  throw new ApiError(response.status, problem, Number.isFinite(wait) && wait > 0 ? wait : null);
}
