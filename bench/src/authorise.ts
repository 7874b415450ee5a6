import { loadAuthorisation } from '@wardline/server';

const DECISIONS = 200_000;
const ASKED = 2000;

/** Prints decisions a second that are remembered, beside the same questions put to Cedar each time. */
export async function run(): Promise<void> {
  const { authorisation, actions, roles } = await loadAuthorisation();
  const grant = { sites: null, zones: null, until: null, origin: 'assigned' } as const;
  const principals = Array.from({ length: 500 }, (_, index) => ({
    id: `person:${index}`,
    name: '',
    grants: [{ role: roles[index % roles.length]!, ...grant }],
    session: null,
  }));
  const question = (index: number) => ({
    principal: principals[index % principals.length]!,
    action: actions[index % actions.length]!,
  });
  const cedar = rate(ASKED, (index) => {
    const { principal, action } = question(index);
    const { role } = principal.grants[0]!;
    authorisation.ask({ holder: principal.id, role, action, site: null, steppedUp: false, emergency: false });
  });
  const decide = (index: number) => {
    const { principal, action } = question(index);
    authorisation.decide(principal, action, 0, false);
  };
  for (let index = 0; index < principals.length * actions.length; index += 1) decide(index);
  const kept = rate(DECISIONS, decide);
  console.log(
    `Cedar asked each time       ${Math.round(cedar).toLocaleString('en').padStart(12)} decisions/s`,
  );
  console.log(
    `decisions that are kept     ${Math.round(kept).toLocaleString('en').padStart(12)} decisions/s   ratio ${(kept / cedar).toFixed(0)}`,
  );
}

function rate(count: number, work: (index: number) => void): number {
  const start = performance.now();
  for (let index = 0; index < count; index += 1) work(index);
  return (count / (performance.now() - start)) * 1000;
}
