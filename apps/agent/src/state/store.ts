import type { Disk } from '../disk/disk.ts';
import { STATE_BYTES } from '../limits.ts';
import { type AgentState, parseState, stateText } from './state.ts';

const FILE = 'agent.json';

/** The state on the disk: each change is written whole before anything else is done. */
export class StateStore {
  readonly #disk: Disk;
  #state: AgentState | null;

  constructor(disk: Disk) {
    this.#disk = disk;
    const bytes = disk.read(FILE, STATE_BYTES);
    this.#state = bytes === null ? null : parseState(bytes.toString('utf8'));
  }

  /** Null before the first enrolment. */
  get state(): AgentState | null {
    return this.#state;
  }

  save(state: AgentState): AgentState {
    this.#disk.write(FILE, Buffer.from(stateText(state)));
    this.#state = state;
    return state;
  }
}
