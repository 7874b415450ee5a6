import { expect, it } from 'vitest';
import type { DatagramDissector } from '../dissector.ts';
import { Sensor } from '../engine.ts';
import { Redactor } from '../redactor.ts';
import { type Ends, udpFrame } from '../testing/frames.ts';

/** Recognised by `hello`; remembers what follows until `bye`. */
function remembering(seen: string[]): DatagramDissector {
  return {
    name: 'remembering',
    cost: 1,
    firstBytes: ['h'.charCodeAt(0)],
    recognise: (payload) => text(payload) === 'hello',
    onDatagram: () => {},
    open() {
      const parts: string[] = [];
      return {
        onDatagram(payload) {
          parts.push(text(payload));
          seen.push(parts.join(' '));
          return text(payload) !== 'bye';
        },
      };
    },
  };
}

function text(payload: Uint8Array): string {
  return String.fromCharCode(...payload);
}

const ends = (sourcePort: number): Ends => ({
  source: '10.0.0.1',
  target: '10.0.0.2',
  sourcePort,
  targetPort: 99,
});

function sensorOf(seen: string[], datagramSessions = 10) {
  const sensor = new Sensor({
    capture: 'test',
    redactor: new Redactor(new Uint8Array(32), []),
    limits: { datagramSessions },
    dissectors: { datagram: [remembering(seen)] },
  });
  let number = 0;
  const send = (port: number, payload: string) => {
    const frame = udpFrame(ends(port), payload);
    sensor.frame(1, frame, 0, frame.length, frame.length, 1e15 + number, ++number);
  };
  return { sensor, send };
}

it('gives a session all datagrams of its connection until it has seen enough', () => {
  const seen: string[] = [];
  const { send } = sensorOf(seen);
  for (const payload of ['hello', 'x', 'bye', 'hello']) send(1, payload);
  expect(seen).toEqual(['hello', 'hello x', 'hello x bye']);
});

it('holds sessions of connections apart', () => {
  const seen: string[] = [];
  const { send } = sensorOf(seen);
  for (const port of [1, 2, 1]) send(port, port === 1 && seen.length > 1 ? 'x' : 'hello');
  expect(seen).toEqual(['hello', 'hello', 'hello x']);
});

it('gives up the oldest session beyond the limit, and counts it', () => {
  const seen: string[] = [];
  const { sensor, send } = sensorOf(seen, 2);
  for (const port of [1, 2]) send(port, 'hello');
  expect(sensor.drain().statistics.evicted).toEqual({});
  send(3, 'hello');
  for (const port of [1, 2]) send(port, 'x');
  expect(seen).toEqual(['hello', 'hello', 'hello', 'hello x']);
  expect(sensor.drain().statistics.evicted).toEqual({ 'datagram-sessions': 1 });
});
