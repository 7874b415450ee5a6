import { backupAskedResponse, backupListResponse, reasonBody } from '@wardline/model';
import type { Context } from '../../context.ts';
import { Refusal } from '../../http/problems.ts';
import type { App } from '../../http/routes.ts';
import { append } from '../../ledger/append.ts';
import { listBackups } from './list.ts';
import { askForRun, waitingRun } from './runs.ts';

/** Backups that the server makes by itself. */
export function backupPlanRoutes(app: App, context: Context): void {
  app.route({
    method: 'GET',
    url: '/backups',
    config: { action: 'backup.list' },
    schema: {
      summary: 'Backups by the plan, how old they are, and which moments can be restored',
      response: { 200: backupListResponse },
    },
    handler: async () => listBackups(context),
  });
  app.route({
    method: 'POST',
    url: '/backups/runs',
    config: { action: 'backup.run', changes: true },
    schema: {
      summary: 'A full backup now, into the folder of the plan',
      body: reasonBody,
      response: { 200: backupAskedResponse },
    },
    handler: async ({ body: { reason }, actor }) => {
      const id = await ask(context, actor, reason);
      void context.backups.round();
      context.events.emit('backups', 'ledger');
      return { id };
    },
  });
}

async function ask({ database, config, now }: Context, actor: string, reason: string): Promise<string> {
  if (config.backups === null)
    throw new Refusal(
      'conflict',
      'No backups are planned: WARDLINE_BACKUP_DIR and WARDLINE_BACKUP_RECIPIENT say where they go and who opens them',
    );
  return database.transaction().execute(async (transaction) => {
    if ((await waitingRun(transaction)) !== null)
      throw new Refusal('conflict', 'A backup is being made already');
    const id = await askForRun(transaction, actor, now());
    const what = { action: 'backup.run', subject: `backup:${id}`, changes: {}, reason };
    await append(transaction, { at: now(), actor, ...what });
    return id;
  });
}
