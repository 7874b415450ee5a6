import type { Command } from 'commander';
import { addActs } from './acts.ts';
import { addBehaviour } from './behaviour.ts';
import { addExporting } from './exporting.ts';
import { addLearning } from './learning.ts';
import { addLogs } from './logs.ts';
import { addReading } from './reading.ts';
import { addReceivers } from './receivers.ts';
import { addRules } from './rules.ts';

export function addAlert(program: Command): void {
  const noun = program
    .command('alert')
    .description('What the server’s watch tells: stories with their alerts, and what people do with them.');
  addReading(noun);
  addActs(noun);
  addLearning(noun);
  addBehaviour(noun);
  addExporting(noun);
  addReceivers(noun);
  addRules(noun);
  addLogs(noun);
}
