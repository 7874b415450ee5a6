import { describe, expect, test } from 'vitest';
import { Sensor } from '../../engine.ts';
import { Redactor } from '../../redactor.ts';
import { bytes, type Ends, tcpFrame } from '../../testing/frames.ts';
import { onlyDelta } from '../../testing/only-delta.ts';

const client: Ends = { source: '10.0.0.1', target: '10.0.0.2', sourcePort: 50_000, targetPort: 40_123 };
const server: Ends = { source: '10.0.0.2', target: '10.0.0.1', sourcePort: 40_123, targetPort: 50_000 };
const text = (value: string) => bytes(value);

/** What a connection shows in which these segments are sent. */
function sense(...segments: [from: Ends, payload: Uint8Array][]) {
  const sensor = new Sensor({ capture: 'x', redactor: new Redactor(new Uint8Array(16), []) });
  const next = new Map([client, server].map((ends) => [ends, 1]));
  const feed = (frame: Uint8Array) => sensor.frame(1, frame, 0, frame.length, frame.length, 0, 1);
  feed(tcpFrame(client, { flags: 2, sequence: 0 }));
  feed(tcpFrame(server, { flags: 18, sequence: 0 }));
  for (const [from, payload] of segments) {
    feed(tcpFrame(from, { flags: 16, sequence: next.get(from)!, payload }));
    next.set(from, next.get(from)! + payload.length);
  }
  const { sightings, conversations } = onlyDelta(sensor);
  const facts = sightings.filter((s) => s.kind === 'firmware.cleartext');
  return { images: facts.map((s) => [s.subject.ip, s.facts]), application: conversations[0]?.application };
}

const elf = bytes(0x7f, 'ELF', new Uint8Array(60));
const hex = text(':020000040800F2\r\n:10010000214601360121470136007EFE09D2190140\r\n:00000001FF\r\n');

describe('an image that is a stream of its own', () => {
  test('is told with the side that sent it', () => {
    const facts = { protocol: 'raw-image', image: 'elf' };
    expect(sense([server, elf])).toEqual({ images: [['10.0.0.2', facts]], application: 'raw-image' });
    expect(sense([client, elf])).toEqual({ images: [['10.0.0.1', facts]], application: 'raw-image' });
  });

  test('is told from pieces of any size', () => {
    for (const size of [1, 3, 7, 20]) {
      const pieces: [Ends, Uint8Array][] = [];
      for (let at = 0; at < hex.length; at += size) pieces.push([client, hex.subarray(at, at + size)]);
      expect(sense(...pieces).images).toEqual([['10.0.0.1', { protocol: 'raw-image', image: 'intel-hex' }]]);
    }
  });

  test('is nothing where the other side speaks first, or where another protocol begins', () => {
    expect(sense([server, text('ready\r\n')], [client, elf]).images).toEqual([]);
    expect(sense([client, text('GET / HTTP/1.1\r\nHost: x\r\n\r\n')]).application).toBe('http');
    expect(sense([server, text('SSH-2.0-x\r\n')], [client, text('SSH-2.0-y\r\n')]).application).toBe('ssh');
    expect(sense([client, text('STARTED at noon\r\n'.repeat(200))])).toEqual({
      images: [],
      application: null,
    });
  });
});
