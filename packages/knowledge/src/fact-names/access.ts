import type { AccessFacts } from '@wardline/model';
import type { FactNamesOf } from './fact-names-of.ts';

export const accessFacts: FactNamesOf<AccessFacts> = {
  'ldap.client': { version: true, authentication: true, hostname: true, domain: true, os: true },
  'ldap.server': {
    vendor: true,
    version: true,
    hostname: true,
    domain: true,
    site: true,
    os: true,
    functionalLevel: true,
    mechanisms: true,
    startTls: true,
  },
  'kerberos.client': { realm: true, hostname: true, encryption: true },
  'kerberos.server': { realm: true },
  'kerberos.ticket': { service: true, encryption: true, realm: true, hostname: true },
  'vnc.server': { version: true, security: true, hostname: true },
  'rdp.client': { security: true, hostname: true, build: true, keyboard: true },
  'rdp.server': { security: true, encryption: true },
  'mail.server': { protocol: true, banner: true, hostname: true, startTls: true, mechanisms: true },
  'mail.client': { protocol: true, hostname: true },
  'amqp.server': {
    version: true,
    product: true,
    release: true,
    platform: true,
    hostname: true,
    mechanisms: true,
  },
  'amqp.client': { version: true, product: true, release: true, platform: true },
  'rpc.client': { authentication: true, hostname: true, nfsVersion: true, software: true },
  'rpc.server': { program: true, version: true },
  'rpc.export': { path: true },
  'database.server': { product: true, version: true },
  'database.client': { product: true, application: true, hostname: true },
};
