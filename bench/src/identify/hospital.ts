import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Knowledge } from '@wardline/knowledge';
import type { Asset } from '@wardline/model';
import { groundTruthSchema, type TruthAsset } from '@wardline/testbed';
import type { Corpus, Half } from './case.ts';
import { observe } from './observe.ts';

/** The recordings of one folder of the testbed, each with its ground truth. */
export async function hospitalCorpora(folder: string, half: Half, knowledge: Knowledge): Promise<Corpus[]> {
  const truths = readdirSync(folder)
    .filter((name) => /^ground-truth.*\.json$/.test(name))
    .map((name) => groundTruthSchema.parse(JSON.parse(readFileSync(join(folder, name), 'utf8'))));
  const corpora: Corpus[] = [];
  for (const { capture, assets: laid } of truths) {
    const seen = await observe(join(folder, capture), knowledge);
    const name = `testbed ${capture.replace('.pcap.gz', '')}`;
    const cases = laid.map((device) => ({
      corpus: name,
      half,
      device: device.id,
      label: { class: device.class, vendor: device.vendor, model: device.model },
      asset: assetOf(device, seen.assets),
    }));
    corpora.push({ name, cases, newest: seen.newest });
  }
  return corpora;
}

/** By hardware address; behind a router only the IP address is seen. */
function assetOf(device: TruthAsset, assets: readonly Asset[]): Asset | null {
  const held = assets.find((asset) =>
    device.routed
      ? device.ips.some((ip) => asset.ips.includes(ip))
      : device.macs.some((mac) => asset.macs.includes(mac)),
  );
  return held ?? null;
}
