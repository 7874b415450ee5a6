import type { Facts, Severity } from '@wardline/model';

/** What a credential in clear is, as far as the fact tells: each kind has its own weight and words. */
export interface CredentialKind {
  id: string;
  /** The rule whose text the finding carries. */
  rule: string;
  /** In place of the rule's own. */
  severity?: Severity;
  /** As in "the published default password". */
  word: string;
  /** As in "X sent Y a password in clear". */
  noun: string;
  /** What somebody who listened can do with it; nothing where that is all there is to say. */
  use: string;
}

const password: CredentialKind = {
  id: 'password',
  rule: 'cleartext-credential',
  word: 'password',
  noun: 'a password',
  use: 'can do the same',
};
const userName: CredentialKind = {
  id: 'user-name',
  rule: 'cleartext-user-name',
  word: 'user name',
  noun: 'a user name without a password',
  use: 'knows that name',
};
const session: CredentialKind = {
  id: 'session',
  rule: 'cleartext-session',
  word: 'session cookie',
  noun: 'a session cookie',
  use: 'can act in its name until that session ends',
};
const token: CredentialKind = {
  id: 'token',
  rule: 'cleartext-token',
  word: 'access token',
  noun: 'an access token',
  use: 'can act in its name while the token is valid',
};
/** A key does not run out as a token does: it weighs as much as a password. */
const key: CredentialKind = {
  id: 'key',
  rule: 'cleartext-token',
  severity: 'high',
  word: 'API key',
  noun: 'an API key',
  use: 'can act in its name until the key is changed',
};
/** RFC 4568 §7: the description that carries it must be protected itself. */
const streamKey: CredentialKind = {
  id: 'stream-key',
  rule: 'cleartext-token',
  severity: 'medium',
  word: 'key of a call',
  noun: 'the key of an encrypted call',
  use: 'can listen to that call',
};
const secret: CredentialKind = {
  id: 'security-field',
  rule: 'cleartext-token',
  word: 'security field',
  noun: 'a filled security field (MSH-8)',
  use: 'can send the same',
};

/** The fields of other names than a password's, as the dissectors report them. */
const byField: readonly (readonly [RegExp, CredentialKind])[] = [
  [/^cookie$/i, session],
  [/^(x-api-key|api-?key|private-token)$/i, key],
  [/: bearer$|^query token$|^x-(auth|access)-token$|^useridentity-(saml|jwt)$/i, token],
  [/^srtp key$/i, streamKey],
  // HL7 v2.5.1 §2.14.9.8 leaves open what it holds.
  [/^msh-8$/i, secret],
];

/** The kind of one credential; without a hash of a secret there was none. */
export function kindOf(facts: Facts['credential.cleartext']): CredentialKind {
  const known = byField.find(([field]) => field.test(facts.field))?.[1];
  if (known) return known;
  return facts.secretHash === undefined && facts.userHash !== undefined ? userName : password;
}
