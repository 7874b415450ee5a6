import { randomBytes } from 'node:crypto';
import { type Authority, issueLeaf, issueRoot, issueZone } from '../authority/issue.ts';
import type { ZoneScope } from '../authority/zone.ts';
import { type Certificate, certificate } from '../certificate/certificate.ts';
import { toPem } from '../pem.ts';
import { NOW, newKey } from './keys.ts';

export const moment = (at = NOW) => ({ at, random: randomBytes(16) });

export const scopeOf = (zone: string): ZoneScope => ({
  organization: 'Wardline General',
  zone,
  domain: `${zone}.devices.hospital.example`,
  mailDomain: null,
});

export async function newRoot(): Promise<Authority> {
  const { signer } = newKey('secp384r1');
  return { signer, certificate: certificate(await issueRoot(signer, 'Wardline General', 20, moment())) };
}

export async function newZone(root: Authority, scope: ZoneScope): Promise<Authority> {
  const { signer } = newKey();
  const order = { key: signer.publicKey, scope, days: 5 * 365, list: null };
  return { signer, certificate: certificate(await issueZone(root, order, moment())) };
}

export const holder = { profile: 'device', id: 'pump-7', hosts: [], mail: null } as const;

export async function newLeaf(authority: Authority, scope: ZoneScope, at = NOW): Promise<Certificate> {
  const key = newKey().signer.publicKey;
  return certificate(await issueLeaf(authority, scope, { holder, key, places: null }, moment(at)));
}

export const pem = ({ der }: Pick<Certificate, 'der'>): string => toPem('CERTIFICATE', der);
