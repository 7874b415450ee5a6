import type { Command } from 'commander';
import { addBreakGlass } from './break-glass.ts';
import { addGrants } from './grants.ts';
import { addGroups } from './groups.ts';
import { addPeople } from './people.ts';
import { addRequests } from './requests.ts';
import { addTokens } from './tokens.ts';

/** People, their roles, and the tokens of programs. */
export function addAccess(program: Command): void {
  const access = program
    .command('access')
    .description('People, their roles, and the tokens of programs and sensors.');
  addPeople(access);
  addGrants(access);
  addGroups(access);
  addRequests(access);
  addBreakGlass(access);
  addTokens(access);
}
