import type { Overview } from '@wardline/model';
import type { Context } from '../../context.ts';
import { backupWarnings } from './list.ts';

/** What is wrong with backups, as one thing to do; nothing where all is well. */
export async function backupTodo(context: Context): Promise<Overview['todo']> {
  const [worst] = await backupWarnings(context);
  if (worst === undefined) return [];
  return [
    {
      id: 'backups',
      title: 'Backups need a look',
      why: worst.what,
      severity: 'high',
      harms: ['operations'],
      assets: 0,
      link: '/backups',
      action: worst.remedy,
    },
  ];
}
