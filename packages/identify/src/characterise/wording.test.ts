import { loadKnowledge } from '@wardline/knowledge';
import { expect, it } from 'vitest';
import { hasWords, reasonOfMatch } from './wording.ts';

const knowledge = loadKnowledge();

it('has words for every fact that the fingerprints look at', () => {
  const facts = knowledge.fingerprints.files.flatMap((file) =>
    file.rules.map((rule) => [file.kind, rule.when.fact] as const),
  );
  expect(facts.length).toBeGreaterThan(1000);
  expect(facts.filter(([kind, fact]) => !hasWords(kind, fact))).toEqual([]);
});

it.each([
  [
    'dhcp.client',
    { attribute: 'class', fact: 'hostname', text: 'infusionpump-icu2-02', strength: 'weak' },
    'infusion-pump',
    'Its DHCP host name “infusionpump-icu2-02” hints at an infusion pump.',
  ],
  [
    'snmp.system',
    { attribute: 'class', fact: 'sysObjectId', text: '1.3.6.1.4.1.318.1', strength: 'medium' },
    'ups-pdu',
    'Its SNMP object identifier “1.3.6.1.4.1.318.1” points to a UPS or power distribution.',
  ],
  [
    'smb.host',
    { attribute: 'os', fact: 'os', text: 'Windows NT 4.0', strength: 'strong' },
    'Windows NT 4.0',
    'The system that it names in SMB, “Windows NT 4.0”, shows the operating system Windows NT 4.0.',
  ],
  [
    'dicom.equipment',
    { attribute: 'vendor', fact: 'model', text: 'IntelliVue MX800', strength: 'strong' },
    'Philips',
    'The model that its images name, “IntelliVue MX800”, shows the vendor Philips.',
  ],
] as const)('says of %s %j what it means', (kind, match, value, sentence) => {
  expect(reasonOfMatch(kind, match, value, knowledge)).toBe(sentence);
});

it('cuts long texts, and finds words for a fact of a hospital’s own', () => {
  const match = { attribute: 'class', fact: 'fqdn', text: 'x'.repeat(400), strength: 'weak' } as const;
  const sentence = reasonOfMatch('dhcp.client', match, 'ct', knowledge);
  expect(sentence).toMatch(/^What it says in dhcp\.client \(fqdn\), “x{89}…”, hints at a CT scanner\.$/);
});
