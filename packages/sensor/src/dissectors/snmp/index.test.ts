import { describe, expect, it } from 'vitest';
import { objectId } from '../../bytes/ber.ts';
import { element, integer, oid, sequence, text } from '../../testing/ber.ts';
import { allDamage, hex } from '../../testing/damage.ts';
import { bytes } from '../../testing/frames.ts';
import { runDatagram } from '../../testing/harness.ts';
import { originOf } from './engine.ts';
import { snmp } from './index.ts';

const known = [{ user: '', secret: 'public', label: 'SNMP community public' }];
const [GET, RESPONSE, SET] = [0xa0, 0xa2, 0xa3];

function pdu(tag: number, ...bindings: [name: string, value: Uint8Array][]): Uint8Array {
  const list = bindings.map(([name, value]) => sequence(oid(name), value));
  return element(tag, integer(9), integer(0), integer(0), sequence(...list));
}

function message(version: number, community: string, body: Uint8Array): Uint8Array {
  return sequence(integer(version), text(community), body);
}

function userMessage(flags: number, data: Uint8Array): Uint8Array {
  const global = sequence(integer(1), integer(100), element(4, flags), integer(3));
  const engine = element(4, 0x80, 0, 0x1f, 0x88, 4, 'abc');
  const security = sequence(engine, integer(1), integer(1), text('DRHOUSE'), text(''), text(''));
  return sequence(integer(3), global, element(4, security), data);
}

const answer = message(
  1,
  'public',
  pdu(
    RESPONSE,
    ['1.3.6.1.2.1.1.1.0', text('Acme Monitor 700\r\nfirmware 2.1')],
    ['1.3.6.1.2.1.1.2.0', oid('1.3.6.1.4.1.9999.7')],
    ['1.3.6.1.2.1.1.4.0', text('Dr Gregory House')],
    ['1.3.6.1.2.1.1.5.0', text('icu-monitor-3')],
    ['1.3.6.1.2.1.47.1.1.1.1.11.1', text('SN-1')],
    ['1.3.6.1.2.1.47.1.1.1.1.11.2', text('SN-of-a-power-supply')],
  ),
);

function run(from: 'client' | 'server', payload: Uint8Array) {
  return runDatagram(snmp, [[from, payload]], { known });
}

function stated(from: 'client' | 'server', payload: Uint8Array) {
  return run(from, payload).sightings.map(({ kind, subject, facts }) => [kind, subject.ip, facts]);
}

describe('snmp', () => {
  it('states what an agent answers of itself, without the contact', () => {
    const { sightings, protection } = run('server', answer);
    expect(protection).toBe('clear');
    expect(sightings.find(({ kind }) => kind === 'snmp.system')?.facts).toEqual({
      version: '2c',
      sysDescr: 'Acme Monitor 700 firmware 2.1',
      sysObjectId: '1.3.6.1.4.1.9999.7',
      sysName: 'icu-monitor-3',
      entitySerial: 'SN-1',
    });
    expect(JSON.stringify(sightings)).not.toMatch(/House|power|"public"/);
  });

  it('reports a community that was accepted, and a known default by its label', () => {
    const credential = run('server', answer).sightings.find(({ kind }) => kind === 'credential.cleartext');
    expect(credential?.facts).toMatchObject({ outcome: 'accepted', knownDefault: 'SNMP community public' });
    expect(credential?.subject.ip).toBe('10.0.0.2');
  });

  it('states who manages, and how', () => {
    for (const [tag, operation] of [
      [GET, 'get'],
      [SET, 'set'],
    ] as const) {
      const asked = stated('client', message(0, 'secret', pdu(tag, ['1.3.6.1.2.1.1.5.0', element(5)])));
      expect(asked).toContainEqual(['snmp.manager', '10.0.0.1', { version: '1', operation }]);
      expect(asked[0]?.[2]).toMatchObject({ field: 'community', outcome: 'unknown' });
    }
  });

  it('tells version 3 without proof from version 3 with encryption', () => {
    const scoped = sequence(text('e'), text(''), pdu(RESPONSE, ['1.3.6.1.2.1.1.5.0', text('x')]));
    const engine = { engineId: '80001f8804616263', enterprise: 8072, boots: 1 };
    expect(stated('server', userMessage(0, scoped))).toEqual([
      ['snmp.engine', '10.0.0.2', { ...engine, security: 'none' }],
      ['snmp.system', '10.0.0.2', { version: '3', sysName: 'x' }],
      ['service.unauthenticated', '10.0.0.2', { protocol: 'snmp', operation: 'read' }],
    ]);
    const encrypted = run('server', userMessage(3, text('?')));
    expect(encrypted.protection).toBe('encrypted');
    expect(encrypted.sightings.map(({ facts }) => facts)).toEqual([{ ...engine, security: 'encrypted' }]);
    expect(encrypted.notes).toEqual({ 'snmp-engine-enterprise': 8072 });
  });

  it('tells the address that an engine was named after (RFC 3411 §5)', () => {
    expect(originOf(hex('80000009 03 020000000099'))).toEqual({ mac: '02:00:00:00:00:99' });
    expect(originOf(hex('80000009 01 0a000003'))).toEqual({ ip: '10.0.0.3' });
    expect(originOf(hex('80000009 03 0200'))).toEqual({});
    expect(originOf(hex('00000009 03 020000000099'))).toEqual({});
  });

  it('tells the server by the operation', () => {
    expect(snmp.serverSide?.(answer)).toBe('sender');
    expect(snmp.serverSide?.(message(0, 'x', pdu(GET)))).toBe('receiver');
  });

  it('does not take other BER, nor nesting without end', () => {
    const ldap = sequence(integer(1), element(0x60, integer(3), text('cn=x'), element(0x80, 'pw')));
    expect(run('client', ldap).recognised).toBe('no');
    let nested = text('x');
    for (let depth = 0; depth < 200; depth++) nested = sequence(nested);
    expect(run('client', nested).recognised).toBe('no');
  });

  it('refuses sub-identifiers beyond their bound', () => {
    expect(objectId(bytes(0x2b, 0x8f, 0xff, 0xff, 0xff, 0x7f))).toBe('1.3.4294967295');
    expect(objectId(bytes(0x2b, 0x90, 0x80, 0x80, 0x80, 0))).toBeNull();
    expect(objectId(bytes(0x2b, 0x81))).toBeNull();
  });

  it('takes any damage', () => {
    for (const damaged of allDamage(answer)) runDatagram(snmp, [['server', damaged]], { force: true });
  });
});
