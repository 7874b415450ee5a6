import type { Migration } from './index.ts';

/** What follows a certificate, and which certificates a key has, are found without reading all of them. */
export const renewals: Migration = {
  name: '0054-renewals',
  statements: `
    create index certificate_renews on certificate (renews) where renews is not null;
    create index certificate_key on certificate (key_digest);
  `,
};
