import { codeAt } from '../domains/access/sign-in/totp.ts';
import type { TestServer } from './running-server.ts';

/** A browser's window without a browser: it keeps its cookie and asks as the console does. */
export class SignedIn {
  readonly #server: TestServer;
  cookie = '';

  constructor(server: TestServer) {
    this.#server = server;
  }

  async send(method: string, path: string, body?: unknown): Promise<Response> {
    const answer = await fetch(`${this.#server.url}/api/v1/${path}`, {
      method,
      headers: { cookie: this.cookie, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const own = answer.headers.getSetCookie().find((cookie) => cookie.startsWith('wardline='));
    const given = own?.split(';')[0];
    if (given !== undefined && answer.ok) this.cookie = given;
    return answer;
  }

  async get<T>(path: string): Promise<T> {
    return (await (await this.send('GET', path)).json()) as T;
  }

  /** By a link's token. */
  open(link: string): Promise<Response> {
    return this.send('POST', 'session', {
      token: new URLSearchParams(new URL(link).hash.slice(1)).get('token'),
    });
  }
}

const HALF_MINUTE = 30_000;
/** A code with less than this to live might end on its way to the server. */
const MARGIN = 3000;

/** The code that an authenticator shows now; waits where that one ends in a moment. */
export async function codeOf(base32: string): Promise<string> {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  const bits = Array.from(base32)
    .map((letter) => letters.indexOf(letter).toString(2).padStart(5, '0'))
    .join('');
  const bytes = Uint8Array.from(bits.match(/.{8}/g) ?? [], (byte) => Number.parseInt(byte, 2));
  const left = HALF_MINUTE - (Date.now() % HALF_MINUTE);
  if (left < MARGIN) await new Promise((resolve) => setTimeout(resolve, left));
  return codeAt(bytes, Math.floor(Date.now() / HALF_MINUTE));
}
