import { describe, expect, it } from 'vitest';
import { allDamage, hex } from '../../testing/damage.ts';
import { bytes } from '../../testing/frames.ts';
import { runDatagram } from '../../testing/harness.ts';
import { hsrp } from './index.ts';
import { MAX_MESSAGE_BYTES, MESSAGE_BYTES } from './limits.ts';

const around = { clientPort: 1985, serverPort: 1985 };
const hello = hex('00 00 10 03 0a c8 01 00 7a7a6d61726b0000 c0a80001');
const head = (state: string, family: string) =>
  hex(`01 28 02 00 ${state} ${family} 012c 020000000007 00000096 00000bb8 00002710`);
const helloOfTwo = bytes(head('05', '04'), hex('0a000001'), new Uint8Array(12));
const helloOfSix = bytes(head('06', '06'), hex('fe80 0000000000000000000000000001 0000').subarray(0, 16));

const facts = (message: Uint8Array) =>
  runDatagram(hsrp, [['client', message]], { around }).sightings[0]?.facts;

describe('hsrp', () => {
  it('states group, priority, state and address of both versions, and no word they authenticate by', () => {
    const run = runDatagram(hsrp, [['client', hello]], { around });
    expect(run.sightings[0]?.facts).toEqual({
      version: 1,
      group: 1,
      priority: 200,
      state: 'active',
      address: '192.168.0.1',
    });
    expect(JSON.stringify(run)).not.toContain('zzmark');
    const two = { version: 2, group: 300, priority: 150 };
    expect(facts(helloOfTwo)).toEqual({ ...two, state: 'standby', address: '10.0.0.1' });
    expect(facts(helloOfSix)).toEqual({ ...two, state: 'active', address: 'fe80::1' });
    expect(facts(bytes(head('00', '04'), new Uint8Array(16)))).toBeUndefined();
  });

  it('states no address while the router learns it', () => {
    const learning = bytes(hello.subarray(0, 16), hex('00000000'));
    expect(facts(learning)).toEqual({ version: 1, group: 1, priority: 200, state: 'active' });
  });

  it('goes by content and by port, within bounds of length', () => {
    const recognised = (message: Uint8Array, serverPort = 1985) =>
      runDatagram(hsrp, [['client', message]], { around: { clientPort: 1985, serverPort } }).recognised;
    expect(recognised(hello)).toBe('yes');
    expect(recognised(hello, 1986)).toBe('no');
    expect(recognised(hello.subarray(0, MESSAGE_BYTES - 1))).toBe('no');
    expect(recognised(bytes(hello, new Uint8Array(MAX_MESSAGE_BYTES - MESSAGE_BYTES)))).toBe('yes');
    expect(recognised(bytes(hello, new Uint8Array(MAX_MESSAGE_BYTES - MESSAGE_BYTES + 1)))).toBe('no');
    expect(recognised(bytes(hello.subarray(0, 2), 3, hello.subarray(3)))).toBe('no');
  });

  it('takes any damage', () => {
    for (const message of [hello, helloOfTwo, helloOfSix])
      for (const damaged of allDamage(message))
        runDatagram(hsrp, [['client', damaged]], { around, force: true });
  });
});
