import type { Command } from 'commander';
import { writeOut } from '../terminal/output.ts';
import { version } from '../version.ts';

export function addVersion(program: Command): void {
  program
    .command('version')
    .description('Print the version.')
    .action(() => writeOut(`wardline ${version}\n`));
}
