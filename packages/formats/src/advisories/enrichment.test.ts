import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NVD_RECORDS, OSV_EVENTS, SSVC_CHARS } from '../limits.ts';
import { hasSharedData, sharedFiles, sharedText } from '../testing/shared-data.ts';
import { readCpe } from './cpe-name.ts';
import { readNvd } from './nvd.ts';
import { readOsv } from './osv.ts';
import { readWeaknessFile } from './read.ts';
import { readSsvc } from './ssvc.ts';

const firmware = 'cpe:2.3:o:acme:testpump_8000_firmware:*:*:*:*:*:*:*:*';
const hardware = 'cpe:2.3:h:acme:testpump_8000:-:*:*:*:*:*:*:*';
const match = (criteria: string, vulnerable: boolean, bounds = {}) => ({ criteria, vulnerable, ...bounds });
const configuration = {
  operator: 'AND',
  nodes: [
    {
      operator: 'OR',
      negate: false,
      cpeMatch: [
        match(firmware, true, { versionStartIncluding: '1.0', versionEndExcluding: '2.0' }),
        match(firmware.replace(':*', ':2.4'), true),
      ],
    },
    { operator: 'OR', negate: false, cpeMatch: [match(hardware, false)] },
  ],
};
const record = {
  id: 'CVE-2026-0001',
  published: '2026-01-02T03:04:05.000',
  lastModified: '2026-02-02T03:04:05.000',
  vulnStatus: 'Analyzed',
  descriptions: [{ lang: 'en', value: 'The rate can be changed.' }],
  metrics: {
    cvssMetricV31: [
      { type: 'Secondary', cvssData: { version: '3.1', vectorString: 'CVSS:3.1/X', baseScore: 5 } },
      { type: 'Primary', cvssData: { version: '3.1', vectorString: 'CVSS:3.1/Y', baseScore: 9.8 } },
    ],
  },
  weaknesses: [
    {
      description: [
        { lang: 'en', value: 'CWE-306' },
        { lang: 'en', value: 'NVD-CWE-noinfo' },
      ],
    },
  ],
  configurations: [configuration],
};
const nvd = (...records: object[]) => ({
  format: 'NVD_CVE',
  version: '2.0',
  vulnerabilities: records.map((cve) => ({ cve })),
});
const statementsOf = (configurations: unknown[]) => {
  const reading = readNvd(nvd({ ...record, configurations }));
  return reading.ok ? reading.advisories[0]!.statements : [];
};

describe('NVD 2.0', () => {
  it('reads a firmware with its hardware as one device, with all its versions', () => {
    const reading = readNvd(nvd(record));
    const [advisory] = reading.ok ? reading.advisories : [];
    expect(advisory).toMatchObject({
      id: 'NVD CVE-2026-0001',
      published: Date.UTC(2026, 0, 2, 3, 4, 5) * 1000,
      vulnerabilities: [
        { id: 'CVE-2026-0001', scores: [{ base: 9.8 }, { base: 5 }], weaknesses: ['CWE-306'] },
      ],
      statements: [
        {
          status: 'affected',
          product: { vendor: 'acme', name: 'testpump 8000', versions: ['>= 1.0 < 2.0', '2.4'] },
        },
      ],
    });
  });

  it('gives hardware of another name the versions of the one firmware', () => {
    const other = structuredClone(configuration);
    other.nodes[1]!.cpeMatch = [match('cpe:2.3:h:acme:bedside_unit:-:*:*:*:*:*:*:*', false)];
    const names = statementsOf([other]).map(({ product }) => [product.name, product.versions.length]);
    expect(names).toEqual([
      ['testpump 8000', 2],
      ['bedside unit', 2],
    ]);
  });

  it('leaves open what the device alone does not decide', () => {
    const platform = structuredClone(configuration);
    platform.nodes[1]!.cpeMatch = [match('cpe:2.3:o:acme:windows:-:*:*:*:*:*:*:*', false)];
    expect(statementsOf([platform])[0]?.status).toBe('under-investigation');
    const negated = structuredClone(configuration);
    negated.nodes[1]!.negate = true;
    expect(statementsOf([negated])[0]?.status).toBe('under-investigation');
  });

  it('says nothing of products for a rejected record', () => {
    const reading = readNvd(nvd({ ...record, vulnStatus: 'Rejected' }));
    expect(reading.ok && reading.advisories[0]?.statements).toEqual([]);
  });

  it('names the record at fault and reads the others', async () => {
    const reading = await readWeaknessFile(JSON.stringify(nvd({ ...record, id: 'CVE-1' }, record)));
    expect(reading).toMatchObject({
      kind: 'advisories',
      advisories: [{ id: 'NVD CVE-2026-0001' }],
      faults: [{ place: '/vulnerabilities/0/cve/id' }],
    });
  });

  it('takes as many records as a mirror has and refuses more', () => {
    const many = (length: number) => readNvd({ vulnerabilities: Array.from({ length }, () => null) }).ok;
    expect([many(NVD_RECORDS), many(NVD_RECORDS + 1)]).toEqual([true, false]);
  });

  it('reads a CPE with its escapes', () => {
    expect(readCpe('cpe:2.3:a:a\\:b:c\\!:1.0\\-x:-:*:*:*:*:*:*')).toEqual({
      part: 'a',
      vendor: 'a:b',
      product: 'c!',
      version: '1.0-x',
      update: '-',
    });
    expect(readCpe('cpe:/a:b:c:1')).toBeNull();
  });
});

const osv = {
  schema_version: '1.6.0',
  id: 'GHSA-aaaa-bbbb-cccc',
  modified: '2026-01-02T03:04:05Z',
  aliases: ['CVE-2026-0002'],
  summary: 'Overflow',
  affected: [
    {
      package: { ecosystem: 'npm', name: '@x/y', purl: 'pkg:npm/%40x/y' },
      ranges: [
        {
          type: 'SEMVER',
          events: [{ introduced: '0' }, { fixed: '1.2' }, { introduced: '2.0' }, { last_affected: '2.3' }],
        },
        { type: 'GIT', events: [{ introduced: '0' }] },
      ],
      versions: ['1.0'],
    },
  ],
};

describe('OSV', () => {
  it('reads ranges of events and the list of versions', () => {
    const reading = readOsv(osv);
    expect(reading.ok && reading.advisory).toMatchObject({
      issuer: 'OSV GHSA',
      vulnerabilities: [{ id: 'CVE-2026-0002' }],
      statements: [{ product: { purl: 'pkg:npm/%40x/y', versions: ['< 1.2', '>= 2.0 <= 2.3', '1.0'] } }],
    });
  });

  it('never takes a record of commits for one of every version', () => {
    const commits = { ...osv, affected: [{ ranges: [{ type: 'GIT', events: [{ introduced: '0' }] }] }] };
    const reading = readOsv(commits);
    expect(reading.ok && reading.advisory.statements[0]?.product.versions).toEqual(['commits only']);
  });

  it('says nothing of products once withdrawn, and names the place of a fault', () => {
    const withdrawn = readOsv({ ...osv, withdrawn: '2026-02-01T00:00:00Z' });
    expect(withdrawn.ok && withdrawn.advisory.statements).toEqual([]);
    const events = (length: number) =>
      readOsv({
        ...osv,
        affected: [
          { ranges: [{ type: 'SEMVER', events: Array.from({ length }, () => ({ introduced: '0' })) }] },
        ],
      });
    expect(events(OSV_EVENTS).ok).toBe(true);
    expect(events(OSV_EVENTS + 1)).toMatchObject({ faults: [{ place: '/affected/0/ranges/0/events' }] });
    const odd = readOsv({ ...osv, affected: [{ ranges: [{ type: 'SEMVER', events: [{ begun: '0' }] }] }] });
    expect(odd).toMatchObject({ faults: [{ place: '/affected/0/ranges/0/events/0' }] });
  });
});

const epss = `#model_version:v2025.03.14,score_date:2026-11-25T00:00:00+0000
cve,epss,percentile
CVE-2026-0001,0.97123,0.99987
CVE-2026-0002,1.0e-05,0.0
`;

describe('EPSS', () => {
  it('reads the day’s table with its date and model', async () => {
    expect(await readWeaknessFile(epss)).toMatchObject({
      kind: 'epss',
      date: '2026-11-25',
      model: 'v2025.03.14',
      scores: [
        { vulnerability: 'CVE-2026-0001', probability: 0.97123, percentile: 0.99987 },
        { vulnerability: 'CVE-2026-0002', probability: 0.00001, percentile: 0 },
      ],
    });
  });

  it('reads an answer of the API, and refuses scores of different days', async () => {
    const row = { cve: 'CVE-2026-0001', epss: '0.5', percentile: '0.9', date: '2026-11-25' };
    const answer = (...data: object[]) => readWeaknessFile(JSON.stringify({ status: 'OK', data }));
    expect(await answer(row)).toMatchObject({
      kind: 'epss',
      date: '2026-11-25',
      scores: [{ probability: 0.5 }],
    });
    expect(await answer(row, { ...row, date: '2026-11-24' })).toMatchObject({
      faults: [{ place: '/data/1/date' }],
    });
  });

  it.each([
    ['no date', epss.replace('score_date', 'date'), 'line 1'],
    ['a probability above 1', epss.replace('0.97123', '1.2'), 'line 3'],
    ['no number', epss.replace('0.0\n', 'high\n'), 'line 4'],
    ['another id', epss.replace('CVE-2026-0002', 'GHSA-1'), 'line 4'],
  ])('refuses %s with its line', async (_what, text, place) => {
    expect(await readWeaknessFile(text)).toMatchObject({ ok: false, faults: [{ place }] });
  });
});

const table = `row,Exploitation v1.1.0,Automatable v2.0.0,Priority v1.0.0
0,none,no,defer
1,none,yes,defer
2,active,no,scheduled
3,active,yes,immediate
`;

describe('SSVC', () => {
  it('reads a table that decides every combination, and no other', async () => {
    const reading = await readWeaknessFile(table);
    expect(reading).toMatchObject({
      kind: 'ssvc',
      table: {
        name: 'Priority',
        points: [{ values: ['none', 'active'] }, { name: 'Automatable', version: '2.0.0' }],
      },
    });
    const cut = table.slice(0, table.indexOf('3,active'));
    expect(readSsvc(cut)).toMatchObject({ faults: [{ message: 'decides 3 of 4 combinations' }] });
    const twice = `${table}4,active,yes,defer\n`;
    expect(readSsvc(twice)).toMatchObject({
      faults: [{ place: 'row 4', message: 'decides what row 3 decides' }],
    });
    expect(readSsvc(' '.repeat(SSVC_CHARS + 1))).toMatchObject({ ok: false, faults: [{ place: '' }] });
  });

  it.runIf(hasSharedData)('reads every published table, the same from CSV and JSON', () => {
    const read = (path: string) => {
      const reading = readSsvc(sharedText(path));
      if (!reading.ok) throw new Error(`${path}: ${reading.faults[0]?.place} ${reading.faults[0]?.message}`);
      const { outcome, rows, points } = reading.table;
      const named = rows.map((row) =>
        [...row.values.map((value, index) => `${points[index]!.name}=${value}`).sort(), row.outcome].join(),
      );
      return createHash('sha256')
        .update([outcome.name, ...named.sort()].join('\n'))
        .digest('hex');
    };
    const csv = sharedFiles('controls/ssvc/csv/{cisa,ssvc}/*.csv');
    const json = csv.map((path) => path.replace('/csv/', '/json/decision_tables/').replace('.csv', '.json'));
    console.log(`SSVC tables: ${csv.length}, each as CSV and JSON`);
    expect(csv.map(read)).toEqual(json.map(read));
    expect(csv.length).toBe(9);
  });
});

describe('all of them', () => {
  const samples = [JSON.stringify(nvd(record)), JSON.stringify(osv), epss.trimEnd(), table.trimEnd()];

  it('survive a cut at any place', async () => {
    for (const text of samples)
      for (let end = 0; end < text.length; end += 1) {
        const reading = await readWeaknessFile(text.slice(0, end));
        if (!reading.ok) expect(reading.faults.length).toBeGreaterThan(0);
      }
  });

  it('survive any JSON in place of any part', async () => {
    const value = fc.jsonValue();
    await fc.assert(
      fc.asyncProperty(value, fc.constantFrom(...Object.keys(record)), async (any, key) => {
        await readWeaknessFile(JSON.stringify(nvd({ ...record, [key]: any })));
        await readWeaknessFile(
          JSON.stringify(nvd({ ...record, configurations: [{ operator: 'AND', nodes: [any, any] }] })),
        );
      }),
    );
    await fc.assert(
      fc.asyncProperty(value, fc.constantFrom(...Object.keys(osv)), async (any, key) => {
        await readWeaknessFile(JSON.stringify({ ...osv, [key]: any }));
        await readWeaknessFile(JSON.stringify({ ...osv, affected: [{ package: any, ranges: [any] }] }));
        await readWeaknessFile(
          JSON.stringify({ decision_points: { a: any, b: any }, outcome: 'a', mapping: [any] }),
        );
        await readWeaknessFile(JSON.stringify({ data: [{ epss: any, date: any }] }));
      }),
    );
  });
});
