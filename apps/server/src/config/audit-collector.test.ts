import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { auditCollector } from './audit-collector.ts';

const folder = mkdtempSync(join(tmpdir(), 'wardline-audit-'));
const at = (name: string) => join(folder, name);
const none = { collector: undefined, ca: undefined, certificate: undefined, key: undefined };

beforeAll(() => {
  for (const name of ['ca', 'own', 'key']) writeFileSync(at(name), `-----BEGIN ${name}-----\n`);
  writeFileSync(at('der'), Buffer.from([0x30, 0x82]));
});
afterAll(() => rmSync(folder, { recursive: true }));

it.each([
  ['siem.example', 'siem.example', 6514],
  ['siem.example:10514', 'siem.example', 10_514],
  ['10.0.0.1:1', '10.0.0.1', 1],
  ['[2001:db8::1]:6514', '2001:db8::1', 6514],
])('%s is %s, port %i', (collector, host, port) => {
  expect(auditCollector({ ...none, collector })).toMatchObject({ host, port });
});

it('is nowhere where none is set', () => {
  expect(auditCollector(none)).toBeNull();
  expect(auditCollector({ ...none, collector: ' ' })).toBeNull();
});

it('reads its files', () => {
  const files = { ca: at('ca'), certificate: at('own'), key: at('key') };
  expect(auditCollector({ collector: 'siem', ...files })).toMatchObject({
    ca: expect.stringContaining('ca'),
    certificate: expect.stringContaining('own'),
    key: expect.stringContaining('key'),
  });
});

describe('names the setting that is wrong', () => {
  it.each([
    ['WARDLINE_AUDIT_COLLECTOR', { collector: 'siem:0' }],
    ['WARDLINE_AUDIT_COLLECTOR', { collector: 'siem:65536' }],
    ['WARDLINE_AUDIT_COLLECTOR', { collector: 'tls://siem' }],
    ['WARDLINE_AUDIT_COLLECTOR', { collector: '2001:db8::1' }],
    ['WARDLINE_AUDIT_CA', { collector: 'siem', ca: at('der') }],
    ['WARDLINE_AUDIT_CERT', { collector: 'siem', certificate: at('nowhere'), key: at('key') }],
    ['WARDLINE_AUDIT_KEY', { collector: 'siem', certificate: at('own') }],
  ])('%s: %j', (setting, environment) => {
    expect(auditCollector({ ...none, ...environment })).toEqual({
      problem: expect.stringContaining(setting),
    });
  });
});
