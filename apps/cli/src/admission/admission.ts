import { type Admission, type Admitting, isLifeCritical } from '@wardline/policy';
import type { Revocations } from '../revocation/revocations.ts';
import type { Answers, LastAnswer } from './answers.ts';
import { endSession } from './change-of-authorization.ts';
import { type Plan, secretOf } from './plan.ts';
import type { Question } from './question.ts';
import type { PortSession } from './radius-packet.ts';

/** What admission rests on at a time. */
export interface Ground {
  admitting: Admitting;
  plan: Plan;
}

type WhyRevoked = Pick<Revocations, 'whyRevoked'>;

/** One line of the log; a person reads why. */
export interface Event {
  event:
    | 'decided'
    | 'ended'
    | 'kept'
    | 'refused by the switch'
    | 'switch silent'
    | 'reloaded'
    | 'not reloaded'
    | 'lists';
  mac?: string;
  asset?: string | null;
  zone?: string | null;
  verdict?: Admission['verdict'];
  vlan?: number | null;
  because?: string;
}

/** Answers who asks, remembers what was answered, and has devices asked anew when their answer changes. */
export class AdmissionService {
  #ground: Ground;
  readonly #answers: Answers;
  readonly #tell: (event: Event) => void;
  readonly #revocations: WhyRevoked | null;

  constructor(
    ground: Ground,
    answers: Answers,
    tell: (event: Event) => void,
    revocations: WhyRevoked | null = null,
  ) {
    this.#revocations = revocations;
    this.#ground = ground;
    this.#answers = answers;
    this.#tell = tell;
    this.#prepareAway();
  }

  decide({ asking, session, serial }: Question): Admission {
    const admission = this.#revoked(asking, serial) ?? this.#answer(asking);
    if (admission.verdict === 'accept') {
      this.#answers.keepLast({ admission, asking, session, serial });
      this.#prepareOne(asking.mac);
    }
    this.#tell({ event: 'decided', ...told(asking.mac, admission) });
    return admission;
  }

  /**
   * A certificate that a person took back is refused; null where it was not. One that was followed by the next of the same device is let in until it
   * ends: its supplicant may not have taken up the next one yet, and a renewal cuts nobody off.
   */
  #revoked({ mac }: Question['asking'], serial: string | null | undefined): Admission | null {
    const why = serial == null ? null : (this.#revocations?.whyRevoked(serial) ?? null);
    if (why === null || why === 'superseded') return null;
    const asset = this.#ground.admitting.devices.get(mac)?.id ?? null;
    return {
      verdict: 'refuse',
      asset,
      zone: null,
      ground: 'revoked',
      because: `its certificate was revoked (${why})`,
    };
  }

  /** Ends what revoked certificates have, where new lists came. */
  async endRevoked(): Promise<void> {
    for (const answer of this.#answers.all()) {
      const admission = this.#revoked(answer.asking, answer.serial);
      if (admission === null) continue;
      this.#answers.forget(answer.asking.mac);
      if (answer.session !== null) await this.#end(answer.asking.mac, admission, answer.session);
    }
  }

  /** A life-critical device that proves who it is keeps its last answer when a change of the policy leaves it nowhere. */
  #answer(asking: Question['asking']): Admission {
    const admission = this.#ground.admitting.decide(asking);
    const device = this.#ground.admitting.devices.get(asking.mac);
    if (
      admission.verdict === 'accept' ||
      admission.ground !== 'nowhere' ||
      !device ||
      !isLifeCritical(device)
    )
      return admission;
    const last = this.#answers.last(asking.mac);
    if (
      last?.admission.verdict !== 'accept' ||
      last.asking.method !== asking.method ||
      last.asking.name !== asking.name
    )
      return admission;
    return {
      ...last.admission,
      because: `its last answer stays: a life depends on it (${admission.because})`,
    };
  }

  #prepareAway(): void {
    const { devices } = this.#ground.admitting;
    for (const mac of devices.keys()) this.#prepareOne(mac);
    this.#answers.keepOnly(new Set(devices.keys()));
  }

  #prepareOne(mac: string): void {
    const device = this.#ground.admitting.devices.get(mac);
    if (device === undefined) return;
    const away = this.#ground.admitting.whenAway(mac, device, this.#answers.last(mac));
    this.#answers.setAway(mac, away);
  }

  /** Takes a new ground, and has each device whose answer is another now asked anew at its port. */
  async reload(ground: Ground): Promise<void> {
    this.#ground = ground;
    this.#prepareAway();
    this.#tell({ event: 'reloaded' });
    await Promise.all(this.#answers.all().map((answer) => this.#askAnew(answer)));
  }

  async #askAnew({ asking, admission: before, session }: LastAnswer): Promise<void> {
    const now = this.#answer(asking);
    if (sameAnswer(before, now) || session === null) return;
    await this.#end(asking.mac, now, session);
  }

  /** Has a device asked anew at its port; a life-critical one is let be until a person has it asked. */
  async #end(mac: string, now: Admission, session: PortSession): Promise<void> {
    const device = this.#ground.admitting.devices.get(mac);
    const about = told(mac, now);
    if (device !== undefined && isLifeCritical(device))
      return this.#tell({
        event: 'kept',
        ...about,
        because: 'a life depends on it: a person has to have it asked anew',
      });
    const way = this.#ground.plan.switches.find(({ address }) => address === session.nasAddress);
    if (way === undefined)
      return this.#tell({ event: 'switch silent', ...about, because: 'the plan does not name its switch' });
    const outcome = await endSession(session, way.port, secretOf(way.secretFile));
    const events = { done: 'ended', refused: 'refused by the switch', silent: 'switch silent' } as const;
    this.#tell({ event: events[outcome], ...about });
  }
}

function told(mac: string, admission: Admission): Omit<Event, 'event'> {
  const { asset, zone, verdict, because } = admission;
  return { mac, asset, zone, verdict, vlan: verdict === 'accept' ? admission.vlan : null, because };
}

function sameAnswer(a: Admission, b: Admission): boolean {
  if (a.verdict !== 'accept' || b.verdict !== 'accept') return a.verdict === b.verdict;
  return a.vlan === b.vlan && a.role === b.role;
}
