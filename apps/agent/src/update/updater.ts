import {
  atStart,
  confirm,
  type DeviceMemory,
  type Installed,
  type Instruction,
  install,
  reject,
  type Slot,
  type Use,
} from '@wardline/updates';
import type { Link } from '../agent.ts';
import { AgentError } from '../agent-error.ts';
import type { Disk } from '../disk/disk.ts';
import type { Exchange } from '../network/exchange.ts';
import type { Streaming } from '../network/streamed.ts';
import { instructionFrom, wordFrom } from './answers.ts';
import type { FloorGuard } from './floor-guard.ts';
import { repositoryOf } from './repository.ts';
import { digestOf, partFiles, writeSlot } from './slot-files.ts';
import { type Participation, type UpdateState, UpdateStore, verifiersOf } from './state.ts';
import { trustedFiles } from './trusted-files.ts';

export interface UpdaterSettings {
  disk: Disk;
  /** Where begins of downloads lie. */
  folder: string;
  /** The way to the server, as the agent has it. */
  link: () => Promise<Link>;
  unseal: (sealed: Uint8Array, label: string) => Promise<Buffer>;
  guard: FloorGuard;
  exchange: Exchange;
  stream: Streaming;
}

/** From where a device starts. */
export interface Start {
  slot: Slot;
  file: string;
  image: Installed;
  onTrial: boolean;
  /** Why what the device knows of its updates is not to be trusted; null where it is. */
  caution: string | null;
}

/** Where a step led. */
export type UpdateStep =
  | { state: 'nothing' }
  /** The server says why the device has to wait. */
  | { state: 'waits'; because: string }
  /** Written and verified; it runs, on trial, from the next start. */
  | { state: 'installed'; version: string; slot: Slot }
  /** An image waits for its first start, or shows now that it works. */
  | { state: 'on-trial'; version: string }
  | { state: 'refused'; code: string; message: string };

/** Under which label the group's key is sealed. */
export const GROUP_KEY_LABEL = 'firmware group key';
const BASE = '/device/v1/firmware';
const DETAIL_CHARACTERS = 500;

/** The firmware of one device: each step is written down before the next, so that it can end anywhere and go on. */
export class Updater {
  readonly #settings: UpdaterSettings;
  readonly #store: UpdateStore;

  constructor(settings: UpdaterSettings) {
    this.#settings = settings;
    this.#store = new UpdateStore(settings.disk);
  }

  /**
   * At each start of the device, before anything runs: the slot to run from. What lies in it has to be what was verified when it was
   * written; an image on trial that is not is given up. A device whose memory is not the one of its counter starts all the same, as a patient
   * may wait for it, and says so; it takes no update.
   * @throws AgentError where the image that runs is not what was verified, and no other is
   */
  async boot(): Promise<Start> {
    const state = this.#store.read();
    const { memory, slot } = atStart(state.memory);
    if (memory !== state.memory) this.#store.write(this.#ended(state, memory));
    const image = memory.slots[slot]!;
    const file = state.factory.slots[slot];
    if ((await digestOf(file)) === image.sha256)
      return { slot, file, image, onTrial: memory.trial?.slot === slot, caution: await this.#caution() };
    if (memory.trial?.slot !== slot)
      throw new AgentError('state', `${file} is not the image ${image.version} that was verified`);
    this.reject('what lies in the slot is not what was verified');
    return this.boot();
  }

  /** The image on trial works. @throws AgentError where none runs on trial, or the device was put back */
  async confirm(): Promise<Installed> {
    const state = this.#onTrial();
    const { guard } = this.#settings;
    await guard.check(state.counted, state.memory.securityFloor);
    const memory = confirm(state.memory);
    const isHigher = memory.securityFloor > state.memory.securityFloor;
    const counted = isHigher ? await guard.next(state.counted, memory.securityFloor) : state.counted;
    this.#store.write({ ...state, memory, counted, rollout: endedAs(state.rollout, 'done', '') });
    // A power cut before this is seen at the next look, which completes it.
    if (isHigher) await guard.raise(counted);
    return memory.slots[memory.active]!;
  }

  /** Why the memory is not the one of the device's counter; null where it is. */
  async #caution(): Promise<string | null> {
    const { counted, memory } = this.#store.read();
    try {
      await this.#settings.guard.check(counted, memory.securityFloor);
      return null;
    } catch (error) {
      if (error instanceof AgentError) return error.message;
      throw error;
    }
  }

  /** The image on trial does not work: the one before runs from the next start. @throws AgentError where none runs on trial */
  reject(detail: string): void {
    const state = this.#onTrial();
    this.#store.write({
      ...state,
      memory: reject(state.memory),
      rollout: endedAs(state.rollout, 'failed', detail),
    });
  }

  /**
   * Tells the server what runs and how the last update ended, and takes the next where the server says that it may begin now.
   * @param use whether a patient hangs on the device at this moment
   * @throws AgentError where nobody answers; what was begun goes on the next time
   */
  async step(use: Use): Promise<UpdateStep> {
    const link = await this.#settings.link();
    await this.#tell(link);
    const { memory, counted } = this.#store.read();
    await this.#settings.guard.check(counted, memory.securityFloor);
    if (memory.trial !== null)
      return { state: 'on-trial', version: memory.slots[memory.trial.slot]!.version };
    const told = await this.#ask(link, 'GET', 'instruction');
    if (told.status === 204) return { state: 'nothing' };
    const { rollout, path, instruction } = instructionFrom(mustBeDone(told));
    const asked = await this.#ask(link, 'POST', 'question', { rollout, use });
    const because = wordFrom(mustBeDone(asked));
    if (because !== null) return { state: 'waits', because };
    return this.#install(link, { rollout, path, instruction });
  }

  async #install(
    link: Link,
    { rollout, path, instruction }: { rollout: string; path: string; instruction: Instruction },
  ): Promise<UpdateStep> {
    const { disk, folder, stream, unseal } = this.#settings;
    const state = this.#store.read();
    const { factory } = state;
    this.#store.write({ ...state, rollout: { id: rollout, outcome: 'under-way', detail: '' } });
    const repository = repositoryOf(link, stream);
    const outcome = await install(path, instruction, {
      session: { start: Math.floor(link.now / 1000), store: trustedFiles(disk), source: repository },
      targets: repository,
      ports: {
        memory: {
          read: async () => this.#store.read().memory,
          write: async (memory) => this.#store.write({ ...this.#store.read(), memory }),
        },
        writeSlot: (slot, bytes) => writeSlot(factory.slots[slot], bytes),
        parts: partFiles(folder),
      },
      self: {
        id: link.holder,
        manufacturer: factory.manufacturer,
        model: factory.model,
        group: factory.group,
        identity: (await unseal(Buffer.from(factory.sealedKey, 'base64'), GROUP_KEY_LABEL)).toString().trim(),
        verifiers: verifiersOf(factory),
      },
      verification: factory.verification,
    });
    if (outcome.ok) return this.#installed();
    const { code, message } = outcome.fault;
    const failed = this.#store.read();
    this.#store.write({ ...failed, rollout: endedAs(failed.rollout, 'failed', `${code}: ${message}`) });
    await this.#tell(link);
    return { state: 'refused', code, message };
  }

  #installed(): UpdateStep {
    const { slot } = this.#store.read().memory.trial!;
    return { state: 'installed', version: this.#store.read().memory.slots[slot]!.version, slot };
  }

  #onTrial(): UpdateState {
    const state = this.#store.read();
    if (state.memory.trial === null || state.memory.trial.starts === 0)
      throw new AgentError('settings', 'No image runs on trial');
    return state;
  }

  /** What a start made of the memory: a trial that came to its end without a word has failed. */
  #ended(state: UpdateState, memory: DeviceMemory): UpdateState {
    const { memory: before, rollout } = state;
    const isGivenUp = before.trial !== null && memory.trial === null;
    const ended = isGivenUp ? endedAs(rollout, 'failed', 'it did not show that it works') : rollout;
    return { ...state, memory, rollout: ended };
  }

  /** What runs, and how the last rollout ended; kept until the server has it. */
  async #tell(link: Link): Promise<void> {
    const { memory, rollout } = this.#store.read();
    const { trial, active, slots } = memory;
    const onTrial = trial !== null && trial.starts > 0;
    const running = slots[onTrial ? trial.slot : active]!;
    mustBeDone(await this.#ask(link, 'POST', 'running', { ...running, onTrial }));
    if (rollout === null || rollout.outcome === 'under-way') return;
    const { id, outcome, detail } = rollout;
    const answer = await this.#ask(link, 'POST', 'outcome', { rollout: id, outcome, detail });
    // 409: told before, and the answer was lost. 404: the server knows the rollout no more.
    if (answer.status !== 409 && answer.status !== 404) mustBeDone(answer);
    this.#store.write({ ...this.#store.read(), rollout: null });
  }

  #ask(link: Link, method: 'GET' | 'POST', path: string, body?: object) {
    return this.#settings.exchange({
      ...link,
      method,
      path: `${BASE}/${path}`,
      headers: body === undefined ? {} : { 'content-type': 'application/json' },
      body: body === undefined ? '' : JSON.stringify(body),
    });
  }
}

const endedAs = (
  rollout: Participation | null,
  outcome: 'done' | 'failed',
  detail: string,
): Participation | null =>
  rollout === null ? null : { id: rollout.id, outcome, detail: detail.slice(0, DETAIL_CHARACTERS) };

function mustBeDone({ status, body }: { status: number; body: Buffer }): Buffer {
  if (status >= 200 && status < 300) return body;
  throw new AgentError(
    'refused',
    `The server answered ${status}: ${body.toString('utf8').slice(0, 300)}`,
    status,
  );
}
