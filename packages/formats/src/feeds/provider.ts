import { refuse, type Tree, textOf, treeOf, treesOf } from '../advisories/tree.ts';
import { FEED_DISTRIBUTIONS } from '../limits.ts';
import type { ProviderReading } from './feed.ts';

/** Reads `provider-metadata.json` (CSAF 2.0 §7.1.7). What may be shared freely is read; TLP:RED and AMBER feeds need a login. */
export function readProvider(tree: Tree): ProviderReading {
  const publisher = textOf(treeOf(tree.publisher).name);
  if (publisher === null) return refuse('/publisher/name', 'expected the name of the publisher');
  const distributions = treesOf(tree.distributions);
  if (distributions.length === 0 || distributions.length > FEED_DISTRIBUTIONS)
    return refuse('/distributions', `expected 1 to ${FEED_DISTRIBUTIONS} places where documents lie`);
  const directories = distributions.flatMap(({ directory_url }) => textOf(directory_url) ?? []);
  const feeds = distributions
    .flatMap(({ rolie }) => treesOf(treeOf(rolie).feeds))
    .filter(({ tlp_label }) => tlp_label !== 'RED' && tlp_label !== 'AMBER')
    .flatMap(({ url }) => textOf(url) ?? []);
  if (directories.length + feeds.length === 0)
    return refuse('/distributions/0', 'expected directory_url or a ROLIE feed');
  const keys = treesOf(tree.public_openpgp_keys).flatMap((key) => {
    const url = textOf(key.url);
    return url === null ? [] : [{ url, fingerprint: textOf(key.fingerprint)?.toUpperCase() ?? null }];
  });
  const slashed = directories.map((url) => (url.endsWith('/') ? url : `${url}/`));
  return { ok: true, provider: { publisher, directories: slashed, feeds, keys } };
}
