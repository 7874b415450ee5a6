import { plainName } from '@wardline/knowledge';
import type { Asset } from '@wardline/model';
import type { Lexicon } from '../lexicon.ts';
import { listed } from '../words.ts';

/** A default of more products than these belongs to none of them in particular. */
const PRODUCTS_TO_NAME = 3;
/** Shorter words of a model occur in products of other makers too. */
const MODEL_CHARS = 3;

/**
 * Says whose published default a credential is: that of a product that fits the asset, else of the few products that it
 * is known of. `labels` are what the facts carry; `what` is `password` or `community`.
 */
export function defaultWords(
  labels: readonly string[],
  asset: Pick<Asset, 'vendor' | 'model'>,
  lexicon: Lexicon,
  what: string,
): string {
  const products = [...new Set(labels.flatMap((label) => lexicon.productsOf(label)))];
  const fitting = fittingProducts(products, asset, lexicon);
  if (fitting.length > 0) return `the published default ${what} of ${named(fitting.slice(0, 1))}`;
  if (products.length > PRODUCTS_TO_NAME) return `one of the most widely published default ${plural(what)}`;
  return products.length > 0
    ? `the published default ${what} of ${named(products)}`
    : `a published default ${what}`;
}

/** Products of the model first, then of the maker. */
function fittingProducts(
  products: readonly string[],
  { vendor, model }: Pick<Asset, 'vendor' | 'model'>,
  lexicon: Lexicon,
): string[] {
  const maker = vendor.value;
  const type = model.value === null ? '' : plainName(model.value);
  const ofModel = products.filter(
    (product) => type.length >= MODEL_CHARS && ` ${plainName(product)} `.includes(` ${type} `),
  );
  const ofMaker = maker === null ? [] : products.filter((product) => lexicon.isBy(product, maker));
  return [...ofModel.toSorted(), ...ofMaker.toSorted()];
}

/** The list notes the way in (`Axis camera (web)`), which the sentence says already. */
function named(products: readonly string[]): string {
  return listed(
    products.map((product) => product.replace(/ \((?:web|ssh|ftp|telnet|snmp|ip-cam)\)$/i, '')).toSorted(),
  );
}

function plural(what: string): string {
  return what.endsWith('y') ? `${what.slice(0, -1)}ies` : `${what}s`;
}
