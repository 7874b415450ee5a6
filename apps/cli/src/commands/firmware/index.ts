import type { Command } from 'commander';
import { addBundle } from './bundle.ts';
import { addCeremony } from './ceremony.ts';
import { addRepository } from './repository.ts';
import { addRollouts } from './rollouts.ts';
import { addSeal } from './seal.ts';

/** Firmware: keys and signatures that never touch the server, images sealed to their devices, and the repository. */
export function addFirmware(program: Command): void {
  const firmware = program
    .command('firmware')
    .description('Firmware: sign away from the server, encrypt images to their devices, publish, and look.');
  addCeremony(firmware);
  addSeal(firmware);
  addRepository(firmware);
  addRollouts(firmware);
  addBundle(firmware);
}
