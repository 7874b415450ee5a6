import { Buffer } from 'node:buffer';
import type { CredentialUse } from '../../dissector.ts';
import type { Fields } from './head.ts';
import type { JsonObject, Leaf } from './json-scan.ts';
import { isPasswordName, isSessionCookie, isTokenName, isUserName } from './names.ts';
import type { Pair } from './pairs.ts';

/** Credentials of one request, until its response says what became of them. */
export interface CredentialSeed {
  field: string;
  user: string | null;
  secret: string | null;
  /** `checked`: the status says whether they were taken. A form's status says little. */
  outcome: 'checked' | 'proxy' | 'form' | 'unknown';
}

/** Fields of their own that carry a key or token. */
const keyFields = ['x-api-key', 'api-key', 'apikey', 'x-auth-token', 'x-access-token', 'private-token'];

export function credentialsInFields(fields: Fields): CredentialSeed[] {
  const seeds: CredentialSeed[] = [];
  authorization(seeds, fields.get('authorization'), 'Authorization', 'checked');
  authorization(seeds, fields.get('proxy-authorization'), 'Proxy-Authorization', 'proxy');
  for (const name of keyFields) {
    const secret = fields.get(name);
    if (secret) seeds.push({ field: name, user: null, secret, outcome: 'checked' });
  }
  const cookie = sessionCookies(fields.get('cookie') ?? '');
  if (cookie !== '') seeds.push({ field: 'Cookie', user: null, secret: cookie, outcome: 'unknown' });
  return seeds;
}

/** Digest (RFC 7616) and the negotiated schemes prove a secret without showing it: nothing of theirs is in clear. */
function authorization(
  seeds: CredentialSeed[],
  value: string | undefined,
  field: string,
  outcome: 'checked' | 'proxy',
): void {
  const [, scheme = '', rest = ''] = /^([A-Za-z][A-Za-z0-9-]*)[ \t]+(.+)$/.exec(value ?? '') ?? [];
  if (/^basic$/i.test(scheme)) seeds.push({ field, ...basic(rest), outcome });
  else if (/^(bearer|token|apikey)$/i.test(scheme)) {
    seeds.push({ field: `${field}: Bearer`, user: null, secret: rest, outcome });
  }
}

/** RFC 7617: user and password around the first colon. */
function basic(encoded: string): { user: string; secret: string } {
  const text = Buffer.from(encoded.trim(), 'base64').toString('latin1');
  const at = text.indexOf(':');
  return at < 0 ? { user: text, secret: '' } : { user: text.slice(0, at), secret: text.slice(at + 1) };
}

function sessionCookies(cookie: string): string {
  return cookie
    .split(';', 32)
    .map((pair) => pair.trim())
    .filter((pair) => pair.includes('=') && isSessionCookie(pair.split('=', 1)[0] ?? ''))
    .join('; ');
}

/** Password fields of a form or query, each with the user name that stands beside it, and tokens of a query. */
export function credentialsInPairs(pairs: readonly Pair[], place: 'form' | 'query'): CredentialSeed[] {
  const user = pairs.find(({ name }) => isUserName(name))?.value ?? null;
  const passwords = pairs.filter(({ name, value }) => value !== '' && isPasswordName(name));
  const tokens =
    place === 'query' ? pairs.filter(({ name, value }) => value !== '' && isTokenName(name)) : [];
  const outcome = place === 'form' ? ('form' as const) : ('unknown' as const);
  return [
    ...passwords.map(({ value }) => ({ field: `${place} password`, user, secret: value, outcome })),
    ...tokens.map(({ value }) => ({ field: 'query token', user: null, secret: value, outcome })),
  ];
}

/** Password members of JSON objects, each with the user name of the same object. */
export function credentialsInJson(leaves: readonly Leaf[]): CredentialSeed[] {
  return leaves
    .filter(({ keys, value }) => value !== '' && isPasswordName(keys.at(-1) ?? ''))
    .map(({ value, objects }) => {
      const user = userBeside(leaves, objects.at(-1));
      return { field: 'json password', user, secret: value, outcome: 'form' as const };
    });
}

function userBeside(leaves: readonly Leaf[], object: JsonObject | undefined): string | null {
  const beside = leaves.find((leaf) => leaf.objects.at(-1) === object && isUserName(leaf.keys.at(-1) ?? ''));
  return beside?.value ?? null;
}

/** What a status says of credentials (RFC 9110 §15). `status` is null where no response came. */
export function outcomeOf(kind: CredentialSeed['outcome'], status: number | null): CredentialUse['outcome'] {
  if (status === null || kind === 'unknown') return 'unknown';
  if (kind === 'proxy') return status === 407 ? 'refused' : 'accepted';
  if (status === 401) return 'refused';
  if (kind === 'form') return status === 403 ? 'refused' : 'unknown';
  return status >= 200 && status < 400 ? 'accepted' : 'unknown';
}
