import { randomBytes } from 'node:crypto';
import type { SnmpHash } from '@wardline/model';
import snmp, { type Session } from 'net-snmp';
import type { Credential } from '../credential.ts';
import { CONNECT_MILLISECONDS } from '../limits.ts';
import { type Answer, type Connector, ConnectorError, type Target } from './connector.ts';
import { keyChange, localizedKey } from './usm-keys.ts';

/** A user of the user-based security model (RFC 3414) with SHA-1 or SHA-2 (RFC 7860) and AES-128: both keys are changed in one message. */
export const snmpV3: Connector = { asks, gives, takes: null };

const UPTIME = '1.3.6.1.2.1.1.3.0';
/** usmUserEntry: a user's own keys, which it may change without anybody else's rights. */
const OWN_AUTH_KEY = '1.3.6.1.6.3.15.1.2.2.1.7';
const OWN_PRIVACY_KEY = '1.3.6.1.6.3.15.1.2.2.1.10';
const AES_BYTES = 16;
const protocols: Readonly<Record<SnmpHash, snmp.AuthProtocols>> = {
  sha1: snmp.AuthProtocols.sha,
  sha256: snmp.AuthProtocols.sha256,
  sha384: snmp.AuthProtocols.sha384,
  sha512: snmp.AuthProtocols.sha512,
};
const TRIES = 2;

async function asks(target: Target, credential: Credential): Promise<Answer> {
  try {
    await withSession(target, credential, (session) => uptime(session));
    return 'accepted';
  } catch (error) {
    return error instanceof Error && error.name === 'RequestTimedOutError' ? 'away' : 'refused';
  }
}

async function gives(target: Target, current: Credential, next: Credential): Promise<void> {
  if (current.kind !== 'snmpv3' || next.kind !== 'snmpv3') throw new ConnectorError('no passwords were made');
  await withSession(target, current, async (session) => {
    await uptime(session);
    const engine = engineOf(session);
    const index = [engine.length, ...engine, target.account.length, ...Buffer.from(target.account)].join('.');
    const { authHash: hash = 'sha1' } = current;
    const key = (password: string) => localizedKey(hash, password, engine);
    const change = (from: Buffer, to: Buffer) => keyChange(hash, from, to, randomBytes(to.length));
    const aes = (password: string) => key(password).subarray(0, AES_BYTES);
    await set(session, [
      [`${OWN_AUTH_KEY}.${index}`, change(key(current.authPassword), key(next.authPassword))],
      [`${OWN_PRIVACY_KEY}.${index}`, change(aes(current.privPassword), aes(next.privPassword))],
    ]);
  });
}

/** The engine that answered: it is known after the first answer that was checked. */
function engineOf(session: Session): Buffer {
  const { msgSecurityParameters: of } = session as unknown as {
    msgSecurityParameters?: { msgAuthoritativeEngineID: Buffer };
  };
  if (of === undefined) throw new ConnectorError('the device did not tell its engine');
  return Buffer.from(of.msgAuthoritativeEngineID);
}

async function withSession<T>(
  { address, port, account }: Target,
  credential: Credential,
  work: (session: Session) => Promise<T>,
): Promise<T> {
  if (credential.kind !== 'snmpv3') throw new ConnectorError('no passwords of SNMPv3');
  const user = {
    name: account,
    level: snmp.SecurityLevel.authPriv,
    authProtocol: protocols[credential.authHash ?? 'sha1'],
    authKey: credential.authPassword,
    privProtocol: snmp.PrivProtocols.aes,
    privKey: credential.privPassword,
  };
  const options = {
    port,
    version: snmp.Version3,
    timeout: CONNECT_MILLISECONDS / (2 * TRIES),
    retries: TRIES - 1,
  };
  const session = snmp.createV3Session(address, user, options);
  try {
    return await work(session);
  } finally {
    session.close();
  }
}

function uptime(session: Session): Promise<void> {
  return new Promise((resolve, reject) => {
    session.get([UPTIME], (error, varbinds) => {
      if (error !== null) reject(error);
      else if (varbinds === undefined || varbinds.some((one) => snmp.isVarbindError(one)))
        reject(new ConnectorError('the device does not tell how long it runs'));
      else resolve();
    });
  });
}

function set(session: Session, values: readonly (readonly [oid: string, value: Buffer])[]): Promise<void> {
  const varbinds = values.map(([oid, value]) => ({ oid, type: snmp.ObjectType.OctetString, value }));
  return new Promise((resolve, reject) => {
    session.set(varbinds, (error) => (error === null ? resolve() : reject(error)));
  });
}
