import type { Migration } from './index.ts';

/** What people found when they went through the checklist of NFC, site by site. */
export const nfcAnswers: Migration = {
  name: '0078-nfc-answers',
  statements: `
    create table nfc_answer (
      site int not null references site, item text not null, answer text not null check (answer in ('met', 'not-met', 'not-applicable')),
      note text not null, at bigint not null, actor text not null, primary key (site, item)
    );
  `,
};
