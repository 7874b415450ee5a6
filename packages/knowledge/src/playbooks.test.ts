import { expect, it } from 'vitest';
import { loadPlaybooks, playbookFaults } from './playbooks.ts';

const playbooks = [...loadPlaybooks().values()];

it('knows the six that a hospital asks for first', () => {
  expect(playbooks.map(({ id }) => id)).toEqual([
    'compromised-infusion-pump',
    'loss-of-network',
    'phi-exposure',
    'ransomware',
    'rogue-device',
    'supplier-breach',
  ]);
});

it.each(playbooks.map((playbook) => [playbook.id, playbook] as const))(
  '%s can be carried out',
  (_, playbook) => {
    expect(playbookFaults(playbook)).toEqual([]);
    expect(playbook.steps.some(({ phase }) => phase === 'learn')).toBe(true);
  },
);

it('says who must be at the bedside, or when to stop, wherever a device is contained', () => {
  const contained = playbooks.flatMap(({ steps }) =>
    steps.filter(({ phase, role }) => phase === 'contain' && role === 'network'),
  );
  for (const step of contained) expect(step.bedside ?? step.stop, step.title).toBeDefined();
});

it('finds steps that never come', () => {
  const [first] = playbooks;
  const steps = first!.steps.map((step, at) => (at === 0 ? { ...step, after: [step.id] } : step));
  expect(playbookFaults({ ...first!, steps })[0]).toContain('never ends');
  expect(playbookFaults({ ...first!, steps: [...first!.steps, first!.steps[0]!] })[0]).toContain('two steps');
});
