import type { Command } from 'commander';
import { addEnforcing } from './enforcing.ts';
import { addMud } from './mud.ts';
import { addNetwork } from './network.ts';
import { addProving } from './proving.ts';
import { addReporting } from './reporting.ts';
import { addServing } from './serving.ts';
import { addStaging } from './staging.ts';
import { addTrying } from './trying.ts';
import { addWriting } from './writing.ts';

/** Segmentation that is proved before it is enforced, and enforced on this machine, without a server. */
export function addPolicy(program: Command): void {
  const policy = program
    .command('policy')
    .description(
      'Segmentation as text: proposed, reviewed, simulated, compiled, and proved before it is enforced.',
    );
  addWriting(policy);
  addTrying(policy);
  addProving(policy);
  addEnforcing(policy);
  addReporting(policy);
  addNetwork(policy);
  addMud(policy);
  addServing(policy);
  addStaging(policy);
}
