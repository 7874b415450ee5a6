import { addAgentVerbs } from '@wardline/agent';
import type { Command } from 'commander';

/** The device's side of its identity, as `wardline-agent` has it. */
export function addAgent(program: Command): void {
  addAgentVerbs(
    program
      .command('agent')
      .description('The identity of this device: a certificate of its own, kept alive.'),
  );
}
