import type { Asset, Finding } from '@wardline/model';
import { type JudgementContext, partyOf } from './context.ts';
import { type Draft, type Ground, toFinding } from './finding.ts';
import { isClinicalDevice, meaningForCare, type Party } from './party.ts';
import { listed } from './words.ts';

/** One broadcast domain, as far as it can be told: a VLAN, or without tags a local IPv4 network of 256 addresses. */
interface Domain {
  key: string;
  label: string;
  members: { asset: Asset; party: Party & { id: string } }[];
}

const privateNetworks = /^(10\.\d+\.\d+|192\.168\.\d+|172\.(?:1[6-9]|2\d|3[01])\.\d+)\.\d+$/;
const strangers: ReadonlySet<string> = new Set(['it-endpoint', 'building', 'other']);

/**
 * Judges what only shows across assets: clinical devices that share a broadcast domain with devices that have no part
 * in care. One finding per clinical device of high or life-critical weight and domain.
 */
export function judgeNetwork(assets: readonly Asset[], context: JudgementContext): Finding[] {
  return [...domains(assets, context).values()].flatMap((domain) => judgeDomain(domain, context));
}

function domains(assets: readonly Asset[], context: JudgementContext): Map<string, Domain> {
  const found = new Map<string, Domain>();
  for (const asset of assets) {
    const party = { ...partyOf(asset, context.lexicon), id: asset.id };
    for (const { key, label } of domainsOf(asset)) {
      const domain = found.get(key) ?? { key, label, members: [] };
      domain.members.push({ asset, party });
      found.set(key, domain);
    }
  }
  return found;
}

/** Only endpoints with the asset's own MAC address lie in the domain; behind a router it is the router's. */
function domainsOf(asset: Asset): { key: string; label: string }[] {
  const keys = new Map<string, string>();
  for (const endpoint of asset.endpoints) {
    if (endpoint.mac === null || !asset.macs.includes(endpoint.mac)) continue;
    if (endpoint.vlan !== null && endpoint.vlan > 0)
      keys.set(`vlan ${endpoint.vlan}`, `VLAN ${endpoint.vlan}`);
    else if (endpoint.ip !== null) {
      const network = privateNetworks.exec(endpoint.ip)?.[1];
      if (network) keys.set(network, `the network ${network}.0/24`);
    }
  }
  return [...keys].map(([key, label]) => ({ key, label }));
}

function judgeDomain(domain: Domain, context: JudgementContext): Finding[] {
  const others = domain.members.filter(
    ({ party }) => party.class !== 'external-host' && strangers.has(party.group ?? ''),
  );
  if (others.length === 0) return [];
  return domain.members
    .filter(
      ({ party }) =>
        party.criticality === 'life-critical' || (isClinicalDevice(party) && party.criticality === 'high'),
    )
    .flatMap(({ asset, party }) => {
      const draft = flat(domain, asset, party, others);
      return draft ? [toFinding(draft, party, context)] : [];
    });
}

function flat(domain: Domain, asset: Asset, self: Party, others: Domain['members']): Draft | null {
  const strangers = others.map(({ party }) => party.name).toSorted();
  const ground: Ground[] = [asset, ...others.map((other) => other.asset)].flatMap(placed);
  if (ground.length === 0) return null;
  const lifeCritical = self.criticality === 'life-critical';
  return {
    rule: 'flat-network',
    key: domain.key,
    ground,
    ...(lifeCritical ? { criticality: 'high' as const } : { severity: 'medium' as const }),
    summary: `${self.name} shares ${domain.label} with ${listed(strangers)}, with nothing in between: whatever gets into one of them is next to it, and ${meaningForCare(self)}.`,
  };
}

/** The asset's first appearance: some claim, join or service of it that says where it was seen. */
function placed(asset: Asset): Ground[] {
  const evidence =
    asset.claims.find((claim) => claim.evidence.length > 0)?.evidence[0] ??
    asset.joins[0]?.evidence[0] ??
    asset.services[0]?.evidence;
  return evidence ? [{ firstSeen: asset.firstSeen, lastSeen: asset.lastSeen, evidence }] : [];
}
