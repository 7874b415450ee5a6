import type { Migration } from './index.ts';

/** Who a person is at an identity provider: by issuer and subject, never by an address. */
export const openid: Migration = {
  name: '0017-openid',
  statements: `
    create table external_identity (
      issuer text not null, subject text not null, person uuid not null references person, connected bigint not null,
      primary key (issuer, subject)
    );
    create index external_identity_person on external_identity (person);
  `,
};
