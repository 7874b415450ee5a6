import type { Advisory, ProductIdentity, ProductStatement, SbomVulnerability } from '@wardline/formats';
import { loadKnowledge } from '@wardline/knowledge';
import { describe, expect, it } from 'vitest';
import { ownMatches, partFindings } from './findings.ts';
import { releaseOf } from './package-key.ts';
import { upstreamVersion } from './part-version.ts';
import { matchParts, type Part } from './parts.ts';
import { isOfVersion, isProduct } from './product.ts';

const part = (ref: string, more: Partial<Part>): Part => ({
  ref,
  name: ref,
  group: null,
  version: null,
  purl: null,
  cpes: [],
  ...more,
});
const identity = (more: Partial<ProductIdentity>): ProductIdentity => ({
  vendor: null,
  name: 'x',
  models: [],
  serials: [],
  cpe: null,
  purl: null,
  versions: [],
  ...more,
});
const says = (product: Partial<ProductIdentity>, more: Partial<ProductStatement> = {}): ProductStatement => ({
  vulnerability: 'CVE-2026-1',
  product: identity(product),
  within: null,
  status: 'affected',
  justification: null,
  impact: null,
  remediations: [],
  issuer: 'OSV',
  at: 1,
  ...more,
});
const advisory = (statements: ProductStatement[], issuer = 'OSV', id = 'A-1', updated = 1) =>
  ({ id, issuer, updated, statements, vulnerabilities: [] }) as unknown as Advisory;
const verdict = (one: Part, statement: ProductStatement) =>
  matchParts([one], advisory([statement]))[0]?.verdict ?? 'silent';

const cpe = (version: string, more = '*:*:*:*:*:*:*') => `cpe:2.3:a:openssl:openssl:${version}:${more}`;
const npm = (version: string) => part('lodash', { version, purl: `pkg:npm/lodash@${version}` });
const deb = (version: string, distro = '') =>
  part('libssl3', {
    version,
    purl: `pkg:deb/debian/libssl3@${version}?upstream=openssl${distro}`,
    cpes: [cpe(version.replace(/[~+:]/g, '\\$&'))],
  });

const table: [name: string, part: Part, statement: ProductStatement, verdict: string][] = [
  [
    'a package within the range',
    npm('4.17.20'),
    says({ purl: 'pkg:npm/lodash', versions: ['< 4.17.21'] }),
    'affected',
  ],
  [
    'a package beyond the range',
    npm('4.17.21'),
    says({ purl: 'pkg:npm/lodash', versions: ['< 4.17.21'] }),
    'not-affected',
  ],
  ['ten after nine', npm('4.9.0'), says({ purl: 'pkg:npm/lodash', versions: ['>= 4.10.0'] }), 'not-affected'],
  [
    'one version of a list',
    npm('1.0.0'),
    says({ purl: 'pkg:npm/lodash', versions: ['0.9.0', '1.0.0'] }),
    'affected',
  ],
  ['a version in the package URL', npm('1.0.0'), says({ purl: 'pkg:npm/lodash@1.0.0' }), 'affected'],
  [
    'a range of vers',
    npm('1.5.0'),
    says({ purl: 'pkg:npm/lodash', versions: ['vers:npm/>=1.0.0|<2.0.0'] }),
    'affected',
  ],
  [
    'a package without a version',
    part('lodash', { purl: 'pkg:npm/lodash' }),
    says({ purl: 'pkg:npm/lodash', versions: ['< 1'] }),
    'unknown',
  ],
  ['a package of another ecosystem', npm('1.0.0'), says({ purl: 'pkg:pypi/lodash' }), 'silent'],
  ['commits only', npm('1.0.0'), says({ purl: 'pkg:npm/lodash', versions: ['commits only'] }), 'unknown'],
  [
    'a part within another product',
    npm('1.0.0'),
    says({ purl: 'pkg:npm/lodash' }, { within: identity({ name: 'Other pump' }) }),
    'silent',
  ],
  [
    'an artefact of Maven as OSV spells it',
    part('log4j-core', { purl: 'pkg:maven/org.apache.logging.log4j/log4j-core@2.14.1' }),
    says({ purl: 'pkg:maven/org.apache.logging.log4j%3Alog4j-core', versions: ['>= 2.0 < 2.15.0'] }),
    'affected',
  ],
  [
    'the source of a binary package',
    deb('3.0.11-1~deb12u1', '&distro=debian-12'),
    says({ purl: 'pkg:deb/debian/openssl?distro=debian-12', versions: ['< 3.0.11-1~deb12u2'] }),
    'affected',
  ],
  [
    'what the distribution mended',
    deb('3.0.11-1~deb12u2', '&distro=debian-12'),
    says({ purl: 'pkg:deb/debian/openssl?distro=debian-12', versions: ['< 3.0.11-1~deb12u2'] }),
    'not-affected',
  ],
  [
    'another release of the distribution',
    deb('1.1.1n-0+deb11u4', '&distro=debian-11'),
    says({ purl: 'pkg:deb/debian/openssl?distro=debian-12', versions: ['< 3.0.11-1'] }),
    'silent',
  ],
  [
    'a release that is not told',
    deb('3.0.11-1~deb12u1'),
    says({ purl: 'pkg:deb/debian/openssl?distro=debian-12', versions: ['< 3.0.11-1~deb12u2'] }),
    'unknown',
  ],
  [
    'a distribution’s package by CPE',
    deb('3.0.11-1~deb12u2'),
    says({ name: 'openssl', cpe: cpe('*'), versions: ['< 3.0.13'] }),
    'unknown',
  ],
  [
    'a distribution’s package beyond it',
    deb('3.0.15-1~deb12u1'),
    says({ name: 'openssl', cpe: cpe('*'), versions: ['< 3.0.13'] }),
    'not-affected',
  ],
  [
    'a CPE within the range',
    part('openssl', { cpes: [cpe('1.0.2k')] }),
    says({ cpe: cpe('*'), versions: ['>= 1.0.2 < 1.0.2zf'] }),
    'affected',
  ],
  [
    'a CPE without a version',
    part('openssl', { cpes: [cpe('*')] }),
    says({ cpe: cpe('*'), versions: ['< 3.0.7'] }),
    'unknown',
  ],
  [
    'a CPE whose version is none',
    part('openssl', { cpes: [cpe('-')] }),
    says({ cpe: cpe('*'), versions: ['< 3.0.7'] }),
    'unknown',
  ],
  [
    'hardware is no software',
    part('x', { cpes: ['cpe:2.3:h:openssl:openssl:1:*:*:*:*:*:*:*'] }),
    says({ cpe: cpe('*') }),
    'silent',
  ],
  [
    'another target',
    part('x', { cpes: [cpe('1.0', '*:*:*:*:node.js:*:*')] }),
    says({ cpe: cpe('*', '*:*:*:*:python:*:*') }),
    'silent',
  ],
  [
    'a target that is not told',
    part('x', { cpes: [cpe('1.0')] }),
    says({ cpe: cpe('*', '*:*:*:*:python:*:*'), versions: ['< 2'] }),
    'unknown',
  ],
  [
    'only the name agrees',
    part('OpenSSL', { version: '1.0' }),
    says({ name: 'openssl', cpe: cpe('*'), versions: ['< 2'] }),
    'unknown',
  ],
  [
    'only the name agrees, beyond the range',
    part('OpenSSL', { version: '3.0' }),
    says({ name: 'openssl', cpe: cpe('*'), versions: ['< 2'] }),
    'silent',
  ],
  ['a fix', npm('2.0.0'), says({ purl: 'pkg:npm/lodash@2.0.0' }, { status: 'fixed' }), 'not-affected'],
];

it.each(table)('%s', (_name, one, statement, expected) => {
  expect(verdict(one, statement)).toBe(expected);
});

describe('the document’s own word', () => {
  const parts = [
    part('ssl', { name: 'openssl', version: '3.0.1', purl: 'pkg:generic/openssl@3.0.1' }),
    part('pump', { name: 'Pump', version: '2' }),
  ];
  const open = matchParts(parts, advisory([says({ purl: 'pkg:generic/openssl', versions: ['< 3.0.7'] })]));
  const told = (
    status: SbomVulnerability['status'],
    ref: string,
    versions: { text: string; status: null }[] = [],
  ) =>
    ownMatches(parts, {
      id: 'S-1',
      link: 'urn:cdx:3e671687-395b-41f5-a30f-a58921a69b79/1',
      issuer: 'Acme',
      at: 5,
      main: 'pump',
      vulnerabilities: [
        {
          id: 'CVE-2026-1',
          title: null,
          status,
          justification: 'code_not_reachable',
          detail: null,
          at: null,
          affects: [{ ref, versions }],
        },
      ],
    });
  const finding = (own: ReturnType<typeof told>) =>
    partFindings(open, own).map(({ verdict: answer, issuer }) => `${answer} by ${issuer}`);

  it('stands over what others say of that part', () => {
    expect(finding([])).toEqual(['affected by OSV']);
    expect(finding(told('not-affected', 'ssl'))).toEqual(['not-affected by Acme']);
    expect(finding(told('not-affected', 'pump'))).toEqual(['not-affected by Acme']);
    expect(finding(told('under-investigation', 'ssl'))).toEqual(['unknown by Acme']);
    expect(finding(told('not-affected', 'urn:cdx:3e671687-395b-41f5-a30f-a58921a69b79/1#ssl'))).toEqual([
      'not-affected by Acme',
    ]);
  });

  it('says nothing of another version or another part', () => {
    expect(finding(told('not-affected', 'ssl', [{ text: '2.0', status: null }]))).toEqual([
      'affected by OSV',
    ]);
    expect(finding(told('not-affected', 'zlib'))).toEqual(['affected by OSV']);
    const other = 'urn:cdx:3e671687-395b-41f5-a30f-a58921a69b79/2#ssl';
    expect(finding(told('not-affected', other))).toEqual(['affected by OSV']);
  });
});

it('lets a distribution’s decided answer stand over an open one', () => {
  const one = deb('3.0.11-1~deb12u2', '&distro=bookworm');
  const nvd = advisory([says({ cpe: cpe('*'), versions: ['< 3.0.13'] }, { issuer: 'NVD' })], 'NVD', 'N-1');
  const debian = advisory(
    [says({ purl: 'pkg:deb/debian/openssl?distro=debian-12', versions: ['< 3.0.11-1~deb12u2'] })],
    'OSV',
    'D-1',
  );
  expect(partFindings(matchParts([one], nvd), []).map((found) => found.verdict)).toEqual(['unknown']);
  expect(partFindings([...matchParts([one], nvd), ...matchParts([one], debian)], [])).toEqual([]);
});

it('knows releases, originals and the product that a device is', () => {
  expect(
    ['bookworm', 'Debian:12', 'debian-12.5', 'Ubuntu:22.04:LTS', 'alpine-3.18.4', 'Alpine:v3.18'].map(
      releaseOf,
    ),
  ).toEqual(['debian-12', 'debian-12', 'debian-12', 'ubuntu-22.04', 'alpine-3.18', 'alpine-3.18']);
  expect(['1:3.0.11-1~deb12u2', '2.4.5+dfsg-3', '1.2'].map(upstreamVersion)).toEqual([
    '3.0.11',
    '2.4.5',
    '1.2',
  ]);
  const { vendors } = loadKnowledge([]);
  const asset = {
    id: 'a',
    vendor: 'Philips',
    family: 'IntelliVue',
    model: 'MX800',
    serial: null,
    software: 'PIC iX C.03.12',
  };
  const product = (vendor: string, model: string, software = '') => ({ vendor, model, software });
  expect(isProduct(vendors, product('Philips Medical Systems', 'IntelliVue MX800'), asset)).toBe(true);
  expect(isProduct(vendors, product('Philips', 'IntelliVue MX700'), asset)).toBe(false);
  expect(isProduct(vendors, product('Dräger', 'MX800'), asset)).toBe(false);
  expect(isOfVersion(product('Philips', 'x', 'C.03.12'), asset)).toBe('yes');
  expect(isOfVersion(product('Philips', 'x', 'C.03.13'), asset)).toBe('no');
  expect(isOfVersion(product('Philips', 'x', 'C.03.13'), { ...asset, software: null })).toBe('unknown');
});
