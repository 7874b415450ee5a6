import type { Mds2Answer } from '@wardline/formats';
import { describe, expect, test } from 'vitest';
import { createContext } from '../context.ts';
import { hardeningOf } from '../hardening/questions.ts';
import { judgeAsset } from '../judge.ts';
import { Hospital, knowledge } from '../testing/hospital.ts';
import { portsIn } from './ports.ts';
import type { Statement } from './statement.ts';

type Said = [id: string, value: Mds2Answer['value'], note?: string];

const form = (...said: Said[]): Statement => ({
  document: 'pump.xlsx',
  edition: '2019',
  answers: said.map(([id, value, note], index) => ({
    id,
    section: id.slice(0, 4),
    about: '',
    value,
    text: value,
    note: note ?? null,
    place: `MDS2!C${index + 1}`,
  })),
});

const seen = { firstSeen: 1, lastSeen: 2, evidence: { capture: 'ward.pcap', packet: 7 } };
const service = (port: number, application: string | null, protection = 'clear') => ({
  transport: 'tcp',
  port,
  application,
  protection,
  banner: null,
  clients: 0,
  ...seen,
});

function pump() {
  const hospital = new Hospital();
  const asset = hospital.add('pump', 'infusion-pump');
  const judged = (statement: Statement | null) => {
    const context = createContext([asset], new Map(), knowledge, () => statement);
    return judgeAsset(asset, { sightings: hospital.sightings, conversations: [] }, context)
      .filter(({ rule }) => rule === 'statement-contradicted')
      .map(({ summary, evidence }) => ({ summary, evidence }));
  };
  return { hospital, asset, judged };
}

describe('a maker’s word against the wire', () => {
  test('each contradiction cites the cell of the form and the packet', () => {
    const { asset, judged } = pump();
    asset.services.push(service(23, 'telnet'));
    const [finding, ...others] = judged(form(['SAHD-9', 'yes']));
    expect(others).toEqual([]);
    expect(finding?.summary).toContain(
      'services that it does not need are off: SAHD-9 "yes" (pump.xlsx, MDS2!C1)',
    );
    expect(finding?.summary).toContain('Telnet');
    expect(finding?.evidence).toEqual([{ capture: 'ward.pcap', packet: 7 }]);
  });

  test.each(['no', 'see-note', 'unclear', 'blank', 'not-applicable'] as const)(
    '%s claims nothing',
    (value) => {
      const { asset, judged } = pump();
      asset.services.push(service(23, 'telnet'));
      expect(judged(form(['SAHD-9', value]))).toEqual([]);
    },
  );

  test('what was not seen contradicts nothing, and without a form nothing is claimed', () => {
    const { asset, judged } = pump();
    expect(judged(form(['SAHD-9', 'yes'], ['CONN-7', 'no'], ['CONN-1.1.1', 'no']))).toEqual([]);
    asset.services.push(service(23, 'telnet'));
    expect(judged(null)).toEqual([]);
  });

  test('drives that a scan found contradict that none can be plugged in, in both editions', () => {
    for (const id of ['CONN-1.2.3', 'D.3']) {
      const { hospital, asset, judged } = pump();
      hospital.sight(asset, 'scan.media', { scanner: 'Nessus', check: '24274' });
      expect(judged(form([id, 'no']))).toHaveLength(1);
    }
  });

  test('a default login that opened it contradicts accounts for each person', () => {
    const { hospital, asset, judged } = pump();
    hospital.sight(asset, 'scan.credential', {
      scanner: 'Nmap',
      check: 'http-default-accounts',
      way: 'default',
    });
    expect(judged(form(['PAUT-1.1', 'yes']))).toHaveLength(1);
  });

  test('a listing of programs tells of anti-malware software, a few do not', () => {
    const { asset, judged } = pump();
    const program = (cpe: string) => ({
      cpe: `cpe:2.3:a:${cpe}:1:*:*:*:*:*:*:*`,
      scanner: 'Nessus',
      ...seen,
    });
    asset.scannedSoftware = ['a:a', 'b:b', 'c:c', 'd:d'].map(program);
    expect(judged(form(['MLDP-2.1', 'yes']))).toEqual([]);
    asset.scannedSoftware.push(program('e:e'));
    expect(judged(form(['MLDP-2.1', 'yes']))[0]?.summary).toContain('lists 5 programs');
    asset.scannedSoftware.push(program('sophos:endpoint'));
    expect(judged(form(['MLDP-2.1', 'yes']))).toEqual([]);
    expect(judged(form(['CSUP-4', 'no']))).toHaveLength(1);
  });

  test('what answers at a port that the form does not list is named', () => {
    const { asset, judged } = pump();
    asset.services.push(service(104, 'dicom'), service(8080, 'http'));
    const said = form(['CONN-2', 'yes', 'TCP 104 (DICOM), 2575/tcp']);
    expect(judged(said)[0]?.summary).toContain('it uses tcp/104 and tcp/2575');
    expect(judged(said)[0]?.summary).toContain('tcp/8080 is open too');
    expect(judged(form(['CONN-2', 'yes', 'see the manual, chapter 4']))).toEqual([]);
  });

  test('TLS and Wi-Fi that are there contradict a form that knows none', () => {
    const { hospital, asset, judged } = pump();
    asset.services.push(service(443, 'https', 'encrypted'));
    hospital.sight(asset, 'wifi.client', { bssid: '02:00:00:00:00:01' });
    expect(judged(form(['CONN-7', 'no'], ['CONN-1.1.1', 'no']))).toHaveLength(2);
  });
});

test('a baseline tells the maker’s word beside what nobody has looked at, and is not met by it', () => {
  const { asset } = pump();
  const items = (said: Said[]) => hardeningOf(asset, [], knowledge, form(...said)).items;
  const media = (said: Said[]) => items(said).find(({ question }) => question === 'credentials')!;
  expect(media([['PAUT-1.1', 'yes']])).toMatchObject({
    answer: 'unknown',
    reason: expect.stringContaining('states that it is so: PAUT-1.1 "yes" (pump.xlsx, MDS2!C1)'),
  });
  expect(media([['PAUT-1.1', 'no']]).reason).toContain('admits as much');
  expect(media([['PAUT-1.1', 'blank']]).reason).not.toContain('maker');
});

test.each([
  ['TCP ports 104, 2575 and 443', ['tcp/104', 'tcp/2575', 'tcp/443']],
  ['UDP:161; port 80', ['udp/161', 'null/80']],
  ['443 (TCP)', ['tcp/443']],
  ['TLS 1.2, see page 12 and section 3', []],
  ['IEC 62304, port 99999', []],
])('ports in %j', (note, expected) => {
  expect(portsIn(note).map(({ transport, port }) => `${transport}/${port}`)).toEqual(expected);
});
