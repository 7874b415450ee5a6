import { loadKnowledge } from '@wardline/knowledge';
import {
  type Asset,
  type Attribute,
  type Claim,
  type Conclusion,
  type Conversation,
  type Endpoint,
  endpointKey,
  type FactKind,
  type Facts,
  type Finding,
  type Sighting,
} from '@wardline/model';
import { judge } from '../judge.ts';

export const knowledge = loadKnowledge();
/** 2026-03-01T00:00:00Z */
export const T0 = 1_772_323_200_000_000;

function concluded(value: string | null): Conclusion {
  return { value, confidence: value === null ? 0 : 0.9, reason: 'built for a test', conflicts: [] };
}

let packet = 0;
const evidence = () => ({ capture: 'ward.pcap', packet: ++packet });

/** A hospital in memory: assets by a short name, facts about them, and what judgement makes of it. */
export class Hospital {
  readonly assets: Asset[] = [];
  readonly sightings: Sighting[] = [];
  readonly conversations: Conversation[] = [];
  readonly #assetOf = new Map<string, string>();

  constructor() {
    packet = 0;
  }

  add(
    name: string,
    classId: string | null,
    options: { vlan?: number | null; ip?: string; os?: string } = {},
  ): Asset {
    const number = this.assets.length + 1;
    const endpoint: Endpoint = {
      mac: `02:00:00:00:00:${number.toString(16).padStart(2, '0')}`,
      ip: options.ip ?? `10.0.${number}.1`,
      vlan: options.vlan ?? null,
    };
    const known = knowledge.taxonomy.classes.get(classId ?? '');
    const asset: Asset = {
      id: name,
      name,
      vendor: concluded(null),
      family: concluded(null),
      model: concluded(null),
      serial: concluded(null),
      software: concluded(null),
      os: concluded(options.os ?? null),
      class: concluded(classId),
      criticality: concluded(known?.criticality ?? null),
      dataSensitivity: concluded(known?.dataSensitivity ?? null),
      location: concluded(null),
      endpoints: [endpoint],
      macs: [endpoint.mac ?? ''],
      ips: [endpoint.ip ?? ''],
      hostnames: [],
      vlans: endpoint.vlan === null ? [] : [endpoint.vlan],
      services: [],
      joins: [],
      firstSeen: T0,
      lastSeen: T0 + 1e6,
      claims: [claim('class', classId ?? 'unknown'), ...(options.os ? [claim('os', options.os)] : [])],
    };
    this.assets.push(asset);
    this.#assetOf.set(endpointKey(endpoint), name);
    return asset;
  }

  sight<K extends FactKind>(subject: Asset, kind: K, facts: Facts[K], peer?: Asset, port = 1000): void {
    const seen = { firstSeen: T0, lastSeen: T0 + 1_000_000, count: 1, evidence: evidence() };
    const service = { transport: 'tcp' as const, port };
    const sides = { subject: subject.endpoints[0]!, peer: peer?.endpoints[0] ?? null };
    this.sightings.push({ kind, ...sides, service, facts, marks: [], ...seen });
  }

  talk(client: Asset, server: Asset, application: string | null, options: Partial<Conversation> = {}): void {
    this.conversations.push({
      client: client.endpoints[0]!,
      server: server.endpoints[0]!,
      serverPort: 1e3,
      transport: 'tcp',
      application,
      protection: 'clear',
      basis: 'syn',
      slice: T0,
      firstSeen: T0,
      lastSeen: T0 + 1e6,
      facts: {},
      evidence: evidence(),
      packetsFromClient: 5,
      packetsFromServer: 5,
      bytesFromClient: 500,
      bytesFromServer: 500,
      connections: {
        opened: 1,
        established: 1,
        refused: 0,
        unanswered: 0,
        closed: 1,
        reset: 0,
      },
      ...options,
    });
  }

  judge(): Finding[] {
    const { assets, sightings, conversations } = this;
    return judge({ assets, sightings, conversations, assetOf: this.#assetOf }, knowledge);
  }

  /** The findings of one rule. */
  found(rule: string): Finding[] {
    return this.judge().filter((finding) => finding.rule === rule);
  }
}

function claim(attribute: Attribute, value: string): Claim {
  return {
    attribute,
    value,
    source: 'test',
    strength: 'strong',
    group: 'test',
    reason: 'built for a test',
    firstSeen: T0,
    lastSeen: T0 + 1e6,
    count: 1,
    evidence: [evidence()],
  };
}
