import {
  type Certificate,
  firstOf,
  type GeneralName,
  parseCertificate,
  parseRequest,
  printGeneralName,
  renewalAt,
  signRequest,
} from '@wardline/pki';
import { AgentError } from './agent-error.ts';
import type { Disk } from './disk/disk.ts';
import type { KeyKeeper } from './keys/keeper.ts';
import { BETWEEN_RENEWALS_MICROS, ROUND_SECONDS } from './limits.ts';
import { type ElementToken, provedTo, vouchedTo } from './network/attestation-client.ts';
import { type BootVerdict, shownBoot } from './network/boot-client.ts';
import { EstClient, type Verdict } from './network/est-client.ts';
import type { Ask, Exchange, Identity } from './network/exchange.ts';
import { makerIdentity } from './network/maker-identity.ts';
import type { AgentState, Asked, Certified, Pins, Way } from './state/state.ts';
import { StateStore } from './state/store.ts';
import { type AgentStatus, statusOf } from './status.ts';
import { type Clock, type Elapsed, Timekeeper } from './time/timekeeper.ts';
import { below, chainFor, pinnedAmong } from './trust/authorities.ts';
import { judgeServer, readable } from './trust/server.ts';
import { FloorGuard } from './update/floor-guard.ts';

/** All that the agent needs of the outside. */
export interface AgentSettings {
  disk: Disk;
  keeper: KeyKeeper;
  exchange: Exchange;
  clock: Clock;
  elapsed: Elapsed;
  /** Asks a secure element or TEE for a token; absent where there is none. */
  element?: ElementToken;
}

/** What a person orders: which server, whom to trust, and how the device shows who it is. */
export interface EnrolmentOrder {
  /** As https://wardline.hospital.example:7402 */
  server: string;
  /** SHA-256 of the hospital's root, as the minutes of its ceremony have it. */
  root: string;
  /** SHA-256 of the server's own certificate; null where the root or `serverAuthorities` vouch for it. */
  serverFingerprint: string | null;
  serverAuthorities: readonly Buffer[];
  way: { by: 'code'; code: string } | { by: 'maker'; certificate: string; key: string };
  /** Begin anew though a certificate is there, as after it was revoked. */
  again: boolean;
}

/** Where a step led. `seconds`: when to look again at the latest. */
export type Outcome =
  | { state: 'none'; seconds: number }
  | { state: 'certified'; seconds: number; renewed: boolean }
  | { state: 'waiting'; seconds: number }
  | { state: 'refused'; seconds: number; message: string };

/** The way to the server, with what the device shows and whom it believes. */
export interface Link extends Pick<Ask, 'server' | 'judge'> {
  as: Identity;
  /** The device's name in its certificate. */
  holder: string;
  /** Microseconds since the epoch, by the best clock that the device knows of. */
  now: number;
}

const COMMON_NAME = '2.5.4.3';
const CODE_LABEL = 'enrolment code';
/** After a refusal nothing changes until a person acts. */
const REFUSED_SECONDS = 3600;
/** What was asked for will not be given: another request is needed. Anything else may pass. */
const FINAL: ReadonlySet<number> = new Set([400, 401, 403]);

/** The identity of one device: a step at a time, each written down before the next, so that it can end anywhere and go on. */
export class Agent {
  readonly #settings: AgentSettings;
  readonly #store: StateStore;
  readonly #time: Timekeeper;

  /** @throws AgentError where the state cannot be read */
  constructor(settings: AgentSettings) {
    this.#settings = settings;
    this.#store = new StateStore(settings.disk);
    this.#time = new Timekeeper(settings.clock, settings.elapsed, this.#store.state?.floor ?? 0);
  }

  status(): AgentStatus {
    return statusOf(this.#store.state, this.#settings.keeper, this.#time);
  }

  /** Asks for a first certificate. Asked again after a power cut, it goes on where it was. */
  async enrol(order: EnrolmentOrder): Promise<Outcome> {
    const before = this.#store.state;
    if (before !== null && before.current !== null && !order.again)
      throw new AgentError('settings', 'This device has a certificate; to begin anew say so (--again)');
    const pins = await this.#pinned(order);
    const way = await this.#wayOf(order);
    const open = before?.next?.way.by === order.way.by ? before.next : null;
    const next = open === null ? await this.#newRequest(way) : { ...open, way };
    const state = this.#store.save({
      server: new URL(order.server).origin,
      pins,
      current: before?.current ?? null,
      next,
      refused: null,
      renewedAt: before?.renewedAt ?? 0,
      floor: this.#time.floor,
    });
    await this.#sweep();
    return this.#goOn(state, next);
  }

  /** Does what is due, if anything is; `force` renews what is not due yet. @throws AgentError where nobody answers or it is another server */
  async round({ force = false } = {}): Promise<Outcome> {
    const { state } = this.#store;
    if (state === null) return { state: 'none', seconds: ROUND_SECONDS };
    if (state.next !== null) return this.#goOn(state, state.next);
    if (state.current === null) return { state: 'none', seconds: ROUND_SECONDS };
    return this.#look(state, state.current, force);
  }

  /** What holds the security floor of updates against a counter, where the keeper has one. */
  get floorGuard(): FloorGuard {
    return new FloorGuard(this.#settings.keeper);
  }

  /** Closes data to this device. */
  seal(data: Uint8Array, label: string): Promise<Buffer> {
    return this.#settings.keeper.seal(data, label);
  }

  unseal(sealed: Uint8Array, label: string): Promise<Buffer> {
    return this.#settings.keeper.unseal(sealed, label);
  }

  /** What another program of the device shows in its handshakes. @throws AgentError where there is none yet */
  async identity(): Promise<Identity> {
    const { state } = this.#store;
    if (state?.current == null) throw new AgentError('settings', 'This device has no certificate yet');
    return this.#identityOf(state.current);
  }

  /**
   * Shows the server what was booted, by the TPM's quote and the firmware's log (null where there is none).
   * @throws AgentError where there is no TPM, or the server takes it not
   */
  async attest(log: Buffer | null): Promise<BootVerdict> {
    const { keeper, exchange } = this.#settings;
    if (keeper.quote === undefined)
      throw new AgentError('settings', 'Only a TPM can say what was booted (--tpm)');
    const { server, as, judge } = await this.link();
    return shownBoot({ server, as, judge, exchange, code: null }, keeper.quote, log);
  }

  /** How the device asks the server that it is enrolled at for something else than a certificate. @throws AgentError where there is none yet */
  async link(): Promise<Link> {
    const { state } = this.#store;
    if (state?.current == null) throw new AgentError('settings', 'This device has no certificate yet');
    const server = new URL(state.server);
    const host = server.hostname.replace(/^\[|\]$/g, '');
    return {
      server,
      as: await this.#identityOf(state.current),
      judge: (shown) => judgeServer(shown, state.pins, host, this.#time.now()),
      holder: firstOf(leafOf(state.current.chain).subject, COMMON_NAME) ?? '',
      now: this.#time.now(),
    };
  }

  /** RFC 7030 §4.1.1: whom to trust is learnt from anybody, and believed by its fingerprint. */
  async #pinned({ server, root, serverFingerprint, serverAuthorities }: EnrolmentOrder): Promise<Pins> {
    const given = { server: serverFingerprint, serverAuthorities };
    const isGiven = serverFingerprint !== null || serverAuthorities.length > 0;
    const nobody = { roots: [], between: [], ...given };
    const client = this.#client(server, isGiven ? nobody : null);
    return { ...pinnedAmong(await client.authorities(), root), ...given };
  }

  async #wayOf({ way }: EnrolmentOrder): Promise<Way> {
    if (way.by === 'maker') return way;
    return { by: 'code', sealed: await this.seal(Buffer.from(way.code), CODE_LABEL) };
  }

  /** A new key and a request for it. The names are the authority's to give, but those of a renewal stay. */
  async #newRequest(way: Way, names?: Certificate): Promise<Asked> {
    const { signer, id } = await this.#settings.keeper.open(await this.#settings.keeper.make());
    const request = Buffer.from(await signRequest(signer, names));
    return { key: id, way, request, since: this.#time.now(), isWaiting: false, proof: null, chain: null };
  }

  #goOn(state: AgentState, next: Asked): Promise<Outcome> {
    const { chain } = next;
    return chain === null ? this.#ask(state, next) : this.#prove(state, { ...next, chain });
  }

  async #ask(before: AgentState, open: Asked): Promise<Outcome> {
    const { state, next } = await this.#attested(before, open);
    const client = this.#client(state.server, state.pins);
    const verdict = await this.#verdict(client, state, next);
    if (verdict.state === 'refused') return this.#refused(state, verdict);
    if (verdict.state === 'waiting') {
      if (!next.isWaiting) this.#save({ ...state, next: { ...next, isWaiting: true } });
      return { state: 'waiting', seconds: verdict.seconds };
    }
    const { chain, pins } = await this.#taken(client, state, next, verdict.certificates);
    const issued = { ...next, chain };
    return this.#prove(this.#save({ ...state, pins, next: issued }), issued);
  }

  /** Proves that the key lies in hardware, where it does, before it is asked for. */
  async #attested(state: AgentState, next: Asked): Promise<{ state: AgentState; next: Asked }> {
    const { keeper, element } = this.#settings;
    const { prove } = keeper;
    if ((prove === undefined && element === undefined) || next.proof !== null) return { state, next };
    const { way } = next;
    const settings = {
      ...this.#place(state.server, state.pins),
      as: way.by === 'renewal' ? await this.#identityOf(state.current!) : null,
      code: way.by === 'code' ? await this.#codeOf(way) : null,
    };
    const proof =
      prove === undefined
        ? await vouchedTo(settings, spkiOf(next.request), element!)
        : await provedTo(settings, (ask) => prove(next.key, ask));
    const known = { ...next, proof };
    return { state: this.#save({ ...state, next: known }), next: known };
  }

  async #codeOf({ sealed }: Extract<Way, { by: 'code' }>): Promise<string> {
    return (await this.unseal(sealed, CODE_LABEL)).toString('utf8');
  }

  async #verdict(client: EstClient, { current }: AgentState, { way, request }: Asked): Promise<Verdict> {
    if (way.by === 'renewal') {
      if (current === null) throw new AgentError('state', 'A renewal without a certificate that is renewed');
      return client.renew(request, await this.#identityOf(current));
    }
    if (way.by === 'maker') return client.enrol(request, { as: makerIdentity(way), code: null });
    return client.enrol(request, { as: null, code: await this.#codeOf(way) });
  }

  async #refused(
    state: AgentState,
    { status, message }: Extract<Verdict, { state: 'refused' }>,
  ): Promise<Outcome> {
    const refused = { at: this.#time.now(), message };
    this.#save({ ...state, refused, next: FINAL.has(status) ? null : state.next });
    await this.#sweep();
    return { state: 'refused', seconds: REFUSED_SECONDS, message };
  }

  /** What was issued, once it leads to the pinned root. An authority that is new since is asked for. */
  async #taken(
    client: EstClient,
    { pins, current }: AgentState,
    { request, way }: Asked,
    certificates: readonly Certificate[],
  ): Promise<{ chain: Buffer[]; pins: Pins }> {
    const read = parseRequest(request);
    if (!read.ok) throw new AgentError('state', `The request cannot be read: ${read.refused.message}`);
    const told = async () => ({ ...pins, between: below(await client.authorities(), readable(pins.roots)) });
    const chainWith = (known: Pins) => chainFor(read.value.publicKey, certificates, known, this.#time.now());
    let known = pins;
    let chain: Buffer[];
    try {
      chain = chainWith(known);
    } catch {
      known = await told();
      chain = chainWith(known);
    }
    if (way.by === 'renewal' && textOf(leafOf(chain).names) !== textOf(leafOf(current!.chain).names))
      throw new AgentError('untrusted', 'The renewed certificate has other names than the one before');
    return { chain, pins: known };
  }

  /** The new certificate takes the place of the old one when the server took it in a handshake, and not before. */
  async #prove(state: AgentState, next: Asked & { chain: readonly Buffer[] }): Promise<Outcome> {
    const certified = { key: next.key, chain: next.chain, isProved: next.proof?.isProved === true };
    const isTaken = await this.#isTaken(state, certified);
    if (!isTaken) {
      const message = 'The server issued a certificate and does not take it; it was revoked meanwhile';
      return this.#refused(state, { state: 'refused', status: 403, message });
    }
    this.#save({ ...state, current: certified, next: null, refused: null });
    await this.#sweep();
    return {
      state: 'certified',
      seconds: this.#untilDue(leafOf(certified.chain)),
      renewed: next.way.by === 'renewal',
    };
  }

  /** Whether the server takes what is shown: it tells whoever it knows the names that it knows it by. */
  async #isTaken(state: AgentState, certified: Certified): Promise<boolean> {
    const client = this.#client(state.server, state.pins);
    const names = await client.namesOf(await this.#identityOf(certified));
    return textOf(names) === textOf(leafOf(certified.chain).names);
  }

  /** Shows the certificate, which tells the time besides, and renews it where it is due. */
  async #look(state: AgentState, current: Certified, force: boolean): Promise<Outcome> {
    if (!(await this.#isTaken(state, current))) {
      const message = 'The server no longer takes this certificate: it has expired, or it was revoked';
      return this.#refused(state, { state: 'refused', status: 403, message });
    }
    const leaf = leafOf(current.chain);
    const now = this.#time.now();
    const isDue = now >= renewalAt(leaf) && now - state.renewedAt >= BETWEEN_RENEWALS_MICROS;
    if (!isDue && !force) {
      if (state.refused !== null) this.#save({ ...state, refused: null });
      return { state: 'certified', seconds: this.#untilDue(leaf), renewed: false };
    }
    const next = await this.#newRequest({ by: 'renewal' }, leaf);
    return this.#ask(this.#save({ ...state, next, renewedAt: now }), next);
  }

  #untilDue(leaf: Certificate): number {
    const seconds = (renewalAt(leaf) - this.#time.now()) / 1e6;
    return Math.min(ROUND_SECONDS, Math.max(60, seconds));
  }

  #client(server: string, pins: Pins | null): EstClient {
    return new EstClient({
      ...this.#place(server, pins),
      // What a stranger says of the time is not believed.
      learn: (at) => (pins === null ? undefined : this.#time.learn(at)),
    });
  }

  #place(server: string, pins: Pins | null) {
    const url = new URL(server);
    const host = url.hostname.replace(/^\[|\]$/g, '');
    const judge = (shown: readonly Buffer[]) =>
      pins === null ? undefined : judgeServer(shown, pins, host, this.#time.now());
    return { server: url, exchange: this.#settings.exchange, judge };
  }

  async #identityOf({ key, chain }: Pick<Certified, 'key' | 'chain'>): Promise<Identity> {
    return { chain, key: (await this.#settings.keeper.open(key)).handshake };
  }

  #save(state: AgentState): AgentState {
    return this.#store.save({ ...state, floor: this.#time.floor });
  }

  /** Keys that nothing refers to: of requests that were refused, and what a power cut left. */
  async #sweep(): Promise<void> {
    const { state } = this.#store;
    const used = new Set([state?.current?.key, state?.next?.key]);
    for (const id of this.#settings.keeper.ids()) if (!used.has(id)) await this.#settings.keeper.remove(id);
  }
}

const textOf = (names: readonly GeneralName[]): string => names.map(printGeneralName).toSorted().join(' ');

function spkiOf(request: Uint8Array): Uint8Array {
  const read = parseRequest(request);
  if (!read.ok) throw new AgentError('state', `The request cannot be read: ${read.refused.message}`);
  return read.value.publicKey.spki;
}

function leafOf([der]: readonly Buffer[]): Certificate {
  const read = parseCertificate(der!);
  if (!read.ok) throw new AgentError('state', `A kept certificate cannot be read: ${read.refused.message}`);
  return read.value;
}
