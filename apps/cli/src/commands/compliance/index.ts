import type { Command } from 'commander';
import { addOscal } from './oscal.ts';
import { addReading } from './reading.ts';
import { addSaying } from './saying.ts';
import { addVerify } from './verify.ts';

export function addCompliance(program: Command): void {
  const noun = program
    .command('compliance')
    .description(
      'Ask a server which controls are met, by which evidence; check without one what it recorded.',
    );
  addReading(noun);
  addSaying(noun);
  addVerify(noun);
  addOscal(noun);
}
