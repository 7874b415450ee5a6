import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FEED_DISTRIBUTIONS, FEED_ENTRIES, FEED_PATH, SECURITY_TXT_LINES } from '../limits.ts';
import { hasSharedData, sharedText } from '../testing/shared-data.ts';
import { isPathBelow, readChanges, readIndex } from './directory.ts';
import { readDigest, readFeedDocument } from './read.ts';
import { readRolie } from './rolie.ts';
import { readProviderPlaces } from './security-txt.ts';

const provider = {
  publisher: { name: 'Acme' },
  public_openpgp_keys: [{ fingerprint: 'abcd', url: 'https://acme.example/key.asc' }],
  distributions: [
    { directory_url: 'https://acme.example/csaf/white' },
    {
      rolie: {
        feeds: [
          { tlp_label: 'WHITE', url: 'https://acme.example/white.json' },
          { tlp_label: 'RED', url: 'https://acme.example/red.json' },
        ],
      },
    },
  ],
};
const entry = {
  content: { src: 'https://acme.example/a.json' },
  updated: '2026-01-01T00:00:00Z',
  link: [
    { rel: 'hash', href: 'https://acme.example/a.json.sha512' },
    { rel: 'signature', href: 'https://acme.example/a.json.asc' },
  ],
};

describe('CSAF provider and directory', () => {
  it('tells where a provider keeps what may be shared freely', () => {
    expect(readFeedDocument(JSON.stringify(provider))).toMatchObject({
      kind: 'provider',
      ok: true,
      provider: {
        directories: ['https://acme.example/csaf/white/'],
        feeds: ['https://acme.example/white.json'],
        keys: [{ fingerprint: 'ABCD' }],
      },
    });
    const places = (length: number) =>
      readFeedDocument(
        JSON.stringify({
          ...provider,
          distributions: Array.from({ length }, () => provider.distributions[0]),
        }),
      );
    expect(places(FEED_DISTRIBUTIONS)).toMatchObject({ ok: true });
    expect(places(FEED_DISTRIBUTIONS + 1)).toMatchObject({ faults: [{ place: '/distributions' }] });
  });

  it('reads what changed when, and names the line of a fault', () => {
    expect(
      readChanges('2026/a.json,2026-01-01T00:00:00Z\n"2025/b.json","2025-01-01T00:00:00Z"\n'),
    ).toMatchObject({
      entries: [
        { location: '2026/a.json', signature: '2026/a.json.asc' },
        { updated: '2025-01-01T00:00:00Z' },
      ],
    });
    expect(readChanges('a.json,2026-01-01T00:00:00Z\nb.json,soon\n')).toMatchObject({
      faults: [{ place: 'line 2' }],
    });
    expect(readIndex('a.json\n\n../b.json\n')).toMatchObject({ faults: [{ place: 'line 3' }] });
  });

  it.each([
    '../a.json',
    '/etc/a.json',
    'a/../b.json',
    'a\\b.json',
    'http://x/a.json',
    '.a.json',
    'a//b.json',
    'a.txt',
    'a\u0000.json',
  ])('never follows %j', (path) => expect(isPathBelow(path)).toBe(false));

  it('takes as many documents and as long a path as are known, and no more', () => {
    const lines = (count: number) => readIndex('a.json\n'.repeat(count)).ok;
    expect([lines(FEED_ENTRIES), lines(FEED_ENTRIES + 1)]).toEqual([true, false]);
    const path = (length: number) => isPathBelow(`${'a'.repeat(length - 5)}.json`);
    expect([path(FEED_PATH), path(FEED_PATH + 1)]).toEqual([true, false]);
  });
});

describe('ROLIE', () => {
  it('reads documents with their hashes and signatures', () => {
    expect(readFeedDocument(JSON.stringify({ feed: { entry: [entry] } }))).toMatchObject({
      kind: 'rolie',
      entries: [
        {
          location: 'https://acme.example/a.json',
          hashes: ['https://acme.example/a.json.sha512'],
          signature: 'https://acme.example/a.json.asc',
        },
      ],
    });
    const undated = readRolie({ feed: { entry: [entry, { ...entry, updated: 'soon' }] } });
    expect(undated).toMatchObject({ faults: [{ place: '/feed/entry/1/updated' }] });
  });

  it.runIf(hasSharedData)('reads CISA’s feed and directory as naming the same documents', () => {
    const folder = 'advisories/cisa-csaf-it-directory/white/';
    const feed = readFeedDocument(sharedText(`${folder}cisa-csaf-it-feed-tlp-white.json`));
    const [changes, index] = [
      readChanges(sharedText(`${folder}changes.csv`)),
      readIndex(sharedText(`${folder}index.txt`)),
    ];
    const names = (reading: typeof changes | typeof feed) =>
      'entries' in reading
        ? reading.entries.map(({ location }) => location.split('/').at(-1) ?? '').sort()
        : [];
    expect(names(feed)).toEqual(names(changes));
    expect(names(index)).toEqual(names(changes));
    expect(names(index).length).toBe(4);
  });
});

it('reads where a domain says that its metadata lies', () => {
  const text =
    'Contact: mailto:a@b\r\ncsaf: https://b.example/p.json\r\n# CSAF: https://c.example/p.json\nCSAF: file:///etc/passwd\n';
  expect(readProviderPlaces(text)).toEqual(['https://b.example/p.json']);
  const late = (lines: number) =>
    readProviderPlaces(`${'\n'.repeat(lines - 1)}CSAF: https://b.example/p.json`);
  expect([late(SECURITY_TXT_LINES).length, late(SECURITY_TXT_LINES + 1).length]).toEqual([1, 0]);
});

it('reads the digest of a file as sha512sum writes it', () => {
  const digest = 'ab'.repeat(64);
  expect(readDigest(`${digest}  a.json\n`)).toBe(digest);
  expect(readDigest(`${digest.slice(2)}  a.json\n`)).toBeNull();
  expect(readDigest('')).toBeNull();
});

it('survives a cut at any place and any JSON in place of any part', () => {
  for (const text of [JSON.stringify(provider), JSON.stringify({ feed: { entry: [entry] } })])
    for (let end = 0; end < text.length; end += 1) {
      const document = readFeedDocument(text.slice(0, end));
      if (document.kind !== 'other') expect(document.ok).toBe(false);
    }
  fc.assert(
    fc.property(fc.jsonValue(), fc.string(), (any, text) => {
      readFeedDocument(JSON.stringify({ ...provider, distributions: any }));
      readFeedDocument(JSON.stringify({ feed: { entry: [any, { ...entry, link: any }] } }));
      readChanges(text);
      readIndex(text);
      readDigest(text);
    }),
  );
});
