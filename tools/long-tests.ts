/**
 * The test files that take longest. `npm test` leaves them to `npm test -- --all` and to CI, so that all the rest is run before
 * every commit, in minutes. A file that is named is run in any case.
 */
const longTests: Readonly<Record<string, readonly string[]>> = {
  'every page and act of the console in Chromium': [
    'apps/console/src/e2e/accessibility.test.ts',
    'apps/console/src/e2e/acts.test.ts',
    'apps/console/src/e2e/authority.test.ts',
    'apps/console/src/e2e/console.test.ts',
    'apps/console/src/e2e/ledger.test.ts',
    'apps/console/src/e2e/story.test.ts',
  ],
  'whole programs over a real server, many starts of each, killed and started again': [
    'apps/cli/src/agent/agent.test.ts',
    'apps/cli/src/agent/tpm.test.ts',
    'apps/cli/src/ceremony/ceremony-guide.test.ts',
    'apps/cli/src/commands/access/access.test.ts',
    'apps/cli/src/commands/alert/exporting.test.ts',
    'apps/cli/src/commands/ledger/ledger.test.ts',
    'apps/cli/src/commands/life/life.test.ts',
    'apps/cli/src/commands/policy/policy.test.ts',
    'apps/cli/src/commands/policy/serving.test.ts',
    'apps/cli/src/intake/enrolled-sensor.test.ts',
    'apps/cli/src/intake/nats/real-server.test.ts',
    'apps/cli/src/intake/real-server.test.ts',
    'apps/cli/src/intake/sense.test.ts',
    'fuzz/damage.test.ts',
    'tools/packing/packing.test.ts',
  ],
  'gateways, switches and whole hospitals in network namespaces': [
    'apps/cli/src/admission/revocation.test.ts',
    'apps/cli/src/enforcement/enforcement.test.ts',
    'apps/cli/src/enforcement/haproxy.test.ts',
    'apps/cli/src/enforcement/obeying.test.ts',
    'apps/cli/src/gateway/revocation.test.ts',
    'apps/cli/src/intake/interface.test.ts',
    'testbed/src/record.test.ts',
    'testbed/src/segmented/segmentation.test.ts',
    'testbed/src/updating/updating.test.ts',
  ],
  'each field of every recording beside tshark’s': [
    'packages/sensor/src/dissectors/access-tshark.test.ts',
    'packages/sensor/src/dissectors/infrastructure-tshark.test.ts',
    'packages/sensor/src/tshark-fields.test.ts',
  ],
};

export const longFiles: readonly string[] = Object.values(longTests).flat();

/** With CI set nothing may be missing, and nothing is left out. */
export const isStrict = ({ CI }: NodeJS.ProcessEnv): boolean => CI !== undefined && CI !== 'false';
