import type { Endpoint, Facts } from '@wardline/model';
import type { DatagramSession, Reporter, Side, Surroundings } from '../../dissector.ts';
import { present } from '../../text/wire-text.ts';
import { addressOf, portOf, portTypeOf, proofOf, stationMac, textOf, types, vlanOf } from './attributes.ts';
import {
  type Attributes,
  codes,
  isAnswer,
  looksLikeRadius,
  type RadiusPacket,
  readPacket,
} from './packet.ts';

type Station = Facts['radius.station'];
type Complete = { [K in keyof Station]-?: Station[K] | undefined };

interface Asked {
  endpoint: Endpoint;
  facts: Station;
}

/** Remembers who each request was about, by its identifier of one byte, since answers do not say it again. */
export class RadiusSession implements DatagramSession {
  readonly #asked = new Map<number, Asked>();

  onDatagram(payload: Uint8Array, from: Side, report: Reporter, around: Surroundings): boolean {
    if (!looksLikeRadius(payload)) return true;
    const packet = readPacket(payload);
    report.protection('clear');
    if (isAnswer(packet.code)) this.#answer(packet, from, report);
    else this.#request(packet, from, report, around);
    return true;
  }

  #request(packet: RadiusPacket, from: Side, report: Reporter, around: Surroundings): void {
    const { attributes, code } = packet;
    if (code !== codes.accessRequest && code !== codes.accountingRequest) return;
    if (code === codes.accessRequest) stateClient(attributes, from, report);
    const station = stationOf(attributes, from, around);
    if (station === null) return;
    this.#asked.set(packet.identifier, station);
    const user = attributes.get(types.userName);
    const extra = { peer: from, ...(user === undefined ? {} : { marks: [user] }) };
    report.sight('radius.station', station.endpoint, station.facts, extra);
  }

  #answer({ code, identifier, attributes }: RadiusPacket, from: Side, report: Reporter): void {
    const authenticated = attributes.has(types.messageAuthenticator);
    if (code === codes.accessAccept || code === codes.accessReject || code === codes.accessChallenge)
      report.sight('radius.server', from, { messageAuthenticator: authenticated });
    const asked = this.#asked.get(identifier);
    const result = code === codes.accessAccept ? 'accepted' : code === codes.accessReject ? 'refused' : null;
    if (asked === undefined || result === null) return;
    this.#asked.delete(identifier);
    const vlan = vlanOf(attributes);
    const facts: Station = { ...asked.facts, result, ...(vlan === undefined ? {} : { vlan }) };
    report.sight('radius.station', asked.endpoint, facts);
  }
}

/** RFC 2869 §5.14: without a Message-Authenticator an answer can be forged on the way (CVE-2024-3596). */
function stateClient(attributes: Attributes, from: Side, report: Reporter): void {
  const facts = {
    nasIdentifier: textOf(attributes, types.nasIdentifier),
    nasAddress: addressOf(attributes, types.nasIp),
    messageAuthenticator: attributes.has(types.messageAuthenticator),
    password: attributes.has(types.userPassword),
  };
  report.sight('radius.client', from, present(facts) as Facts['radius.client']);
}

function stationOf(attributes: Attributes, from: Side, around: Surroundings): Asked | null {
  const mac = stationMac(attributes, types.callingStation);
  if (mac === null || (Number.parseInt(mac.slice(0, 2), 16) & 1) === 1) return null;
  const nas = textOf(attributes, types.nasIdentifier) ?? addressOf(attributes, types.nasIp);
  const facts: Complete = {
    nas: nas ?? around[from].ip ?? undefined,
    port: portOf(attributes),
    portType: portTypeOf(attributes),
    calledStation: textOf(attributes, types.calledStation),
    proof: proofOf(attributes),
    result: undefined,
    vlan: undefined,
  };
  const ip = addressOf(attributes, types.framedIp) ?? null;
  return { endpoint: { mac, ip, vlan: null }, facts: present(facts) as Station };
}
