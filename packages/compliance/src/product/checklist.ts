import type { Controls } from '@wardline/knowledge';
import type { ProductItem, ProductWord } from '@wardline/model';
import { type Computed, type ProductFacts, productRules } from './rules.ts';

/** The catalogue that is asked of each product. */
export const productCatalogue = 'fda-premarket';

/**
 * Section 524B and the premarket guidance, line by line, of one product. What is held answers first; where it says nothing, a
 * person's word by a document counts, as such. It counts neither against what is held nor for what was looked at and is open.
 */
export function productChecklist(
  controls: Controls,
  facts: ProductFacts,
  words: readonly ProductWord[],
): ProductItem[] {
  const catalogue = controls.catalogues.get(productCatalogue);
  if (catalogue === undefined) throw new RangeError(`there is no catalogue ${productCatalogue}`);
  const groups = new Map(catalogue.groups.map(({ id, title }) => [id, title]));
  const latest = new Map(
    words.toSorted((a, b) => (a.since < b.since ? -1 : 1)).map((one) => [one.control, one]),
  );
  return catalogue.controls.map(({ id, title, group }) => ({
    control: id,
    title,
    group: groups.get(group) ?? group,
    ...judged(productRules[id]?.(facts) ?? null, latest.get(id) ?? null),
  }));
}

type Judged = Pick<ProductItem, 'status' | 'basis' | 'reason' | 'contradicted' | 'asksPerson' | 'word'>;

function judged(computed: Computed, word: ProductWord | null): Judged {
  const say = (status: ProductItem['status'], basis: ProductItem['basis'], reason: string): Judged => ({
    status,
    basis,
    reason,
    contradicted: word !== null && computed?.outcome === 'fails',
    asksPerson: computed === null || computed.outcome === 'ask',
    word,
  });
  if (computed?.outcome === 'fails') return say('not-met', 'computed', computed.reason);
  if (computed?.outcome === 'holds') return say('met', 'computed', computed.reason);
  if (word !== null && (computed === null || computed.outcome === 'ask'))
    return say('met', 'attested', `${word.statement} (${word.ownerName}, by “${word.document}”.)`);
  return computed === null
    ? say('unknown', 'none', 'Nobody vouches for it, and nothing that is held can tell.')
    : say('unknown', 'computed', computed.reason);
}
