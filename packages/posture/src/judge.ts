import type { Knowledge } from '@wardline/knowledge';
import {
  type Asset,
  type Conversation,
  endpointKey,
  type Finding,
  type Sighting,
  severities,
} from '@wardline/model';
import { contradictions } from './claims/contradictions.ts';
import { createContext, type JudgementContext, partyOf } from './context.ts';
import type { AssetFacts } from './facts.ts';
import { toFinding } from './finding.ts';
import { hardening } from './hardening/rule.ts';
import { judgeNetwork } from './network.ts';
import { certificates } from './rules/certificates.ts';
import { clinicalProtocols } from './rules/clinical-protocols.ts';
import { credentials } from './rules/credentials.ts';
import { encryption } from './rules/encryption.ts';
import { exposure } from './rules/exposure.ts';
import { firmware } from './rules/firmware.ts';
import { identity } from './rules/identity.ts';
import { legacyServices } from './rules/legacy-services.ts';
import { networkAccess } from './rules/network-access.ts';
import { openServices } from './rules/open-services.ts';
import { operatingSystem } from './rules/operating-system.ts';
import { patientData } from './rules/patient-data.ts';
import { remoteAccess } from './rules/remote-access.ts';
import type { AssetRule } from './rules/rule.ts';
import { snmp } from './rules/snmp.ts';
import { voice } from './rules/voice.ts';
import { wireless } from './rules/wireless.ts';

const assetRules: readonly AssetRule[] = [
  credentials,
  openServices,
  patientData,
  firmware,
  clinicalProtocols,
  encryption,
  certificates,
  legacyServices,
  remoteAccess,
  snmp,
  voice,
  wireless,
  networkAccess,
  operatingSystem,
  exposure,
  hardening,
  identity,
];

/** On a host that is not the hospital's only what its own people and devices give away there, or get from it, matters. */
const rulesOutside: readonly AssetRule[] = [credentials, firmware];

/** A whole data set as `sense` and `identify` left it. */
export interface Observed {
  assets: readonly Asset[];
  sightings: readonly Sighting[];
  conversations: readonly Conversation[];
  /** Endpoint key → asset id. */
  assetOf: ReadonlyMap<string, string>;
}

/**
 * Judges a whole data set: most severe first, then by asset and rule. Time is what was last seen; the same facts give
 * the same findings with the same ids.
 */
export function judge(observed: Observed, knowledge: Knowledge): Finding[] {
  const context = createContext(observed.assets, observed.assetOf, knowledge);
  const facts = factsByAsset(observed);
  const findings = observed.assets.flatMap((asset) => {
    const own = facts.get(asset.id);
    return own
      ? judgeAsset(asset, own, context)
      : judgeAsset(asset, { sightings: [], conversations: [] }, context);
  });
  return [...findings, ...judgeNetwork(observed.assets, context)].toSorted(mostSevereFirst);
}

/**
 * Judges one asset by its own facts: sightings whose subject it is, and conversations in which it is either side. The
 * context must know its peers.
 */
export function judgeAsset(asset: Asset, facts: AssetFacts, context: JudgementContext): Finding[] {
  const self = { ...partyOf(asset, context.lexicon), id: asset.id };
  const the = { asset, self, facts, context, partners: new Map() };
  const rules = self.class === 'external-host' ? rulesOutside : assetRules;
  const drafts = rules.flatMap((rule) => rule(the));
  const statement = context.statementOf(asset.id);
  const claimed = statement === null ? [] : contradictions(the, drafts, statement);
  return [...drafts, ...claimed].map((draft) => toFinding(draft, self, context));
}

/** Most severe first; the order of equals is fixed too. */
export function mostSevereFirst(a: Finding, b: Finding): number {
  return (
    severities.indexOf(a.severity) - severities.indexOf(b.severity) ||
    compare(a.rule, b.rule) ||
    compare(a.asset, b.asset) ||
    compare(a.id, b.id)
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function factsByAsset(
  observed: Observed,
): Map<string, { sightings: Sighting[]; conversations: Conversation[] }> {
  const facts = new Map<string, { sightings: Sighting[]; conversations: Conversation[] }>();
  const at = (id: string) => {
    const known = facts.get(id) ?? { sightings: [], conversations: [] };
    facts.set(id, known);
    return known;
  };
  for (const sighting of observed.sightings) {
    const id = observed.assetOf.get(endpointKey(sighting.subject));
    if (id !== undefined) at(id).sightings.push(sighting);
  }
  for (const conversation of observed.conversations) {
    const sides = [conversation.client, conversation.server].map((side) =>
      observed.assetOf.get(endpointKey(side)),
    );
    for (const id of new Set(sides)) if (id !== undefined) at(id).conversations.push(conversation);
  }
  return facts;
}
