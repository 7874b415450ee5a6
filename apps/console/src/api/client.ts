import type { Problem } from './types.ts';

const base = '/api/v1';
export type Parameters = Record<string, string | number | undefined>;

/** What the server refused, or that it could not be reached (`status` 0). One class for everything that fails here. */
export class ApiProblem extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.detail ?? problem.title);
    this.name = 'ApiProblem';
    this.problem = problem;
  }

  get status(): number {
    return this.problem.status;
  }
}

/** The address of a resource with its filters; empty parameters are left out, so that one question has one address. */
export function apiAddress(path: string, parameters: Parameters = {}): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== undefined && value !== '') query.set(name, String(value));
  }
  const text = query.toString();
  return `${base}${path}${text === '' ? '' : `?${text}`}`;
}

export function get<T>(path: string, parameters: Parameters = {}, signal?: AbortSignal): Promise<T> {
  return send<T>(apiAddress(path, parameters), signal ? { signal } : {});
}

export function post<T>(path: string, body: unknown): Promise<T> {
  return send<T>(apiAddress(path), {
    method: 'POST',
    ...jsonBody(body),
  });
}

export function put<T>(path: string, body: unknown): Promise<T> {
  return send<T>(apiAddress(path), { method: 'PUT', ...jsonBody(body) });
}

const jsonBody = (body: unknown): RequestInit =>
  body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };

export function remove<T>(path: string, parameters: Parameters = {}): Promise<T> {
  return send<T>(apiAddress(path, parameters), { method: 'DELETE' });
}

async function send<T>(address: string, init: RequestInit): Promise<T> {
  const headers = new Headers(init.headers);
  if (isSomebodyHere()) headers.set('wardline-active', '1');
  const response = await fetch(address, { credentials: 'same-origin', ...init, headers }).catch(
    (cause: unknown) => {
      if (cause instanceof DOMException && cause.name === 'AbortError') throw cause;
      throw new ApiProblem(unreachable);
    },
  );
  const text = await response.text();
  if (!response.ok) throw new ApiProblem(readProblem(response.status, text));
  return (text === '' ? undefined : JSON.parse(text)) as T;
}

/** Input of a person keeps the session alive; what the page asks by itself does not. */
const HERE_MILLISECONDS = 60_000;
let lastInput = performance.now();
for (const kind of ['pointerdown', 'keydown', 'wheel', 'touchstart'])
  globalThis.addEventListener?.(kind, () => (lastInput = performance.now()), {
    passive: true,
    capture: true,
  });

export const quietFor = (): number => performance.now() - lastInput;
const isSomebodyHere = (): boolean => quietFor() < HERE_MILLISECONDS;

const unreachable: Problem = {
  type: 'about:blank',
  title: 'The server does not answer',
  status: 0,
  code: 'unreachable',
  detail: 'Nothing was lost: what was stored stays stored. See whether Wardline still runs, then try again.',
};

/** Reads RFC 9457, and makes the best of an answer that is not one (a proxy's page). */
export function readProblem(status: number, text: string): Problem {
  try {
    const value = JSON.parse(text) as Partial<Problem>;
    if (typeof value.title === 'string')
      return { type: 'about:blank', code: 'unknown', ...value, title: value.title, status };
  } catch {
    // Not JSON: the status is all there is to say.
  }
  return { type: 'about:blank', title: `The server answered ${status}`, status, code: 'unknown' };
}
