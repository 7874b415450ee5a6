import type { Knowledge } from '@wardline/knowledge';
import { type Asset, type Criticality, criticalities } from '@wardline/model';
import type { DeviceFacts, Directory, Watch } from '@wardline/watch';

/** Assets by the addresses that the watch knows them by. An address that several had is nobody's. */
export function directoryOf(assets: readonly Asset[], knowledge: Knowledge, watch: Watch): Directory {
  const byAddress = new Map<string, Asset | null>();
  for (const asset of assets)
    for (const address of [...asset.ips, ...asset.macs])
      byAddress.set(address, byAddress.has(address) ? null : asset);
  return {
    place: (device) => watch.place(device),
    facts: (device) => {
      const asset = byAddress.get(device);
      return asset === undefined || asset === null ? null : factsOf(asset, knowledge);
    },
  };
}

function factsOf(asset: Asset, knowledge: Knowledge): DeviceFacts {
  const { value: deviceClass } = asset.class;
  return {
    asset: asset.id,
    name: asset.name,
    classLabel: deviceClass === null ? null : knowledge.taxonomy.label(deviceClass),
    criticality: criticalities.find((word) => word === asset.criticality.value) ?? ('unknown' as Criticality),
    hazards: knowledge.taxonomy.isClinical(deviceClass) ? knowledge.hazards.of(deviceClass) : null,
  };
}
