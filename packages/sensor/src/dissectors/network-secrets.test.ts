import { Buffer } from 'node:buffer';
import { describe, expect, it } from 'vitest';
import type { DatagramDissector } from '../dissector.ts';
import { element, integer, oid, sequence, text } from '../testing/ber.ts';
import { hex } from '../testing/damage.ts';
import { dnsMessage, dnsName } from '../testing/dns-message.ts';
import { bytes, u16 } from '../testing/frames.ts';
import { type HarnessOptions, runDatagram, runStream } from '../testing/harness.ts';
import { framed, le16, le32, ntlmProof, smb2, utf16 } from '../testing/smb-message.ts';
import { dhcp } from './dhcp/index.ts';
import { dns } from './dns/index.ts';
import { mdns } from './mdns/index.ts';
import { nbns } from './nbns/index.ts';
import { smb } from './smb/index.ts';
import { snmp } from './snmp/index.ts';
import { ssdp } from './ssdp/index.ts';
import { tftp } from './tftp/index.ts';

const MARK = 'Zzmark';

/** Everything that is reported, in one text; the mark may stand in it in any case or encoding that a person could read. */
function reported(
  dissector: DatagramDissector,
  payload: Uint8Array | string,
  options: HarnessOptions = {},
): string {
  const runs = (['client', 'server'] as const).map((from) =>
    runDatagram(dissector, [[from, payload]], options),
  );
  expect(runs[0]?.recognised).toBe('yes');
  return JSON.stringify(runs);
}

function expectNoMark(printed: string): void {
  expect(printed.toLowerCase()).not.toContain(MARK.toLowerCase());
  expect(printed.toLowerCase()).not.toContain(Buffer.from(MARK).toString('hex'));
}

function snmpMessage(version: number, community: string, tag: number): Uint8Array {
  const objects = ['1.3.6.1.2.1.1.4.0', '1.3.6.1.4.1.9999.1.1', '1.3.6.1.2.1.1.9.1.3.1'];
  const bindings = objects.map((name) => sequence(oid(name), text(MARK)));
  const pdu = element(tag, integer(1), integer(0), integer(0), sequence(...bindings));
  return sequence(integer(version), text(community), pdu);
}

describe('nothing that must stay behind is reported by', () => {
  it('snmp: communities, contacts, values of other objects, user and context names', () => {
    for (const version of [0, 1]) {
      for (const tag of [0xa0, 0xa1, 0xa2, 0xa3, 0xa5, 0xa6, 0xa7]) {
        expectNoMark(reported(snmp, snmpMessage(version, MARK, tag)));
      }
    }
    const global = sequence(integer(1), integer(100), element(4, 0), integer(3));
    const security = sequence(
      element(4, 1, 2, 3, 4, 5),
      integer(1),
      integer(1),
      text(MARK),
      text(MARK),
      text(MARK),
    );
    const pdu = element(0xa2, integer(1), integer(0), integer(0), sequence());
    const scoped = sequence(text('engine'), text(MARK), pdu);
    expectNoMark(reported(snmp, sequence(integer(3), global, element(4, security), scoped)));
  });

  it('mdns: owners, notes and paths', () => {
    const full = `${MARK}'s tablet._http._tcp.local`;
    const pair = (entry: string) => bytes(entry.length, entry);
    const strings = ['note', 'fn', 'path', 'adminurl', 'u', 'name', 'location'].map((key) =>
      pair(`${key}=${MARK}`),
    );
    const message = dnsMessage({
      flags: 0x8400,
      answers: [
        { name: '_http._tcp.local', type: 12, data: dnsName(full) },
        { name: full, type: 16, data: bytes(...strings) },
        { name: `${MARK}@host._presence._tcp.local`, type: 16, data: bytes(...strings) },
      ],
    });
    expectNoMark(reported(mdns, message, { around: { serverPort: 5353 } }));
  });

  it('dns: questions, texts and names of the Internet’s hosts', () => {
    const message = dnsMessage({
      flags: 0x8180,
      questions: [{ name: `${MARK}.example`, type: 16 }],
      answers: [
        { name: `${MARK}.example`, type: 16, data: bytes(MARK.length, MARK) },
        { name: `${MARK}.example`, type: 1, data: hex('5db8d822') },
        { name: `${MARK}.example`, type: 15, data: bytes(u16(1), dnsName(MARK)) },
      ],
    });
    expectNoMark(reported(dns, message));
  });

  it('nbns: user names', () => {
    const plain = bytes(MARK.toUpperCase().padEnd(15), 3);
    const name = String.fromCharCode(...Array.from(plain, (b) => [65 + (b >>> 4), 65 + (b & 15)]).flat());
    const owner = { name, type: 32, data: hex('0000 0a000001') };
    expectNoMark(reported(nbns, dnsMessage({ flags: 0x2910, questions: [owner], additionals: [owner] })));
    const status = { name, type: 33, data: bytes(1, plain, hex('0400'), new Uint8Array(6)) };
    expectNoMark(reported(nbns, dnsMessage({ flags: 0x8400, answers: [status] })));
  });

  it('ssdp: users, paths and queries of locations, and headers of its own', () => {
    const location = `http://${MARK}:${MARK}@10.0.0.1:80/${MARK}?patient=${MARK}#${MARK}`;
    const lines = [`LOCATION: ${location}`, `X-User: ${MARK}`, 'NT: upnp:rootdevice', 'USN: uuid:1'];
    expectNoMark(reported(ssdp, ['NOTIFY * HTTP/1.1', ...lines, '', ''].join('\r\n')));
    expectNoMark(reported(ssdp, ['HTTP/1.1 200 OK', ...lines, 'ST: x', '', ''].join('\r\n')));
  });

  it('tftp: file names and options', () => {
    for (const operation of ['\x01', '\x02']) {
      expectNoMark(reported(tftp, `\0${operation}${MARK}/firmware-${MARK}.bin\0octet\0${MARK}\0${MARK}\0`));
    }
  });

  it('dhcp: queries of manufacturer usage URLs and options of its own', () => {
    const option = (code: number, value: string) => bytes(code, value.length, value);
    const url = option(161, `https://acme.example/pump.json?user=${MARK}#${MARK}`);
    const options = bytes(53, 1, 1, url, option(77, MARK), option(90, MARK), option(224, MARK), 255);
    const fixed = bytes(1, 1, 6, 0, new Uint8Array(24), hex('020000000099'), new Uint8Array(202));
    expectNoMark(reported(dhcp, bytes(fixed, hex('63825363'), options)));
  });

  it('smb: users, passwords, proofs, shares and what is read and written', () => {
    const proof = ntlmProof(MARK, 'CT-CONSOLE', MARK);
    const setup = bytes(
      le16(25),
      0,
      1,
      new Uint8Array(8),
      le16(88),
      le16(proof.length),
      new Uint8Array(8),
      proof,
    );
    const share = utf16(`\\\\pacs\\${MARK}`);
    const tree = bytes(le16(9), le16(0), le16(72), le16(share.length), share);
    const steps = [setup, tree, bytes(le16(49), new Uint8Array(46), MARK, utf16(MARK))].map((body, i) =>
      smb2([1, 3, 9][i]!, false, body),
    );
    const head = bytes(0xff, 'SMB', 0x73, le32(0), 0, le16(0), new Uint8Array(20));
    const data = bytes(MARK, MARK, 0, MARK, 0, 'DOS', 0, 'LAN', 0);
    const words = bytes(new Uint8Array(14), le16(MARK.length), le16(0), new Uint8Array(8));
    const old = framed(bytes(head, 13, words, le16(data.length), data));
    const run = runStream(
      smb,
      [...steps, old].map((message) => ['client', message]),
    );
    expect(run.recognised).toBe('yes');
    expectNoMark(JSON.stringify(run));
  });
});
