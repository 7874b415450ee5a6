import { askAs, type Somebody, signIn } from '../sign-in.ts';
import { type Calls, reason, type Stage } from './stage.ts';

const text = (name: string) => `policy ${JSON.stringify(name)} version 1
undeclared observe

zone everybody
  addresses 10.0.0.0/8
`;

const approvers = new WeakMap<Stage, Promise<Somebody>>();

/** Somebody other than the command line, who writes the drafts. */
function approver(stage: Stage): Promise<Somebody> {
  const made = approvers.get(stage) ?? signIn(stage.client, 'Who approves policies', 'security-analyst');
  approvers.set(stage, made);
  return made;
}

interface Segmentation {
  drafts: { id: string; revision: number }[];
  versions: { number: number; state: string }[];
}

const read = ({ server }: Stage) => server.get<Segmentation>('segmentation');

const begin = (stage: Stage): Promise<Response> => {
  const number = Number(stage.kept.get('policy') ?? '0') + 1;
  stage.kept.set('policy', String(number));
  return stage.server.post('segmentation/drafts', { name: 'Ward 3', text: text(`Ward ${number}`), reason });
};

async function learn({ server }: Stage): Promise<Response> {
  const { proposals } = await server.get<{ proposals: { name: string }[] }>('segmentation/proposals');
  const conduits = proposals.map(({ name }) => name);
  return server.post('segmentation/drafts/learnt', { name: 'Learnt', conduits, reason });
}

/** A draft of a text that was not proposed yet, made where there is none. */
async function aDraft(stage: Stage): Promise<Segmentation['drafts'][number]> {
  const known = (await read(stage)).drafts.find(({ id }) => id === stage.kept.get('fresh draft'));
  if (known !== undefined) return known;
  const { id } = (await (await begin(stage)).json()) as { id: string };
  stage.kept.set('fresh draft', id);
  return aDraft(stage);
}

async function save(stage: Stage): Promise<Response> {
  const { id, revision } = await aDraft(stage);
  return stage.server.send('PUT', `segmentation/drafts/${id}`, {
    name: 'Ward 3',
    text: text(`Saved ${revision} of ${id}`),
    revision,
  });
}

const drop = async (stage: Stage): Promise<Response> =>
  stage.server.post(`segmentation/drafts/${(await aDraft(stage)).id}/removal`, { reason });

async function propose(stage: Stage): Promise<Response> {
  const answer = await stage.server.post(`segmentation/drafts/${(await aDraft(stage)).id}/proposal`, {
    reason,
  });
  if (answer.ok) stage.kept.delete('fresh draft');
  return answer;
}

/** What is in force observes; it is proposed to alert, or where that waits already to enforce, or both of another text. */
async function takeFurther(stage: Stage): Promise<Response> {
  if (!(await read(stage)).versions.some(({ state }) => state === 'approved')) {
    await propose(stage);
    await approve(stage);
  }
  const to = (mode: string) =>
    stage.server.post('segmentation/stages', { conduit: 'undeclared', mode, reason });
  for (const mode of ['alert', 'enforce']) {
    const answer = await to(mode);
    if (answer.status !== 409) return answer;
  }
  await propose(stage);
  await approve(stage);
  return to('alert');
}

async function numberOf(stage: Stage, state: string): Promise<number> {
  const found = (await read(stage)).versions.find((version) => version.state === state);
  if (found !== undefined) return found.number;
  await propose(stage);
  if (state !== 'proposed') {
    await approve(stage);
    await propose(stage);
    await approve(stage);
  }
  return (await read(stage)).versions.find((version) => version.state === state)!.number;
}

async function approve(stage: Stage): Promise<Response> {
  const number = await numberOf(stage, 'proposed');
  const path = `segmentation/versions/${number}/approval`;
  return askAs(stage.server.url, await approver(stage), 'POST', path, { reason });
}

const refuse = async (stage: Stage): Promise<Response> =>
  stage.server.post(`segmentation/versions/${await numberOf(stage, 'proposed')}/refusal`, { reason });

const restore = async (stage: Stage): Promise<Response> =>
  stage.server.post(`segmentation/versions/${await numberOf(stage, 'superseded')}/restoration`, { reason });

export const segmentationCalls: Calls = {
  'segmentation.draft': begin,
  'segmentation.learn': learn,
  'segmentation.save': save,
  'segmentation.drop': drop,
  'segmentation.propose': propose,
  'segmentation.stage': takeFurther,
  'segmentation.approve': approve,
  'segmentation.refuse': refuse,
  'segmentation.restore': restore,
};
