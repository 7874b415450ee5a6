import { type Calls, reason, type Stage } from './stage.ts';

/** Each call differs from the one before. */
function count({ kept }: Stage): number {
  const next = Number(kept.get('incident-count') ?? '0') + 1;
  kept.set('incident-count', String(next));
  return next;
}

const open = (stage: Stage): Promise<Response> =>
  stage.server.post('incidents', { playbook: 'rogue-device', title: `Incident ${count(stage)}`, reason });

/** An incident that is open, made where there is none. */
async function anIncident(stage: Stage): Promise<string> {
  const known = stage.kept.get('incident');
  if (known !== undefined) return known;
  const { number } = (await (await open(stage)).json()) as { number: number };
  stage.kept.set('incident', String(number));
  return String(number);
}

const post = async (stage: Stage, path: string, body: object): Promise<Response> =>
  stage.server.post(`incidents/${await anIncident(stage)}/${path}`, body);

async function changeState(stage: Stage): Promise<Response> {
  const number = await anIncident(stage);
  const { state } = await stage.server.get<{ state: string }>(`incidents/${number}`);
  return post(stage, 'state', { state: state === 'open' ? 'contained' : 'open', reason });
}

const factor = { weight: 'unknown', reason: '' };
const breach = (stage: Stage): Promise<Response> =>
  post(stage, 'breach', {
    facts: {
      known: '2026-11-26',
      shouldHaveKnown: null,
      secured: 'no',
      exception: null,
      factors: { nature: factor, recipient: factor, acquired: factor, mitigated: factor },
      individuals: count(stage),
      mostInOneState: null,
      role: 'covered-entity',
      delay: null,
    },
  });

/** Of an asset without life-critical conversations. */
const contain = (stage: Stage): Promise<Response> =>
  post(stage, 'containment', { assets: [stage.assets[0]!.id], signed: [], reason });

export const incidentCalls: Calls = {
  'incident.open': open,
  'incident.note': (stage) => post(stage, 'entries', { kind: 'note', text: `note ${count(stage)}` }),
  'incident.step': (stage) => post(stage, 'steps/look', { state: 'done', note: `seen ${count(stage)}` }),
  'incident.duty': (stage) => post(stage, 'duties', { role: 'commander', person: `Person ${count(stage)}` }),
  'incident.state': changeState,
  'incident.breach': breach,
  'incident.contain': contain,
  'incident.contact': (stage) =>
    stage.server.post('duty-contacts', {
      role: 'privacy',
      name: `Person ${count(stage)}`,
      reach: 'phone 4711',
    }),
};
