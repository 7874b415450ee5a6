import { alertFrame, gapFrame } from '@wardline/formats';
import type { SyslogReceiver } from '@wardline/model';
import { SyslogConnection } from '../../outgoing/index.ts';
import { type Place, placeOf, served } from './cursor.ts';
import { UNSURE } from './limits.ts';
import { openSecret } from './secret.ts';
import { nextAfter, rest, type SendingNeeds, type Served, type Way } from './sending.ts';

/**
 * Syslog over TLS acknowledges nothing: what a receiver has read is known only where it ends a connection in order (RFC 5425 §4.4), and
 * whether it lived on to store it only where the connection after that one was ended in order, too. So connections are ended and made anew
 * now and then while something is not sure, and after a break everything that is not sure is sent again; numbers tell doubles.
 */
export const syslogWay: Way = async (needs, receiver, ending) => {
  const line = new SyslogLine(needs, receiver, ending);
  await line.run(await placeOf(needs.database, receiver.id));
};

class SyslogLine {
  readonly #needs: SendingNeeds;
  readonly #receiver: Served;
  readonly #settings: SyslogReceiver;
  readonly #ending: AbortSignal;
  #sent = 0;
  #sure = 0;
  /** Up to where the receiver had read when it ended the connection before this one in order; null on the first. */
  #read: number | null = null;

  constructor(needs: SendingNeeds, receiver: Served, ending: AbortSignal) {
    this.#needs = needs;
    this.#receiver = receiver;
    this.#settings = receiver.settings as SyslogReceiver;
    this.#ending = ending;
  }

  /** Connection after connection. @throws where one breaks */
  async run({ sure }: Place): Promise<void> {
    [this.#sent, this.#sure] = [sure, sure];
    while (!this.#ending.aborted) await this.#connection();
  }

  async #connection(): Promise<void> {
    const connection = await this.#open();
    try {
      await this.#keep(null);
      await this.#serve(connection);
      if (!(await connection.end())) throw new Error('the receiver did not end the connection in order');
      if (this.#read !== null) this.#sure = this.#read;
      this.#read = this.#sent;
      await this.#keep(null);
    } finally {
      connection.destroy();
    }
  }

  /** Until it is time for a new connection. */
  async #serve(connection: SyslogConnection): Promise<void> {
    const { pace } = this.#needs;
    const over = AbortSignal.any([this.#ending, connection.over]);
    const born = performance.now();
    for (; !this.#ending.aborted; connection.check()) {
      while (await this.#send(connection));
      if (this.#sent > this.#sure && performance.now() - born >= pace.renew) return;
      await rest(pace.poll, over);
    }
  }

  /** Sends what follows; false where nothing does, or too much is not sure. */
  async #send(connection: SyslogConnection): Promise<boolean> {
    if (this.#ending.aborted || this.#sent - this.#sure >= UNSURE) return false;
    const { database, teller, now } = this.#needs;
    const { items, gap } = await nextAfter(database, this.#sent);
    const { form } = this.#settings;
    const frames = items.map((item) => alertFrame(item, form, teller));
    if (gap !== null) frames.unshift(gapFrame(gap, now(), teller));
    if (frames.length === 0) return false;
    await connection.send(Buffer.concat(frames));
    this.#sent = items.at(-1)?.number ?? gap!.upTo;
    await this.#keep(now(), gap === null ? 0 : gap.upTo - gap.from + 1);
    return true;
  }

  async #keep(at: number | null, missing = 0): Promise<void> {
    const { database, changed } = this.#needs;
    await served(database, this.#receiver.id, { sent: this.#sent, sure: this.#sure, missing, at });
    if (at !== null) changed();
  }

  async #open(): Promise<SyslogConnection> {
    const { host, port, ca, certificate } = this.#settings;
    const key = await openSecret(this.#needs.keys, this.#receiver);
    return SyslogConnection.open({
      host,
      port,
      ca: ca ?? undefined,
      certificate: certificate ?? undefined,
      key: certificate === null ? undefined : (key ?? undefined),
      lookup: this.#needs.outgoing.lookupOf(host, port),
    });
  }
}
