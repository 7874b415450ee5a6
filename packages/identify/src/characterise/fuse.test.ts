import { loadKnowledge } from '@wardline/knowledge';
import type { Attribute, Claim, Strength } from '@wardline/model';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fuse, support } from './fuse.ts';

const knowledge = loadKnowledge();

function claim(
  value: string,
  strength: Strength,
  group: string,
  attribute: Claim['attribute'] = 'class',
): Claim {
  const times = { firstSeen: 1, lastSeen: 1, count: 1, evidence: [] };
  return { attribute, value, source: 'test', strength, group, reason: `${group} says ${value}.`, ...times };
}

const weak: Strength = 'weak';
const conclude = (...claims: Claim[]) =>
  fuse((claims[0]?.attribute ?? 'class') as Attribute, claims, knowledge);

test('answers unknown where nothing is claimed', () => {
  expect(conclude()).toEqual({ value: null, confidence: 0, reason: 'Nothing seen says it.', conflicts: [] });
});

test('weighs one ground by its strength', () => {
  expect(conclude(claim('ct', 'strong', 'a')).confidence).toBe(0.9);
  expect(conclude(claim('ct', 'medium', 'a')).confidence).toBe(0.65);
});

test('answers unknown for a class on one weak ground, and shows the hint', () => {
  const conclusion = conclude(claim('ventilator', 'weak', 'oui'));
  expect(conclusion.value).toBeNull();
  expect(conclusion.conflicts).toEqual([
    { value: 'ventilator', confidence: 0.35, reason: 'oui says ventilator.' },
  ]);
});

test('takes a vendor from one weak ground', () => {
  expect(conclude(claim('Philips', 'weak', 'oui', 'vendor'))).toMatchObject({
    value: 'Philips',
    confidence: 0.55,
  });
});

test('adds independent grounds and counts correlated ones once', () => {
  expect(conclude(claim('ct', 'medium', 'a'), claim('ct', 'medium', 'b')).confidence).toBe(0.878);
  expect(conclude(claim('ct', 'medium', 'a'), claim('ct', 'weak', 'a')).confidence).toBe(0.65);
});

test('never lets weak grounds add up to more than their ceiling', () => {
  const many = Array.from({ length: 20 }, (_, n) => claim('ct', 'weak', `g${n}`));
  expect(conclude(...many).confidence).toBe(0.6);
});

test('takes confidence away for what contradicts it, and shows that', () => {
  const conclusion = conclude(claim('ct', 'strong', 'a'), claim('printer', 'medium', 'b'));
  expect(conclusion).toMatchObject({ value: 'ct', confidence: 0.549 });
  expect(conclusion.conflicts.map((conflict) => conflict.value)).toEqual(['printer']);
  expect(conclusion.reason).toContain('Against it: b says printer.');
});

test('gives no answer to a draw of contradicting evidence', () => {
  const conclusion = conclude(claim('ct', 'strong', 'a'), claim('printer', 'strong', 'b'));
  expect(conclusion.value).toBeNull();
  expect(conclusion.reason).toBe('The evidence contradicts itself: a CT scanner or a printer.');
  expect(conclusion.conflicts).toHaveLength(2);
});

test('lets a closer class be supported without contradicting the wider one', () => {
  const conclusion = conclude(claim('imaging-modality', 'medium', 'a'), claim('ct', 'medium', 'b'));
  expect(conclusion).toMatchObject({ value: 'ct', conflicts: [] });
});

test('does not take two roles of one machine for a contradiction', () => {
  const conclusion = conclude(claim('router', 'strong', 'a'), claim('dhcp-dns-server', 'medium', 'b'));
  expect(conclusion).toMatchObject({ value: 'router', confidence: 0.9, conflicts: [] });
});

test('takes a house and its branch for one vendor', () => {
  const branch = conclude(
    claim('Siemens', 'weak', 'oui', 'vendor'),
    claim('Siemens Healthineers', 'strong', 'd', 'vendor'),
  );
  expect(branch).toMatchObject({ value: 'Siemens Healthineers', conflicts: [] });
});

test('takes an edition of an operating system for the system', () => {
  const conclusion = conclude(claim('Linux', 'medium', 'a', 'os'), claim('Debian 12.0', 'medium', 'b', 'os'));
  expect(conclusion).toMatchObject({ value: 'Debian 12.0', conflicts: [] });
});

const claims = fc.array(
  fc
    .record({
      value: fc.constantFrom('ct', 'imaging-modality', 'pacs', 'printer', 'server', 'ventilator'),
      strength: fc.constantFrom('strong', 'medium', 'weak'),
      group: fc.constantFrom('a', 'b', 'c', 'd'),
    })
    .map(({ value, strength, group }) => claim(value, strength, group)),
  { maxLength: 12 },
);

test('does not depend on the order of the claims', () => {
  fc.assert(
    fc.property(claims, (list) => {
      const { value, confidence } = fuse('class', list, knowledge);
      expect(fuse('class', [...list].reverse(), knowledge)).toMatchObject({ value, confidence });
    }),
    { seed: 20261123, numRuns: 300 },
  );
});

test('does not grow surer by repeating correlated evidence', () => {
  fc.assert(
    fc.property(claims, fc.nat(11), (list, index) => {
      const again = list[index % Math.max(1, list.length)];
      const more = again === undefined ? list : [...list, { ...again, source: 'another', strength: weak }];
      expect(fuse('class', more, knowledge).confidence).toBe(fuse('class', list, knowledge).confidence);
    }),
    { seed: 20261123, numRuns: 300 },
  );
});

test('never loses support by more evidence, and never reaches certainty', () => {
  fc.assert(
    fc.property(claims, claims, (list, more) => {
      expect(support([...list, ...more])).toBeGreaterThanOrEqual(support(list));
      expect(support([...list, ...more])).toBeLessThan(1);
    }),
    { seed: 20261123, numRuns: 300 },
  );
});

test('gives at most two reasons, the strongest first', () => {
  const grounds = (['weak', 'medium', 'strong', 'weak'] as const).map((strength, index) =>
    claim('ct', strength, `${strength}${index}`),
  );
  expect(conclude(...grounds).reason).toBe('strong2 says ct. medium1 says ct.');
});
