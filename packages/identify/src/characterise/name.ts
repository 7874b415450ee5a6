import type { Knowledge } from '@wardline/knowledge';
import type { Asset, Facts, Sighting } from '@wardline/model';
import { isTellingHostName } from '../host-names.ts';

/** A system with more names than these goes by the first of them. */
const TITLES_IN_NAME = 2;

type Named = Pick<Asset, 'vendor' | 'model' | 'class' | 'macs' | 'ips' | 'hostnames'>;

/**
 * A name that a person recognises: model and host name, else the name in the clinical protocol, else maker and kind with
 * the last part of an address. Never a hash.
 */
export function nameOf(asset: Named, sightings: readonly Sighting[], knowledge: Knowledge): string {
  const host = asset.hostnames.find(isTellingHostName) ?? null;
  const kind = asset.class.value === null ? null : knowledge.taxonomy.label(asset.class.value);
  const what = asset.model.value ?? kind;
  if (host !== null) return asset.model.value === null ? host : `${asset.model.value} ${host}`;
  const title = clinicalName(sightings);
  if (title !== null) return `${what ?? 'Clinical system'} ${title}`;
  const maker = asset.vendor.value;
  const described = [maker, what].filter((part) => part !== null).join(' ');
  return `${described === '' ? 'Unknown device' : described} ${lastPart(asset)}`.trim();
}

/** The name that it gives itself in DICOM or HL7. */
function clinicalName(sightings: readonly Sighting[]): string | null {
  const titles = new Set<string>();
  for (const { kind, facts } of sightings) {
    if (kind === 'dicom.association') titles.add((facts as Facts['dicom.association']).aeTitle.trim());
    if (kind === 'hl7.endpoint') titles.add((facts as Facts['hl7.endpoint']).application?.trim() ?? '');
  }
  titles.delete('');
  const sorted = [...titles].sort();
  return sorted.length === 0 ? null : sorted.slice(0, TITLES_IN_NAME).join(' / ');
}

function lastPart(asset: Named): string {
  const ip = asset.ips.find((address) => !address.includes(':'));
  if (ip !== undefined) return ip;
  const mac = asset.macs[0];
  return mac === undefined ? (asset.ips[0] ?? '') : mac.slice(-8);
}
