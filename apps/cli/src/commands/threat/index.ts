import type { Command } from 'commander';
import { addThreatActs } from './acts.ts';
import { addModels } from './models.ts';

export function addThreat(program: Command): void {
  const noun = program
    .command('threat')
    .description(
      'Ask a server what can be done to devices and to what passes between them, and what answers it.',
    );
  addModels(noun);
  addThreatActs(noun);
}
