import { verifierText } from '@wardline/ledger';
import { backupBody } from '@wardline/model';
import type { Context } from '../context.ts';
import { Refusal } from '../http/problems.ts';
import type { App } from '../http/routes.ts';
import { append } from '../ledger/append.ts';
import { BackupFault } from './frames.ts';
import { sealStream } from './seal.ts';
import { backupBytes } from './write.ts';

/** Everything of one moment, encrypted before it leaves the server. */
export function backupRoutes(app: App, context: Context): void {
  app.route({
    method: 'POST',
    url: '/backups',
    config: { action: 'backup.make', changes: true },
    schema: {
      summary: 'A backup of everything, encrypted to a public key or by a passphrase (age)',
      body: backupBody,
    },
    handler: async ({ body, actor }, reply) => {
      const now = context.now();
      const to = body.recipient === null ? null : { recipients: [body.recipient] };
      if ((to === null) === (body.passphrase === null))
        throw new Refusal('invalid-request', 'name a recipient or a passphrase, one of them');
      const kind = to === null ? 'passphrase' : 'recipient';
      const what = {
        action: 'backup.make',
        subject: 'backup',
        changes: { kind, recipient: body.recipient },
        reason: body.reason,
      };
      await context.database
        .transaction()
        .execute((transaction) => append(transaction, { at: now, actor, ...what }));
      const { origin, size, root } = await context.heads.current();
      const head = { origin, size, root: Buffer.from(root).toString('hex') };
      const { dataDir } = context.config;
      const { log, clock } = context.heads.signer;
      const keys = { log: verifierText(log), clock: verifierText(clock) };
      const bytes = backupBytes({ connection: context.connection, dataDir, head, keys });
      const sealed = await sealStream(bytes, to ?? { passphrase: body.passphrase! }).catch(
        (error: unknown) => {
          throw error instanceof BackupFault ? new Refusal('invalid-request', error.message) : error;
        },
      );
      context.events.emit('ledger');
      void reply
        .header('content-disposition', 'attachment; filename="wardline-backup.age"')
        .type('application/octet-stream');
      return reply.send(sealed);
    },
  });
}
