import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { parseNats } from './nats.ts';

const folder = mkdtempSync(join(tmpdir(), 'wardline-nats-config-'));
afterAll(() => rmSync(folder, { recursive: true }));
const file = join(folder, 'one.pem');
writeFileSync(file, '-----BEGIN CERTIFICATE-----\n');
writeFileSync(join(folder, 'der'), 'no PEM');

const none = {
  urls: undefined,
  ca: undefined,
  certificate: undefined,
  key: undefined,
  replicas: undefined,
  keep: undefined,
  room: undefined,
};
const whole = { ...none, urls: 'tls://a:4222, tls://b:4222', ca: file, certificate: file, key: file };

it('takes batches from nowhere where none is named, and keeps them for a day where some are', () => {
  expect(parseNats(none)).toBeNull();
  expect(parseNats(whole)).toMatchObject({
    servers: ['tls://a:4222', 'tls://b:4222'],
    replicas: 1,
    keep: 86_400_000_000,
    room: 10_000_000_000,
  });
});

it.each([
  [{ urls: 'nats://a:4222' }, /NATS_URL: expected tls/],
  [{ urls: 'tls://user:password@a' }, /NATS_URL/],
  [{ certificate: undefined }, /WARDLINE_NATS_CERT/],
  [{ key: join(folder, 'away') }, /WARDLINE_NATS_KEY.*ENOENT/],
  [{ ca: join(folder, 'der') }, /WARDLINE_NATS_CA.*PEM/],
  [{ replicas: '2' }, /WARDLINE_NATS_REPLICAS/],
  [{ keep: '0h' }, /WARDLINE_NATS_KEEP/],
  [{ keep: '1w' }, /WARDLINE_NATS_KEEP/],
  [{ room: 'much' }, /WARDLINE_NATS_ROOM/],
])('names the setting that is wrong: %j', (settings, problem) => {
  expect(() => parseNats({ ...whole, ...settings })).toThrow(problem);
});
