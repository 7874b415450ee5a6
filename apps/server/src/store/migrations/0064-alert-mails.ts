import type { Migration } from './index.ts';

/** Of which stories a mail receiver was told, and how grave they were then: one that grows no graver is told once. */
export const alertMails: Migration = {
  name: '0064-alert-mails',
  statements: `
    create table alert_receiver_mailed (
      receiver uuid not null references alert_receiver on delete cascade, story text not null references watch_story on delete cascade,
      severity_rank smallint not null, primary key (receiver, story)
    );
    create index alert_receiver_mailed_story on alert_receiver_mailed (story);
  `,
};
