import type { Migration } from './index.ts';

/** What persons say answers a threat at one asset or at every device of a class; it counts once somebody else has verified it. */
export const threats: Migration = {
  name: '0047-threats',
  statements: `
    create table threat_answer (
      id uuid primary key, threat text not null, on_kind text not null check (on_kind in ('asset', 'class')),
      on_id text not null, text text not null, added_by text not null, added bigint not null, verified_by text,
      evidence text, verified bigint, holds_until bigint, removed bigint
    );
    create index threat_answer_on on threat_answer (on_kind, on_id) where removed is null;
  `,
};
