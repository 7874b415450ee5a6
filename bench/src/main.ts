/** `npm run bench -- NAME [options]`. */
const benches: Record<string, () => Promise<{ run: (args: string[]) => void | Promise<void> }>> = {
  sensor: () => import('./sensor.ts'),
  intake: () => import('./intake.ts'),
  scale: () => import('./scale.ts'),
  soak: () => import('./soak.ts'),
  floods: () => import('./floods.ts'),
  identify: () => import('./identify/identify.ts'),
  ledger: () => import('./ledger.ts'),
  authorise: () => import('./authorise.ts'),
  matching: () => import('./matching.ts'),
  policy: () => import('./policy.ts'),
  sbom: () => import('./sbom.ts'),
  detection: () => import('./detection/detection.ts'),
  monitoring: () => import('./detection/monitoring.ts'),
  updates: () => import('./updates.ts'),
  risk: () => import('./risk/risk.ts'),
  pki: () => import('./pki/pki.ts'),
};

const [name = '', ...args] = process.argv.slice(2);
const load = benches[name];
if (load) await (await load()).run(args);
else {
  console.error(`usage: npm run bench -- ${Object.keys(benches).join('|')} [--help]`);
  process.exitCode = 2;
}
