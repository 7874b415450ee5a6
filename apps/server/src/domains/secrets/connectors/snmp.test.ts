import { expect, it } from 'vitest';
import { canMakeDevices, SnmpDevice } from '../../../testing/managed-devices.ts';
import { type Credential, newCredential } from '../credential.ts';
import { snmpV3 } from './snmp.ts';

it.skipIf(!canMakeDevices).each([
  ['sha256', 'SHA-256'],
  ['sha384', 'SHA-384'],
  ['sha512', 'SHA-512'],
] as const)(
  'gives an agent of Net-SNMP new passwords under %s (RFC 7860)',
  async (authHash, called) => {
    const device = await SnmpDevice.start(called);
    try {
      const { account, authPassword, privPassword } = SnmpDevice;
      const target = {
        kind: 'snmpv3' as const,
        address: '127.0.0.1',
        port: device.port,
        account,
        hostKey: null,
        command: null,
      };
      const current: Credential = { kind: 'snmpv3', authPassword, privPassword, authHash };
      expect(await snmpV3.asks(target, current)).toBe('accepted');
      const next = newCredential('snmpv3', 'test', current);
      if (next.kind !== 'snmpv3') throw new Error('another kind');
      expect(next.authHash).toBe(authHash);
      await snmpV3.gives(target, current, next);
      expect(await snmpV3.asks(target, next)).toBe('accepted');
      expect(await snmpV3.asks(target, current)).not.toBe('accepted');
      expect(device.letsIn(next.authPassword, next.privPassword)).toBe(true);
      expect(device.letsIn(authPassword, privPassword)).toBe(false);
    } finally {
      device.close();
    }
  },
  60_000,
);
