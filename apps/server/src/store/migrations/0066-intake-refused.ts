import type { Migration } from './index.ts';

/** Batches that a broker gave out and that were not taken, counted by the site and sensor that their subjects name. */
export const intakeRefused: Migration = {
  name: '0066-intake-refused',
  statements: `
    create table intake_refused (
      site int not null,
      sensor text not null,
      reason text not null,
      count bigint not null,
      first bigint not null,
      last bigint not null,
      primary key (site, sensor, reason)
    );
  `,
};
