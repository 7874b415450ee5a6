import { randomInt } from 'node:crypto';
import type { SecretKind, SecretValue, SnmpHash } from '@wardline/model';
import ssh2 from 'ssh2';
import { PASSWORD_CHARACTERS } from './limits.ts';

/** What opens an account on a device, as it lies sealed in the database. */
export type Credential =
  | { kind: 'password'; password: string }
  | { kind: 'key'; privateKey: string; publicKey: string }
  /** Without a hash it is SHA-1: so were all that were kept before there was another. */
  | { kind: 'snmpv3'; authPassword: string; privPassword: string; authHash?: SnmpHash };

/** Without characters that people take for each other, and without those that shells or device menus take for themselves. */
const LETTERS = 'abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789';

const newPassword = (): string =>
  Array.from({ length: PASSWORD_CHARACTERS }, () => LETTERS[randomInt(LETTERS.length)]).join('');

/** A new credential of that kind, which nobody has seen, of the same hash as the one before. `comment` names it on the device. */
export function newCredential(kind: SecretKind, comment: string, before: Credential): Credential {
  if (kind === 'ssh-key') {
    const { private: privateKey, public: publicKey } = ssh2.utils.generateKeyPairSync('ed25519', { comment });
    return { kind: 'key', privateKey, publicKey };
  }
  if (kind === 'snmpv3') {
    const hash =
      before.kind === 'snmpv3' && before.authHash !== undefined ? { authHash: before.authHash } : {};
    return { kind: 'snmpv3', authPassword: newPassword(), privPassword: newPassword(), ...hash };
  }
  return { kind: 'password', password: newPassword() };
}

/** What a person gave, as the kind has it; a sentence that says what is missing where it does not fit. */
export function givenCredential(kind: SecretKind, value: SecretValue): Credential | string {
  if (kind === 'ssh-key') return givenKey(value.privateKey);
  if (kind === 'snmpv3') {
    const { authPassword, privPassword, authHash } = value;
    if (authPassword === undefined || privPassword === undefined)
      return 'SNMPv3 has two passwords, for authentication and for privacy';
    return { kind: 'snmpv3', authPassword, privPassword, ...(authHash === undefined ? {} : { authHash }) };
  }
  return value.password === undefined
    ? 'The password is missing'
    : { kind: 'password', password: value.password };
}

function givenKey(privateKey: string | undefined): Credential | string {
  if (privateKey === undefined) return 'The private key is missing';
  const parsed = ssh2.utils.parseKey(privateKey);
  const key = parsed instanceof Error ? null : parsed;
  if (key === null || !key.isPrivateKey()) return 'This is no private key that opens without a passphrase';
  const publicKey = `${key.type} ${key.getPublicSSH().toString('base64')}`;
  return { kind: 'key', privateKey, publicKey };
}

export const encoded = (credential: Credential): Buffer => Buffer.from(JSON.stringify(credential));
export const decoded = (bytes: Buffer): Credential => JSON.parse(bytes.toString('utf8')) as Credential;

/** What is shown, once, to whoever checks it out. */
export function shown(credential: Credential): { name: string; value: string }[] {
  if (credential.kind === 'password') return [{ name: 'Password', value: credential.password }];
  if (credential.kind === 'key') return [{ name: 'Private key', value: credential.privateKey }];
  return [
    { name: 'Authentication password', value: credential.authPassword },
    { name: 'Privacy password', value: credential.privPassword },
  ];
}
