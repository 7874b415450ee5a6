import type { Migration } from './index.ts';

/** How an asset's key is kept, and how its boot and its firmware stand: what zones of a policy may choose by. */
export const assetPosture: Migration = {
  name: '0062-asset-posture',
  statements: `
    alter table asset add column assurance text not null default '', add column posture text[] not null default '{}';
  `,
};
