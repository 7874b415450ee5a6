import type { Command } from 'commander';
import { addActs } from './acts.ts';
import { addReading } from './reading.ts';

export function addIncident(program: Command): void {
  const noun = program
    .command('incident')
    .description('Incidents and drills: what to do next, what was done, which clocks run.');
  addReading(noun);
  addActs(noun);
}
