import { describe, expect, it } from 'vitest';
import { allDamage } from '../../testing/damage.ts';
import { runDatagram } from '../../testing/harness.ts';
import { tftp } from './index.ts';

const read = '\x00\x01pump-fw-2.1.bin\x00octet\x00tsize\x000\x00';
const write = '\x00\x02backup.bin\x00octet\x00tsize\x004096\x00';
const acknowledged = '\x00\x06tsize\x004096\x00';

function facts(from: 'client' | 'server', payload: string) {
  return runDatagram(tftp, [[from, payload]], { around: { serverPort: 40_000 } }).sightings.map(
    (sighting) => [sighting.kind, sighting.subject.ip, sighting.facts],
  );
}

describe('tftp', () => {
  it('tells of a request which kind of image was asked for, never its name', () => {
    expect(facts('client', read)).toEqual([
      ['firmware.cleartext', '10.0.0.2', { protocol: 'tftp', image: 'bin (requested)' }],
    ]);
    expect(facts('client', write)).toEqual([
      ['firmware.cleartext', '10.0.0.1', { protocol: 'tftp', image: 'bin (requested)', bytes: 4096 }],
    ]);
  });

  it('states an open service when a server accepts, not when somebody asks', () => {
    expect(facts('client', '\x00\x01notes.txt\x00netascii\x00')).toEqual([]);
    expect(facts('server', acknowledged)).toEqual([
      ['service.unauthenticated', '10.0.0.2', { protocol: 'tftp', operation: 'transfer' }],
    ]);
    expect(facts('server', '\x00\x04\x00\x00')).toEqual([
      ['service.unauthenticated', '10.0.0.2', { protocol: 'tftp', operation: 'write' }],
    ]);
  });

  it('knows firmware by a first block’s magic', () => {
    expect(facts('server', `\x00\x03\x00\x01\x27\x05\x19\x56${'x'.repeat(508)}`)).toEqual([
      ['firmware.cleartext', '10.0.0.2', { protocol: 'tftp', image: 'uimage' }],
    ]);
  });

  it('does not take other datagrams', () => {
    for (const other of ['', '\x00\x01', '\x00\x01a\x00b\x00', '\x00\x03\x00\x01text', '\x00\x04\x00\x01']) {
      expect(runDatagram(tftp, [['client', other]]).recognised).toBe('no');
    }
  });

  it('takes any damage', () => {
    for (const damaged of allDamage(Uint8Array.from(write, (c) => c.charCodeAt(0)))) {
      runDatagram(tftp, [['client', damaged]], { force: true });
    }
  });
});
