import { describe, expect, it } from 'vitest';
import { allDamage, hex } from '../../testing/damage.ts';
import { runDatagram } from '../../testing/harness.ts';
import { ntp } from './index.ts';

const time = 'e0000000 00000000';
const client = hex(`23 00 06 ec ${'00000000'.repeat(9)} ${time}`);
const server = hex(`24 02 06 ec 00000010 00000020 0a000001 ${time} ${time} ${time} ${time}`);
const atHome = { around: { serverPort: 123 } };

function roles(from: 'client' | 'server', payload: Uint8Array) {
  return runDatagram(ntp, [[from, payload]], atHome)
    .sightings.filter(({ kind }) => kind === 'ntp.role')
    .map(({ facts }) => facts);
}

describe('ntp', () => {
  it('states who asks and who tells the time, and at which stratum', () => {
    expect(roles('client', client)).toEqual([{ role: 'client', version: 4 }]);
    expect(roles('server', server)).toEqual([{ role: 'server', version: 4, stratum: 2 }]);
  });

  it('takes a whole server’s answer on any port, and a request on its own only', () => {
    expect(runDatagram(ntp, [['server', server]]).recognised).toBe('yes');
    expect(runDatagram(ntp, [['client', client]]).recognised).toBe('no');
  });

  it('has no stratum in a refusal', () => {
    const kiss = server.slice();
    kiss[1] = 0;
    expect(roles('server', kiss)).toEqual([{ role: 'server', version: 4 }]);
  });

  it('takes any damage', () => {
    for (const damaged of allDamage(server)) runDatagram(ntp, [['server', damaged]], atHome);
  });
});
