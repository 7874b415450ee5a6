import { loadKnowledge } from '@wardline/knowledge';
import { expect, test } from 'vitest';
import { identify } from '../identify.ts';
import { at, conversation, sighting } from '../testing/observe.ts';

const knowledge = loadKnowledge();
const [analyser, host] = [at('01', '10.0.0.1'), at('02', '10.0.0.2')];
const talk = conversation(analyser, host, 12000, { application: 'astm' });

function classAt(sightings: ReturnType<typeof sighting>[]) {
  const { assets } = identify({ sightings, conversations: [talk], decisions: [] }, knowledge);
  return assets.find((asset) => asset.ips.includes('10.0.0.2'))?.class.value;
}

test('whoever instruments connect to, and that says nothing itself, is their information system', () => {
  expect(classAt([])).toBe('lis');
});

test('an instrument that waits to be connected to is none', () => {
  const facts = { role: 'instrument', senderName: 'XN-1000', recordTypes: ['H', 'R'] } as const;
  expect(classAt([sighting('astm.endpoint', host, { ...facts, recordTypes: ['H', 'R'] })])).toBe(
    'lab-analyser',
  );
});
