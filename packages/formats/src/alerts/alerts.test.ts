import type { Alert, AlertParty } from '@wardline/model';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { cefLineOf } from './cef.ts';
import type { NumberedAlert } from './numbered.ts';
import { ocsfFindingOf } from './ocsf.ts';

const party = (name: string, ip: string): AlertParty => ({
  key: ip,
  asset: `a-${name}`,
  name,
  mac: '00:1b:d3:00:00:01',
  ip,
  classLabel: 'Infusion pump',
  criticality: 'life-critical',
  outside: false,
});
const alert: Alert = {
  id: '1-5b2f3c9a7d1e4f60',
  detection: 'unsafe-command',
  title: 'A device is written to | by a stranger',
  severity: 'critical',
  confidence: 'high',
  harms: ['patient', 'operations'],
  technique: 'T0855',
  actor: party('desk', '10.0.0.7'),
  targets: [party('pump', 'fd00::5')],
  targetCount: 3,
  service: { transport: 'tcp', port: 502, application: 'modbus' },
  summary: 'It wrote register 4 = 7.\nNobody ever did.',
  meaning: 'A dose may change.',
  advice: 'Look at the pump.',
  basis: 'baseline',
  firstSeen: 1_700_000_000_000_000,
  lastSeen: 1_700_000_005_000_000,
  count: 2,
  evidence: [{ capture: 'a.pcap', packet: 9 }],
  facts: { register: 4 },
};
const numbered: NumberedAlert = { number: 41, site: 2, at: 1_700_000_006_000_000, alert };

it('writes an alert as a detection finding of OCSF with all that the class requires', () => {
  const finding = ocsfFindingOf(numbered, '0.1.0');
  expect(finding).toMatchObject({
    category_uid: 2,
    class_uid: 2004,
    activity_id: 2,
    type_uid: 200_402,
    severity_id: 5,
    time: 1_700_000_006_000,
    metadata: { version: '1.3.0', sequence: 41, product: { name: 'Wardline' } },
    finding_info: { uid: alert.id, title: alert.title, attacks: [{ technique: { uid: 'T0855' } }] },
    resources: [{ uid: 'a-pump', name: 'pump' }],
    evidences: [{ src_endpoint: { ip: '10.0.0.7' }, dst_endpoint: { ip: 'fd00::5', port: 502 } }],
  });
  const first = ocsfFindingOf({ ...numbered, alert: { ...alert, count: 1 } }, '0.1.0');
  expect(first).toMatchObject({ activity_id: 1, type_uid: 200_401 });
});

it('writes an alert as one line of CEF, in which nothing that was seen can end a field', () => {
  const line = cefLineOf(numbered, '0.1.0');
  expect(line).toMatch(
    /^CEF:0\|Wardline\|Wardline\|0\.1\.0\|unsafe-command\|A device is written to \\\| by a stranger\|10\|externalId=41 /,
  );
  expect(line).toContain('msg=It wrote register 4 \\= 7.\\nNobody ever did.');
  expect(line).toContain('src=10.0.0.7');
  expect(line).toContain('c6a3Label=Destination IPv6 Address');
  expect(line).not.toContain('\n');
});

/** Splits a line as a receiver does. */
function received(line: string): { head: string[]; fields: Map<string, string> } {
  const parts = line.split(/(?<!(?:^|[^\\])(?:\\\\)*\\)\|/);
  const head = parts.slice(0, 7).map((text) => text.replaceAll(/\\([\\|])/g, '$1'));
  const fields = new Map<string, string>();
  for (const match of parts
    .slice(7)
    .join('|')
    .matchAll(/(\w+)=((?:\\.|[^\\=])*?)(?=\s\w+=|$)/gs))
    fields.set(
      match[1]!,
      match[2]!.replaceAll(/\\([\\=n])/g, (_, sign: string) => (sign === 'n' ? '\n' : sign)),
    );
  return { head, fields };
}

it('is read back by whoever keeps to CEF, whatever was seen', () => {
  const text = fc.string({ unit: fc.constantFrom('a', ' ', '=', '|', '\\', '\n', 'x='), maxLength: 20 });
  fc.assert(
    fc.property(text, text, (title, summary) => {
      const said = summary.trim();
      const { head, fields } = received(
        cefLineOf({ ...numbered, alert: { ...alert, title, summary: said } }, '1'),
      );
      expect(head[5]).toBe(title.replaceAll(/[\r\n]+/g, ' '));
      expect(fields.get('msg') ?? '').toBe(said);
      expect(fields.get('dhost')).toBe('pump');
    }),
  );
});
