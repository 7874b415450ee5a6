import type { Migration } from './index.ts';

/**
 * Risks that a person opened for a gap: a question of the evidence that fails, or a control that nothing shows (`gap`). One risk for each
 * gap; `level` is how the person graded it, since no device shows it by itself.
 */
export const gaps: Migration = {
  name: '0056-gaps',
  statements: `
    create table risk_gap (
      risk text primary key references risk (id), gap text not null unique, control text not null, level int not null,
      opened_by text not null, at bigint not null
    );
  `,
};
