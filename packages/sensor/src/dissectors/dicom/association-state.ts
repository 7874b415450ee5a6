import type { Facts } from '@wardline/model';
import type { CredentialUse, Reporter, Side } from '../../dissector.ts';
import { latin1, present } from '../../text/wire-text.ts';
import type { Association, UserIdentity } from './association.ts';
import { type Command, isResponse, isServed, operationOf } from './command.ts';
import { CreatorRule, type Provenance } from './creator.ts';
import type { ReadObject } from './object-reader.ts';
import { type Encoding, encodingOf } from './transfer-syntax.ts';

type Result = Facts['dicom.association']['result'];

/** A-ASSOCIATE-RJ by the service user, "called AE title not recognized" (PS3.8 §9.3.4). */
const CALLED_AE_UNKNOWN = { source: 1, reason: 7 };

/** What both directions share: who asked whom for what, and what came of it. */
export class AssociationState {
  readonly #report: Reporter;
  #request: Association | null = null;
  #requestor: Side | null = null;
  #encodings = new Map<number, Encoding>();
  #creator = new CreatorRule('', []);
  /** The requestor's fact waits for its outcome. */
  #open = false;
  #identity: UserIdentity | null = null;
  readonly #served = new Set<string>();

  constructor(report: Reporter) {
    this.#report = report;
  }

  requested(from: Side, request: Association): void {
    this.end('requested');
    this.#request = request;
    this.#requestor = from;
    this.#identity = request.identity;
    this.#open = true;
    this.#encodings = new Map();
    this.#creator = new CreatorRule(request.callingAe, abstractSyntaxes(request));
    this.#report.note('calledAe', request.calledAe);
    this.#report.note('callingAe', request.callingAe);
  }

  accepted(from: Side, answer: Association): void {
    const request = this.#requestor === from ? null : this.#request;
    for (const { id, result, transferSyntax } of answer.answered) {
      if (result === 0) this.#encodings.set(id, encodingOf(transferSyntax));
    }
    this.#stateAcceptor(from, request, answer);
    // PS3.7 D.3.3.7.2: only a response says that the identity was checked.
    this.#credential(answer.identityAnswered ? 'accepted' : 'unknown');
    this.end('accepted');
  }

  rejected(from: Side, source: number, reason: number): void {
    const request = this.#request;
    const knowsTitle = source !== CALLED_AE_UNKNOWN.source || reason !== CALLED_AE_UNKNOWN.reason;
    if (request && knowsTitle) {
      const { calledAe, callingAe, identity } = request;
      const facts = { aeTitle: calledAe, peerAeTitle: callingAe, userIdentity: identity !== null };
      const sides = { role: 'acceptor' as const, result: 'rejected' as const, abstractSyntaxes: [] };
      this.#report.sight('dicom.association', from, { ...sides, ...facts }, { peer: otherSide(from) });
    }
    this.#credential('refused');
    this.end('rejected');
  }

  /** States the requestor's fact, once, with what became of its request. */
  end(result: Result): void {
    if (!this.#open || this.#request === null || this.#requestor === null) return;
    this.#open = false;
    this.#credential('unknown');
    const request = this.#request;
    const facts = present<Facts['dicom.association']>({
      role: 'requestor',
      aeTitle: request.callingAe,
      peerAeTitle: request.calledAe,
      result,
      implementationClassUid: request.implementationClassUid,
      implementationVersion: request.implementationVersion,
      abstractSyntaxes: abstractSyntaxes(request),
      userIdentity: request.identity !== null,
    });
    this.#report.sight('dicom.association', this.#requestor, facts, { peer: otherSide(this.#requestor) });
    if (result === 'requested') this.#stateCalled(request, otherSide(this.#requestor));
  }

  /** Nobody answered, as far as was seen; what the called side is called is still a fact. */
  #stateCalled({ calledAe, callingAe, identity }: Association, called: Side): void {
    const titles = { aeTitle: calledAe, peerAeTitle: callingAe, userIdentity: identity !== null };
    const facts = {
      role: 'acceptor' as const,
      result: 'requested' as const,
      abstractSyntaxes: [],
      ...titles,
    };
    this.#report.sight('dicom.association', called, facts, { peer: otherSide(called) });
  }

  encoding(context: number): Encoding {
    return this.#encodings.get(context) ?? 'guess';
  }

  /** What the acceptor did for a requestor that gave no identity. C-ECHO discloses and changes nothing. */
  answered(from: Side, command: Command): void {
    const operation = operationOf(command.field);
    const anonymous = this.#request !== null && this.#request.identity === null;
    if (!isResponse(command.field) || !anonymous || from === this.#requestor) return;
    if (operation === undefined || operation === 'C-ECHO' || operation === 'N-EVENT-REPORT') return;
    if (command.status === undefined || !isServed(command.status) || this.#served.has(operation)) return;
    this.#served.add(operation);
    this.#report.sight('service.unauthenticated', from, { protocol: 'dicom', operation });
  }

  object(from: Side, { equipment, keptElsewhere }: ReadObject, command: Command): void {
    const { manufacturer, model, serial, stationName, softwareVersions, deviceUid } = equipment;
    if (!(manufacturer ?? model ?? serial ?? stationName ?? softwareVersions ?? deviceUid)) return;
    const way: Provenance = {
      byRequestor: this.#requestor === null ? null : this.#requestor === from,
      forMove: command.moveOriginator !== undefined,
      keptElsewhere,
    };
    const sentByCreator = this.#creator.judge(equipment, way);
    this.#report.sight('dicom.equipment', from, { ...equipment, sentByCreator });
  }

  #stateAcceptor(from: Side, request: Association | null, answer: Association): void {
    // The answer's titles are not to be tested (PS3.8 §9.3.3), but are all there is where the request was missed.
    const { calledAe, callingAe } = request ?? answer;
    const accepted = new Set(answer.answered.filter(({ result }) => result === 0).map(({ id }) => id));
    const proposed = (request?.proposed ?? []).filter(({ id }) => accepted.has(id));
    const facts = present<Facts['dicom.association']>({
      role: 'acceptor',
      aeTitle: calledAe,
      peerAeTitle: callingAe,
      result: 'accepted',
      implementationClassUid: answer.implementationClassUid,
      implementationVersion: answer.implementationVersion,
      abstractSyntaxes: unique(proposed.map((context) => context.abstractSyntax)),
      userIdentity: (request?.identity ?? null) !== null,
    });
    this.#report.sight('dicom.association', from, facts, { peer: otherSide(from) });
  }

  #credential(outcome: CredentialUse['outcome']): void {
    const identity = this.#identity;
    this.#identity = null;
    const use = identity === null ? null : credentialOf(identity);
    if (use === null || this.#requestor === null) return;
    this.#report.credential({ ...use, acceptedBy: otherSide(this.#requestor), outcome });
  }
}

/** A Kerberos ticket proves itself to one service only and is no secret in clear; the others let a listener in. */
function credentialOf(
  identity: UserIdentity,
): Pick<CredentialUse, 'protocol' | 'field' | 'user' | 'secret'> | null {
  const { type, primary, secondary } = identity;
  const protocol = 'dicom';
  if (type === 1) return { protocol, field: 'UserIdentity', user: latin1(primary), secret: null };
  if (type === 2)
    return { protocol, field: 'UserIdentity', user: latin1(primary), secret: latin1(secondary) };
  if (type === 4) return { protocol, field: 'UserIdentity-SAML', user: null, secret: primary };
  return type === 5 ? { protocol, field: 'UserIdentity-JWT', user: null, secret: primary } : null;
}

function abstractSyntaxes(request: Association): string[] {
  return unique(request.proposed.map((context) => context.abstractSyntax));
}

function unique(names: readonly string[]): string[] {
  return [...new Set(names)].filter((name) => name !== '');
}

function otherSide(side: Side): Side {
  return side === 'client' ? 'server' : 'client';
}
