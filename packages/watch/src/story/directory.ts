import type { Knowledge } from '@wardline/knowledge';
import { criticalities } from '@wardline/model';
import type { Place } from '../engine/watch.ts';
import type { DeviceFacts, Directory } from './tell.ts';

/** What is known of an asset, as far as telling an alert needs it. */
export interface KnownAsset {
  id: string;
  name: string;
  /** Of the knowledge's taxonomy; null where it is unknown what it is. */
  class: string | null;
  criticality: string | null;
  ips: readonly string[];
  macs: readonly string[];
}

/** Assets by the addresses that the watch knows them by. An address that several have is nobody's. */
export function directoryOf(
  assets: readonly KnownAsset[],
  knowledge: Knowledge,
  place: (device: string) => Place,
): Directory {
  const byAddress = new Map<string, KnownAsset | null>();
  for (const asset of assets)
    for (const address of new Set([...asset.ips, ...asset.macs]))
      byAddress.set(address, byAddress.has(address) ? null : asset);
  return {
    place,
    facts: (device) => {
      const asset = byAddress.get(device);
      return asset === undefined || asset === null ? null : factsOf(asset, knowledge);
    },
  };
}

function factsOf(asset: KnownAsset, { taxonomy, hazards }: Knowledge): DeviceFacts {
  const { class: deviceClass } = asset;
  return {
    asset: asset.id,
    name: asset.name,
    classLabel: deviceClass === null ? null : taxonomy.label(deviceClass),
    criticality: criticalities.find((word) => word === asset.criticality) ?? 'unknown',
    hazards: taxonomy.isClinical(deviceClass) ? hazards.of(deviceClass) : null,
  };
}
