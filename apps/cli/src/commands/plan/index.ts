import type { Command } from 'commander';
import { addPlanList } from './list.ts';
import { addUsageOfServer } from './usage.ts';
import { addWindows } from './windows.ts';

export function addPlan(program: Command): void {
  const noun = program
    .command('plan')
    .description(
      'Ask a server what to do about weaknesses, and when devices may be taken out of use for it.',
    );
  addPlanList(noun);
  addWindows(noun);
  addUsageOfServer(noun);
}
