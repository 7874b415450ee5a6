import type { Command } from 'commander';
import { addMadeReports } from './made.ts';
import { addRecordReports } from './record.ts';

export function addReport(program: Command): void {
  const noun = program
    .command('report')
    .description('Reports to hand over: made of a recorded judgement, or by a server of what it knows.');
  addRecordReports(noun);
  addMadeReports(noun);
}
