import type { Verifier } from '@wardline/ledger';
import { lookUpPartly } from '../client/partial.ts';
import type { Session, TargetSource } from '../client/ports.ts';
import { lookUp, refresh } from '../client/refresh.ts';
import type { TrustedRoot } from '../client/root.ts';
import { type Outcome, outcomeOf, UpdatesFault } from '../fault.ts';
import { type Firmware, readFirmware } from '../image/description.ts';
import { openImage } from '../image/seal.ts';
import type { TargetFile } from '../metadata/file.ts';
import { checkInstruction, type Instruction } from './instruction.ts';
import { fetched, type PartStore } from './parts.ts';
import { beginWrite, checkFloor, type DeviceMemory, endWrite, otherSlot, type Slot } from './slots.ts';

/** What a device has to write on. Each write is whole or not at all, but for a slot's bytes. */
export interface DevicePorts {
  memory: { read: () => Promise<DeviceMemory>; write: (memory: DeviceMemory) => Promise<void> };
  /** Writes all bytes of a slot, and has them on the medium when it ends. */
  writeSlot: (slot: Slot, bytes: AsyncIterable<Uint8Array>) => Promise<void>;
  /** Where there is room to keep what was fetched of an image, a download goes on where it was cut off. */
  parts?: PartStore;
}

/** What a device knows of itself since the factory. */
export interface DeviceSelf {
  /** Its name in its certificate. */
  id: string;
  manufacturer: string;
  model: string;
  group: string;
  /** The private half of its group's key (AGE-SECRET-KEY-1…). */
  identity: string;
  /** The ledger's keys. */
  verifiers: readonly Verifier[];
}

/** `partial`: see `lookUpPartly`. The rollout's act in the ledger is verified in both. */
export type Verification = 'full' | 'partial';

export interface UpdateWith {
  session: Session;
  targets: TargetSource;
  ports: DevicePorts;
  self: DeviceSelf;
  /** How much of the repository's metadata it verifies; all of it where nothing is said. */
  verification?: Verification;
}

/**
 * Brings an image into the other slot, on trial from the next start. Whatever ends the device in the middle, it starts from the slot
 * that it runs from now, and this can be done again.
 */
export const install = (
  path: string,
  instruction: Instruction,
  update: UpdateWith,
): Promise<Outcome<Firmware>> =>
  outcomeOf(async () => {
    const { targets, ports, self } = update;
    const { root, target } = await listed(path, update);
    const firmware = readFirmware(target);
    checkSelf(firmware, self);
    checkInstruction(instruction, self, target);
    const image = {
      version: firmware.version,
      securityVersion: firmware.securityVersion,
      sha256: firmware.plaintext.sha256,
    };
    const memory = await ports.memory.read();
    checkFloor(memory, image);
    const writing = beginWrite(memory);
    await ports.memory.write(writing);
    await fetched(ports.parts, targets, root, target, (sealed) =>
      ports.writeSlot(otherSlot(memory.active), openImage(sealed, self.identity, firmware)),
    );
    await ports.memory.write(endWrite(writing, image));
    return firmware;
  });

async function listed(
  path: string,
  { session, verification }: UpdateWith,
): Promise<{ root: TrustedRoot; target: TargetFile }> {
  if (verification === 'partial') return valueOfOutcome(await lookUpPartly(session, path));
  const trusted = valueOfOutcome(await refresh(session));
  const { target } = valueOfOutcome(await lookUp(session, trusted, path));
  return { root: trusted.root, target };
}

/** @throws UpdatesFault where the image is for other devices, however well it is signed */
function checkSelf({ manufacturer, model, group }: Firmware, self: DeviceSelf): void {
  if (manufacturer === self.manufacturer && model === self.model && group === self.group) return;
  throw new UpdatesFault('mismatch', `the image is for ${manufacturer} ${model}, group ${group}`);
}

function valueOfOutcome<T>(outcome: Outcome<T>): T {
  if (outcome.ok) return outcome.value;
  throw outcome.fault;
}
