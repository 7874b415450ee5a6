import type { Migration } from './index.ts';

/** Which secure element or TEE an order names, and what one was asked and has not answered yet. */
export const elements: Migration = {
  name: '0089-elements',
  statements: `
    alter table enrolment_code add column element jsonb;
    create table element_question (
      id uuid primary key, challenge bytea not null, key bytea not null, expires bigint not null
    );
    create index element_question_expires on element_question (expires);
  `,
};
