import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { knowledgeFiles, loadKnowledge } from './load.ts';
import { KnowledgeError } from './located-error.ts';
import { catalogueOfOscal, OSCAL_DEPTH } from './oscal-catalogue.ts';
import { parseKnowledge } from './parse-knowledge.ts';

const { controls } = loadKnowledge();
const of = (catalogue: string) =>
  [...controls.controls.values()].filter((one) => one.catalogue === catalogue);
const leaves = (catalogue: string) => of(catalogue).filter(({ children }) => children.length === 0);
const about = { id: 'own', publisher: 'somebody', standing: 'voluntary', licence: 'theirs' } as const;

describe('the catalogues', () => {
  it('hold what the HIPAA Security Rule requires and what it lets decide, as the rule says and not as blogs do', () => {
    const obligation = (id: string) => controls.controls.get(`hipaa-security:164.${id}`)?.obligation;
    // 45 CFR 164.306(d) and Appendix A to Subpart C.
    for (const id of [
      '312(a)(2)(i)',
      '312(a)(2)(ii)',
      '312(b)',
      '312(d)',
      '310(d)(2)(i)',
      '310(d)(2)(ii)',
      '308(a)(7)(ii)(C)',
      '316(b)(2)(i)',
    ])
      expect([id, obligation(id)]).toEqual([id, 'required']);
    for (const id of [
      '312(a)(2)(iii)',
      '312(a)(2)(iv)',
      '312(c)(2)',
      '312(e)(2)(i)',
      '312(e)(2)(ii)',
      '308(a)(3)(ii)(B)',
      '308(a)(7)(ii)(D)',
      '310(d)(2)(iii)',
    ])
      expect([id, obligation(id)]).toEqual([id, 'addressable']);
    expect(leaves('hipaa-security').filter((one) => one.obligation === 'addressable')).toHaveLength(22);
    expect(leaves('hipaa-security').filter((one) => one.obligation === undefined)).toEqual([]);
    expect(leaves('hipaa-security').filter(({ group }) => group === '312')).toHaveLength(9);
  });

  it('keep the proposal apart from the rule in force', () => {
    expect(controls.catalogues.get('hipaa-proposed-2025')?.standing).toBe('proposed');
    expect(of('hipaa-proposed-2025').every(({ id }) => id.startsWith('p164.'))).toBe(true);
  });

  it.each([
    ['nist-800-53-5', 370],
    ['nist-csf-2', 106],
    ['hhs-cpg', 20],
    ['iso-27001', 93],
    ['iec-62443-3-3', 51],
  ])('%s is whole: %d controls', (id, count) => {
    expect(leaves(id)).toHaveLength(count);
  });

  it('say of 800-53 which controls are of the moderate baseline', () => {
    expect(of('nist-800-53-5').filter(({ levels }) => levels?.includes('moderate'))).toHaveLength(287);
  });

  it('are spoken of by every question', () => {
    for (const { id, whole, part } of controls.queries.values())
      expect([id, whole.length + part.length > 0]).toEqual([id, true]);
    for (const { id, whole, part } of controls.queries.values())
      expect([id, [...whole, ...part].length]).toEqual([id, new Set([...whole, ...part]).size]);
  });
});

describe('a catalogue or question of one’s own', () => {
  const asked = knowledgeFiles().filter(({ path }) => /^(controls|evidence)\//.test(path));
  const faultOf = (path: string, value: object): string => {
    try {
      parseKnowledge([...asked, { path, text: JSON.stringify(value) }]);
    } catch (error) {
      if (error instanceof KnowledgeError) return error.message;
      throw error;
    }
    return 'no fault';
  };
  const own = {
    ...about,
    title: 'Own',
    edition: '1',
    groups: [{ id: 'g', title: 'G', kind: 'technical' }],
    controls: [{ id: 'x', title: 'X', group: 'g' }],
  };

  it('is added, or refused by the place of what is wrong', () => {
    expect(faultOf('controls/own.json', own)).toBe('no fault');
    const strange = [
      { id: 'x', title: 'X', group: 'h', parent: 'y' },
      { id: 'x', title: 'X', group: 'g' },
    ];
    const fault = faultOf('controls/own.json', { ...own, controls: strange });
    expect(fault).toContain('controls/own.json, x, group: a group of the catalogue, not "h"');
    expect(fault).toContain('x, parent: a control of the catalogue, not "y"');
    expect(fault).toContain('x, id: an id that no other control has');
    const query = { ...controls.queries.get('crypto.current')!, whole: ['own:z'], part: [] };
    expect(faultOf('evidence/own.json', { source: 'own', licence: 'own', queries: [query] })).toContain(
      'crypto.current, controls: a control of a catalogue, not "own:z"',
    );
  });
});

describe('a catalogue in OSCAL', () => {
  const folder = resolve(import.meta.dirname, '../../../../shared/data/controls');
  const small = {
    catalog: {
      metadata: { title: 'T', version: '1' },
      groups: [
        {
          id: 'g',
          title: 'G',
          controls: [
            { id: 'a', title: 'A', controls: [{ id: 'a.1', title: 'A1' }] },
            { id: 'b', title: 'B', props: [{ name: 'status', value: 'Withdrawn' }] },
          ],
        },
      ],
    },
  };

  it('is read with what lies within, and without what was withdrawn', () => {
    const { controls: read, title } = catalogueOfOscal('c.json', JSON.stringify(small), about);
    expect([title, read.map(({ id }) => id)]).toEqual(['T', ['a', 'a.1']]);
  });

  it('is refused wherever it is cut off', () => {
    const text = JSON.stringify(small);
    for (let end = 0; end < text.length; end += 1)
      expect(() => catalogueOfOscal('c.json', text.slice(0, end), about)).toThrow(KnowledgeError);
  });

  it('is refused where it lies deeper than any does', () => {
    const nested = (depth: number) => `{"catalog":${'['.repeat(depth - 1)}${']'.repeat(depth - 1)}}`;
    expect(() => catalogueOfOscal('c.json', nested(OSCAL_DEPTH * 4), about)).toThrow(/catalog/);
    expect(() => catalogueOfOscal('c.json', nested(OSCAL_DEPTH * 4 + 1), about)).toThrow(/deep/);
  });

  it.skipIf(!existsSync(folder))('of NIST is as ours is, and the standards of HIPAA in it are ours', () => {
    const read = (path: string) => catalogueOfOscal(path, readFileSync(resolve(folder, path), 'utf8'), about);
    const high = read(
      'nist-sp800-53-rev5/NIST_SP-800-53_rev5_HIGH-baseline-resolved-profile_catalog-min.json',
    );
    expect(high.controls.map(({ id }) => id)).toEqual(of('nist-800-53-5').map(({ id }) => id));
    const titles = new Set(of('hipaa-security').map(({ title }) => plain(title)));
    const theirs = read('hipaa-oscal/catalog.json');
    expect(theirs.groups.length).toBeGreaterThan(15);
    expect(theirs.groups.map(({ title }) => plain(title)).filter((title) => !titles.has(title))).toEqual([]);
  });
  const plain = (title: string) =>
    title
      .toLowerCase()
      .replaceAll(/[^a-z]/g, '')
      .replace('organisational', 'organizational');
});
