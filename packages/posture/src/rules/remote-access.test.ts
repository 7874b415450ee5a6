import { beforeEach, expect, it } from 'vitest';
import { Hospital } from '../testing/hospital.ts';

let hospital: Hospital;
beforeEach(() => {
  hospital = new Hospital();
});

it('reports a remote desktop without TLS, and none with it', () => {
  const [scanner, old, laptop] = [
    hospital.add('CT 1', 'ct'),
    hospital.add('CT 2', 'ct'),
    hospital.add('L', 'workstation'),
  ];
  hospital.sight(scanner, 'rdp.server', { security: 'nla' }, laptop, 3389);
  hospital.sight(old, 'rdp.server', { security: 'rdp', encryption: 'rc4-40' }, laptop, 3389);
  expect(hospital.found('weak-remote-desktop')).toMatchObject([
    { asset: 'CT 2', severity: 'medium', summary: expect.stringContaining('CT 2 lets L see its screen') },
  ]);
});

it('reports tickets with broken encryption once per asset', () => {
  const [console, controller] = [hospital.add('CT 1', 'ct'), hospital.add('DC', 'domain-controller')];
  for (const [service, encryption] of [
    ['cifs/files', 'rc4-hmac'],
    ['http/pacs', 'des-cbc-md5'],
    ['ldap/dc', 'aes256-sha1'],
  ] as const)
    hospital.sight(console, 'kerberos.ticket', { service, encryption }, controller, 88);
  expect(hospital.found('weak-kerberos')).toMatchObject([
    {
      asset: 'CT 1',
      count: 2,
      summary: expect.stringContaining('for cifs/files and http/pacs that only DES and RC4'),
    },
  ]);
});

it('reports logins in clear and open doors of directories, mail and screens', () => {
  const [server, client] = [hospital.add('S', 'server'), hospital.add('CT 1', 'ct')];
  for (const [protocol, field] of [
    ['ldap', 'simple bind'],
    ['smtp', 'AUTH LOGIN'],
    ['pop3', 'PASS'],
    ['imap', 'LOGIN'],
  ] as const) {
    const use = { protocol, field, userHash: 'a', secretHash: 'b', outcome: 'accepted' } as const;
    hospital.sight(server, 'credential.cleartext', use, client);
  }
  hospital.sight(
    server,
    'credential.cleartext',
    { protocol: 'rdp', field: 'mstshash', userHash: 'a', outcome: 'unknown' },
    client,
  );
  hospital.sight(server, 'service.unauthenticated', { protocol: 'vnc', operation: 'remote screen' }, client);
  expect(hospital.found('cleartext-credential')).toHaveLength(4);
  expect(hospital.found('cleartext-user-name')).toHaveLength(1);
  expect(hospital.found('unauthenticated-service')[0]?.summary).toContain(
    'over VNC without a login: remote screen',
  );
});
