import { sql, type Transaction } from 'kysely';
import type { Context } from '../../context.ts';
import { act, append } from '../../ledger/append.ts';
import type { Tables } from '../../store/tables.ts';
import type { Answer, Connector } from './connectors/connector.ts';
import type { Connectors } from './connectors/index.ts';
import { type Credential, newCredential } from './credential.ts';
import { LEASE_MICROS, TRIES } from './limits.ts';
import {
  destroyVersions,
  insertVersion,
  openVersion,
  readSecret,
  type StoredSecret,
  sealedVersion,
  versionsOf,
} from './store.ts';

/** A rotation that was taken up. */
export interface Job {
  rotation: string;
  secret: StoredSecret;
  closes: number;
  tries: number;
  /** True where the next secret may have reached the device. */
  sent: boolean;
}

export interface RotationNeeds {
  context: Context;
  connectors: Connectors;
}

/** How far one run came. `again`: the device was away; there is time left in the window. */
export type Outcome = { state: 'done' | 'failed' | 'stuck' | 'again'; said: string };

/**
 * Changes one secret on its device, from wherever an earlier run was ended: what is true is asked of the device and of the versions that are
 * stored, never of where the work seemed to be. The next secret is stored before it is sent, and the old one is destroyed only when the device has let
 * the next one in and refused the old one.
 */
export async function rotate(needs: RotationNeeds, job: Job): Promise<Outcome> {
  const connector = needs.connectors[job.secret.kind];
  if (connector === null) return { state: 'failed', said: 'Nothing changes this secret but people.' };
  const run = new Run(needs.context, job, connector);
  try {
    return await run.whole();
  } catch (error) {
    if (error instanceof Closed) return run.closed();
    // What a device or a library says may repeat what was sent to it.
    needs.context.log.warn({ reason: (error as Error).name, rotation: job.rotation }, 'a rotation was ended');
    return job.sent
      ? { state: 'stuck', said: 'Something went wrong here in the middle; both secrets are kept.' }
      : { state: 'failed', said: 'Something went wrong here before anything was changed.' };
  }
}

class Run {
  readonly #context: Context;
  readonly #job: Job;
  readonly #connector: Connector;

  constructor(context: Context, job: Job, connector: Connector) {
    this.#context = context;
    this.#job = job;
    this.#connector = connector;
  }

  async whole(): Promise<Outcome> {
    const versions = await versionsOf(this.#context.database, this.#job.secret.id);
    const [current, previous] = [versions.get('current'), versions.get('previous')];
    if (current === undefined) return { state: 'failed', said: 'There is no secret that could be changed.' };
    if (previous !== undefined) return this.#retire(await this.#open(current), await this.#open(previous));
    const next = versions.get('next') ?? (await this.#makeNext(await this.#open(current)));
    return this.#change(await this.#open(current), await this.#open(next));
  }

  readonly #open = (version: { id: string; sealed: Buffer }) => openVersion(this.#context, version);

  /** Stored before anything is sent: whatever reaches the device is known here. */
  async #makeNext(before: Credential): Promise<{ id: string; sealed: Buffer }> {
    const { id, kind, zone } = this.#job.secret;
    const { database, now } = this.#context;
    const made = await sealedVersion(
      this.#context,
      zone,
      newCredential(kind, `wardline-${id.slice(0, 8)}`, before),
    );
    await database
      .transaction()
      .execute((transaction) => insertVersion(transaction, id, made, 'next', now()));
    return made;
  }

  async #change(current: Credential, next: Credential): Promise<Outcome> {
    if (this.#job.sent) {
      const answer = await this.#ask('find out whether the new secret had arrived', next);
      if (answer === 'accepted') return this.#takeOver(current, next);
      if (answer === 'away') return this.#away();
    }
    const answer = await this.#ask('let in by the secret that is kept', current);
    if (answer === 'away') return this.#away();
    if (answer === 'refused') return this.#refused();
    return this.#give(current, next);
  }

  async #give(current: Credential, next: Credential): Promise<Outcome> {
    await this.#markSent();
    await this.#step('give the new secret', () => this.#connector.gives(this.#job.secret, current, next));
    // Whether the device said yes, no or nothing: what counts is what it lets in.
    const answer = await this.#ask('let in by the new secret', next);
    if (answer === 'accepted') return this.#takeOver(current, next);
    if (answer === 'away') return this.#away();
    return this.#rollBack(current, next);
  }

  /** The new one does not work: where the old one does, everything is as it was. */
  async #rollBack(current: Credential, next: Credential): Promise<Outcome> {
    const answer = await this.#ask('find out whether the old secret still holds', current);
    if (answer === 'away') return this.#away();
    if (answer === 'refused')
      return {
        state: 'stuck',
        said: 'The device lets in neither the old nor the new secret; both are kept.',
      };
    const { takes } = this.#connector;
    if (takes !== null)
      await this.#step('take the new secret away', () => takes(this.#job.secret, current, next));
    return { state: 'failed', said: 'The device did not take the new secret; the old one holds.' };
  }

  #refused(): Outcome {
    if (this.#job.sent)
      return {
        state: 'stuck',
        said: 'The device lets in neither the old nor the new secret; both are kept.',
      };
    return {
      state: 'failed',
      said: 'The device does not let in the secret that is kept here; nothing was changed.',
    };
  }

  /** From here on the new one counts. */
  async #takeOver(current: Credential, next: Credential): Promise<Outcome> {
    const { database, now } = this.#context;
    const { id } = this.#job.secret;
    const at = now();
    await act(database, this.#entry('secret.switch', at), async (transaction) => {
      await sql`update device_secret_version set state = 'previous', ended = ${at} where secret = ${id} and state = 'current'`.execute(
        transaction,
      );
      await sql`update device_secret_version set state = 'current' where secret = ${id} and state = 'next'`.execute(
        transaction,
      );
      await sql`update device_secret set changed = ${at} where id = ${id}`.execute(transaction);
    });
    return this.#retire(next, current);
  }

  /** Takes the old one away, and sees that the device refuses it. */
  async #retire(current: Credential, previous: Credential): Promise<Outcome> {
    const { takes } = this.#connector;
    if (takes !== null)
      await this.#step('take the old secret away', () => takes(this.#job.secret, current, previous));
    const answer = await this.#ask('see that the old secret is refused', previous);
    if (answer === 'away') return this.#away();
    if (answer === 'accepted')
      return { state: 'stuck', said: 'The new secret holds, but the device still lets the old one in.' };
    const { database, now } = this.#context;
    await database
      .transaction()
      .execute((transaction) => destroyVersions(transaction, this.#job.secret.id, ['previous'], now()));
    return { state: 'done', said: 'The new secret holds, and the old one is refused.' };
  }

  closed(): Outcome {
    return this.#job.sent
      ? { state: 'stuck', said: 'The window closed before it was done; both secrets are kept.' }
      : { state: 'failed', said: 'The window closed before anything was changed.' };
  }

  #away(): Outcome {
    const isOver = this.#context.now() >= this.#job.closes || this.#job.tries >= TRIES;
    const said = 'The device does not answer.';
    if (!isOver) return { state: 'again', said };
    return this.#job.sent
      ? { state: 'stuck', said: `${said} Which secret it holds is not known; both are kept.` }
      : { state: 'failed', said: `${said} Nothing was changed.` };
  }

  async #markSent(): Promise<void> {
    await sql`update secret_rotation set sent = true where id = ${this.#job.rotation}`.execute(
      this.#context.database,
    );
    this.#job.sent = true;
  }

  async #ask(step: string, credential: Credential): Promise<Answer> {
    await this.#mustBeInWindow(step);
    const answer = await this.#connector.asks(this.#job.secret, credential);
    const words = {
      accepted: 'It was let in.',
      refused: 'It was refused.',
      away: 'The device does not answer.',
    };
    await this.#note(step, answer === 'away' ? 'failed' : 'done', words[answer]);
    return answer;
  }

  /** Whether it failed, and what that means, the next question finds out. */
  async #step(step: string, work: () => Promise<void>): Promise<void> {
    await this.#mustBeInWindow(step);
    await this.#note(step, 'begun', '');
    try {
      await work();
      await this.#note(step, 'done', 'The device took it.');
    } catch (error) {
      const said =
        (error as Error).name === 'ConnectorError' ? (error as Error).message : 'the connection broke';
      await this.#note(step, 'failed', `${said}.`);
    }
  }

  /** Nothing is sent outside of the window that a person gave, not even a question. @throws Closed */
  async #mustBeInWindow(step: string): Promise<void> {
    const { database, now } = this.#context;
    const at = now();
    if (at >= this.#job.closes) throw new Closed(`the window closed before: ${step}`);
    await sql`update secret_rotation set lease = ${at + LEASE_MICROS} where id = ${this.#job.rotation}`.execute(
      database,
    );
  }

  async #note(step: string, outcome: 'begun' | 'done' | 'failed', said: string): Promise<void> {
    const { database, now } = this.#context;
    await sql`insert into secret_rotation_step (rotation, at, step, outcome, said)
      values (${this.#job.rotation}, ${now()}, ${step}, ${outcome}, ${said})`.execute(database);
  }

  #entry(action: string, at: number) {
    const { rotation, secret } = this.#job;
    return {
      at,
      actor: 'server',
      action,
      subject: `secret:${secret.id}`,
      changes: { rotation },
      reason: null,
    };
  }
}

class Closed extends Error {
  override readonly name = 'WindowClosed';
}

/** Takes up the next rotation whose window is open, or whose runner died; null where none is. The start is an act. */
export async function takeUp(context: Context): Promise<Job | null> {
  const at = context.now();
  return context.database.transaction().execute(async (transaction) => {
    const { rows } = await sql<Omit<Job, 'secret'> & { secret: string; orderedBy: string; first: boolean }>`
      update secret_rotation set state = 'running', lease = ${at + LEASE_MICROS}, tries = tries + 1, started = coalesce(started, ${at})
      where id = (select id from secret_rotation
        where ((state = 'ordered' and opens <= ${at}) or (state = 'running' and lease < ${at})) and closes > ${at}
          and not exists (select 1 from secret_checkout c where c.secret = secret_rotation.secret and c.ended is null)
        order by opens, proposed, id limit 1 for update skip locked)
      returning id as rotation, secret, closes, tries, sent, ordered_by as "orderedBy", started = ${at} as first`.execute(
      transaction,
    );
    const [row] = rows;
    if (row === undefined) return null;
    const { secret: id, orderedBy, first, ...job } = row;
    const secret = await readSecret(transaction, id);
    if (secret === null) return null;
    const changes = { rotation: job.rotation, orderedBy };
    const entry = {
      at,
      actor: 'server',
      action: 'secret.rotation-start',
      subject: `secret:${id}`,
      changes,
      reason: null,
    };
    if (first) await append(transaction, entry);
    return { ...job, secret };
  });
}

/** Writes down how a run ended; each end is an act. */
export async function settle(context: Context, job: Job, { state, said }: Outcome): Promise<void> {
  const at = context.now();
  await context.database.transaction().execute(async (transaction) => {
    if (state === 'again') {
      await sql`update secret_rotation set lease = ${at + LEASE_MICROS}, said = ${said} where id = ${job.rotation}`.execute(
        transaction,
      );
      return;
    }
    await sql`update secret_rotation set state = ${state}, ended = ${at}, lease = null, said = ${said} where id = ${job.rotation}`.execute(
      transaction,
    );
    // Where the old one holds, the next one never counted.
    if (state === 'failed') await destroyVersions(transaction, job.secret.id, ['next'], at);
    await ended(transaction, job, state, at);
  });
}

async function ended(transaction: Transaction<Tables>, job: Job, state: string, at: number): Promise<void> {
  const changes = { rotation: job.rotation, state };
  const what = { action: 'secret.rotation-end', subject: `secret:${job.secret.id}`, changes, reason: null };
  await append(transaction, { at, actor: 'server', ...what });
}
