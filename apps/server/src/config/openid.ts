import { readFileSync } from 'node:fs';
import { ConfigError } from './config-error.ts';

/** The hospital's identity provider. */
export interface OpenIdProvider {
  issuer: URL;
  clientId: string;
  /** Null for a public client. */
  clientSecret: string | null;
  /** As the button says it. */
  name: string;
  /** Its directory's external id of a user (SCIM) is the subject of their tokens too. */
  subjectIsExternalId: boolean;
}

export interface OpenIdEnvironment {
  issuer: string | undefined;
  clientId: string | undefined;
  secretFile: string | undefined;
  name: string | undefined;
  /** `externalId` or nothing. */
  subject: string | undefined;
}

const loopback: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]']);

/** Tried on one machine only: elsewhere codes and tokens would travel in clear. */
export const isOnThisMachine = ({ hostname, protocol }: URL): boolean =>
  protocol === 'http:' && loopback.has(hostname);

/** Null where none is configured. @throws ConfigError */
export function openIdProvider({
  issuer,
  clientId,
  secretFile,
  name,
  subject,
}: OpenIdEnvironment): OpenIdProvider | null {
  if (issuer === undefined && clientId === undefined) return null;
  if (issuer === undefined || clientId === undefined)
    throw new ConfigError('WARDLINE_OPENID_ISSUER and WARDLINE_OPENID_CLIENT go together');
  if (subject !== undefined && subject !== 'externalId')
    throw new ConfigError(`WARDLINE_OPENID_SUBJECT: expected externalId, not ${subject}`);
  const url = URL.canParse(issuer) ? new URL(issuer) : null;
  if (url === null || (url.protocol !== 'https:' && !isOnThisMachine(url)))
    throw new ConfigError(`WARDLINE_OPENID_ISSUER: ${issuer} is no address with https`);
  return {
    issuer: url,
    clientId,
    clientSecret: secretFile === undefined ? null : secretOf(secretFile),
    name: name ?? url.hostname,
    subjectIsExternalId: subject === 'externalId',
  };
}

function secretOf(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    throw new ConfigError(`WARDLINE_OPENID_SECRET_FILE: ${file} cannot be read: ${(error as Error).message}`);
  }
}
