import { parseVerifier, type Verifier } from '@wardline/ledger';
import type { DeviceMemory, Installed, Slot, Verification } from '@wardline/updates';
import { AgentError } from '../agent-error.ts';
import type { Disk } from '../disk/disk.ts';
import { UPDATE_STATE_BYTES } from '../limits.ts';
import type { Counted } from './floor-guard.ts';

/** What a device knows of itself since the factory. */
export interface Factory {
  manufacturer: string;
  model: string;
  /** The group whose images it opens. */
  group: string;
  /** The private half of the group's key (AGE-SECRET-KEY-1…), sealed to the device. */
  sealedKey: string;
  /** The ledger's keys, as C2SP signed-note writes them. */
  ledgerKeys: readonly string[];
  /** How much of the repository's metadata it verifies. */
  verification: Verification;
  /** Files of the two slots. */
  slots: Readonly<Record<Slot, string>>;
}

/** What is known of the rollout that the device takes part in, until the server has been told how it ended. */
export interface Participation {
  id: string;
  outcome: 'under-way' | 'done' | 'failed';
  detail: string;
}

export interface UpdateState {
  factory: Factory;
  memory: DeviceMemory;
  /** Holds the memory's security floor to a counter; null where nothing counts. */
  counted: Counted | null;
  rollout: Participation | null;
}

const FILE = 'update.json';

/** The state of updates on the disk: one file, written whole. */
export class UpdateStore {
  readonly #disk: Disk;

  constructor(disk: Disk) {
    this.#disk = disk;
  }

  /** @throws AgentError where there is none, or it is not as the agent wrote it */
  read(): UpdateState {
    const bytes = this.#disk.read(FILE, UPDATE_STATE_BYTES);
    if (bytes === null)
      throw new AgentError(
        'settings',
        'This device was not prepared for updates (wardline-agent update-prepare)',
      );
    return parseUpdateState(bytes.toString('utf8'));
  }

  write(state: UpdateState): void {
    this.#disk.write(FILE, Buffer.from(`${JSON.stringify({ version: 1, ...state }, null, 2)}\n`));
  }

  get isThere(): boolean {
    return this.#disk.read(FILE, UPDATE_STATE_BYTES) !== null;
  }
}

/** A device as it leaves the factory: it runs from the first slot. */
export const makeFactory = (factory: Factory, running: Installed, counted: Counted | null): UpdateState => ({
  factory,
  memory: {
    active: 'a',
    slots: { a: running, b: null },
    trial: null,
    securityFloor: running.securityVersion,
  },
  counted,
  rollout: null,
});

/** @throws AgentError where one is none */
export const verifiersOf = ({ ledgerKeys }: Factory): Verifier[] =>
  ledgerKeys.map((text) => {
    const verifier = parseVerifier(text);
    if (verifier === null) throw new AgentError('settings', `"${text}" is no key of a ledger`);
    return verifier;
  });

/** @throws AgentError; nothing is repaired by guessing, as it decides what the device starts */
export function parseUpdateState(text: string): UpdateState {
  try {
    const root = objectOf(JSON.parse(text));
    if (root.version !== 1) throw new Error(`version ${String(root.version)}`);
    return {
      factory: factoryOf(objectOf(root.factory)),
      memory: memoryOf(objectOf(root.memory)),
      counted: root.counted == null ? null : countedOf(objectOf(root.counted)),
      rollout: root.rollout === null ? null : participationOf(objectOf(root.rollout)),
    };
  } catch (error) {
    if (error instanceof AgentError) throw error;
    throw new AgentError('state', `${FILE} is not as the agent wrote it: ${(error as Error).message}`);
  }
}

function factoryOf({
  manufacturer,
  model,
  group,
  sealedKey,
  ledgerKeys,
  verification = 'full',
  slots,
}: Json): Factory {
  if (!Array.isArray(ledgerKeys)) throw new Error('ledgerKeys is no list');
  if (verification !== 'full' && verification !== 'partial') throw new Error('an unknown verification');
  const { a, b } = objectOf(slots);
  return {
    manufacturer: textOf(manufacturer),
    model: textOf(model),
    group: textOf(group),
    sealedKey: textOf(sealedKey),
    ledgerKeys: ledgerKeys.map(textOf),
    verification,
    slots: { a: textOf(a), b: textOf(b) },
  };
}

function memoryOf({ active, slots, trial, securityFloor }: Json): DeviceMemory {
  const { a, b } = objectOf(slots);
  const memory: DeviceMemory = {
    active: slotOf(active),
    slots: {
      a: a === null ? null : installedOf(objectOf(a)),
      b: b === null ? null : installedOf(objectOf(b)),
    },
    trial: trial === null ? null : trialOf(objectOf(trial)),
    securityFloor: countOf(securityFloor),
  };
  if (memory.slots[memory.active] === null) throw new Error('the slot that runs is empty');
  if (memory.trial !== null && memory.slots[memory.trial.slot] === null)
    throw new Error('the slot on trial is empty');
  return memory;
}

const countedOf = ({ place, sealed }: Json): Counted => ({ place: textOf(place), sealed: textOf(sealed) });

const trialOf = ({ slot, starts }: Json) => ({ slot: slotOf(slot), starts: countOf(starts) });

const installedOf = ({ version, securityVersion, sha256 }: Json): Installed => ({
  version: textOf(version),
  securityVersion: countOf(securityVersion),
  sha256: textOf(sha256),
});

function participationOf({ id, outcome, detail }: Json): Participation {
  if (outcome !== 'under-way' && outcome !== 'done' && outcome !== 'failed')
    throw new Error('an unknown outcome');
  if (typeof detail !== 'string') throw new Error('a detail is missing');
  return { id: textOf(id), outcome, detail };
}

type Json = Record<string, unknown>;

function objectOf(value: unknown): Json {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new Error('an object is missing');
  return value as Json;
}

function textOf(value: unknown): string {
  if (typeof value !== 'string' || value === '') throw new Error('a text is missing');
  return value;
}

function slotOf(value: unknown): Slot {
  if (value !== 'a' && value !== 'b') throw new Error('a slot is missing');
  return value;
}

function countOf(value: unknown): number {
  if (!Number.isSafeInteger(value) || (value as number) < 0) throw new Error('a number is missing');
  return value as number;
}
