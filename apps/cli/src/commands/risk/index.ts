import type { Command } from 'commander';
import { addCvss } from './cvss.ts';
import { addPaths } from './paths.ts';
import { addRecompute } from './recompute.ts';
import { addRegister } from './register.ts';
import { addTreat } from './treat.ts';

export function addRisk(program: Command): void {
  const noun = program
    .command('risk')
    .description('Ask a server what threatens patients, and what to do first; check scores without one.');
  addRegister(noun);
  addTreat(noun);
  addPaths(noun);
  addRecompute(noun);
  addCvss(noun);
}
