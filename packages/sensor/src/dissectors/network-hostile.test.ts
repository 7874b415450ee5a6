import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DatagramDissector, StreamDissector } from '../dissector.ts';
import { bytes, u16 } from '../testing/frames.ts';
import { runDatagram, runFrame, runStream } from '../testing/harness.ts';
import { arp } from './arp/index.ts';
import { dhcp } from './dhcp/index.ts';
import { dns, dnsStream } from './dns/index.ts';
import { lldp } from './lldp/index.ts';
import { llmnr, mdns } from './mdns/index.ts';
import { nbdgm, nbns } from './nbns/index.ts';
import { ntp } from './ntp/index.ts';
import { smb } from './smb/index.ts';
import { snmp } from './snmp/index.ts';
import { ssdp } from './ssdp/index.ts';
import { tftp } from './tftp/index.ts';
import { dtls, tls } from './tls/index.ts';

const once = { seed: 20_261, numRuns: 300 };
const anything = fc.uint8Array({ maxLength: 600 });

/** Beginnings that lead random bytes past the first checks. */
const datagrams: readonly [dissector: DatagramDissector, beginning: Uint8Array][] = [
  [dhcp, bytes(1, 1, 6, 0, new Uint8Array(232), 0x63, 0x82, 0x53, 0x63, 53, 1, 1)],
  [dns, bytes(0, 7, 0x81, 0x80, 0, 1, 0, 9, 0, 0, 0, 0)],
  [mdns, bytes(0, 0, 0x84, 0, 0, 0, 0, 9, 0, 0, 0, 9)],
  [llmnr, bytes(0, 7, 0x80, 0, 0, 1, 0, 9, 0, 0, 0, 0)],
  [
    nbns,
    bytes(0, 7, 0x84, 0, 0, 0, 0, 1, 0, 0, 0, 0, 32, 'CK'.padEnd(32, 'A'), 0, 0, 0x21, 0, 1, 0, 0, 0, 0),
  ],
  [nbdgm, bytes(0x11, 2, 0, 1, 10, 0, 0, 1, 0, 138, 0, 100, 0, 0, 32)],
  [ntp, bytes(0x24, 2, 6, 0xec)],
  [snmp, bytes(0x30, 0x82, 1, 0, 2, 1, 1, 4, 1, 'x', 0xa2)],
  [ssdp, bytes('NOTIFY * HTTP/1.1\r\n')],
  [tftp, bytes(0, 1, 'a.bin', 0, 'octet', 0)],
  [dtls, bytes(22, 0xfe, 0xfd, new Uint8Array(8), 1, 0, 1, 0, 0, 244, 0, 0, 0, 0, 0, 0, 0, 244, 0xfe, 0xfd)],
];
const streams: readonly [dissector: StreamDissector, beginning: Uint8Array][] = [
  [dnsStream, bytes(u16(200), 0, 7, 0x81, 0x80, 0, 1, 0, 9, 0, 0, 0, 0)],
  [smb, bytes(0, 0, 2, 0, 0xfe, 'SMB', 64, 0, 0, 0, 0, 0, 0, 0)],
  [tls, bytes(22, 3, 1, 1, 0, 1, 0, 0, 200, 3, 3)],
];

describe('hostile bytes neither throw nor hang', () => {
  it.each(datagrams.map(([dissector, beginning]) => ({ name: dissector.name, dissector, beginning })))(
    '$name',
    ({ dissector, beginning }) => {
      const holds = fc.property(anything, fc.boolean(), (tail, begun) => {
        const payload = begun ? bytes(beginning, tail) : tail;
        dissector.serverSide?.(payload);
        runDatagram(dissector, [['client', payload]]);
        runDatagram(dissector, [['server', payload]], { around: { serverPort: 53, clientPort: 5353 } });
      });
      fc.assert(holds, once);
    },
  );

  it.each(streams.map(([dissector, beginning]) => ({ name: dissector.name, dissector, beginning })))(
    '$name over TCP',
    ({ dissector, beginning }) => {
      const holds = fc.property(anything, anything, fc.nat(), (tail, answer, seed) => {
        const steps = [
          ['client', bytes(beginning, tail)],
          ['server', answer],
          ['client', { lost: 9 }],
        ] as const;
        const forced = { force: true, seed, longest: 40 };
        runStream(
          dissector,
          steps.map(([from, content]) => [from, content] as never),
          forced,
        );
      });
      fc.assert(holds, once);
    },
  );

  it('arp and lldp', () => {
    const holds = fc.property(anything, (payload) => {
      runFrame(arp, [payload, bytes(0, 1, 8, 0, 6, 4, 0, 1, payload)]);
      runFrame(lldp, [payload, bytes(2, 7, 4, 2, 0, 0, 0, 0, 1, payload)]);
    });
    fc.assert(holds, once);
  });

  it('a name server’s answer is not taken by those who share its form', () => {
    const answer = bytes(0, 7, 0x81, 0x80, 0, 1, 0, 0, 0, 0, 0, 0, 1, 'a', 0, 0, 1, 0, 1);
    for (const other of [mdns, llmnr, nbns, nbdgm, snmp, ntp, dhcp, tftp, dtls]) {
      expect(runDatagram(other, [['server', answer]]).recognised, other.name).toBe('no');
    }
  });
});
