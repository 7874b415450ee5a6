import type { Asset, Finding } from '@wardline/model';
import { type JudgementContext, partyOf } from './context.ts';
import { type Draft, type Ground, toFinding } from './finding.ts';
import { EVIDENCE_PER_FINDING } from './limits.ts';
import { isClinicalDevice, isOutsideCare, meaningForCare, type Party } from './party.ts';
import { listed } from './words.ts';

/** One broadcast domain, as far as it can be told: a VLAN, or without tags a local IPv4 network of 256 addresses. */
interface Domain {
  key: string;
  label: string;
  members: { asset: Asset; party: Party & { id: string } }[];
}

const privateNetworks = /^(10\.\d+\.\d+|192\.168\.\d+|172\.(?:1[6-9]|2\d|3[01])\.\d+)\.\d+$/;

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

/**
 * Only endpoints with the asset's own MAC address lie in the domain; behind a router it is the router's. Where frames
 * carried a VLAN it is the domain, and an untagged frame of the same asset only a second look at it.
 */
function domainsOf(asset: Asset): { key: string; label: string }[] {
  const own = asset.endpoints.filter(({ mac }) => mac !== null && asset.macs.includes(mac));
  const vlans = new Set(own.flatMap(({ vlan }) => (vlan === null || vlan === 0 ? [] : [vlan])));
  if (vlans.size > 0) return [...vlans].map((vlan) => ({ key: `vlan ${vlan}`, label: `VLAN ${vlan}` }));
  const networks = new Set(own.flatMap(({ ip }) => privateNetworks.exec(ip ?? '')?.[1] ?? []));
  return [...networks].map((network) => ({ key: network, label: `the network ${network}.0/24` }));
}

function judgeDomain(domain: Domain, context: JudgementContext): Finding[] {
  const others = domain.members.filter(
    ({ party }) => party.class !== 'external-host' && isOutsideCare(party),
  );
  if (others.length === 0) return [];
  const strangers = {
    names: others.map(({ party }) => party.name).toSorted(),
    ground: others.slice(0, EVIDENCE_PER_FINDING - 1).flatMap(({ asset }) => placed(asset, 0)),
  };
  return domain.members
    .filter(({ party }) => party.criticality === 'life-critical' || weighty(party))
    .flatMap(({ asset, party }) => {
      const draft = flat(domain, asset, party, strangers);
      return draft ? [toFinding(draft, party, context)] : [];
    });
}

function weighty(party: Party): boolean {
  return isClinicalDevice(party) && party.criticality === 'high';
}

/** Devices of a domain that have no part in care: their names, and where the first of them were seen. */
interface Strangers {
  names: readonly string[];
  ground: readonly Ground[];
}

/** The finding's count is the number of such devices. */
function flat(domain: Domain, asset: Asset, self: Party, strangers: Strangers): Draft | null {
  const ground = [...placed(asset, strangers.names.length), ...strangers.ground];
  if (ground.length === 0) return null;
  return {
    rule: 'flat-network',
    key: domain.key,
    ground,
    // A life-critical device is in the rule's own severity already.
    ...(self.criticality === 'life-critical' ? { criticality: 'high' } : { severity: 'medium' }),
    summary: `${self.name} shares ${domain.label} with ${listed(strangers.names)}. Whatever gets into ${strangers.names.length === 1 ? 'that device' : 'one of them'} is next to it, and ${meaningForCare(self)}.`,
  };
}

/** The asset's first appearance: some claim, join or service of it that says where it was seen. */
function placed(asset: Asset, count: number): Ground[] {
  const evidence =
    asset.claims.find((claim) => claim.evidence.length > 0)?.evidence[0] ??
    asset.joins[0]?.evidence[0] ??
    asset.services[0]?.evidence;
  return evidence ? [{ firstSeen: asset.firstSeen, lastSeen: asset.lastSeen, count, evidence }] : [];
}
