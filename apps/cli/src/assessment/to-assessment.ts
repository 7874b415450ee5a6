import {
  type Assessment,
  type Asset,
  addConversations,
  attributes,
  type Conversation,
  type Criticality,
  conversationKey,
  criticalities,
  type DataSensitivity,
  dataSensitivities,
  type Endpoint,
  endpointKey,
  type Finding,
  formatMicros,
  type Protection,
  protections,
} from '@wardline/model';

type AssessedAsset = Assessment['assets'][number];
type AssessedConversation = Assessment['conversations'][number];

/** An asset in the form that `assess --json` prints. */
export function assessedAsset(asset: Asset): AssessedAsset {
  return {
    id: asset.id,
    name: asset.name,
    vendor: asset.vendor.value,
    family: asset.family.value,
    model: asset.model.value,
    serial: asset.serial.value,
    software: asset.software.value,
    os: asset.os.value,
    class: asset.class.value,
    criticality: oneOf<Criticality>(criticalities, asset.criticality.value),
    dataSensitivity: oneOf<DataSensitivity>(dataSensitivities, asset.dataSensitivity.value),
    confidence: asset.class.confidence,
    macs: asset.macs,
    ips: asset.ips,
    hostnames: asset.hostnames,
    vlans: asset.vlans,
    services: asset.services.map((service) => ({
      ...withTimes(service),
      protection: oneOf<Protection>(protections, service.protection),
    })),
    conclusions: conclusionsOf(asset),
    claims: asset.claims.map(withTimes),
    joins: asset.joins,
    endpoints: asset.endpoints,
    ...times(asset),
  };
}

function conclusionsOf(asset: Asset): AssessedAsset['conclusions'] {
  // A host name is no single conclusion: an asset may have several, each with its claim.
  const judged = attributes.filter((attribute) => attribute !== 'hostname');
  return Object.fromEntries(
    judged.map((attribute) => [attribute, asset[attribute]]),
  ) as AssessedAsset['conclusions'];
}

function oneOf<T extends string>(values: readonly T[], value: string | null): T {
  return values.find((item) => item === value) ?? ('unknown' as T);
}

function times(item: { firstSeen: number; lastSeen: number }): { firstSeen: string; lastSeen: string } {
  return { firstSeen: formatMicros(item.firstSeen), lastSeen: formatMicros(item.lastSeen) };
}

function withTimes<T extends { firstSeen: number; lastSeen: number }>(
  item: T,
): Omit<T, 'firstSeen' | 'lastSeen'> & { firstSeen: string; lastSeen: string } {
  return { ...item, ...times(item) };
}

export function assessedFinding(finding: Finding): Assessment['findings'][number] {
  return withTimes(finding);
}

/**
 * Conversations with all their time slices added up, largest first. Where slices differ in protection, the weakest that
 * was recognised is named: somebody could read that one.
 */
export function assessedConversations(
  conversations: readonly Conversation[],
  assetOf: ReadonlyMap<string, string>,
): AssessedConversation[] {
  const merged = new Map<string, Conversation>();
  for (const slice of conversations) {
    const key = conversationKey(slice);
    const known = merged.get(key);
    merged.set(key, known ? addSlices(known, slice) : slice);
  }
  return [...merged.values()]
    .map((conversation) => assessedConversation(conversation, assetOf))
    .toSorted((a, b) => b.bytesFromClient + b.bytesFromServer - a.bytesFromClient - a.bytesFromServer);
}

function addSlices(earlier: Conversation, later: Conversation): Conversation {
  return { ...addConversations(earlier, later), protection: weakest(earlier.protection, later.protection) };
}

function weakest(a: Protection, b: Protection): Protection {
  if (a === 'unknown' || b === 'unknown') return a === 'unknown' ? b : a;
  return protections.indexOf(a) <= protections.indexOf(b) ? a : b;
}

function assessedConversation(
  conversation: Conversation,
  assetOf: ReadonlyMap<string, string>,
): AssessedConversation {
  const { slice: _slice, client, server, ...rest } = withTimes(conversation);
  const side = (endpoint: Endpoint) => ({ asset: assetOf.get(endpointKey(endpoint)) ?? null, ...endpoint });
  return { ...rest, client: side(client), server: side(server) };
}
