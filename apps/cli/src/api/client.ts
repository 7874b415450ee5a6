import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { problemSchema } from '@wardline/model';
import type { z } from 'zod';
import { explainSystemError } from '../assessment/captures.ts';
import { DEFAULT_SERVER, dataDirectory } from '../data-directory.ts';
import { CommandError, exitCodes } from '../exit-codes.ts';
import { userPath } from '../working-directory.ts';
import { askWithCertificate, type ClientCertificate } from './certificate.ts';
import type { Send } from './enrolled.ts';

export interface ServerFlags {
  server: string;
  tokenFile?: string;
  data?: string;
}

/** What is needed to speak with a server. */
export interface ServerAccess {
  base: URL;
  /** Null for a sensor that comes in by its certificate. */
  token: string | null;
  certificate?: ClientCertificate;
  /** By the identity that this machine is enrolled with. */
  send?: Send;
}

export const serverOption = ['--server <url>', 'the server', DEFAULT_SERVER] as const;
export const tokenOption = [
  '--token-file <file>',
  "file with the server's token; for a server on this machine its own cli-token",
] as const;
export const dataOption = ['--data <folder>', "folder of the local server's data, for its token"] as const;

/** Reads the token that the server wrote for this machine's users. */
export async function serverAccess(flags: ServerFlags): Promise<ServerAccess> {
  const base = parseBase(flags.server);
  const path = flags.tokenFile
    ? userPath(flags.tokenFile)
    : join(await dataDirectory(flags.data), 'cli-token');
  try {
    return { base, token: (await readFile(path, 'utf8')).trim() };
  } catch (error) {
    const hint = flags.tokenFile
      ? ''
      : '; is a server running on this machine ("wardline start")? Else name it with --token-file';
    throw new CommandError(`the token ${path} ${explainSystemError(error)}${hint}`, exitCodes.failed);
  }
}

/** A sensor's way in by its certificate, which leads to the server's port for sensors. */
export const certifiedAccess = (server: string, certificate: ClientCertificate): ServerAccess => ({
  base: parseBase(server),
  token: null,
  certificate,
});

/** A sensor's way in by the identity that its machine is enrolled with. */
export const enrolledAccess = (server: string, send: Send): ServerAccess => ({
  base: parseBase(server),
  token: null,
  send,
});

function parseBase(text: string): URL {
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol))
    throw new CommandError(`--server ${text}: expected an address as ${DEFAULT_SERVER}`);
  return new URL(text.endsWith('/') ? text : `${text}/`);
}

/** What the server answered, or that it did not. */
export type Answer =
  | { kind: 'ok'; body: unknown }
  | { kind: 'refused'; status: number; message: string; body?: unknown }
  | { kind: 'unreachable'; message: string };

const TIMEOUT_MS = 60_000;

/** One request; never throws for what a network or a server can do. */
export async function ask(access: ServerAccess, path: string, init: RequestInit = {}): Promise<Answer> {
  const headers = new Headers(init.headers);
  headers.set('accept', 'application/json');
  if (access.token !== null) headers.set('authorization', `Bearer ${access.token}`);
  const timeout = AbortSignal.timeout(TIMEOUT_MS);
  const signal = init.signal ? AbortSignal.any([init.signal, timeout]) : timeout;
  try {
    const response = await answerOf(access, new URL(path, access.base), { ...init, headers, signal });
    const body = await readJson(response);
    if (response.ok) return { kind: 'ok', body };
    return { kind: 'refused', status: response.status, message: problemWords(response.status, body), body };
  } catch (error) {
    return { kind: 'unreachable', message: causeWords(error) };
  }
}

function answerOf(
  { certificate, send }: ServerAccess,
  place: URL,
  init: RequestInit & { headers: Headers; signal: AbortSignal },
): Promise<Response> {
  const { method = 'GET', headers, signal } = init;
  const body = init.body as string | Uint8Array | undefined;
  if (send !== undefined) return send(place, { method, headers, body });
  if (certificate === undefined) return fetch(place, { redirect: 'error', ...init });
  return askWithCertificate(place, certificate, { method, headers, body, signal });
}

async function readJson(response: Response): Promise<unknown> {
  const text = await response.text();
  try {
    return text === '' ? null : JSON.parse(text);
  } catch {
    return null;
  }
}

function problemWords(status: number, body: unknown): string {
  const problem = problemSchema.safeParse(body);
  if (!problem.success) return `the server answered ${status}`;
  const { title, detail, errors } = problem.data;
  const places = errors?.map((error) => `${error.path}: ${error.message}`).join('; ');
  return [title, detail, places].filter(Boolean).join('. ');
}

function causeWords(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  if (code === 'ECONNREFUSED') return 'nothing listens there';
  if (code === 'ENOTFOUND') return 'its name is not known';
  return code || (cause instanceof Error ? cause.message : 'no answer');
}

/** A request whose answer must be right: anything else ends the command with a sentence. */
export async function askFor<T>(
  access: ServerAccess,
  path: string,
  schema: z.ZodType<T>,
  init: RequestInit = {},
): Promise<T> {
  const answer = await ask(access, path, init);
  if (answer.kind === 'unreachable')
    throw new CommandError(
      `cannot reach ${access.base.origin}: ${answer.message}. Start a server with "wardline start"`,
      exitCodes.failed,
    );
  if (answer.kind === 'refused')
    throw new RefusedError(answer.status, `${access.base.origin}: ${answer.message}`);
  const parsed = schema.safeParse(answer.body);
  if (parsed.success) return parsed.data;
  const place = parsed.error.issues[0];
  throw new CommandError(
    `${access.base.origin} answered in a form that this version does not know (${place?.path.join('.')}: ${place?.message})`,
    exitCodes.failed,
  );
}

/** Hands over a JSON body and reads the answer. */
export function sendJson<T>(
  access: ServerAccess,
  path: string,
  body: unknown,
  schema: z.ZodType<T>,
  method: 'POST' | 'PUT' = 'POST',
): Promise<T> {
  const headers = { 'content-type': 'application/json' };
  return askFor(access, path, schema, { method, headers, body: JSON.stringify(body) });
}

export class RefusedError extends CommandError {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message, exitCodes.failed);
    this.status = status;
  }
}
