import type { Lab } from '../lab/lab.ts';
import { DOMAIN } from './dhcp-dns.ts';

export interface KeyPair {
  key: string;
  certificate: string;
}

/** Throw-away authority and server certificates; the keys are deleted with the lab. */
export async function makeAuthority(lab: Lab): Promise<KeyPair> {
  const { key, certificate } = paths(lab, 'ca');
  const subject = ['-subj', '/O=Sample Hospital/CN=Sample Hospital Root CA'];
  await lab.must([
    'openssl',
    'req',
    '-x509',
    ...newKey(key),
    '-out',
    certificate,
    '-days',
    '3650',
    ...subject,
  ]);
  return { key, certificate };
}

export async function issue(lab: Lab, authority: KeyPair, name: string): Promise<KeyPair> {
  const { key, certificate } = paths(lab, name);
  const fqdn = name.includes('.') ? name : `${name}.${DOMAIN}`;
  const request = `${certificate}.csr`;
  const extensions = lab.file(`tls/${name}.ext`, `subjectAltName=DNS:${fqdn},DNS:${name}\n`);
  const subject = ['-subj', `/O=Sample Hospital/CN=${fqdn}`];
  await lab.must(['openssl', 'req', ...newKey(key), '-out', request, ...subject]);
  const signing = ['-CA', authority.certificate, '-CAkey', authority.key, '-CAcreateserial', '-days', '397'];
  await lab.must([
    'openssl',
    'x509',
    '-req',
    '-in',
    request,
    ...signing,
    '-extfile',
    extensions,
    '-out',
    certificate,
  ]);
  return { key, certificate };
}

export async function selfSign(lab: Lab, name: string): Promise<KeyPair> {
  const { key, certificate } = paths(lab, name);
  const subject = ['-subj', `/CN=${name}`];
  await lab.must([
    'openssl',
    'req',
    '-x509',
    ...newKey(key),
    '-out',
    certificate,
    '-days',
    '3650',
    ...subject,
  ]);
  return { key, certificate };
}

function newKey(key: string): string[] {
  return ['-newkey', 'rsa:2048', '-nodes', '-keyout', key];
}

function paths(lab: Lab, name: string): KeyPair {
  lab.folder('tls');
  return { key: `${lab.dir}/tls/${name}.key`, certificate: `${lab.dir}/tls/${name}.pem` };
}
