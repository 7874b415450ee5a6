import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { csvOf, formRows, type Layout, pdfOf, type Truth } from '../testing/made-form.ts';
import { workbookOf } from '../testing/workbook.ts';
import { isHeading, type Mds2Form } from './form.ts';
import { questions2013 } from './questions-2013.ts';
import { questions2019 } from './questions-2019.ts';
import { readMds2 } from './read.ts';

// Forms that nobody has seen: any of the layouts, spellings and slips, in every kind of file. Nothing may be read as something else in silence.

const TRUTHS: readonly Truth[] = ['yes', 'no', 'not-applicable', 'blank'];
const asked = (questions: Readonly<Record<string, string>>, document: RegExp) =>
  Object.keys(questions).filter((id) => !isHeading(id) && !document.test(id));
const ids2019 = asked(questions2019, /^(DOC-[1-7]|SBOM-2\.|RMOT-3|RDMP-|CONN-7)/);
const ids2013 = asked(questions2013, /^([A-D]|14-1$)/);

const layouts = fc.record({
  before: fc.constantFrom(0, 1, 2),
  words: fc.boolean(),
  gap: fc.constantFrom(0, 1),
  titles: fc.boolean(),
  slips: fc.constantFrom(0, 7, 11),
  spelling: fc.nat(4),
  blanks: fc.constantFrom(0, 5, 9),
}) as fc.Arbitrary<Layout>;

const truthOf =
  ({ blanks }: Layout, seed: number) =>
  (_id: string, index: number): Truth =>
    blanks > 0 && index % blanks === blanks - 1 ? 'blank' : TRUTHS[(index * 7 + seed) % 3]!;

async function formOf(bytes: Uint8Array): Promise<Mds2Form> {
  const reading = await readMds2(bytes);
  if ('fault' in reading) throw new Error(`${reading.fault.place}: ${reading.fault.message}`);
  return reading.form;
}

/** How many are read as they are; what is read otherwise has to be blank, unclear or missing, and said. */
function rightOf(
  form: Mds2Form,
  ids: readonly string[],
  truth: (id: string, index: number) => Truth,
): number {
  const read = new Map(form.answers.map((one) => [one.id, one]));
  let right = 0;
  for (const [index, id] of ids.entries()) {
    const [value, wanted] = [read.get(id)?.value ?? 'missing', truth(id, index)];
    if (value === wanted) right += 1;
    else
      expect([id, wanted, value]).toEqual([
        id,
        wanted,
        expect.stringMatching(/^(blank|unclear|missing|text|see-note)$/),
      ]);
    if (value === 'missing') expect(form.missing).toContain(id);
  }
  return right;
}

describe.each([
  ['2019', ids2019],
  ['2013', ids2013],
] as const)('forms of %s that nobody has seen', (edition, ids) => {
  test.each([
    ['a workbook', (rows: string[][]) => workbookOf(rows)],
    ['commas', (rows: string[][]) => Buffer.from(csvOf(rows, ',', '\n'))],
    [
      'semicolons with a mark of its encoding',
      (rows: string[][]) => Buffer.from(`\ufeff${csvOf(rows, ';', '\r\n')}`),
    ],
    ['tabs in UTF-16', (rows: string[][]) => Buffer.from(`\ufeff${csvOf(rows, '\t', '\r\n')}`, 'utf16le')],
  ])('are read from %s, and never otherwise than they say', async (_, written) => {
    await fc.assert(
      fc.asyncProperty(layouts, fc.nat(2), async (layout, seed) => {
        const truth = truthOf(layout, seed);
        const form = await formOf(written(formRows(ids, truth, layout)));
        expect(form.edition).toBe(edition);
        const right = rightOf(form, ids, truth);
        if (layout.slips === 0) expect(right).toBe(ids.length);
        expect(right / ids.length).toBeGreaterThan(0.95);
        expect(form.warnings.every(({ place }) => place !== '')).toBe(true);
      }),
      { numRuns: 12 },
    );
  });

  test('are read from a PDF of any look', async () => {
    const looks = fc.record({
      left: fc.integer({ min: 20, max: 60 }),
      widths: fc.constantFrom([60, 250, 90, 90], [80, 220, 60, 100]),
      perPage: fc.constantFrom(30, 44),
      step: fc.constantFrom(13, 16),
    });
    await fc.assert(
      fc.asyncProperty(looks, fc.boolean(), fc.nat(4), async (look, titles, spelling) => {
        const layout: Layout = { before: 0, words: true, gap: 0, titles, slips: 0, spelling, blanks: 9 };
        const truth = truthOf(layout, 1);
        const form = await formOf(pdfOf(formRows(ids, truth, layout), look));
        expect(rightOf(form, ids, truth) / ids.length).toBeGreaterThan(0.95);
      }),
      { numRuns: 6 },
    );
  });

  test('sections in another order, and half a form, are read for what they are', async () => {
    const layout: Layout = { before: 1, words: true, gap: 0, titles: true, slips: 0, spelling: 0, blanks: 0 };
    const truth = truthOf(layout, 2);
    const turned = [...ids.slice(40), ...ids.slice(0, 20)];
    const form = await formOf(workbookOf(formRows(turned, truth, layout)));
    expect(rightOf(form, turned, truth)).toBe(turned.length);
    for (const id of ids.slice(20, 40)) expect(form.missing).toContain(id);
  });
});
