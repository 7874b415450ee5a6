import { UpdatesFault } from '../fault.ts';

/** A device has two places for its firmware: it runs from one, and writes the next into the other. */
export type Slot = 'a' | 'b';

/** What is kept of an image that is, or may become, what the device runs. */
export interface Installed {
  version: string;
  securityVersion: number;
  /** Of the opened image. */
  sha256: string;
}

/** All that a device remembers between two starts. It is written whole, or not at all. */
export interface DeviceMemory {
  /** From where it runs when nothing is on trial. */
  active: Slot;
  slots: Readonly<Record<Slot, Installed | null>>;
  /** An image that was written and has not shown yet that it works. */
  trial: { slot: Slot; starts: number } | null;
  /** The highest security version that was ever confirmed; never goes down. */
  securityFloor: number;
}

/** Starts that a new image has to show that it works, before the device goes back to the one before. */
export const TRIAL_STARTS = 3;

export const otherSlot = (slot: Slot): Slot => (slot === 'a' ? 'b' : 'a');

/** @throws UpdatesFault where an image is older in security than what the device has confirmed once */
export function checkFloor({ securityFloor }: DeviceMemory, next: Installed): void {
  if (next.securityVersion < securityFloor)
    throw new UpdatesFault('rollback', `security version ${next.securityVersion} below ${securityFloor}`);
}

/** Before a byte is written: the other slot holds nothing that could be started. @throws UpdatesFault where a trial is under way */
export function beginWrite(memory: DeviceMemory): DeviceMemory {
  if (memory.trial !== null) throw new UpdatesFault('mismatch', 'an image is on trial; it has to end first');
  return { ...memory, slots: { ...memory.slots, [otherSlot(memory.active)]: null } };
}

/** After all bytes are written and verified: the image is on trial from the next start. @throws UpdatesFault */
export function endWrite(memory: DeviceMemory, image: Installed): DeviceMemory {
  checkFloor(memory, image);
  const slot = otherSlot(memory.active);
  return { ...memory, slots: { ...memory.slots, [slot]: image }, trial: { slot, starts: 0 } };
}

/** At each start, before anything else: which slot runs, and what to remember first. */
export function atStart(memory: DeviceMemory): { slot: Slot; memory: DeviceMemory } {
  const { trial, active, slots } = memory;
  if (trial === null) return { slot: active, memory };
  if (trial.starts >= TRIAL_STARTS)
    return { slot: active, memory: { ...memory, trial: null, slots: { ...slots, [trial.slot]: null } } };
  return { slot: trial.slot, memory: { ...memory, trial: { ...trial, starts: trial.starts + 1 } } };
}

/** The image on trial works: it is what the device runs from now on, and nothing older in security ever again. */
export function confirm(memory: DeviceMemory): DeviceMemory {
  const { trial, slots, securityFloor } = memory;
  const image = trial === null ? null : slots[trial.slot];
  if (trial === null || image === null) return memory;
  return {
    ...memory,
    active: trial.slot,
    trial: null,
    securityFloor: Math.max(securityFloor, image.securityVersion),
  };
}

/** The image on trial does not work: the one before runs again. */
export function reject(memory: DeviceMemory): DeviceMemory {
  const { trial, slots } = memory;
  return trial === null ? memory : { ...memory, trial: null, slots: { ...slots, [trial.slot]: null } };
}
