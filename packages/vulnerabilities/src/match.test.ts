import type { Advisory, ProductStatement } from '@wardline/formats';
import { loadKnowledge } from '@wardline/knowledge';
import { describe, expect, it } from 'vitest';
import type { MatchedAsset } from './asset.ts';
import { advisoryKeys, assetKeys } from './candidates.ts';
import { combine } from './combine.ts';
import { type Match, matchAdvisory } from './match.ts';

const { vendors } = loadKnowledge([]);

function device(vendor: string | null, model: string | null, software: string | null): MatchedAsset {
  return { id: 'a', vendor, family: null, model, serial: null, software };
}

function advisory(
  vendor: string | null,
  name: string,
  versions: string[],
  more: Partial<ProductStatement> = {},
): Advisory {
  const product = { vendor, name, models: [], serials: [], cpe: null, purl: null, versions };
  const told = { justification: null, impact: null, remediations: [], issuer: 'CISA', at: 1 };
  const statement: ProductStatement = {
    vulnerability: 'CVE-1',
    product,
    within: null,
    status: 'affected',
    ...told,
    ...more,
  };
  return {
    id: 'A-1',
    format: 'csaf',
    title: '',
    issuer: 'CISA',
    revision: '1',
    published: 1,
    updated: 1,
    vulnerabilities: [],
    statements: [statement],
  };
}

function verdictOf(asset: MatchedAsset, about: Advisory): string {
  return matchAdvisory(vendors, asset, about)[0]?.verdict ?? 'not named';
}

const cases: [why: string, asset: MatchedAsset, about: Advisory, verdict: string][] = [
  [
    'a rename',
    device('CareFusion', 'Alaris 8015', '9.5'),
    advisory('Becton, Dickinson and Company (BD)', 'Alaris 8015 PC unit', ['<= 9.33']),
    'affected',
  ],
  [
    'a house of the family',
    device('Welch Allyn', 'Connex Spot Monitor', '1.50'),
    advisory('Baxter', 'Welch Allyn Connex Spot Monitor (CSM)', ['<=1.52']),
    'affected',
  ],
  [
    'a misspelt maker',
    device('Philips', 'IntelliSpace Cardiovascular', '2.2.0'),
    advisory('Phillips', 'IntelliSpace Cardiovascular', ['<= 2.3.0']),
    'affected',
  ],
  [
    'a misspelt model',
    device('Philips', 'Inteli Space', null),
    advisory('Siemens', 'IntelliSpace', []),
    'not named',
  ],
  [
    'another model of the line',
    device('BD', 'Alaris 8100', '9.5'),
    advisory('BD', 'Alaris 8015 PC unit', ['<= 9.33']),
    'not named',
  ],
  [
    'a series',
    device('Philips', 'IntelliVue MX700', 'B.01'),
    advisory('Philips', 'IntelliVue patient monitor MX400-MX850', ['<= N']),
    'affected',
  ],
  [
    'a model beyond the series',
    device('Philips', 'IntelliVue MX100', 'M.01'),
    advisory('Philips', 'IntelliVue patient monitor MX400-MX850', ['<= N']),
    'not named',
  ],
  [
    'a fixed version',
    device('Hospira', 'Plum 360', '15.12'),
    advisory('ICU Medical', 'Plum 360', ['< 15.11']),
    'not-affected',
  ],
  [
    'an unknown version',
    device('Hospira', 'Plum 360', null),
    advisory('ICU Medical', 'Plum 360', ['< 15.11']),
    'unknown',
  ],
  [
    'an unknown version where all are affected',
    device('Hospira', 'Plum 360', null),
    advisory('ICU Medical', 'Plum 360', ['vers:all/*']),
    'affected',
  ],
  ['another maker', device('Mindray', 'Vue PACS', '12'), advisory('Philips', 'Vue PACS', []), 'not named'],
  ['an unknown model', device('Philips', null, '1'), advisory('Philips', 'Vue PACS', []), 'unknown'],
  [
    'under investigation',
    device('Philips', 'Vue PACS', '1'),
    advisory('Philips', 'Vue PACS', [], { status: 'under-investigation' }),
    'unknown',
  ],
  [
    'fixed, of another version',
    device('Philips', 'Vue PACS', '1.2'),
    advisory('Philips', 'Vue PACS', ['1.3'], { status: 'fixed' }),
    'unknown',
  ],
  [
    'stated not affected',
    device('Philips', 'Vue PACS', '1.3'),
    advisory('Philips', 'Vue PACS', ['1.3'], {
      status: 'not-affected',
      justification: 'component_not_present',
    }),
    'not-affected',
  ],
];

describe('matching', () => {
  it.each(cases)('%s', (_why, asset, about, verdict) => {
    expect(verdictOf(asset, about)).toBe(verdict);
  });

  it('finds by its keys every asset that it matches', () => {
    for (const [why, asset, about, verdict] of cases) {
      const keys = advisoryKeys(vendors, about);
      const reached = [...assetKeys(vendors, asset)].some((key) => keys.has(key));
      if (verdict !== 'not named') expect([why, reached]).toEqual([why, true]);
    }
  });

  it('lets the later word of an issuer count, and harm outweigh between issuers', () => {
    const one = {
      asset: 'a',
      vulnerability: 'CVE-1',
      advisory: 'A',
      confidence: 0.9,
      reason: '',
      issuer: 'CISA',
      at: 1,
    };
    const matches: Match[] = [
      { ...one, verdict: 'affected' },
      { ...one, advisory: 'B', verdict: 'not-affected', at: 2 },
    ];
    expect(combine(matches)[0]).toMatchObject({ verdict: 'not-affected', advisory: 'B' });
    expect(combine([...matches, { ...one, issuer: 'Maker', verdict: 'affected' }])[0]?.verdict).toBe(
      'affected',
    );
  });
});

it('never takes a package of software for a device of a like name', () => {
  const asset = device('Acme', 'Testpump 8000', '1.0');
  const about = advisory(null, 'testpump-8000', ['< 2.0']);
  const [statement] = about.statements;
  const packaged = (purl: string): Advisory => ({
    ...about,
    statements: [{ ...statement!, product: { ...statement!.product, purl } }],
  });
  expect(verdictOf(asset, packaged('pkg:npm/testpump-8000'))).toBe('not named');
  expect([...advisoryKeys(vendors, packaged('pkg:npm/testpump-8000'))]).toEqual(['pkg:npm/testpump-8000']);
  expect(verdictOf(asset, packaged('pkg:generic/testpump-8000'))).not.toBe('not named');
});
