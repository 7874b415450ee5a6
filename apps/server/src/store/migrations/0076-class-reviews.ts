import type { Migration } from './index.ts';

/** What people said of habits of classes of devices: normal, or not. */
export const classReviews: Migration = {
  name: '0076-class-reviews',
  statements: `
    create table watch_class_review (
      site int not null references site, class text not null, habit text not null,
      verdict text not null check (verdict in ('normal', 'not-normal')),
      at bigint not null, actor text not null, reason text not null, primary key (site, class, habit)
    );
  `,
};
