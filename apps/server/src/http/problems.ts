import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';

/** Every refusal that a client can meet: status and title by code. */
export const problems = {
  'invalid-request': [400, 'The request is not as expected'],
  'session-required': [401, 'Sign in first'],
  'link-spent': [401, 'This link was used already, or has run out'],
  'sign-in-refused': [401, 'That did not show who you are'],
  'credential-unknown': [401, 'This credential opens nothing: it is mistyped, spent or replaced'],
  'provider-away': [502, 'The identity provider does not answer; sign in by passkey or password'],
  'step-up-required': [403, 'Show once more who you are: this act needs a fresh proof'],
  forbidden: [403, 'You may not do this'],
  'foreign-host': [403, 'This server is not called by that name'],
  'foreign-origin': [403, 'The request came from another site'],
  'not-found': [404, 'There is no such thing'],
  'number-gap': [409, 'A batch is missing before this one'],
  conflict: [409, 'This does not fit what is stored'],
  'already-undone': [409, 'This decision was undone already'],
  'body-too-large': [413, 'More was sent than is taken at once'],
  'unsupported-media': [415, 'The body is not of an expected type'],
  'too-many-requests': [429, 'Too many requests; wait a moment'],
  'cursor-invalid': [400, 'The cursor is not one of this list'],
  internal: [500, 'Something went wrong here; it was logged'],
  'ledger-broken': [500, 'The ledger is not what it was when it was signed; nothing more is signed'],
  'disk-full': [507, 'The disk of this machine is full; nothing of this was stored'],
  'database-away': [503, 'The database is away; try again in a moment'],
} as const satisfies Record<string, readonly [number, string]>;
export type ProblemCode = keyof typeof problems;

/** An expected refusal. `detail` and `errors` are for the client; a cause never is. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly code: ProblemCode;
  readonly detail: string | undefined;
  readonly extra: Record<string, unknown>;

  constructor(code: ProblemCode, detail?: string, extra: Record<string, unknown> = {}) {
    super(detail ?? code);
    this.code = code;
    this.detail = detail;
    this.extra = extra;
  }
}

/** What somebody looked at is not what is there any more. */
export const changedMeanwhile = (): Refusal =>
  new Refusal('conflict', 'Somebody else has changed it meanwhile; look at it again');

const codesOfFramework: Readonly<Record<string, ProblemCode>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'body-too-large',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'unsupported-media',
  FST_ERR_CTP_INVALID_JSON_BODY: 'invalid-request',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'invalid-request',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'invalid-request',
};

/** How PostgreSQL and the socket say that the database is not there (57P01 to 57P03, 08xxx). */
export function isDatabaseAway(error: unknown): boolean {
  const { code, message } = (error ?? {}) as { code?: string; message?: string };
  if (code !== undefined && /^(57P0[1-3]|08\w{3}|25006|ECONNREFUSED|ECONNRESET|ENOENT|EPIPE)$/.test(code))
    return true;
  return /Connection terminated|not queryable|timeout exceeded when trying to connect/.test(message ?? '');
}

/** How the file system and PostgreSQL (53100) say that there is no room. */
export function isDiskFull(error: unknown): boolean {
  const { code } = (error ?? {}) as { code?: string };
  return code === 'ENOSPC' || code === 'EDQUOT' || code === '53100';
}

/** How PostgreSQL says that a text holds U+0000 (22021), or a JSON one does (22P05). */
function isUnstorable(error: unknown): boolean {
  const { code } = (error ?? {}) as { code?: string };
  return code === '22021' || code === '22P05';
}

/** Refusals behind which somebody may be who tries what they may not. */
const watched: ReadonlySet<ProblemCode> = new Set([
  'session-required',
  'link-spent',
  'sign-in-refused',
  'credential-unknown',
  'forbidden',
  'foreign-host',
  'foreign-origin',
]);

/** Writes down who tried what in vain, by the names of the table of permissions and never by what was sent. */
function noteRefusal(code: ProblemCode, request: FastifyRequest): void {
  if (!watched.has(code)) return;
  const { action } = request.routeOptions.config;
  request.log.warn({ code, action, actor: request.actor, address: request.ip }, 'refused');
}

/** Answers every error as an RFC 9457 problem. */
export function answerError(error: FastifyError, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  if (hasZodFastifySchemaValidationErrors(error)) {
    const errors = error.validation.slice(0, 50).map((issue) => ({
      path: `${error.validationContext ?? ''}${issue.instancePath}`,
      message: issue.message ?? 'is not as expected',
    }));
    return sendProblem(reply, 'invalid-request', errors[0] && `${errors[0].path}: ${errors[0].message}`, {
      errors,
    });
  }
  if ((error as unknown) instanceof Refusal) {
    const refusal = error as unknown as Refusal;
    noteRefusal(refusal.code, request);
    return sendProblem(reply, refusal.code, refusal.detail, refusal.extra);
  }
  const known = codesOfFramework[error.code ?? ''];
  if (known) return sendProblem(reply, known, error.message);
  if (error.statusCode === 429) {
    request.log.warn({ code: 'too-many-requests', address: request.ip }, 'refused');
    return sendProblem(reply, 'too-many-requests');
  }
  if (error.statusCode !== undefined && error.statusCode < 500)
    return sendProblem(reply, 'invalid-request', error.message);
  if (isUnstorable(error))
    return sendProblem(reply, 'invalid-request', 'A text holds the character U+0000, which cannot be stored');
  request.log.error({ err: { name: error.name, code: error.code, stack: error.stack } }, 'request failed');
  const code = isDiskFull(error) ? 'disk-full' : isDatabaseAway(error) ? 'database-away' : 'internal';
  return sendProblem(reply, code);
}

export function sendProblem(
  reply: FastifyReply,
  code: ProblemCode,
  detail?: string,
  extra: Record<string, unknown> = {},
): FastifyReply {
  const [status, title] = problems[code];
  const body = {
    type: `https://wardline.dev/problems/${code}`,
    title,
    status,
    code,
    ...(detail ? { detail } : {}),
    ...extra,
  };
  return reply.status(status).type('application/problem+json').serializer(JSON.stringify).send(body);
}
