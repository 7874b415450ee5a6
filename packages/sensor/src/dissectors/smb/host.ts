import type { Facts } from '@wardline/model';
import type { Reporter, Side } from '../../dissector.ts';
import { present } from '../../text/wire-text.ts';
import type { NtlmFacts } from './ntlm.ts';

type Host = Facts['smb.host'];
type Known = { -readonly [K in Exclude<keyof Host, 'role'>]: Host[K] | undefined };

/** Gathers what one side says in several messages, and states it once. */
export class SmbHost {
  readonly #side: Side;
  readonly #known: Partial<Known> = {};
  #stated = '';

  constructor(side: Side) {
    this.#side = side;
  }

  /** The first word on each counts: later messages repeat it or say less. */
  learn(facts: Partial<Known>): void {
    for (const [name, value] of Object.entries(facts)) {
      if (value !== undefined)
        Object.assign(this.#known, { [name]: this.#known[name as keyof Known] ?? value });
    }
  }

  /** A later proof names the workstation better than the first message. */
  learnNtlm({ hostname, domain, os }: NtlmFacts): void {
    this.learn({ hostname, domain, os });
  }

  state(report: Reporter): void {
    const facts = present(this.#known) as Partial<Known>;
    const text = JSON.stringify(facts);
    if (text === '{}' || text === this.#stated) return;
    this.#stated = text;
    report.sight('smb.host', this.#side, { role: this.#side, ...facts } as Host);
  }
}
